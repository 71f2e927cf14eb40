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
}
