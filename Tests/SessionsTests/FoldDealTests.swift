import Diagnostics
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
