import Foundation
import Testing

/// Files that earlier versions of nbs wrote, opened by this one: what `docs/compatibility.md` promises.
@Suite(.serialized, .timeLimit(.minutes(2))) struct MigrationTests {
  private static let files = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Migration/version-0.1")

  private let folder: Program.Folder
  private var data: String { folder.path("data") }

  init() throws { folder = try Program.Folder() }

  /// A copy of a file, since opening some of them writes to them.
  @discardableResult private func take(_ name: String, as place: String? = nil) throws -> String {
    let target = folder.url.appending(path: place ?? name)
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: Self.files.appending(path: name), to: target)
    return target.path
  }

  private func nbs(_ arguments: String..., input: String = "") throws -> Program.Result {
    try Program.run(arguments, input: input, data: data, currentFolder: folder.url.path)
  }

  @Test func aNotebookRunsAndKeepsItsForm() throws {
    try take("classifier.nbs")
    let run = try nbs("run", "classifier.nbs", "--export", "new.md")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try nbs("fmt", "--check", "classifier.nbs").status == 0)
    #expect(try folder.text("new.md").contains("loss of flowers on iris.train"))
  }

  @Test func aReportIsToldToBeOfAnotherVersion() throws {
    try take("classifier.nbs")
    try take("classifier.md")
    let test = try nbs("test", "classifier.nbs")
    #expect(test.status == 3 && test.output.contains("figures of flowers"), "\(test.output)")
  }

  /// A network, a row, and what the version that wrote it answered.
  struct Model: Sendable, CustomTestStringConvertible {
    let file: String
    let rows: [(row: String, answer: [Double])]
    var testDescription: String { file }
  }

  static let models = [
    Model(
      file: "dense",
      rows: [
        ("[5.1, 3.5, 1.4, 0.2]", [6.345960719e-05, 8.623533649e-04, 9.990742207e-01]),
        ("[6.2, 2.9, 4.3, 1.3]", [1.482059815e-05, 1.903166878e-03, 9.980820417e-01]),
      ]),
    Model(file: "image", rows: [("(arange(72) / 72)", [0.295267333, 0.163260646])]),
    Model(file: "words", rows: [("[0, 3, 4]", [0.03152502])]),
    Model(
      file: "flowers", rows: [("[5.1, 3.5, 1.4, 0.2]", [0.063692681, 0.918089867, 0.018217484])]),
    Model(file: "memory", rows: [("[0.5, 1]", [0.363908084])]),
  ]

  @Test(arguments: models) func aModelAnswersAsItDid(model: Model) throws {
    try take(model.file + ".safetensors")
    for (row, answer) in model.rows {
      let result = try nbs(
        "run", "-", input: "load n \"\(model.file).safetensors\"\noption digits=9\nactivate \(row)\n")
      #expect(result.status == 0, "\(result.errors)")
      let line = result.output.split(separator: "\n").last { $0.hasPrefix("[") } ?? ""
      let found = line.dropFirst().dropLast().split(separator: " ").compactMap { Double($0) }
      #expect(found.count == answer.count, "\(result.output)")
      #expect(zip(found, answer).allSatisfy { abs($0 - $1) <= 1e-5 * max(abs($1), 1e-3) }, "\(found)")
    }
  }

  @Test func aModelOfVersion1GoesOnWithItsTrainingAndIsSavedInTheFormOfToday() throws {
    try take("dense.safetensors")
    let result = try nbs(
      "run", "-",
      input: """
        data iris; split iris seed=1; prepare iris
        load flowers "dense.safetensors"
        summary
        train iris epochs=1 batch=8
        save flowers "new.safetensors"
        load again "new.safetensors"
        """)
    #expect(result.status == 0, "\(result.errors)")
    // What it was trained with before is what it trains with.
    #expect(result.output.contains("nadam") && result.output.contains("schedule step"), "\(result.output)")
    let new = String(
      decoding: try Data(contentsOf: folder.url.appending(path: "new.safetensors")), as: UTF8.self)
    #expect(new.contains(#"\"version\":2"#), "the form of today")
    #expect(
      new.contains(#"\"rate\":0.25"#) && new.contains(#"\"init\":\"he\""#), "options by their names of today")
  }

  @Test func theStoreKeepsItsRunsAndTakesNewOnes() throws {
    try take("runs.sqlite", as: "data/nbs/runs.sqlite")
    let list = try nbs("runs", "list")
    #expect(list.status == 0 && list.output.contains("classifier.nbs"), "\(list)")
    #expect(list.output.contains("0.1304") && list.output.contains("epochs=20"), "\(list.output)")
    #expect(try nbs("runs", "export", "1", "past.md").status == 0)
    let (past, report) = (
      try folder.text("past.md"),
      try String(
        contentsOf: Self.files.appending(path: "classifier.md"), encoding: .utf8)
    )
    #expect(try nbs("runs", "show", "1").output.contains("0.1.0"))
    for line in report.split(separator: "\n") where line.contains("iris.t") {
      #expect(past.contains(line), "\(line)")
    }
    try folder.file("new.nbs", "x = 2\n")
    #expect(try nbs("run", "new.nbs").status == 0)
    let both = try nbs("runs", "list").output
    #expect(both.contains("classifier.nbs") && both.contains("new.nbs"), "\(both)")
  }
}
