import Diagnostics
public import Outputs
import Plotting

extension Output {
  /// The output as text without a final newline; empty for progress, which is shown and gone.
  public func text(_ style: TextStyle) -> String {
    switch self {
    case .printed(let text), .value(let text): text.harmless(keepsTabs: true)
    case .text(let text): text.harmless(keepsTabs: true).wrapped(to: style.width).joined(separator: "\n")
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
