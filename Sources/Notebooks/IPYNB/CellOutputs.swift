public import JSON

/// What a cell put out, rendered for a `.ipynb` file: the form in which a renderer hands it in.
public struct CellOutputs: Sendable, Equatable {
  /// Where a stream of text went.
  public enum Stream: String, Sendable {
    /// What a cell printed.
    case stdout
    /// Notices.
    case stderr
  }

  /// One output.
  public enum Item: Sendable, Equatable {
    /// Text that a cell wrote.
    case stream(Stream, String)
    /// Something to look at, in one form or in several.
    case display([MIMEContent])
    /// The value of the cell, which Jupyter shows behind `Out[n]:`.
    case result([MIMEContent])
    /// What stopped the cell; the traceback is what Jupyter shows.
    case error(name: String, value: String, traceback: [String])
  }

  /// The `n` of `In [n]`; nil for a cell that did not run.
  public var executionCount: Int?
  /// The outputs in order.
  public var items: [Item]

  /// Creates the outputs of a cell.
  public init(executionCount: Int? = nil, items: [Item] = []) {
    self.executionCount = executionCount
    self.items = items
  }
}

/// One form of an output: `text/plain`, `image/svg+xml`.
public struct MIMEContent: Sendable, Equatable {
  /// The MIME type.
  public var type: String
  /// What it is in that form.
  public var content: JSONValue

  /// Creates a form that is text; bytes, such as a picture's, are text in Base64.
  public init(_ type: String, _ text: String) {
    self.type = type
    content = .string(text)
  }

  /// Creates a form that is JSON: for `application/json` and types that end in `+json`.
  public init(_ type: String, json: JSONValue) {
    self.type = type
    content = json
  }
}

extension CellOutputs.Item {
  /// This output as nbformat 4.5 has it.
  func json(executionCount: Int?) -> JSONValue {
    switch self {
    case .stream(let stream, let text):
      .members(["name": .string(stream.rawValue), "output_type": "stream", "text": .lines(text)])
    case .display(let forms):
      .members(["data": Self.bundle(forms), "metadata": .object([]), "output_type": "display_data"])
    case .result(let forms):
      .members([
        "data": Self.bundle(forms), "execution_count": JSONValue(executionCount), "metadata": .object([]),
        "output_type": "execute_result",
      ])
    case .error(let name, let value, let traceback):
      .members([
        "ename": .string(name), "evalue": .string(value), "output_type": "error",
        "traceback": .array(traceback.map(JSONValue.string)),
      ])
    }
  }

  private static func bundle(_ forms: [MIMEContent]) -> JSONValue {
    .object(forms.map { JSONValue.Member($0.type, content(of: $0)) })
  }

  /// Jupyter cuts into lines what is text, and what is a picture or JSON it leaves whole.
  private static func content(of form: MIMEContent) -> JSONValue {
    let isText = form.type.hasPrefix("text/") || form.type == "image/svg+xml"
    guard isText, case .string(let text) = form.content else { return form.content }
    return .lines(text)
  }
}

extension JSONValue {
  /// A text as Jupyter stores it: a list of lines, each with its newline, which diffs better than one string.
  static func lines(_ text: String) -> JSONValue {
    var lines: [JSONValue] = []
    var rest = text.utf8[...]
    while !rest.isEmpty {
      let newline = rest.firstIndex(of: UInt8(ascii: "\n"))
      let end = newline.map(rest.index(after:)) ?? rest.endIndex
      lines.append(.string(String(decoding: rest[..<end], as: UTF8.self)))
      rest = rest[end...]
    }
    return .array(lines)
  }

  /// The text that a string or a list of lines holds.
  var joinedLines: String? {
    switch self {
    case .string(let text): return text
    case .array(let lines):
      let texts = lines.compactMap(\.string)
      return texts.count == lines.count ? texts.joined() : nil
    default: return nil
    }
  }
}
