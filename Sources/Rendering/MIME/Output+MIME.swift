import Diagnostics
public import Notebooks
public import Outputs

extension Output {
  /// The output in every form that it has, the plainest first, as Jupyter keeps it.
  ///
  /// All have `text/plain`: the output of a report, 72 columns of ASCII. Tables have `text/html` and `text/markdown`
  /// beside it, plots `image/svg+xml`. Progress has no form, for it is shown and gone.
  ///
  /// - Parameter id: what the ids inside a picture begin with, different for each on a page.
  public func mimeBundle(id: String = "plot") -> [MIMEContent] {
    RenderedOutput(self)?.mimeBundle(id: id) ?? []
  }
}

extension RenderedOutput {
  /// The output in every form that it has, the plainest first, as Jupyter keeps it.
  func mimeBundle(id: String) -> [MIMEContent] {
    let below = caption.map { "\n" + $0.wrapped(to: TextStyle.report.width).joined(separator: "\n") } ?? ""
    let plainest = MIMEContent("text/plain", reportText + below)
    if kind == .plot, let picture = picture(id: id, isStandalone: true) {
      return [plainest, MIMEContent("image/svg+xml", picture)]
    }
    return [plainest] + forms
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
