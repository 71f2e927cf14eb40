import Diagnostics
public import Notebooks
public import Outputs

extension RenderedOutput {
  /// The output in every form that it has, the plainest first, as Jupyter keeps it.
  ///
  /// All have `text/plain`: the output of a report, 72 columns of ASCII, with a plot's caption below. Tables have
  /// `text/markdown` and `text/html` beside it, plots `image/svg+xml`.
  public var mimeBundle: [MIMEContent] {
    let below = caption.map { "\n" + $0.wrapped(to: TextStyle.report.width).joined(separator: "\n") } ?? ""
    return [MIMEContent("text/plain", plain + below)] + forms.map { MIMEContent($0.type, $0.text) }
  }
}

extension Table {
  /// The table as Markdown knows it. Its title and the lines below it are paragraphs.
  var markdown: String {
    func row(_ cells: [String]) -> String { "| \(cells.map(\.escapedForTable).joined(separator: " | ")) |" }
    let rules = columns.map { $0.alignment == .right ? "---:" : "---" }
    let lines = [row(columns.map(\.title)), row(rules)] + rows.map(row)
    let title = title.map { ["**\($0)**"] } ?? []
    return (title + [lines.joined(separator: "\n")] + footer).joined(separator: "\n\n")
  }
}
