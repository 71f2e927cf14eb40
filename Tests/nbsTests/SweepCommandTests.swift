import Foundation
import Testing

/// `nbs sweep` as a user runs it.
@Suite(.serialized, .timeLimit(.minutes(2))) struct SweepCommandTests {
  private static let notebook = """
    param rate = 0.1 min=0
    param hidden = 3
    data xor
    net n loss=mse
    layer i input 2
    layer h dense hidden tanh
    layer o dense 1 sigmoid
    connect all
    train xor epochs=20 rate=rate
    """

  private func sweep(_ arguments: [String], in folder: Program.Folder) throws -> Program.Result {
    try Program.run(["sweep", folder.path("n.nbs")] + arguments)
  }

  @Test func theTableIsTheSameForAnyJobs() throws {
    let folder = try Program.Folder()
    try folder.file("n.nbs", Self.notebook)
    let arguments = ["-p", "rate=0.1,1,10", "-p", "hidden=2,4", "--seeds", "2", "--minimize", "loss"]
    let one = try sweep(arguments + ["--jobs", "1"], in: folder)
    #expect(one.status == 0 && one.output.contains("lowest loss first") && one.output.contains("best: rate="))
    #expect(try sweep(arguments + ["--jobs", "2"], in: folder).output == one.output)
    #expect(try sweep(arguments + ["--jobs", "4"], in: folder).output == one.output)
    let csv = try sweep(arguments + ["--csv"], in: folder).output.split(separator: "\n")
    #expect(csv.count == 13 && csv[0].hasPrefix("trial,seed,rate,hidden,"))
    let json = try sweep(arguments + ["--json"], in: folder).output
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect((object["trials"] as? [Any])?.count == 12)
  }

  @Test func aJournalIsTakenUp() throws {
    let folder = try Program.Folder()
    try folder.file("n.nbs", Self.notebook)
    let arguments = [
      "-p", "rate=0.1..10", "--random", "4", "--minimize", "loss", "--journal", folder.path("s.jsonl"),
    ]
    let whole = try sweep(arguments, in: folder)
    let lines = try folder.text("s.jsonl").split(separator: "\n")
    #expect(whole.status == 0 && lines.count == 5)
    try folder.file("s.jsonl", lines.prefix(2).joined(separator: "\n") + "\n{\"tri")
    #expect(try sweep(arguments, in: folder).output == whole.output)
    #expect(try folder.text("s.jsonl").split(separator: "\n").count == 5)
    try folder.file("n.nbs", Self.notebook + "\nprint 1")
    let other = try sweep(arguments, in: folder)
    #expect(other.status == 2 && other.errors.contains("another notebook"))
  }

  @Test(arguments: [
    (["-p", "rate=1,2"], "--minimize"), (["--minimize", "loss"], "-p rate"),
    (["-p", "wide=1", "--minimize", "loss"], "has no parameter `wide`"),
    (["-p", "rate=1..2", "--minimize", "loss"], "--random 20"),
    (["-p", "rate=1..2", "--random", "100000000", "--minimize", "loss"], "--most"),
    (["-p", "rate=-1", "--minimize", "loss"], "0 or more"),
    (["-p", "rate=1", "--minimize", "loss", "--seeds", "0"], "--seeds"),
  ])
  func whatIsWrongIsSaidBeforeAnythingRuns(_ arguments: [String], _ words: String) throws {
    let folder = try Program.Folder()
    try folder.file("n.nbs", Self.notebook)
    let result = try sweep(arguments, in: folder)
    #expect(result.status == 2 && result.errors.contains(words), "\(result.errors)")
  }

  @Test func aMetricThatIsNotThere() throws {
    let folder = try Program.Folder()
    try folder.file("n.nbs", Self.notebook)
    let result = try sweep(["-p", "rate=1,2", "--maximize", "val_accuracy"], in: folder)
    #expect(result.status == 1 && result.output.contains("2 trials failed"))
  }
}
