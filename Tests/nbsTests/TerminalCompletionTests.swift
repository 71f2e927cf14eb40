import Foundation
import Testing

/// Tab at the prompt.
@Suite(.serialized, .timeLimit(.minutes(2))) struct TerminalCompletionTests {
  @Test func verbsNamesKeysAndValues() async throws {
    let terminal = try await PseudoTerminal()
    try await terminal.enterCells(TerminalTests.xor)
    try await terminal.type("trai\t", "train ")
    try await terminal.type("xo\t", "xor ")
    try await terminal.type("epo\t", "epochs=")
    // No blank comes behind the "=".
    try await terminal.enter("3", "training solver on xor: 4 rows, 3 epochs")
    try await terminal.expect("In [")
    try await terminal.type("layer more dense 2 sigm\t", "sigmoid")
    try await terminal.enter("", "In [")
    try await terminal.type("connect hi\t", "hid")
    try await terminal.enter("-> more", "\nIn [")
    try await terminal.type("net other loss=crosse\t", "loss=crossentropy")
    try await terminal.enter("", "\nIn [")
  }

  @Test func twiceListsWhatFits() async throws {
    let terminal = try await PseudoTerminal()
    try await terminal.type("p\t\t", "plot")
    try await terminal.expect("propagate")
    try terminal.type(Key.control.u + "zzz\t\t")
    try await terminal.enter(Key.control.u + "1 + 1", "Out[1]: 2\n")
  }

  @Test func filesInsideQuotes() async throws {
    let home = try Program.Folder()
    try home.file("measured-values.csv", "x,y\n1,2\n3,4\n")
    let terminal = try await PseudoTerminal(home: home)
    try await terminal.type("data m from \"\(home.url.path)/measured-v\t", "measured-values.csv\"")
    try await terminal.enter(" target=\"y\"", "\nIn [2]: ")
  }

  @Test func colonCommandsAndTheirFiles() async throws {
    let home = try Program.Folder()
    try home.file("some-notebook.nbs", "a = 41\na + 1\n")
    let terminal = try await PseudoTerminal(home: home)
    try await terminal.type(":lo\t", ":load ")
    // Not by its whole path, which may be longer than a line.
    try await terminal.type("~/some-n\t", "some-notebook.nbs")
    try await terminal.enter("", "Out[1]: 42\n")
    try await terminal.type(":session n\t", ":session new")
    try await terminal.enter("second", "session second\nsecond In [1]: ")
    try await terminal.type(":session use ma\t", "main")
    try await terminal.enter("", "session main\nIn [2]: ")
  }

  @Test func partsAndFieldsBehindAPoint() async throws {
    let terminal = try await PseudoTerminal()
    try await terminal.enterCells(TerminalTests.xor)
    try await terminal.type("print max(hid.wei\t", "hid.weights")
    try await terminal.enter(") < 9", "true\n")
    try await terminal.type("evaluate xor.tra\t", "xor.train")
    try await terminal.enter("", "\nIn [")
  }

  @Test func helpTopics() async throws {
    let terminal = try await PseudoTerminal()
    try await terminal.type("?propa\t", "propagate")
    try await terminal.enter("", "takes one training step")
    try await terminal.enter("propagate?", "takes one training step")
    try await terminal.enter("help dense", "fully connected")
  }
}
