import Foundation
import Language
import Sessions
import Testing

@testable import REPL

/// The commands that begin with a colon.
@Suite struct CommandTests {
  private final class Folder {
    let path = FileManager.default.temporaryDirectory.appending(path: "nbs-\(UUID().uuidString)").path

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func text(_ name: String) throws -> String {
      try String(contentsOfFile: path + "/" + name, encoding: .utf8)
    }
  }

  @Test("Every command has help that says how it is written")
  func help() {
    let talk = Conversation()
    let list = talk.shown(":help")
    for command in PromptCommand.all {
      #expect(list.contains(":" + command.name))
      #expect(talk.shown(":help \(command.name)").hasPrefix(command.usage))
      #expect(!command.summary.isEmpty && !command.summary.hasSuffix("."))
    }
    #expect(talk.shown(":help train").contains("There is no command `:train`"))
  }

  @Test("A beginning that only one command has will do; one of several says which")
  func abbreviations() {
    let talk = Conversation()
    #expect(talk.shown(":hist") == talk.shown(":history"))
    #expect(talk.shown(":s").contains("It could be :stale, :save, :session."))
  }

  @Test("Undo goes back cell by cell, and says when there is none left")
  func undo() {
    let talk = Conversation()
    for cell in ["a = 1", "a = 2", "nope", "a = 3"] { _ = talk.enter(cell) }
    #expect(talk.shown(":undo") == "In [4] is undone: a = 3\n")
    #expect(talk.shown("print a") == "2\n")
    #expect(talk.shown(":undo") == "In [5] is undone: print a\n")
    #expect(talk.shown(":undo") == "In [2] is undone: a = 2\n")
    #expect(talk.shown("print a") == "1\n")
    _ = talk.enter(":undo")
    _ = talk.enter(":undo")
    #expect(talk.shown("a").contains("UNKNOWN NAME"))
    #expect(talk.shown(":undo") == "there is no cell to undo\n")
  }

  @Test("Replay shows again what cells showed, and runs nothing")
  func replay() {
    let talk = Conversation()
    #expect(talk.shown(":replay").contains("There is no cell to show again yet."))
    for cell in ["a = 1", "print a", "a + 1", "nope"] { _ = talk.enter(cell) }
    #expect(talk.shown(":replay") == "In [3]: a + 1\nOut[3]: 2\n")
    #expect(talk.shown(":replay 1-2") == "In [1]: a = 1\nit showed nothing\nIn [2]: print a\n1\n")
    #expect(talk.shown(":replay stale").contains("several as in `:replay 3-5`, but not `stale`"))
    #expect(talk.prompt.number == 5)
  }

  @Test("Source is complete, incomplete or wrong, and an entry tells how its cell ended")
  func states() {
    let talk = Conversation()
    let vocabulary = talk.prompt.vocabulary
    #expect(vocabulary.state(of: "a = 1") == .complete)
    #expect(vocabulary.state(of: "repeat 3 {") == .incomplete)
    #expect(vocabulary.state(of: "a = = 1") == .wrong)
    #expect(vocabulary.state(of: ":undo") == .complete)
    _ = talk.enter("a = 1")
    #expect(talk.prompt.outcome == .done)
    _ = talk.enter(":vars")
    #expect(talk.prompt.outcome == nil)
  }

  @Test("An edited cell takes the place of its first edition, which is stale no more")
  func editions() {
    let talk = Conversation()
    for cell in ["a = 1", "b = 2 * a", "a = 5"] { _ = talk.enter(cell) }
    #expect(talk.prompt.prompt == "In [4] 1 stale: ")
    _ = talk.prompt.enter("c = 3 * a", repeating: 2)
    #expect(talk.prompt.prompt == "In [5]: ")
  }

  @Test("What depends on a new definition is stale, and can be brought up to date")
  func stale() {
    let talk = Conversation()
    for cell in ["a = 1", "b = 2 * a", "c = b + 1", "print b", "unrelated = 7"] { _ = talk.enter(cell) }
    #expect(talk.prompt.prompt == "In [6]: ")
    _ = talk.enter("a = 5")
    #expect(talk.prompt.prompt == "In [7] 2 stale: ")
    #expect(talk.prompt.continuation.count == talk.prompt.prompt.count)
    let list = talk.shown(":stale")
    #expect(list.contains("In [6] changed a") && list.contains("In [2] changed b"))
    #expect(talk.shown(":history").contains("stale"))
    _ = talk.enter(":rerun stale")
    #expect(talk.shown("print b, c") == "10 11\n")
    #expect(talk.shown(":stale") == "nothing is stale\n")
    #expect(talk.shown(":rerun stale") == "nothing is stale\n")
  }

