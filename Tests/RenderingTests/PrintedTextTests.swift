import Notebooks
import Outputs
import Rendering
import Testing

@Suite("What was printed stays as it was printed")
struct PrintedTextTests {
  /// Rows as wide as an array is printed, columns with several spaces between them, and one line without end.
  private static let printed = [
    "[[1.2345 " + String(repeating: "0.125  ", count: 9) + "1]]", String(repeating: "a    b", count: 20),
    String(repeating: "x", count: 300),
  ]

  @Test("No page breaks a line or joins spaces", arguments: printed)
  func whole(line: String) throws {
    let text = line + "\n" + line
    for width in [20, 72, 80] { #expect(Output.printed(text).text(TextStyle(width: width)) == text) }
    let cell = Cell(.code, "print a")
    let report = Report(title: "t", facts: [], entries: [.init(cell: cell, outputs: [.printed(text)])])
    #expect(report.markdown().contains("```text\n\(text)\n```"))
    #expect(
      CellOutputs([RenderedOutput]([Output.printed(text)]), executionCount: 1).items == [
        .stream(.stdout, text + "\n")
      ])
    #expect(report.html().contains(line))
  }

  @Test("Sentences are filled to the width of the page")
  func prose() {
    let words = String(repeating: "word ", count: 40) + "end"
    let lines = Output.text(words).text(TextStyle(width: 30)).split(separator: "\n")
    #expect(lines.count > 5 && lines.allSatisfy { $0.count <= 30 })
  }
}
