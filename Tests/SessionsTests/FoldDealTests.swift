import Datasets
import Diagnostics
import Foundation
import Foundations
import NeuralEngine
import Outputs
import TestSupport
import Testing

@testable import Sessions

/// Processes that share a cross-validation, and what stops one of them alone.
@Suite struct FoldDealTests {
  /// What a session showed, and whether it has left the others.
  private struct Shown: Equatable, Sendable {
    var texts: [String] = []
    var codes: [ErrorCode] = []
    var hasLeftOthers = false
  }

  private static func run(_ cells: [String], _ group: (any ProcessGroup)?) -> Shown {
    let session = Session(seed: 2)
    if let group { session.share(with: group) }
    var shown = Shown()
    for cell in cells {
      _ = session.evaluate(SourceText(cell, name: "test")) { output in
        switch output {
        case .table(let table): shown.texts.append("\(table)")
        case .error(let diagnostic): shown.codes.append(diagnostic.code)
        default: break
        }
      }
    }
    shown.texts.append(String(session.digest))
    shown.hasLeftOthers = session.hasLeftOthers
    return shown
  }

  private static let network = """
    data iris
    net n
    layer i input 4
    layer h dense 5 tanh
    layer o dense 3 softmax
    connect all
    """

  @Test func foldsAreTheSameWhoeverTrainsThem() throws {
    let cells = [
      Self.network, "crossvalidate iris folds=4 repeats=2 epochs=2", "crossvalidate iris epochs=1",
    ]
    let alone = Self.run(cells, nil)
    #expect(alone.texts.count == 3 && alone.codes.isEmpty)
    for count in [2, 3, 7] {
      let all = try ThreadGroup().run(count) { Self.run(cells, $0) }
      for shown in all { #expect(shown == alone) }
    }
  }

  /// Options that contradict each other are refused as the command line refuses them.
  @Test(arguments: [
    ("by=petal_width ordered=true", "by= and ordered=true cannot be combined."),
    ("by=petal_width stratify=true", "stratify=true deals classes out, and by= says"),
    ("ordered=true stratify=true", "stratify=true deals classes out, and ordered=true says"),
  ])
  func contradictionsAreRefused(_ mistake: (options: String, words: String)) throws {
    let session = Session(seed: 2)
    _ = session.evaluate(SourceText(Self.network, name: "test")) { _ in }
    let outcome = session.evaluate(
      SourceText("crossvalidate iris folds=3 epochs=1 \(mistake.options)", name: "test")
    ) { _ in }
    guard case .failed(let diagnostic) = outcome else {
      Issue.record("\(mistake.options) should fail")
      return
    }
    #expect(diagnostic.code == .badOption && diagnostic.message.contains(mistake.words))
    let plain = session.evaluate(
      SourceText("crossvalidate iris folds=3 epochs=1 by=petal_width stratify=false", name: "test")
    ) { _ in }
    #expect(plain == .done)
  }

  /// A dropped column's groups are told apart by their text, and are in the order of their numbers.
  @Test(arguments: [
    (["9", "10", "2", "9", "10", "2"], [[1, 4], [0, 3], [2, 5]]),
    (["b", "10", "a", "b", "10", "a"], [[0, 3], [2, 5], [1, 4]]),
    (
      ["9007199254740992", "9007199254740993", "9007199254740992", "9007199254740993"], [[1, 3], [0, 2]]
    ),
  ])
  func groupsAreToldApartByTheirText(_ column: (ids: [String], testing: [[Int]])) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "folds-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let rows = column.ids.enumerated().map { "0.\($0 + 1),\($1),\($0 % 2)\n" }.joined()
    try Data(("x,id,y\n" + rows).utf8).write(to: folder.appending(path: "d.csv"))
    let session = Session()
    session.files.notebookFolder = folder.path
    let outcome = session.evaluate(
      SourceText("data d from \"d.csv\" target=y drop=id", name: "test")
    ) { _ in }
    try #require(outcome == .done, "\(outcome)")
    let set = try #require(session.state.data["d"]).parts.train
    for name in ["id", "ID"] {
      var random = RandomStream(seed: 1)
      let scheme = FoldScheme(folds: column.testing.count, by: name)
      let work = try scheme.work(on: set, tellsClasses: true, random: &random)
      #expect(work.map(\.fold.testing) == column.testing)
    }
  }

  @Test func aFoldThatFailsFailsEverywhere() throws {
    let cells = [
      Self.network, "crossvalidate iris folds=3 epochs=20 rate=1e300", "crossvalidate iris epochs=1",
    ]
    let alone = Self.run(cells, nil)
    #expect(alone.codes == [.trainingDiverged] && alone.texts.count == 2)
    let all = try ThreadGroup().run(3) { Self.run(cells, $0) }
    for shown in all { #expect(shown == alone) }
  }

  @Test func whoStopsAloneHasLeftTheOthers() throws {
    let left = try ThreadGroup().run(2) { group in
      let session = Session()
      session.share(with: group)
      if group.rank == 0 { session.interruption.request(.cellTimeLimit) }
      _ = session.evaluate(SourceText("i = 0; repeat 3 { i += 1 }", name: "test")) { _ in }
      return session.hasLeftOthers
    }
    #expect(left == [true, false])
  }
}
