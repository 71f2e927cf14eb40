import Foundation
import Testing

/// `nbs crossvalidate` as a user runs it.
@Suite(.serialized, .timeLimit(.minutes(2))) struct CrossValidateCommandTests {
  private static let data = "data moons from moons n=60 noise=0.3\n"
  private static let rest = """
    split moons validate=25%
    prepare moons scale=zscore
    net n
    layer i input 2
    layer h dense hidden tanh
    layer o dense 1 sigmoid
    connect all
    train moons epochs=6 batch=8 rate=0.3
    """

  private func nbs(_ arguments: [String]) throws -> Program.Result {
    try Program.run(["crossvalidate"] + arguments)
  }

  /// The table is that of `crossvalidate` with the rest of the notebook in a block, for any number of jobs.
  @Test func itIsTheNotebookInABlock() throws {
    let folder = try Program.Folder()
    try folder.file("n.nbs", "param hidden = 3\n" + Self.data + Self.rest)
    try folder.file(
      "block.nbs",
      "hidden = 4\n" + Self.data + "crossvalidate moons folds=4 repeats=2 {\n\(Self.rest)\n}\n")
    let arguments = [folder.path("n.nbs"), "--folds", "4", "--repeats", "2", "-p", "hidden=4", "--seed", "0"]
    let one = try nbs(arguments + ["--jobs", "1"])
    #expect(one.status == 0 && one.output.contains("folds of moons"), "\(one.errors)")
    #expect(one.output.contains("has the highest loss") && one.output.contains("deviation"))
    #expect(try nbs(arguments + ["--jobs", "3"]).output == one.output)
    let block = try Program.run(["run", folder.path("block.nbs"), "--no-record"])
    #expect(block.status == 0 && block.output.hasSuffix(one.output), "\(block.output)")
    let csv = try nbs(arguments + ["--csv"]).output.split(separator: "\n")
    #expect(csv.count == 9 && csv[0].hasPrefix("fold,rows,loss,accuracy,"))
    let json = try nbs(arguments + ["--json"]).output
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect((object["folds"] as? [Any])?.count == 8 && object["worst"] is Int)
    #expect((object["mean"] as? [String: Any])?["accuracy"] is Double)
    // What the notebook is given decides.
    #expect(try nbs([folder.path("n.nbs"), "--folds", "4", "--repeats", "2"]).output != one.output)
  }

  @Test func rowsOfAGroupStayTogether() throws {
    let folder = try Program.Folder()
    let rows = (0..<40).map { "\(Double($0 % 7) / 3),\($0 / 8),\($0 % 2)" }
    try folder.file("visits.csv", "x,patient,sick\n" + rows.joined(separator: "\n") + "\n")
    try folder.file(
      "n.nbs",
      """
      data visits from "visits.csv" target=sick
      data other from moons n=20
      net n
      layer i input 2
      layer o dense 1 sigmoid
      connect all
      train visits epochs=2
      """)
    // A patient's number is nothing to learn from.
    let plain = try folder.text("n.nbs").replacing("target=sick", with: "target=sick drop=patient").replacing(
      "input 2", with: "input 1")
    try folder.file("dropped.nbs", plain)
    let dropped = try nbs([folder.path("dropped.nbs"), "--data", "visits", "--by", "patient", "--csv"])
    #expect(
      dropped.output.split(separator: "\n").dropFirst().allSatisfy { $0.contains(",8,") }, "\(dropped.errors)"
    )
    #expect(dropped.status == 0 && dropped.output.split(separator: "\n").count == 6)
    let by = try nbs([folder.path("n.nbs"), "--data", "visits", "--by", "patient", "--csv"])
    let lines = by.output.split(separator: "\n")
    #expect(
      by.status == 0 && lines.count == 6 && lines.dropFirst().allSatisfy { $0.contains(",8,") },
      "\(by.errors)")
    let ordered = try nbs([folder.path("n.nbs"), "--data", "visits", "--ordered", "--folds", "3", "--csv"])
    #expect(ordered.output.split(separator: "\n").count == 4)
    for (arguments, status, words) in [
      ([], 2, "--data other or --data visits"), (["--data", "visit"], 2, "Did you mean `visits`?"),
      (["--data", "visits", "--by", "patents"], 1, "`patient`?"),
      (["--data", "visits", "--by", "patient", "--folds", "6"], 1, "There are 5 groups"),
      (["--data", "visits", "--folds", "30"], 1, "or --no-stratify."),
      (["--folds", "1"], 2, "2 or more"), (["--by", "a", "--ordered"], 2, "Keep one of them"),
      (["--ordered", "--repeats", "2"], 2, "Leave --repeats out"),
      (["-p", "wide=1"], 2, "has no parameter `wide`"),
    ] as [([String], Int32, String)] {
      let wrong = try nbs([folder.path("n.nbs")] + arguments)
      #expect(wrong.status == status && wrong.errors.contains(words), "\(arguments): \(wrong.errors)")
    }
    // What a message says to try works.
    #expect(
      try nbs([folder.path("n.nbs"), "--data", "visits", "--folds", "30", "--no-stratify"]).status == 0)
  }

  /// Folds that fail are told, and the others are shown.
  @Test func aFoldThatFails() throws {
    let folder = try Program.Folder()
    try folder.file(
      "n.nbs", "param hidden = 2\n" + Self.data + Self.rest + "\nassert loss > 10, \"too good\"\n")
    let all = try nbs([folder.path("n.nbs")])
    #expect(all.status == 1 && all.errors.contains("too good") && all.output.isEmpty)
    try folder.file("m.nbs", Self.data + Self.data + "net n")
    let twice = try nbs([folder.path("m.nbs")])
    #expect(twice.status == 1 && twice.errors.contains("a second time"))
    try folder.file("e.nbs", Self.data)
    #expect(try nbs([folder.path("e.nbs")]).errors.contains("leaves no network"))
    try folder.file("none.nbs", "a = 1")
    let none = try nbs([folder.path("none.nbs")])
    #expect(none.status == 2 && none.errors.contains("makes no data set"))
  }
}
