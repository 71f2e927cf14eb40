import Diagnostics
public import Notebooks
public import Outputs
import Plotting

extension Output {
  /// The output in every form that it has, the plainest first, as Jupyter and the store of runs keep it.
  ///
  /// All have `text/plain`: the output of a report, 72 columns of ASCII. Tables have `text/html` and `text/markdown`
  /// beside it, plots `image/svg+xml`. Progress has no form, for it is shown and gone.
  ///
  /// - Parameter id: what the ids inside a picture begin with, different for each on a page.
  public func mimeBundle(id: String = "plot") -> [MIMEContent] {
    switch self {
    case .progress: []
    case .text, .value, .notice, .error: [plainForm]
    case .table(let table):
      [plainForm, MIMEContent("text/markdown", table.markdown), MIMEContent("text/html", table.html)]
    case .plot(let plot): [plainForm, MIMEContent("image/svg+xml", plot.svg(id: id))]
    }
  }

  private var plainForm: MIMEContent { MIMEContent("text/plain", text(.report)) }
}

extension Table {
  /// The table as Markdown knows it. Its title and the lines below it are paragraphs.
  fileprivate var markdown: String {
    func row(_ cells: [String]) -> String { "| \(cells.map(\.escapedForTable).joined(separator: " | ")) |" }
    let rules = columns.map { $0.alignment == .right ? "---:" : "---" }
    let lines = [row(columns.map(\.title)), row(rules)] + rows.map(row)
    let title = title.map { ["**\($0)**"] } ?? []
    return (title + [lines.joined(separator: "\n")] + footer).joined(separator: "\n\n")
  }
}
