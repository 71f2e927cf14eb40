import REPL
import Rendering
import Sessions
import Testing

@Suite struct PromptTests {
  @Test func numbersCellsAndShowsValues() {
    var written = ""
    let prompt = Prompt(
      session: Session(), style: { TextStyle(width: 80) }, progressPlace: { .log }, write: { written += $0 },
      writeProgress: { _ in })
    #expect(prompt.prompt == "In [1]: ")
    #expect(prompt.enter("1 + 1") == .cell)
    #expect(written == "Out[1]: 2\n")
    #expect(prompt.prompt == "In [2]: ")
    #expect(prompt.enter("repeat 3 {") == .line)
  }
}
