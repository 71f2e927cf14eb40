import REPL
import Rendering
import Sessions
import Testing

@Suite("The conversation at the prompt")
struct PromptTests {
  @Test("Cells have numbers, and so have their values")
  func numbers() {
    let talk = Conversation()
    #expect(talk.prompt.prompt == "In [1]: ")
    #expect(talk.enter("a = 3") == .cell)
    #expect(talk.prompt.prompt == "In [2]: ")
    #expect(talk.shown("a + 1") == "Out[2]: 4\n")
    #expect(talk.shown("print a") == "3\n")
    #expect(talk.shown("zeros(2, 2)") == "Out[4]: \n[[0 0]\n [0 0]]\n")
    #expect(talk.shown("1; 2") == "Out[5]: 1\nOut[5]: 2\n")
    #expect(talk.prompt.number == 6)
  }

  @Test("A cell that is not complete asks for another line, under the first", arguments: [0, 8, 9, 98, 99])
  func continuation(before: Int) {
    let talk = Conversation()
    for _ in 0..<before { _ = talk.enter("a = 1") }
    #expect(talk.enter("repeat 2 {") == .line)
    #expect(talk.prompt.number == before + 1)
    #expect(talk.prompt.continuation.count == talk.prompt.prompt.count)
    #expect(talk.prompt.continuation.hasSuffix("...: "))
    #expect(talk.enter("repeat 2 {\n  print 1") == .line)
    #expect(talk.shown("repeat 2 {\n  print 1\n}") == "1\n1\n")
    #expect(talk.prompt.number == before + 2)
  }

  @Test("Nothing typed is no cell", arguments: ["", "  ", "\n", "\t\n "])
  func blank(source: String) {
    let talk = Conversation()
    #expect(talk.shown(source) == "")
    #expect(talk.prompt.number == 1)
  }

  @Test("A remark is a cell that shows nothing")
  func remark() {
    let talk = Conversation()
    #expect(talk.shown("# only this") == "")
    #expect(talk.enter("x = 1 # and this") == .cell)
    #expect(talk.shown("x").hasSuffix(": 1\n"))
  }

  @Test("Help by question mark", arguments: ["?train", "train?", "? train", "train ?", "help train"])
  func help(request: String) {
    let talk = Conversation()
    let shown = talk.shown(request)
    #expect(shown.contains("epochs") && !shown.hasPrefix("-- "))
    #expect(shown == Conversation().shown("help train"))
  }

  @Test("A question mark alone lists the commands")
  func helpList() {
    #expect(Conversation().shown("?") == Conversation().shown("help"))
    #expect(Conversation().shown("?").contains("train"))
  }

  @Test("Help on what there is not says so", arguments: ["?trian", "trian?"])
  func helpMissing(request: String) {
    #expect(Conversation().shown(request).contains("Did you mean `train`?"))
  }

  @Test(
    "Help at the start of a question about something unknown does no harm",
    arguments: ["??", "?1", "1?", "?\"", "?;", "a? b?"])
  func oddHelp(request: String) {
    let talk = Conversation()
    #expect(talk.shown(request).contains("--"))
    #expect(talk.shown("1 + 1").hasSuffix(": 2\n"))
  }

  @Test("Colon commands act on the prompt, and are no cells")
  func commands() {
    let talk = Conversation()
    #expect(talk.shown(":help").contains(":quit"))
    #expect(talk.shown(":hlep").contains("Did you mean `:help`?"))
    #expect(talk.shown(":wq").contains("There is no command `:wq`"))
    #expect(talk.shown(":").contains("There is no command `:`"))
    #expect(talk.prompt.number == 1)
    #expect(talk.enter(":quit") == .leave)
    #expect(talk.enter(":q") == .leave)
    #expect(talk.enter("  :quit  ") == .leave)
  }

  @Test("Other programs' words for leaving are explained", arguments: ["exit", "quit"])
  func leaving(word: String) {
    let talk = Conversation()
    #expect(talk.shown(word).contains("Ctrl-D leaves"))
    #expect(talk.prompt.number == 1)
  }
}
