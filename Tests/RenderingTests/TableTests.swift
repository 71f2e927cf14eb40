import Diagnostics
import JSON
import Notebooks
import Outputs
import Rendering
import Testing

@Suite struct TableTests {
  @Test func alignsWordsLeftAndNumbersRight() {
    let table = Table(
      columns: [.words("layer"), .numbers("parameters")], rows: [["hid", "9"], ["out", "12,345"]])
    #expect(
      Output.table(table).text(.report) == """
        layer  parameters
        -----  ----------
        hid             9
        out        12,345
        """)
  }

  @Test func whatAFileHoldsIsShownAndNotObeyed() throws {
    let table = Table(
      title: "t\u{1B}[2J", columns: [.words("na\u{202E}me"), .numbers("n")],
      rows: [["red\u{1B}[31m\u{9B}m", "1\t"]], footer: ["\u{7}bell"])
    for form in try #require(RenderedOutput(.table(table))).mimeBundle.compactMap(\.content.string) {
      #expect(!form.unicodeScalars.contains { "\u{1B}\u{9B}\u{7}\u{202E}\t".unicodeScalars.contains($0) })
    }
    #expect(Output.text("a\tb\r\u{1B}[2Jc\nd").text(.report) == "a\tb  [2Jc\nd")
    #expect(Output.table(table).text(.report).contains("red [31m m  1"))
  }

  @Test func aLongHeadingAboveNumbersIsWrapped() {
    let table = Table(
      columns: [.numbers("row"), .numbers("median income of the households in a block")],
      rows: [["1", "8.3252"]])
    let lines = Output.table(table).text(TextStyle(width: 30)).split(separator: "\n")
    #expect(lines.allSatisfy { $0.displayWidth <= 30 })
  }

  private static let people = Table(
    title: "people",
    columns: [
      .numbers("row"), .words("name"), .numbers("height"), .numbers("weight"), .words("what they said"),
    ],
    rows: [
      ["1", "Ann", "1.7", "61", "a sentence of several words"],
      ["12", "数学の猫", "-12.25", "1,000", "supercalifragilisticexpialidocious"],
      ["3", "é̂ 🐕‍🦺", "nan", "", "كلب"],
    ], footer: ["three rows, and a footer that is longer than a narrow page is wide"])

  @Test(arguments: [24, 30, 40, 60, 80, 200])
  func nothingIsCutAndNothingStandsOut(width: Int) {
    let text = Output.table(Self.people).text(TextStyle(width: width))
    for line in text.split(separator: "\n") { #expect(line.displayWidth <= width, "\(text)") }
    let letters = text.filter { !$0.isWhitespace }
    for row in Self.people.rows {
      for cell in row where !cell.contains(" ") && cell.displayWidth <= 8 {
        #expect(text.contains(cell), "\(cell) in\n\(text)")
      }
    }
    // A broken word stands in pieces, but all of it is there.
    for letter in "supercalifragilisticexpialidocious" { #expect(letters.contains(letter)) }
  }

  @Test func wordsStayWholeAndColumnsInLineWhereThereIsRoomInAnotherBlock() {
    let numbers = (1...9).map { Table.Column.numbers("column\($0)") }
    let table = Table(
      columns: [.words("name")] + numbers,
      rows: [["mean_fractal_dimension"] + (1...9).map { "\($0).25" }, ["x"] + (1...9).map(String.init)])
    let lines = Output.table(table).text(.report).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 9, "two blocks of a heading, a rule and two rows, and an empty line")
    for start in [0, 5] {
      let ends = lines[start..<start + 4].map { $0.displayWidth }
      #expect(Set(ends).count == 1, "all lines end with their last number")
      #expect(lines[start + 2].hasPrefix("mean_fractal_dimension "))
    }
  }

  @Test func wideAndCombiningCharactersKeepTheColumns() {
    let lines = Output.table(Self.people).text(TextStyle(width: 200)).split(separator: "\n")
    // Whatever stands before them, the numbers of a column end in one place.
    for (line, number) in zip(lines[3...5], ["1.7", "-12.25", "nan"]) {
      let end = line.firstRange(of: number).map { line[..<$0.upperBound].displayWidth }
      #expect(end == "row  name      height".displayWidth, "\(line)")
    }
  }

  @Test func colourOnlySetsHeadlinesOff() {
    let plain = Output.table(Self.people).text(TextStyle(width: 80))
    let coloured = Output.table(Self.people).text(TextStyle(width: 80, usesColor: true))
    #expect(coloured.hasPrefix("\u{1B}[1mpeople\u{1B}[0m\n"))
    #expect(coloured.replacing(/\u{1B}\[[0-9]+m/, with: "") == plain)
  }
}
