import Diagnostics
import JSON
public import Notebooks
public import Outputs
import Plotting

/// An output in every form that a report can take, apart from the value that it was made of.
///
/// Reports are made of these. The store of runs keeps them, so that the report of a run of last year is made as
/// that of a run of today, and needs nothing that the run had in memory.
public struct RenderedOutput: Sendable, Equatable {
  /// What an output is, which decides where it stands on a page.
  public enum Kind: String, Sendable, CaseIterable {
    case text, value, table, plot, notice, error
  }

  /// What it is.
  public var kind: Kind
  /// The output as text: at most 72 columns of ASCII where it was laid out, and what was printed as it was
  /// printed. A plot's caption is apart.
  public var plain: String
  /// Its other forms by MIME type, the plainest first: a table's `text/markdown` and `text/html`, a plot's
  /// `image/svg+xml`.
  public var forms: [MIMEContent]
  /// What stands below a plot.
  public var caption: String?
  /// The stable name of a notice or an error: `unknown-option`.
  public var code: String?
  /// What a notice or an error says, without the source that it points at.
  public var message: String?

  /// What the ids inside a picture begin with, until a page gives it one of its own.
  static let pictureID = "nbs-picture"

  /// Creates an output from its parts.
  public init(
    _ kind: Kind, plain: String, forms: [MIMEContent] = [], caption: String? = nil, code: String? = nil,
    message: String? = nil
  ) {
    self.kind = kind
    self.plain = plain
    self.forms = forms
    self.caption = caption
    self.code = code
    self.message = message
  }

  /// Renders an output; nil for progress, which is shown and gone.
  public init?(_ output: Output) {
    switch output {
    case .progress: return nil
    case .text(let text): self.init(.text, plain: text.harmless(keepsTabs: true))
    case .value(let text): self.init(.value, plain: text.harmless(keepsTabs: true))
    case .table(let table):
      self.init(
        .table, plain: output.text(.report),
        forms: [
          MIMEContent("text/markdown", table.harmless.markdown),
          MIMEContent("text/html", table.harmless.html),
        ])
    case .plot(let plot):
      self.init(
        .plot, plain: plot.text(TextStyle.report.plots),
        forms: [MIMEContent("image/svg+xml", plot.svg(id: RenderedOutput.pictureID))], caption: plot.caption)
    case .notice(let diagnostic): self.init(.notice, diagnostic)
    case .error(let diagnostic): self.init(.error, diagnostic)
    }
  }

  private init(_ kind: Kind, _ diagnostic: Diagnostic) {
    self.init(
      kind, plain: diagnostic.text(.report), code: diagnostic.code, message: diagnostic.message)
  }
}

extension RenderedOutput {
  /// The form of a type, if it has that form.
  func form(_ type: String) -> String? { forms.first { $0.type == type }?.content.string }

  /// The picture of a plot.
  ///
  /// - Parameters:
  ///   - id: what the ids inside begin with, different for each picture of a page.
  ///   - isStandalone: whether it brings its style along; where several share a page, the page has it once.
  func picture(id: String, isStandalone: Bool) -> String? {
    let picture = form("image/svg+xml")?.replacing(RenderedOutput.pictureID, with: id)
    return isStandalone ? picture : picture?.replacing("<style>\(Plot.svgStyle)</style>", with: "")
  }

  /// The lines that a report sets for it, the caption apart.
  var reportText: String {
    kind == .text ? plain.wrapped(to: TextStyle.report.width).joined(separator: "\n") : plain
  }
}

extension [RenderedOutput] {
  /// Renders the outputs of a cell. Lines that were printed one after the other become one output: a loop prints
  /// thousands of them.
  public init(_ outputs: some Sequence<Output>) {
    self = outputs.lazy.compactMap { RenderedOutput($0) }.joiningText
  }
}

extension Sequence<RenderedOutput> {
  /// These outputs, with those printed one after the other as one.
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
