import Diagnostics
import Testing

@testable import Language

/// Transcripts of a prompt are source again.
@Suite struct TranscriptTests {
  private func blanked(_ text: String) -> String {
    String(decoding: PastedTranscript.blanked(Array(text.utf8)), as: UTF8.self)
  }

  @Test func promptsAndOutputsAreBlanked() {
    let pasted =
      "In [1]: data xor\nIn [12]: repeat 2 {\n    ...:   6 * 7\n    ...: }\n42\nOut[12]: 42\nIn[3]: a = 1"
    let source =
      "        data xor\n         repeat 2 {\n           6 * 7\n         }\n  \n           \n       a = 1"
    #expect(blanked(pasted) == source)
    #expect(blanked("\n  In [1]: a\r\n  Out[1]: 2\r\n") == "\n          a\r\n           \r\n")
    #expect(blanked("Out[3]: 42") == "          ")
  }

  @Test(arguments: [
    "Out[3]", "a = Out[3]\nIn [1]: b", "In = 3", "\"In [1]: x\"", "# In [1]: x", "In []: x", "In [1] x",
    "...: x", "",
  ])
  func sourceIsLeftAlone(text: String) { #expect(blanked(text) == text) }

  @Test func placesStayWhereTheyAre() {
    let (result, _) = Checker.check(
      SourceText("In [1]: a = 2\nIn [2]: frobnicate 3\n", name: "cell"), names: KnownNames(),
      declaresParameters: false)
    #expect(result.diagnostics.count == 1)
    #expect(result.diagnostics.first?.span == SourceSpan(22, 32))
  }
}
