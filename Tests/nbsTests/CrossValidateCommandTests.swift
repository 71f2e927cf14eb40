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
      (["--folds", "1"], 2, "--folds takes an integer from 2 to 10000."),
      (
        ["--folds", "9223372036854775807", "--repeats", "2"], 2, "--folds takes an integer from 2 to 10000."
      ),
      (["--repeats", "10001"], 2, "--repeats takes an integer from 1 to 10000."),
      (["--repeats", "0"], 2, "--repeats takes an integer from 1 to 10000."),
      (["--jobs", "1001"], 2, "--jobs takes an integer from 1 to 1000."),
      (["--by", "a", "--ordered"], 2, "--by and --ordered cannot be combined."),
      (["--by", "a", "--stratify"], 2, "--by says which rows are in a fold. Keep one of them."),
      (["--ordered", "--stratify"], 2, "--ordered says which rows are in a fold. Keep one of them."),
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

  /// Groups are told apart by their text, and their column is named as in `data`.
  @Test func groupsOfADroppedColumn() throws {
    let folder = try Program.Folder()
    let rows = (0..<20).map { row in
      "\(Double(row % 7) / 3),\(row < 12 ? "9007199254740992" : "9007199254740993"),7,\(row % 2)"
    }
    try folder.file("visits.csv", "x,id,ward,sick\n" + rows.joined(separator: "\n") + "\n")
    try folder.file(
      "n.nbs",
      """
      data visits from "visits.csv" target=sick drop=[id, ward]
      net n
      layer i input 1
      layer o dense 1 sigmoid
      connect all
      train visits epochs=2
      """)
    let long = try nbs([folder.path("n.nbs"), "--by", "ID", "--folds", "2", "--csv"])
    let lines = long.output.split(separator: "\n")
    #expect(long.status == 0 && lines.count == 3, "\(long.errors)")
    #expect(
      zip(lines.dropFirst(), ["1,12,", "2,8,"]).allSatisfy { $0.hasPrefix($1) }, "\(long.output)")
    let one = try nbs([folder.path("n.nbs"), "--by", "ward", "--folds", "2"])
    #expect(
      one.status == 1 && one.errors.contains("of one group") && one.errors.contains("leave --by out"),
      "\(one.errors)")
  }

  /// What the notebook saves is each fold's own: files beside it stay as they are, and nothing is left behind.
  @Test func filesBesideTheNotebookAreLeftAlone() throws {
    let folder = try Program.Folder()
    try folder.file(
      "n.nbs",
      "param hidden = 2\n" + Self.data + Self.rest
        + "\nsave n \"n.safetensors\"\nsave n \"new.safetensors\"\n")
    try folder.file("n.safetensors", "mine")
    try folder.file("temporary/other", "")
    let result = try Program.run(
      ["crossvalidate", folder.path("n.nbs"), "--folds", "4", "--jobs", "3"],
      variables: ["TMPDIR": folder.path("temporary")])
    #expect(result.status == 0, "\(result.errors)")
    #expect(try folder.text("n.safetensors") == "mine")
    #expect(!FileManager.default.fileExists(atPath: folder.path("new.safetensors")))
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path("temporary"))
    #expect(left.allSatisfy { !$0.hasPrefix("nbs-fold-") }, "\(left)")
  }

  /// A mistake that all folds have in common is told after the first of them.
  @Test func aMistakeOfAllFoldsStopsThem() throws {
    let folder = try Program.Folder()
    let file = try folder.file("e.nbs", Self.data)
    func words(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    let one = try nbs([file, "--folds", "20", "--jobs", "1", "--csv"])
    #expect(one.status == 1 && one.output.split(separator: "\n").count == 2, "\(one.output)")
    #expect(
      words(one.errors).contains("The first fold failed so, and 19 others were not run."), "\(one.errors)")
    let two = try nbs([file, "--folds", "20", "--jobs", "2", "--csv"])
    #expect(two.status == 1 && (3...4).contains(two.output.split(separator: "\n").count), "\(two.output)")
    // A third may have begun before the second had failed.
    let told = /The first (2 folds all failed so, and 18|3 folds all failed so, and 17)/
    #expect(words(two.errors).contains(told), "\(two.errors)")
    // All have begun.
    let all = try nbs([file, "--folds", "2", "--jobs", "2"])
    #expect(all.status == 1 && !all.errors.contains("not run"), "\(all.errors)")
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