  @Test(
    "What is no new definition leaves nothing stale",
    arguments: [
      "a = 1", "a += 4", "b = 3", "c = a", "a2 = 5; a = 1", "train xor epochs=2", "data xor2 from xor",
    ])
  func notStale(cell: String) {
    let talk = Conversation()
    talk.enter(lines: Conversation.xor)
    for source in ["a = 1", "b = 2 * a", "train xor epochs=1", "final = loss", cell] {
      _ = talk.enter(source)
    }
    #expect(talk.shown(":stale") == "nothing is stale\n")
  }

  @Test("New data leaves a training stale, and a function what called it")
  func staleByData() {
    let talk = Conversation()
    talk.enter(lines: Conversation.xor)
    for source in ["train xor epochs=1", "def f(x) = x + k", "k = 1", "y = f(2)"] { _ = talk.enter(source) }
    _ = talk.enter("data xor { 0 0 -> 1; 0 1 -> 0; 1 0 -> 0; 1 1 -> 1 }")
    _ = talk.enter("k = 2")
    let list = talk.shown(":stale")
    #expect(list.contains("train xor epochs=1") && list.contains("y = f(2)") && list.contains("changed k"))
  }

  @Test(
    "Maths by hand leaves nothing stale: what is computed again from what has moved is no new definition",
    arguments: [
      ["repeat 10 { L = loss(W); W -= 0.1 * grad L wrt W }"],
      ["L = loss(W)", "g = grad L wrt W", "W -= 0.1 * g", "L = loss(W)"],
      ["repeat 10 { L = loss(W); g = grad L wrt W; W = W - 0.1 * g }", "g = grad loss(W) wrt W"],
      ["W = W - 0.1 * g", "p = 2 * W", "L = loss(W)", "last = L", "W[0] += 1", "p = 2 * W"],
      ["rate = 0.1", "W -= rate * g", "rate = 0.05", "repeat 3 { W -= rate * grad loss(W) wrt W }"],
      ["x = oops", "x = W + ones(5)", "L = nothing + 1"],
    ])
  func byHand(cells: [String]) {
    let talk = Conversation()
    let start = [
      "x = 1", "def loss(w) = sum((w * x) ^ 2)", "W = [1, 2]", "L = loss(W)", "g = grad L wrt W",
      "W -= 0.1 * g",
    ]
    for cell in start + cells { _ = talk.enter(cell) }
    #expect(talk.shown(":stale") == "nothing is stale\n")
  }

  @Test("The same where each cell is written out")
  func byHandInPlainCells() {
    let talk = Conversation()
    for cell in [
      "W = 1.0", "L = W ^ 2", "g = grad L wrt W", "W -= 0.1 * g",
      "repeat 10 { L = W ^ 2; W -= 0.1 * grad L wrt W }",
    ] { _ = talk.enter(cell) }
    #expect(talk.shown(":stale") == "nothing is stale\n")
  }

  @Test("A new beginning leaves what was computed by hand stale, and it is brought up to date")
  func byHandAnew() {
    let talk = Conversation()
    for cell in [
      "W = 1.0", "L = W ^ 2", "g = grad L wrt W", "W -= 0.1 * g",
      "repeat 10 { L = W ^ 2; W -= 0.1 * grad L wrt W }", "W = 4.0",
    ] { _ = talk.enter(cell) }
    let list = talk.shown(":stale")
    let numbers = list.split(separator: "\n").compactMap {
      $0.split(separator: " ").first.flatMap { Int($0) }
    }
    #expect(numbers == [2, 3, 5])
    let run = talk.shown(":rerun stale")
    #expect(!run.contains("--"), "\(run)")
    #expect(talk.shown("print W") == "0.4295\n")
    #expect(talk.shown(":stale") == "nothing is stale\n")
  }

