import Foundation
import Testing

/// Ctrl-C, other signals and poor surroundings at the prompt.
@Suite(.serialized, .timeLimit(.minutes(4))) struct TerminalInterruptionTests {
  @Test(arguments: ["garbage here", "", "print \"open"]) func atThePromptItClearsTheLine(typed: String)
    async throws
  {
    let terminal = try await PseudoTerminal()
    try await terminal.type(typed, typed)
    try await terminal.type(Key.control.c, "^C\nIn [1]: ")
    try await terminal.enter("1 + 1", "\nOut[1]: 2\nIn [2]: ")
  }

  @Test func inACellOfSeveralLinesItClearsTheCell() async throws {
    let terminal = try await PseudoTerminal()
    try await terminal.enter("repeat 3 {", "...: ")
    try await terminal.enter("print 1", "...: ")
    try await terminal.type("pri" + Key.control.c, "In [1]: ")
    try await terminal.enter("6 * 7", "\nOut[1]: 42\n")
  }

  @Test func inASearchItEndsTheSearch() async throws {
    let terminal = try await PseudoTerminal()
    try await terminal.enter("print 777", "777\nIn [2]: ")
    try await terminal.type(Key.control.r + "77", "reverse-i-search")
    try await terminal.type(Key.control.c, "\nIn [2]: ")
    try await terminal.enter("print 5", "\n5\nIn [3]: ")
    #expect(!terminal.text.hasSuffix("777\nIn [3]: "))
  }

  @Test func inATrainingItKeepsTheWeights() async throws {
    let terminal = try await PseudoTerminal()
    try await terminal.enterCells(TerminalTests.xor)
    try await terminal.enter("before = hid.weights", "\nIn [")
    try await terminal.enter("train xor epochs=1_000_000_000 batch=1", "train xor  epoch ")
    try await terminal.type(Key.control.c, "interrupted at epoch ")
    try await terminal.expect("` continues\nIn [")
    try await terminal.enter("print sum(abs(hid.weights - before)) > 0", "\ntrue\nIn [")
    try await terminal.enter("train xor epochs=2", "\n2 epochs: ")
  }

  @Test func theInterruptedTrainingCanBeUndone() async throws {
    let terminal = try await PseudoTerminal()
    try await terminal.enterCells(TerminalTests.xor)
    try await terminal.enter("before = hid.weights", "\nIn [")
    try await terminal.enter("train xor epochs=1_000_000_000 batch=1", "train xor  epoch ")
    try await terminal.type(Key.control.c, "` continues\nIn [")
    try await terminal.enter(":undo", "is undone: train xor")
    try await terminal.enter("print max(abs(hid.weights - before))", "\n0\nIn [")
  }

  @Test(arguments: ["a = 1", "", "if a > 0 { b = [1, 2, 3] * 2 }"]) func inALoopItStops(body: String)
    async throws
  {
    let terminal = try await PseudoTerminal()
    try await terminal.enter("a = 3; print 99", "\n99\nIn [2]: ")
    try await terminal.enter("print 77; repeat 1_000_000_000_000 { \(body) }", "\n77\n")
    try await terminal.type(Key.control.c, "interrupted\nIn [3]: ")
    try await terminal.enter("1 + 1", "Out[3]: 2\n")
  }

  @Test func aSecondOneDuringTheSameCellGoesBackBeforeIt() async throws {
    let terminal = try await PseudoTerminal()
    // A matrix product is not broken off, so that both arrive while the cell runs. On a busy machine the first
    // may come at a product's end, and the second too late: then it takes another try.
    for _ in 1...8 where !terminal.text.contains("is taken back") {
      try await terminal.enter("a = 3", "\nIn [")
      try await terminal.enter(
        "a = 4; print 77; repeat 1000 { m = zeros(1500, 1500) @ zeros(1500, 1500) }", "\n77\n")
      terminal.signal(SIGINT)
      try await Task.sleep(for: .milliseconds(20))
      terminal.signal(SIGINT)
      try await terminal.expect("\nIn [")
      try await Task.sleep(for: .milliseconds(100))
    }
    #expect(terminal.text.contains("is taken back"))
    try await terminal.enter("print a", "\n3\n")
  }

  @Test func afterAStopTheLineIsDrawnAnewAndEditedAsBefore() async throws {
    let terminal = try await PseudoTerminal()
    try terminal.type("1 +")
    try await terminal.expect("1 +")
    terminal.signal(SIGSTOP)
    terminal.makeCooked()
    terminal.signal(SIGCONT)
    try await terminal.expect("In [1]: 1 +")
    try await terminal.enter(" 1", "\nOut[1]: 2\n")
    #expect(!terminal.text.contains(" 1 1"), "nothing is echoed twice")
  }

  @Test func whatWasTypedDuringACellIsNotRunWhenItIsStopped() async throws {
    let terminal = try await PseudoTerminal()
    try await terminal.enter("print 77; repeat 1_000_000_000_000 { }", "\n77\n")
    try terminal.type("print 123456\r")
    try await Task.sleep(for: .milliseconds(50))
    try await terminal.type(Key.control.c, "interrupted\nIn [2]: ")
    try await terminal.enter("print 5", "\n5\n")
    #expect(!terminal.text.contains("\n123456\n"))
  }

  @Test(arguments: ["", "NO_COLOR", "TERM"]) func colourIsForTerminalsThatWantIt(variable: String)
    async throws
  {
    let values = ["NO_COLOR": "1", "TERM": "dumb"]
    let terminal = try await PseudoTerminal(environment: values.filter { $0.key == variable })
    try await terminal.enter("nope", "UNKNOWN NAME")
    try await terminal.expect("In [2]: ")
    #expect(terminal.raw.contains("\u{1B}[31m") == variable.isEmpty)
    #expect(terminal.raw.contains("\u{1B}[32m") == variable.isEmpty)
    // A terminal that understands no escape sequences is sent none.
    #expect(terminal.raw.contains("\u{1B}") == (variable != "TERM"))
  }

  @Test func aDumbTerminalHasCellsOfSeveralLines() async throws {
    let terminal = try await PseudoTerminal(environment: ["TERM": "dumb"])
    try await terminal.enter("repeat 2 {", "\n   ...: ")
    try await terminal.enter("print 8", "\n   ...: ")
    try await terminal.enter("}", "8\n8\nIn [2]: ")
    try await terminal.enter("repeat 2 {", "\n   ...: ")
    try await terminal.type(Key.control.d, "In [2]: ")
  }

  @Test func progressInADumbTerminalComesInLines() async throws {
    let terminal = try await PseudoTerminal(environment: ["TERM": "dumb"])
    try await terminal.enterCells(TerminalTests.xor)
    try await terminal.enter("train xor epochs=60_000 batch=1", "60000 epochs: ")
    #expect(terminal.text.split(separator: "\n").count { $0.hasPrefix("train xor  epoch ") } <= 10)
    #expect(!terminal.raw.contains("\u{1B}"))
  }

  @Test func inANarrowWindowNothingIsWider() async throws {
    let terminal = try await PseudoTerminal(columns: 40)
    for line in [
      "data xor", "net n; layer i input 2", "layer h dense 3 tanh", "layer o dense 1 sigmoid",
      "connect i -> h -> o", "summary", "show data xor", "help train", "train xor", "plot loss",
      "plot boundary xor", "nope",
    ] {
      try await terminal.enter(line, "\nIn [")
    }
    let wide = terminal.text.split(separator: "\n").filter { $0.count > 40 }
    #expect(wide.isEmpty)
  }

  @Test(arguments: [["HOME": ""], ["HOME": "/proc/nowhere"]]) func withoutAHomeItWorks(
    environment: [String: String]
  ) async throws {
    let terminal = try await PseudoTerminal(environment: environment)
    try await terminal.enter("6 * 7", "Out[1]: 42\n")
    // A note on what cannot be kept may stand between.
    try await terminal.expect("In [2]: ")
    try await terminal.type(Key.up, "6 * 7")
    try terminal.type(Key.control.u + Key.control.d)
    #expect(try await terminal.end() == 0)
  }

  @Test(arguments: [SIGTERM, SIGHUP]) func aSignalEndsThePrompt(number: Int32) async throws {
    let terminal = try await PseudoTerminal()
    try await terminal.enter("a = 1", "\nIn [2]: ")
    terminal.signal(number)
    #expect(try await terminal.end() == 128 + number)
  }

  @Test func aSignalEndsATraining() async throws {
    let terminal = try await PseudoTerminal()
    try await terminal.enterCells(TerminalTests.xor)
    try await terminal.enter("train xor epochs=1_000_000_000 batch=1", "train xor  epoch ")
    terminal.signal(SIGTERM)
    #expect(try await terminal.end() == 128 + SIGTERM)
  }

  @Test func aClosedTerminalEndsThePromptQuietly() async throws {
    let terminal = try await PseudoTerminal()
    try await terminal.enter("a = 1", "\nIn [2]: ")
    terminal.hangUp()
    #expect(try await terminal.end() != nil, "it ends by itself")
  }

  @Test func aKilledSessionIsOfferedBack() async throws {
    let home = try Program.Folder()
    let first = try await PseudoTerminal(home: home)
    try await first.enterCells(TerminalTests.xor)
    try await first.enter("train xor epochs=3", "\nIn [")
    try await first.enter("sum(hid.weights)", "Out[")
    let sum = try #require(first.text.split(separator: "Out[6]: ").last?.split(separator: "\n").first)
    try await first.enter("train xor epochs=1_000_000_000 batch=1", "train xor  epoch ")
    first.signal(SIGKILL)
    #expect(try await first.end() == nil)
    let second = try await PseudoTerminal(home: home)
    #expect(second.text.contains("ended without being closed: main."))
    try await second.enter(":session restore", "session main: 6 cells")
    try await second.enter("sum(hid.weights)", "Out[7]: \(sum)\n")
    try await second.enter("train xor epochs=2", "\nIn [9]: ")
    try second.type(Key.control.d)
    #expect(try await second.end() == 0)
    // One that was left is not offered.
    let third = try await PseudoTerminal(home: home)
    #expect(!third.text.contains("earlier prompt"))
  }

  @Test func aTerminatedSessionIsOfferedBackAndALivingOneIsNot() async throws {
    let home = try Program.Folder()
    let first = try await PseudoTerminal(home: home)
    try await first.enter("a = 41", "\nIn [2]: ")
    let second = try await PseudoTerminal(home: home)
    #expect(!second.text.contains("earlier prompt"))
    first.signal(SIGTERM)
    #expect(try await first.end() == 128 + SIGTERM)
    let third = try await PseudoTerminal(home: home)
    try await third.enter(":session restore", "session main")
    try await third.enter("a + 1", "Out[2]: 42\n")
  }

  @Test func aSessionIsSavedAndOpened() async throws {
    let home = try Program.Folder()
    // Not by its whole path, which may be longer than a line.
    let file = "~/work.session"
    let first = try await PseudoTerminal(home: home)
    try await first.enter("a = 41", "\nIn [2]: ")
    try await first.enter(":session save \(file)", "work.session: 1 cell")
    try await first.enter(":session save \(file)", "FILE EXISTS")
    let second = try await PseudoTerminal(home: home)
    try await second.enter(":session open \(file)", "session work: 1 cell")
    try await second.enter("a + 1", "Out[2]: 42\nwork In [3]: ")
    try home.file("bad.session", "not a session")
    try await second.enter(":session open ~/bad.session", "-- ")
    try await second.enter("a", "Out[3]: 41\n")
  }
}
