import Foundation
import Outputs
import Rendering
import Sessions
import Testing

@testable import REPL

/// Sessions in which every array of more than a few numbers counts as large, and so is in a file of its own.
@Suite("Sessions that are kept in case the program is killed")
final class JournalTests {
  private let state = FileManager.default.temporaryDirectory.appending(path: "nbs-\(UUID().uuidString)").path
  private var sessions: String { state + "/nbs/sessions" }

  deinit {
    chmod(sessions, 0o700)
    try? FileManager.default.removeItem(atPath: state)
  }

  /// A prompt that keeps what it does, and what it is warned of.
  private final class Sitting {
    let workspace: Workspace
    private(set) var warnings: [String] = []

    init(_ journal: Journal) { workspace = Workspace(session: Session(), journal: journal) }

    func run(_ cells: [String]) {
      for cell in cells {
        let outcome = workspace.current.transcript.run(cell) { _ in }
        #expect(outcome == .done, "\(cell)")
        workspace.noteCell { warnings.append($0.text(.report)) }
      }
    }

    func shown(_ cell: String) -> String {
      var shown: [String] = []
      _ = workspace.current.transcript.run(cell) { shown.append($0.text(.report)) }
      return shown.joined(separator: "\n")
    }

    func restore() -> [String] { workspace.restore { warnings.append($0.text(.report)) } }
  }

  private func begin(_ prefix: String) throws -> Sitting {
    let folder = try #require(StateFolder(environment: ["XDG_STATE_HOME": state]))
    return Sitting(try #require(Journal(folder: folder, prefix: prefix, threshold: 100)))
  }

  /// A prompt that is told to end after some cells; only its files are left.
  private func kill(after cells: [String]) throws {
    let sitting = try begin("1.1")
    sitting.run(cells)
    sitting.workspace.end(bySignal: true)
    #expect(sitting.warnings.isEmpty)
  }

  private func files(_ folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: sessions + folder).sorted()
  }

  /// Expects files in a folder, as soon as what is under way in the background is done.
  private func expect(
    _ folder: String = "", _ expected: [String], _ location: SourceLocation = #_sourceLocation
  ) throws {
    let end = ContinuousClock.now + .seconds(10)
    while try files(folder) != expected, ContinuousClock.now < end { usleep(2_000) }
    #expect(try files(folder) == expected, sourceLocation: location)
  }

  private static let cells = [
    "seed 3; data t from spiral n=60; x = randn(20); data s { 1 2 -> 3; 4 5 -> 6 }", "l = [x, \"w\"]",
    "split t test=25%; prepare t",
    "net n; layer i input 2; layer h dense 8 tanh; layer o dense 3 softmax; connect all",
    "train t epochs=2 optimizer=adam", "y = 2",
  ]
  private static let look =
    "print x, l, y; show data t; show data s; train t epochs=1; predict t.test; summary"

  @Test("All of it comes back, and goes on with the same bits; what the old prompt left goes")
  func everything() throws {
    try kill(after: Self.cells)
    try expect("", ["1.1-main.session", "1.1.arrays", "1.1.lock"])
    let uncut = try begin("3.3")
    uncut.run(Self.cells)
    let next = try begin("2.2")
    #expect(next.restore() == ["main"])
    #expect(next.warnings.isEmpty)
    #expect(next.shown(Self.look) == uncut.shown(Self.look))
    next.workspace.end(bySignal: true)
    try expect(
      "", ["2.2-main.session", "2.2.arrays", "2.2.lock", "3.3-main.session", "3.3.arrays", "3.3.lock"])
  }

  @Test("An array is written once, whoever has it and however many cells come after it")
  func once() throws {
    let sitting = try begin("1.1")
    sitting.run(["x = randn(2000)"])
    try expect("/1.1.arrays", ["1.safetensors"])
    let before = try attributes("1")
    sitting.run(["y = x; l = [x, \"w\"]", "z = 1", "data t from spiral n=60"])
    // The inputs and the targets of the table; its training part is all of it.
    try expect("/1.1.arrays", ["1.safetensors", "2.safetensors", "3.safetensors"])
    #expect(try attributes("1") == before)
    let size = try FileManager.default.attributesOfItem(atPath: sessions + "/1.1-main.session")[.size]
    #expect(try #require(size as? Int) < 8_000)
  }

