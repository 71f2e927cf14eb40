import Foundation
import Testing

/// Tab at the prompt.
@Suite(.serialized, .timeLimit(.minutes(2))) struct TerminalCompletionTests {
  @Test func verbsNamesKeysAndValues() async throws {
    let terminal = try await PseudoTerminal()
    for line in TerminalTests.xor.split(separator: "\n") { try await terminal.enter(String(line), "\nIn [") }
    try terminal.type("trai\t")
    try await terminal.expect("train ")
    try terminal.type("xo\t")
    try await terminal.expect("xor ")
    try terminal.type("epo\t")
    try await terminal.expect("epochs=")
    // No blank comes behind the "=".
    try await terminal.enter("3", "training solver on xor: 4 rows, 3 epochs")
    try await terminal.expect("In [")
    try terminal.type("layer more dense 2 sigm\t")
    try await terminal.expect("sigmoid")
    try await terminal.enter("", "In [")
    try terminal.type("connect hi\t")
    try await terminal.expect("hid")
    try await terminal.enter("-> more", "\nIn [")
    try terminal.type("net other loss=crosse\t")
    try await terminal.expect("loss=crossentropy")
    try await terminal.enter("", "\nIn [")
  }

  @Test func twiceListsWhatFits() async throws {
    let terminal = try await PseudoTerminal()
    try terminal.type("p\t\t")
    try await terminal.expect("plot")
    try await terminal.expect("propagate")
    try terminal.type(Key.control.u + "zzz\t\t")
    try await terminal.enter(Key.control.u + "1 + 1", "Out[1]: 2\n")
  }

  @Test func filesInsideQuotes() async throws {
    let home = try Program.Folder()
    try home.file("measured-values.csv", "x,y\n1,2\n3,4\n")
    let terminal = try await PseudoTerminal(home: home)
    try terminal.type("data m from \"\(home.url.path)/measured-v\t")
    try await terminal.expect("measured-values.csv\"")
    try await terminal.enter(" target=\"y\"", "\nIn [2]: ")
  }

  @Test func colonCommandsAndTheirFiles() async throws {
    let home = try Program.Folder()
    try home.file("some-notebook.nbs", "a = 41\na + 1\n")
    let terminal = try await PseudoTerminal(home: home)
    try terminal.type(":lo\t")
    try await terminal.expect(":load ")
    try terminal.type("\(home.url.path)/some-n\t")
    try await terminal.expect("some-notebook.nbs")
    try await terminal.enter("", "Out[1]: 42\n")
    try terminal.type(":session n\t")
    try await terminal.expect(":session new")
    try await terminal.enter("second", "session second\nsecond In [1]: ")
    try terminal.type(":session use ma\t")
    try await terminal.expect("main")
    try await terminal.enter("", "session main\nIn [2]: ")
  }

  @Test func partsAndFieldsBehindAPoint() async throws {
    let terminal = try await PseudoTerminal()
    for line in TerminalTests.xor.split(separator: "\n") { try await terminal.enter(String(line), "\nIn [") }
    try terminal.type("print max(hid.wei\t")
    try await terminal.expect("hid.weights")
    try await terminal.enter(") < 9", "true\n")
    try terminal.type("evaluate xor.tra\t")
    try await terminal.expect("xor.train")
    try await terminal.enter("", "\nIn [")
  }

  @Test func helpTopics() async throws {
    let terminal = try await PseudoTerminal()
    try terminal.type("?propa\t")
    try await terminal.expect("propagate")
    try await terminal.enter("", "takes one training step")
    try await terminal.enter("propagate?", "takes one training step")
    try await terminal.enter("help dense", "adds up all its inputs")
  }
}
