import Diagnostics
import Foundation
import Foundations
import JSON
import Notebooks
import Outputs
import Plotting
import Testing

@testable import Rendering

@Suite("Outputs in the forms that Jupyter knows")
struct MIMETests {
  private let table = Table(
    title: "t", columns: [.words("a|b"), .numbers("n")], rows: [["x", "1"]], footer: ["1 row"])
  private let plot = Plot(HistogramPlot(title: "h", xLabel: "x", values: [1, 2, 3]))

  @Test("The plainest form comes first")
  func bundles() throws {
    let table = try #require(RenderedOutput(.table(table))).mimeBundle
    #expect(table.map(\.type) == ["text/plain", "text/markdown", "text/html"])
    #expect(
      table[1].content == .string("**t**\n\n| a\\|b | n |\n| --- | ---: |\n| x | 1 |\n\n1 row"))
    let picture = try #require(RenderedOutput(.plot(plot))).mimeBundle
    #expect(picture.map(\.type) == ["text/plain", "image/svg+xml"])
    let svg = try #require(picture[1].content.string)
    #expect(svg.contains("<title>h</title>") && !svg.contains("id="), "pictures on a page share no ids")
    let progress = ProgressUpdate(label: "", completed: 1, total: 2, metrics: [], isFinal: false)
    #expect(RenderedOutput(.progress(progress)) == nil)
  }

  @Test("Printed lines share a stream until something else comes between")
  func streams() {
    let notice = Diagnostic(.nearMarker, "Near.", severity: .notice)
    let outputs = CellOutputs(
      [RenderedOutput]([.text("a"), .text("b"), .notice(notice), .value("1"), .text("c")] as [Output]),
      executionCount: 3)
    #expect(outputs.items.count == 4)
    #expect(outputs.items[0] == .stream(.stdout, "a\nb\n"))
    #expect(outputs.items[2] == .result([MIMEContent("text/plain", "1")]))
    #expect(outputs.items[3] == .stream(.stdout, "c\n"))
    guard case .stream(.stderr, let text) = outputs.items[1] else { return #expect(Bool(false)) }
    #expect(text == "Note: Near.\n")
  }

  @Test("A report in Jupyter's form is read back as the notebook that ran")
  func roundTrip() throws {
    let text =
      "# ---\n# title: T\n# ---\n\n# %% [markdown]\n# Prose\n\n# %% One tol=1e-3\nprint  1\n\n# %%\nprint 2\n"
    let notebook = try #require(NotebookFormat.read(text, name: "a").notebook)
    let report = Report(
      title: "T", facts: [],
      entries: notebook.cells.map { cell in
        Report.Entry(
          cell: cell, outputs: cell.index == 1 ? [.error(Diagnostic(.badType, "No."))] : [],
          wasReached: cell.index == 1)
      }, header: notebook.header)
    let file = report.ipynb()
    let read = try #require(IPYNB.read(Array(file.utf8), name: "a").notebook)
    #expect(NotebookFormat.write(read) == text)
    #expect(file.contains("\"ename\": \"bad-type\""))
    #expect(file.components(separatedBy: "\"execution_count\": null").count == 2, "the last cell did not run")
  }
}
