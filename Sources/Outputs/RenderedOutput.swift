/// An output in every form that a report can take (its MIME bundle), apart from the value that it was made of.
///
/// Reports are made of these. The store of runs keeps them, so that the report of a run of last year is made as
/// that of a run of today, and needs nothing that the run had in memory.
public struct RenderedOutput: Sendable, Equatable {
  /// The kind of an output, which decides where it stands on a page.
  public enum Kind: String, Sendable, CaseIterable {
    case text, value, table, plot, notice, error
  }

  /// One form of an output, complete in itself: `text/html`, `image/svg+xml`.
  public struct Form: Sendable, Equatable {
    /// The MIME type.
    public var type: String
    /// The output in that form.
    public var text: String

    /// Creates a form.
    public init(_ type: String, _ text: String) {
      self.type = type
      self.text = text
    }
  }

  /// The kind of output.
  public var kind: Kind
  /// The output as text: at most 72 columns of ASCII where it was laid out, and what was printed as it was
  /// printed. A plot's caption is apart.
  public var plain: String
  /// Its other forms, the plainest first: a table's `text/markdown` and `text/html`, a plot's `image/svg+xml`.
  public var forms: [Form]
  /// The caption below a plot.
  public var caption: String?
  /// The stable name of a notice or an error: `unknown-option`.
  public var code: String?
  /// The message of a notice or an error, without the source that it points at.
  public var message: String?

  /// Creates an output from its parts.
  public init(
    _ kind: Kind, plain: String, forms: [Form] = [], caption: String? = nil, code: String? = nil,
    message: String? = nil
  ) {
    self.kind = kind
    self.plain = plain
    self.forms = forms
    self.caption = caption
    self.code = code
    self.message = message
  }

  /// The form of a type, if it has that form.
  public func form(_ type: String) -> String? { forms.first { $0.type == type }?.text }
}

extension Sequence<RenderedOutput> {
  /// These outputs, with texts that follow each other as one: a loop prints thousands of lines.
  public var joiningText: [RenderedOutput] {
    var joined: [RenderedOutput] = []
    var lines: [String] = []
    func flush() {
      if !lines.isEmpty { joined.append(RenderedOutput(.text, plain: lines.joined(separator: "\n"))) }
      lines = []
    }
    for output in self {
      if output.kind == .text {
        lines.append(output.plain)
      } else {
        flush()
        joined.append(output)
      }
    }
    flush()
    return joined
  }
}