  /// The number that tells a file from one that took its place.
  private func attributes(_ array: String) throws -> Int {
    let path = sessions + "/1.1.arrays/\(array).safetensors"
    return try #require(
      try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int)
  }

  @Test("A session file that a user saves has everything in it, each array once")
  func saved() throws {
    let sitting = try begin("1.1")
    sitting.run(["data t from spiral n=2000", "y = 1"])
    let path = state + "/work.session"
    try SessionFile.contents(of: sitting.workspace.current.transcript) { $0.text(.report) }.write(to: path)
    let size = try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    #expect((48_000..<60_000).contains(size))
    let copy = try SessionFile.read(path, into: Session()) { Issue.record("\($0)") }
    #expect(copy.entries.count == 2)
  }

  @Test("Arrays that no session has any more go, with a closed session and with the prompt")
  func cleared() throws {
    let sitting = try begin("1.1")
    sitting.run(["x = randn(20)", "y = randn(30)", "x = 0"])
    _ = try sitting.workspace.open("second")
    sitting.run(["z = randn(40)"])
    // Another array, so that the queue has come past what was to be dropped.
    try expect("/1.1.arrays", ["2.safetensors", "3.safetensors"])
    try sitting.workspace.close("second")
    try sitting.workspace.rename("main", to: "first") { _ in }
    sitting.run(["w = randn(20)"])
    try expect("/1.1.arrays", ["2.safetensors", "4.safetensors"])
    try expect("", ["1.1-first.session", "1.1.arrays", "1.1.lock"])
    sitting.workspace.end(bySignal: false)
    try expect("", [])
  }

  @Test("A user who leaves clears away what was taken over, too")
  func left() throws {
    try kill(after: Self.cells)
    let next = try begin("2.2")
    #expect(next.restore() == ["main"])
    #expect(next.workspace.orphans.isEmpty)
    next.workspace.end(bySignal: false)
    try expect("", [])
  }

  @Test("Two prompts that restore at once take a session once")
  func restoredOnce() throws {
    try kill(after: ["a = range(200)", "b = 5"])
    do {
      let (one, other) = (try begin("2.2"), try begin("3.3"))
      let folder = JournalFolder(sessions, prefix: "5.5")
      let orphan = try #require(folder.orphans().first)
      let held = try #require(folder.claim(orphan))
      #expect(folder.claim(orphan) == nil, "another prompt is at it")
      #expect(other.restore().isEmpty)
      #expect(other.warnings.contains { $0.contains("restored by another prompt") })
      close(held)
      #expect(one.restore() == ["main"])
      #expect(one.shown("b") == "5")
      #expect(folder.claim(orphan) == nil, "it is another's")
      one.workspace.end(bySignal: true)
      other.workspace.end(bySignal: false)
    }
    // When the first is gone in its turn, a third finds it again.
    let third = try begin("4.4")
    #expect(third.restore() == ["main"])
    #expect(third.shown("b") == "5")
  }

  @Test("Leavings without a session are cleared away, and nothing of a prompt that lives")
  func leavings() throws {
    let living = try begin("3.3")
    living.run(["x = randn(20)"])
    try FileManager.default.createDirectory(
      atPath: sessions + "/1.1.arrays", withIntermediateDirectories: true)
    for name in ["/1.1.arrays/7.safetensors", "/1.1.lock", "/.nbs-999999999-0", "/.nbs-\(getpid())-0"] {
      try Data().write(to: URL(filePath: sessions + name))
    }
    let other = try begin("2.2")
    other.workspace.end(bySignal: false)
    try expect("", [".nbs-\(getpid())-0", "3.3-main.session", "3.3.arrays", "3.3.lock"])
  }

  @Test("A lock is had although another prompt looks at it at that moment, and takes its file away")
  func lock() throws {
    let folder = JournalFolder(sessions, prefix: "1.1")
    try FileManager.default.createDirectory(atPath: sessions, withIntermediateDirectories: true)
    let path = sessions + "/1.1.lock"
    let other = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    #expect(flock(other, LOCK_EX | LOCK_NB) == 0)
    var waits = 0
    let lock = folder.takeLock {
      waits += 1
      guard waits == 3 else { return }
      unlink(path)
      close(other)
    }
    close(try #require(lock))
    #expect(waits == 3)
    #expect(FileManager.default.fileExists(atPath: path))
  }

  /// What is done to the file of an array, and what is said of it then.
  static let damages: [(damage: String, words: String)] = [
    ("gone", "were not on the disk yet"), ("cut", "is damaged"), ("other", "is damaged"),
  ]

  @Test(
    "What is lost with a file is told, with the cells that make it again; the rest comes back",
    arguments: damages.indices)
  func lost(_ index: Int) throws {
    let (damage, words) = Self.damages[index]
    try kill(after: ["data t from spiral n=60", "split t test=25%", "y = 2"])
    let path = sessions + "/1.1.arrays/1.safetensors"
    switch damage {
    case "gone": unlink(path)
    case "cut": truncate(path, 300)
    default: try Data(repeating: 65, count: 900).write(to: URL(filePath: path))
    }
    let next = try begin("2.2")
    #expect(next.restore() == ["main"])
    #expect(next.warnings.count == 1)
    let warning = next.warnings.joined().replacing("\n", with: " ")
    for part in [words, path, "`t` is missing", ":rerun 1, then :rerun 2"] {
      #expect(warning.contains(part), "\(warning)")
    }
    #expect(next.shown("y") == "2")
    #expect(next.shown("show data t").contains("UNKNOWN DATA"))
  }

  @Test("Lost weights leave the network, lost items the list")
  func lostParts() throws {
    try kill(after: [
      "net n; layer i input 2; layer h dense 20 tanh; layer o dense 1; connect all",
      "data xor; train xor epochs=1 optimizer=adam", "randn(30)",
    ])
    for file in try files("/1.1.arrays") { unlink(sessions + "/1.1.arrays/" + file) }
    let next = try begin("2.2")
    #expect(next.restore() == ["main"])
    let told = next.warnings.joined(separator: " ").replacing("\n", with: " ")
    #expect(told.contains("`n` was restored without its weights"))
    #expect(told.contains(":rerun 2"))
    #expect(told.contains("A part of `Out` is missing"))
    #expect(next.shown("predict [0, 1]").contains("UNKNOWN") == false)
    next.run(["train xor epochs=1"])
  }

  @Test("A file that leads elsewhere is refused")
  func elsewhere() throws {
    try kill(after: ["x = randn(20)"])
    let path = sessions + "/1.1-main.session"
    var bytes = try Data(contentsOf: URL(filePath: path))
    // As long as what it replaces: the places of arrays in the file stay as they are.
    let (old, new) = (#"1.1.arrays\/1.s"#, #"..\/1.1.arrays1"#)
    bytes.replaceSubrange(try #require(bytes.range(of: Data(old.utf8))), with: Data(new.utf8))
    try bytes.write(to: URL(filePath: path))
    let next = try begin("2.2")
    #expect(next.restore().isEmpty)
    #expect(next.warnings.first?.contains("session main stays in") == true)
    #expect(FileManager.default.fileExists(atPath: path))
  }

  @Test("Where arrays cannot be written it is said once, and the rest is kept")
  func unwritable() throws {
    let sitting = try begin("1.1")
    // A file stands where their folder should be.
    try Data().write(to: URL(filePath: sessions + "/1.1.arrays"))
    sitting.run(["x = randn(20)", "y = 2", "z = randn(30)"])
    #expect(sitting.warnings.count == 1)
    #expect(sitting.warnings[0].contains("large arrays of this session are not saved"))
    #expect(sitting.shown("sum(x) == sum(x)") == "true")
    let kept = try SessionFile.read(sessions + "/1.1-main.session", into: Session()) { _ in }
    #expect(kept.entries.count == 3)
  }

  @Test("An array that could not be written is tried again after the next cell")
  func again() throws {
    func sit() throws {
      let sitting = try begin("1.1")
      try Data().write(to: URL(filePath: sessions + "/1.1.arrays"))
      sitting.run(["x = randn(20)"])
      unlink(sessions + "/1.1.arrays")
      sitting.run(["y = 2", "z = 3"])
      try expect("/1.1.arrays", ["2.safetensors"])
      sitting.workspace.end(bySignal: true)
    }
    try sit()
    let next = try begin("2.2")
    #expect(next.restore() == ["main"])
    #expect(next.warnings.isEmpty)
  }

  @Test("A full disk is said once; a session that could not be written goes on")
  func full() throws {
    let sitting = try begin("1.1")
    sitting.run(["a = 1"])
    try FileManager.default.removeItem(atPath: sessions)
    sitting.run(["b = randn(20)", "c = 3"])
    #expect(sitting.warnings.count == 1)
    #expect(sitting.warnings[0].contains("this session is not saved"))
    #expect(sitting.shown("a + c") == "4")
  }

  @Test("A prompt that is told to end waits for what earlier cells have given to the queue")
  func ended() throws {
    let sitting = try begin("1.1")
    let transcript = sitting.workspace.current.transcript
    _ = transcript.run("x = zeros(3000000)") { _ in }
    // Nobody waits for the array after its cell.
    transcript.session.interruption.request()
    sitting.workspace.noteCell { _ in }
    sitting.workspace.end(bySignal: true)
    #expect(try files("/1.1.arrays") == ["1.safetensors"])
  }

  @Test("What an earlier prompt left stays until it is kept anew")
  func takenOver() throws {
    try kill(after: ["a = 1"])
    let next = try begin("2.2")
    try block("2.2-main")
    #expect(next.restore() == ["main"])
    #expect(next.warnings.count == 1)
    next.workspace.end(bySignal: true)
    #expect(FileManager.default.fileExists(atPath: sessions + "/1.1-main.session"))
  }

  @Test("A session that cannot be kept under its new name stays under the old one, and that is told")
  func renamed() throws {
    let sitting = try begin("1.1")
    sitting.run(["a = 1"])
    try block("1.1-other")
    var warnings: [String] = []
    try sitting.workspace.rename("main", to: "other") { warnings.append($0.text(.report)) }
    #expect(warnings.count == 1)
    #expect(FileManager.default.fileExists(atPath: sessions + "/1.1-main.session"))
    sitting.workspace.end(bySignal: false)
    #expect(try !files().contains("1.1-main.session"))
  }

  /// A folder stands where a session's file should be.
  private func block(_ session: String) throws {
    try FileManager.default.createDirectory(
      atPath: sessions + "/\(session).session", withIntermediateDirectories: true)
  }
}