  @Test("What cannot be brought up to date is said before anything runs")
  func obstacles() {
    let talk = Conversation()
    for cell in [
      "W = 1.0", "x = 2", "L = W * x", "y = L + 1", "g = grad L wrt W", "h = g + 1", "W -= 0.1 * g",
      "y = W * x",
      "x = 3", "L = 7 * W; W -= 0.1", "b = 2 * x", "x = 4",
    ] { _ = talk.enter(cell) }
    let run = talk.shown(":rerun stale")
    let lines = run.split(separator: "\n").map(String.init)
    let first = lines.firstIndex { $0.contains("again:") }
    let said = lines[..<(first ?? 0)]
    #expect(
      said.contains { $0.hasPrefix("In [5] stays as it is: W has changed since L was computed") }, "\(run)")
    #expect(said.contains("In [6] stays as it is: it was made from In [5]"), "\(run)")
    #expect(run.contains("In [11] again: b = 2 * x") && !run.contains("STALE GRADIENT"), "\(run)")
    #expect(talk.shown("print b") == "8\n")
  }

  @Test("Cells that failed are not stale and stop nothing")
  func failedCells() {
    let talk = Conversation()
    for cell in [
      "a = 1", "b = 2 * a", "b += [1, 2] @ [3]", "c = b + 1", "t = \"x\"; d = a; d + t", "e = 1 / a", "a = 5",
      "e = a @ t",
    ] { _ = talk.enter(cell) }
    let list = talk.shown(":stale")
    #expect(list.contains("b = 2 * a") && list.contains("c = b + 1") && list.contains("e = 1 / a"))
    #expect(!list.contains("b += ") && !list.contains("t = ") && !list.contains("e = a @ t"))
    _ = talk.enter(":rerun stale")
    #expect(talk.shown("print b, c, e") == "10 11 0.2\n")
    #expect(talk.shown(":stale") == "nothing is stale\n")
  }

  @Test("A cell that fails when it is run again stops only what was made from it")
  func failsAgain() {
    let talk = Conversation()
    for cell in ["a = 1", "b = a + ones(2)", "c = b + 1", "d = 2 * a", "a = [1, 2, 3]"] {
      _ = talk.enter(cell)
    }
    let run = talk.shown(":rerun stale")
    #expect(run.contains("In [3] stays as it is: it was made from In [2]"), "\(run)")
    #expect(talk.shown("print d") == "[2 4 6]\n")
    #expect(talk.shown(":stale").contains("b = a + ones(2)"))
  }

  @Test("Cells are run again by number, by range, and the last without one")
  func rerun() {
    let talk = Conversation()
    for cell in ["a = 1", "a += 1", "print a"] { _ = talk.enter(cell) }
    #expect(talk.shown(":rerun").hasSuffix("\n2\n"))
    #expect(talk.shown(":rerun 2-3").hasSuffix("\n3\n"))
    #expect(talk.shown(":rerun 99").contains("No cell that ran has the number 99: there are 1 to 6."))
    for word in ["x", "3-1", "-", "1-2-3"] { #expect(talk.shown(":rerun \(word)").contains("BAD VALUE")) }
  }

  @Test("The time of a cell")
  func time() {
    let talk = Conversation()
    #expect(talk.shown(":time") == "no cell has run yet\n")
    #expect(talk.shown(":time print 3").hasPrefix("3\nIn [1] took "))
    #expect(talk.shown(":time").hasPrefix("In [1] took "))
    #expect(talk.shown(":time repeat 2 {").contains("is incomplete"))
    #expect(!talk.shown(":time nope").contains("took"))
  }

  @Test("Variables, data and networks are listed, the outputs' own names are not")
  func variables() {
    let talk = Conversation()
    #expect(talk.shown(":vars") == "there are no variables, data sets or networks yet\n")
    talk.enter(lines: Conversation.xor)
    for source in ["a = 41", "a + 1", "m = ones(4, 5)", "s = \"word\"", "def f(x) = x"] {
      _ = talk.enter(source)
    }
    let list = talk.shown(":vars")
    for word in ["xor", "data set", "solver", "network", "41", "array of 4x5", "f(x)"] {
      #expect(list.contains(word), "\(word)")
    }
    #expect(!list.contains("Out") && !list.contains("_"))
  }

  @Test("The cells that worked are saved as a notebook, and load again")
  func saveAndLoad() throws {
    let folder = try Folder()
    let talk = Conversation()
    #expect(talk.shown(":save \(folder.path)/a.nbs").contains("no cell has succeeded"))
    for cell in ["a = 1", "nope", "repeat 2 {\n  a += 1\n}", "a"] { _ = talk.enter(cell) }
    let saved = talk.shown(":save \(folder.path)/a.nbs").split(whereSeparator: \.isWhitespace)
    #expect(saved.joined(separator: " ") == "\(folder.path)/a.nbs: 3 cells")
    #expect(talk.shown(":save \(folder.path)/a.nbs").contains("FILE EXISTS"))
    #expect(talk.shown(":save \(folder.path)/a.nbs replace").contains("3 cells"))
    #expect(try folder.text("a.nbs").hasSuffix("# %%\na = 1\n\n# %%\nrepeat 2 {\n  a += 1\n}\n\n# %%\na\n"))
    let other = Conversation()
    #expect(other.shown(":load \(folder.path)/a.nbs").hasSuffix("Out[3]: 3\n"))
    #expect(other.shown(":load \(folder.path)/b.nbs").contains("There is no file"))
    #expect(other.shown(":load \(folder.path)").contains("is a folder"))
    #expect(other.shown(":load").contains("needs a notebook"))
    // It can be opened, and every read of its beginning fails.
    #expect(other.shown(":load /proc/self/mem").contains("cannot be read"))
    #expect(other.shown(":save \(folder.path)/none/x.nbs").contains("UNWRITABLE FILE"))
    #expect(other.shown(":save x.txt").contains("extension .nbs"))
  }

  @Test("A report says whether a clean run gives the same")
  func export() throws {
    let folder = try Folder()
    let talk = Conversation()
    for cell in ["a = 1", "b = 2 * a", "b"] { _ = talk.enter(cell) }
    _ = talk.enter(":export \(folder.path)/r.md")
    let clean = try folder.text("r.md")
    #expect(clean.contains("| running it from the start | gives these results |"))
    #expect(clean.contains("**In [2]**\n\n```nbs\nb = 2 * a\n```") && !clean.contains("| stale |"))
    for cell in ["a = 7", "c = 3; [1, 2] + [1, 2, 3]", "c"] { _ = talk.enter(cell) }
    _ = talk.enter(":export \(folder.path)/s.html")
    let page = try folder.text("s.html")
    #expect(
      page.contains("may give other results: In [5] failed half-way and In [6] builds on what it left of c"))
    #expect(page.contains("In [2], since In [4] changed a"))
    _ = talk.enter(":export \(folder.path)/s.ipynb")
    #expect(try folder.text("s.ipynb").contains("\"nbformat\": 4"))
  }

  @Test("Sessions have names and all else of their own")
  func sessions() {
    let talk = Conversation()
    _ = talk.enter("a = 1")
    #expect(talk.shown(":session new other") == "session other\n")
    #expect(talk.prompt.prompt == "other In [1]: ")
    #expect(talk.shown("a").contains("UNKNOWN NAME"))
    _ = talk.enter("a = 2")
    #expect(talk.shown(":session use main") == "session main\n")
    #expect(talk.shown("print a") == "1\n")
    #expect(talk.shown(":session new other").contains("There is already a session `other`"))
    #expect(talk.shown(":session use othr").contains("Did you mean `other`?"))
    _ = talk.enter(":session rename other second")
    let list = talk.shown(":session")
    #expect(list.contains("main (here)") && list.contains("second"))
    #expect(talk.shown(":session close second") == "session second is closed; this is main\n")
    _ = talk.enter(":session close")
    #expect(talk.shown("a").contains("UNKNOWN NAME"), "the last one is followed by a new one")
    for wrong in ["nwe", "use", "new a b", "new a/b", "new \(String(repeating: "x", count: 41))"] {
      #expect(talk.shown(":session \(wrong)").hasPrefix("-- "))
    }
  }

  @Test("Words in quotes are one word")
  func arguments() {
    #expect(PromptArguments("a \"b c\" 'd e'f  g").words == ["a", "b c", "d ef", "g"])
    #expect(PromptArguments("\"\" \"open").words == ["", "open"])
  }

  @Test(
    "Completion",
    arguments: [(":un", [":undo"]), (":session n", ["new"]), (":help un", ["undo"]), (":rerun s", ["stale"])])
  func completion(text: String, words: [String]) {
    #expect(Conversation().prompt.complete(text).words == words)
  }

  @Test("Files, and the language behind :time")
  func otherCompletion() {
    let prompt = Conversation().prompt
    #expect(prompt.complete(":load ").wantsFile)
    #expect(!prompt.complete(":undo ").wantsFile)
    #expect(prompt.complete(":time trai").words == ["train"])
    #expect(prompt.complete(":nonsense x").words == [])
  }

  @Test(
    "Cells of several lines are one line of the history", arguments: ["a\nb", "\\n", "\\", "\\\\n\n\\", ""])
  func history(cell: String) {
    #expect(HistoryFile.decoded(HistoryFile.encoded(cell)) == cell)
    #expect(!HistoryFile.encoded(cell).contains("\n"))
  }

  @Test("A history that is a pipe is left alone, and nobody waits for it", .timeLimit(.minutes(1)))
  func historyIsAPipe() throws {
    let folder = try Folder()
    let history = try #require(HistoryFile(environment: ["XDG_STATE_HOME": folder.path]))
    mkfifo(history.path, 0o600)
    history.trim()
    #expect(history.read().isEmpty)
    history.append("a = 1")
  }

  /// The seconds that this thread has worked.
  private var processorTime: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  @Test("A session of 500 cells stays quick")
  func speed() {
    let talk = Conversation()
    for number in 0..<500 { _ = talk.enter("v\(number) = \(number == 0 ? "1" : "v\(number - 1) + 1")") }
    let start = processorTime
    #expect(talk.prompt.complete("print v49").words.count == 11)
    #expect(talk.prompt.prompt == "In [501]: ")
    // The goal is 30 ms in a release build; what else the machine does is not counted.
    #expect(processorTime - start < 2)
  }
}
