import Datasets
import Diagnostics
import Foundation
import Foundations
import NeuralEngine
import Outputs
import Testing

@testable import Sessions

/// A column of weights in a file, and batches that have their share of each class.
@Suite struct WeightColumnTests {
  private static let table = """
    x,w,y
    0.1,1,b
    0.9,2,b
    0.4,0,b
    0.8,0.5,b
    0.2,3,a
    0.3,1,a

    """

  private static let network = """
    net n loss=bce
    layer i input 1
    layer o dense 1 sigmoid
    connect all
    """

  /// Runs a cell in a session whose files are in a folder with the table.
  private func run(
    _ cell: String, table: String = table, in session: Session = Session()
  ) throws -> (outcome: Session.Outcome, outputs: [Output]) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "weights-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try table.write(to: folder.appending(path: "d.csv"), atomically: true, encoding: .utf8)
    session.files.notebookFolder = folder.path
    var outputs: [Output] = []
    let outcome = session.evaluate(SourceText(cell, name: "test")) { outputs.append($0) }
    return (outcome, outputs)
  }

  private func parameters(_ data: String, _ train: String) throws -> [Double] {
    let session = Session()
    let (outcome, _) = try run("\(data)\n\(Self.network)\n\(train)", in: session)
    try #require(outcome == .done, "\(outcome)")
    return try #require(session.state.current?.parameters).flatMap(\.values)
  }

  /// The column counts as weights= with the same numbers does, and is no input.
  @Test func aColumnIsAsGivenWeights() throws {
    let column = try parameters("data d from \"d.csv\" weight=w", "train d epochs=20 rate=0.5")
    let given = try parameters(
      "data d from \"d.csv\" drop=w", "train d epochs=20 rate=0.5 weights=[1, 2, 0, 0.5, 3, 1]")
    #expect(column == given)
    #expect(try column != parameters("data d from \"d.csv\" drop=w", "train d epochs=20 rate=0.5"))
    // What is given counts before what the data says.
    let ones = try parameters("data d from \"d.csv\" weight=w", "train d epochs=20 rate=0.5 weights=ones(6)")
    #expect(try ones == parameters("data d from \"d.csv\" drop=w", "train d epochs=20 rate=0.5"))
  }

  /// A row of weight 2 is measured as two rows, and one of weight 0 as none.
  @Test func evaluateCountsByWeights() throws {
    let session = Session()
    let (outcome, outputs) = try run(
      "data d from \"d.csv\" weight=w\n\(Self.network)\nseed 3\ntrain d epochs=1 rate=0.1\nevaluate d",
      in: session)
    try #require(outcome == .done, "\(outcome)")
    let network = try #require(session.state.current)
    let weights = [1, 2, 0, 0.5, 3, 1.0]
    let targets = [1, 1, 1, 1, 0, 0.0]
    let answers = try network.predict(
      Examples(name: "d", rows: 6, inputs: [0.1, 0.9, 0.4, 0.8, 0.2, 0.3]))
    var (loss, right) = (0.0, 0.0)
    for (row, weight) in weights.enumerated() {
      let answer = targets[row] == 1 ? answers[row] : 1 - answers[row]
      loss -= weight * log(answer)
      if answer > 0.5 { right += weight }
    }
    #expect(abs(try #require(session.metrics["loss"]) - loss / 7.5) < 1e-5)
    #expect(try #require(session.metrics["accuracy"]) == right / 7.5)
    let tables = outputs.compactMap { if case .table(let table) = $0 { table } else { nil } }
    #expect(tables.last?.footer == ["the rows of d count by `w`"])
    let texts = outputs.compactMap { if case .text(let text) = $0 { text } else { nil } }
    #expect(texts.contains { $0.contains("weighted by w") })
  }

  /// Parts, copies and selections of the data keep the weights of their rows.
  @Test func weightsGoWithTheirRows() throws {
    let session = Session()
    let (outcome, _) = try run(
      """
      data d from "d.csv" weight=w
      data e = d
      data f = d + e
      data g = d where x > 0.25
      split d test=50% seed=1
      """, in: session)
    try #require(outcome == .done, "\(outcome)")
    func weights(_ name: String) -> [Double]? { session.state.data[name]?.parts.train.weights }
    #expect(weights("e") == [1, 2, 0, 0.5, 3, 1])
    #expect(weights("f") == [1, 2, 0, 0.5, 3, 1, 1, 2, 0, 0.5, 3, 1])
    #expect(weights("g") == [2, 0, 0.5, 1])
    let parts = try #require(session.state.data["d"]?.parts)
    let both = zip(
      parts.train.inputs + (parts.test?.inputs ?? []),
      (parts.train.weights ?? []) + (parts.test?.weights ?? []))
    #expect(Dictionary(uniqueKeysWithValues: both) == [0.1: 1, 0.9: 2, 0.4: 0, 0.8: 0.5, 0.2: 3, 0.3: 1])
  }

  /// Rows of weight 0 are neither trained on nor measured: two folds of the others are left.
  @Test func foldsCountByWeights() throws {
    let table =
      "x,w,y\n" + (0..<12).map { "\($0 % 4),\($0 < 8 ? 1 : 0),\($0 < 8 ? 2 * ($0 % 4) : 100)\n" }.joined()
    func loss(_ data: String, _ cell: String) throws -> Double {
      let session = Session(seed: 1)
      let network = "net n loss=mse\nlayer i input 1\nlayer o dense 1\nconnect all\n"
      let (outcome, _) = try run("\(data)\n\(network)\(cell)", table: table, in: session)
      try #require(outcome == .done, "\(outcome)")
      return try #require(session.metrics["loss"])
    }
    let weighted = "data d from \"d.csv\" weight=w"
    #expect(try loss(weighted, "crossvalidate d folds=3 stratify=false epochs=200 rate=0.1") < 1)
    #expect(
      try loss("data d from \"d.csv\" drop=w", "crossvalidate d folds=3 stratify=false epochs=200 rate=0.1")
        > 100)
    let block =
      "{ net n loss=mse\nlayer i input 1\nlayer o dense 1\nconnect all\ntrain d epochs=200 rate=0.1 }"
    #expect(try loss(weighted, "crossvalidate d folds=3 stratify=false \(block)") < 1)
  }

  @Test(arguments: [
    ("data d from \"d.csv\" weight=v", "x,w,y\n1,2,a\n2,1,b\n", "no column `v`"),
    ("data d from \"d.csv\" weight=w", "x,w,y\n1,-2,a\n2,1,b\n", "row 1 of `d` is `-2` in the column `w`"),
    ("data d from \"d.csv\" weight=w", "x,w,y\n1,2,a\n2,much,b\n", "row 2 of `d` is `much`"),
    ("data d from \"d.csv\" weight=w", "x,w,y\n1,0,a\n2,0,b\n", "All weights of `d`"),
    ("data d from \"d.csv\" weight=w,x", "x,w,y\n1,0,a\n2,0,b\n", "names one column"),
    ("data xor weight=w", "", "is not an option"),
    ("data d from \"d.csv\" weight=w window=2", "x,w,y\n1,1,3\n2,1,4\n3,1,4\n", "no row has a weight"),
    (
      "data d from \"d.csv\"\nnet n\nlayer i input 1\nlayer o dense 1\nconnect all\ntrain d epochs=1 stratify=true",
      "x,y\n1,0.5\n2,1.5\n3,7\n", "are no classes"
    ),
  ])
  func whatCannotBeWeighted(_ mistake: (cell: String, table: String, words: String)) throws {
    guard case .failed(let diagnostic) = try run(mistake.cell, table: mistake.table).outcome else {
      Issue.record("\(mistake.cell) should fail")
      return
    }
    #expect(diagnostic.message.contains(mistake.words), "\(diagnostic.message)")
  }

  /// Batches with their share of each class are other batches, and a checkpoint of others is refused.
  @Test func stratifiedBatches() throws {
    let data = "data moons from moons n=40 noise=0.3\n"
    func values(_ option: String) throws -> [Double] {
      let session = Session(seed: 4)
      let (outcome, outputs) = try run(
        data
          + "net n\nlayer i input 2\nlayer o dense 1 sigmoid\nconnect all\ntrain moons epochs=3 batch=8 \(option)",
        in: session)
      try #require(outcome == .done, "\(outcome)")
      let isTold = outputs.contains {
        if case .text(let text) = $0 { text.contains("stratified batches of 8") } else { false }
      }
      #expect(isTold == (option == "stratify=true"))
      return try #require(session.state.current?.parameters).flatMap(\.values)
    }
    #expect(try values("stratify=true") == values("stratify=true"))
    #expect(try values("stratify=true") != values(""))
    #expect(try values("stratify=false") == values(""))
  }
}
