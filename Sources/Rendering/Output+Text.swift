import Diagnostics
import Foundations
public import Outputs
import Plotting

extension Output {
  /// The output as text without a final newline; empty for progress, which is shown and gone.
  public func text(_ style: TextStyle) -> String {
    switch self {
    case .printed(let text), .value(let text): text.sanitized(keepsTabs: true)
    case .text(let text): text.sanitized(keepsTabs: true).wrapped(to: style.width).joined(separator: "\n")
    case .table(let table): table.text(style)
    case .plot(let plot):
      plot.text(style.plots) + "\n"
        + plot.caption.wrapped(to: style.width).map { style.inked($0, .faint) }.joined(separator: "\n")
    case .notice(let diagnostic), .error(let diagnostic): diagnostic.text(style)
    case .progress: ""
    }
  }
}

extension Diagnostic {
  /// The message, its headline in colour where there is colour.
  func text(_ style: TextStyle) -> String {
    let text = rendered(width: style.width, namesFiles: style.namesFiles)
    if severity == .notice { return style.inked(noticeWord, .yellow) + text.dropFirst(noticeWord.count) }
    guard let end = text.firstIndex(of: "\n") else { return text }
    return style.inked(text[..<end], .red) + text[end...]
  }
}

extension RenderedOutput {
  /// Renders an output; nil for progress, which is shown and gone.
  public init?(_ output: Output) {
    switch output {
    case .progress: return nil
    case .printed, .text: self.init(.text, plain: output.text(.report))
    case .value: self.init(.value, plain: output.text(.report))
    case .table(let table):
      let table = table.sanitized
      self.init(
        .table, plain: output.text(.report),
        forms: [Form("text/markdown", table.markdown), Form("text/html", table.html)])
    case .plot(let plot):
      self.init(
        .plot, plain: plot.text(TextStyle.report.plots), forms: [Form("image/svg+xml", plot.svg())],
        caption: plot.caption)
    case .notice(let diagnostic): self.init(.notice, diagnostic)
    case .error(let diagnostic): self.init(.error, diagnostic)
    }
  }

  private init(_ kind: Kind, _ diagnostic: Diagnostic) {
    self.init(
      kind, plain: diagnostic.text(.report), code: diagnostic.code.rawValue, message: diagnostic.message)
  }
}

extension [RenderedOutput] {
  /// Renders the outputs of a cell, texts that follow each other as one.
  public init(_ outputs: some Sequence<Output>) {
    self = outputs.lazy.compactMap { RenderedOutput($0) }.joiningText
  }
}
