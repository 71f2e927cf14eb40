import Diagnostics
import Foundations
import Outputs
import Rendering
import Terminal
import Testing

@Suite("Outputs and progress as they come")
struct PresenterTests {
  /// What a presenter writes, and where.
  private final class Page {
    var text = ""
    var progress = ""
    var errors = ""

    func presenter(_ place: ProgressLine.Place = .log, separatesErrors: Bool = false) -> Presenter {
      let writeError: (String) -> Void = { self.errors += $0 }
      return Presenter(
        style: { TextStyle(width: 60, usesUnicode: true) }, progressPlace: { place },
        write: { self.text += $0 }, writeProgress: { self.progress += $0 },
        writeError: separatesErrors ? writeError : nil)
    }
  }

  private static let terminal = ProgressLine.Place.terminal(width: 100, usesUnicode: true)

  private func update(
    _ completed: Int, of total: Int = 100, loss: Double = 0.5, label: String = "train xor",
    isFinal: Bool = false
  ) -> Output {
    .progress(
      ProgressUpdate(
        label: label, completed: completed, total: total, seconds: 3, metrics: [.init("loss", loss)],
        isFinal: isFinal))
  }

  @Test("Each training has a sparkline of its own", arguments: [true, false])
  func sparklines(isOneCell: Bool) {
    let page = Page()
    let presenter = page.presenter(Self.terminal)
    for loss in [0.9, 0.5, 0.1] { presenter.show(update(1, loss: loss)) }
    #expect(page.progress.contains("█▄▁"))
    // One that failed says no last word.
    if isOneCell { presenter.show(update(3, loss: 0.1, isFinal: true)) } else { presenter.endWork() }
    page.progress = ""
    presenter.show(update(1, loss: 0.3))
    #expect(!page.progress.contains { "▁▂▃▄▅▆▇█".contains($0) }, "\(page.progress)")
    presenter.show(update(2, loss: 0.2))
    #expect(page.progress.contains("█▁"))
  }

  @Test("A work's line goes on below what it prints")
  func printing() {
    let page = Page()
    let presenter = page.presenter()
    for round in 0..<1000 {
      presenter.show(update(round, of: 1000, label: "repeat"))
      presenter.show(.text("round \(round)"))
      presenter.show(update(1, of: 2, label: "train xor"))
    }
    let lines = page.progress.split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("repeat") } <= 10)
    #expect(page.text.split(separator: "\n").count == 1000)
  }

  @Test("Other outputs have a line of their own on a terminal")
  func wiping() {
    let page = Page()
    let presenter = page.presenter(Self.terminal)
    presenter.show(update(1))
    presenter.show(.text("epoch 1"))
    #expect(page.progress.hasSuffix("\r\u{1B}[K"))
    let shown = page.progress
    presenter.show(.text("epoch 2"))
    presenter.endWork()
    #expect(page.progress == shown, "once is enough")
  }

  @Test("Plots and tables have an empty line before and after, but not first in a cell")
  func spacing() {
    let page = Page()
    let presenter = page.presenter()
    let table = Output.table(Table(columns: [.words("a")], rows: [["1"]]))
    for output in [.text("a"), .text("b"), table, table, .text("c")] { presenter.show(output) }
    let rows = page.text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.isEmpty ? "" : "x"
    }
    #expect(rows.joined(separator: "\n").hasPrefix("x\nx\n\nx"))
    #expect(page.text.hasSuffix("\n\nc\n"))
    page.text = ""
    presenter.beginCell()
    presenter.show(table)
    #expect(page.text.hasPrefix("a"))
  }

  @Test("Errors go their own way where they have one")
  func errors() {
    let page = Page()
    let error = Output.error(Diagnostic(.badType, "No."))
    page.presenter(separatesErrors: true).show(error)
    #expect(page.errors.contains("No.") && page.text.isEmpty)
    page.presenter().show(error)
    #expect(page.text.contains("No."))
  }

  @Test("A label stands before a value, and above one of several lines")
  func labels() {
    let page = Page()
    let presenter = page.presenter()
    presenter.show(.value("42"), label: "Out[1]: ")
    presenter.show(.value("[1\n 2]"), label: "Out[2]: ")
    #expect(page.text == "Out[1]: 42\nOut[2]: \n[1\n 2]\n")
  }
}
