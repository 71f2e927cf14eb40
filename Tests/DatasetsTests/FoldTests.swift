import Foundation
import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

/// Folds, against scikit-learn's; `Fixtures/folds.py` makes the figures.
@Suite struct FoldTests {
  private struct Figures: Decodable {
    let labels: [Double]
    let groups: [Double]
    let plain: [String: [[Int]]]
    let stratified: [String: [[Int]]]
    let grouped: [String: [[Int]]]
    let ordered: [String: [[Int]]]
  }

  private let figures: Figures
  private let table: Dataset

  init() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/folds.json")
    figures = try JSONDecoder().decode(Figures.self, from: Data(contentsOf: url))
    table = try Dataset(
      name: "table", inputs: figures.labels.indices.map { [Double($0)] }, targets: figures.labels.map { [$0] }
    )
  }

  private func folds(_ count: Int, _ kind: FoldKind, shuffles: Bool = false) throws -> [Fold] {
    var random = RandomStream(seed: 3)
    return try table.folds(count, kind, random: &random, shuffles: shuffles)
  }

  @Test func agreeWithScikitLearn() throws {
    for (kind, expected) in [
      (FoldKind.plain, figures.plain), (.stratified, figures.stratified),
      (.grouped(figures.groups), figures.grouped),
      (.ordered, figures.ordered),
    ] {
      for (count, rows) in expected {
        #expect(try folds(Int(count) ?? 0, kind).map(\.testing) == rows, "\(kind) \(count)")
      }
    }
  }

  /// A fold that is asked for alone is the one of that number, and rows of one group make none.
  @Test func oneOfMany() throws {
    for kind in [FoldKind.plain, .stratified, .grouped(figures.groups), .ordered] {
      var random = RandomStream(seed: 3)
      let cut = try table.foldCut(4, kind, random: &random, shuffles: true)
      let all = try folds(4, kind, shuffles: true)
      for place in 0..<4 { #expect(try cut.fold(place) == all[place]) }
    }
    expectError(.tooFewRows, saying: ["one group"]) {
      _ = try folds(2, .grouped(figures.groups.map { _ in 1 }))
    }
    expectError(.tooFewRows, saying: ["folds="]) { _ = try folds(31, .grouped(figures.groups)) }
  }

  @Test func rowsThatAreDrawn() throws {
    let (drawn, standing) = (try folds(4, .stratified, shuffles: true), try folds(4, .stratified))
    #expect(drawn != standing && drawn.flatMap(\.testing).sorted() == Array(0..<31))
    for label in [0.0, 1, 2] {
      let counts = drawn.map { fold in fold.testing.count { figures.labels[$0] == label } }
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
    for fold in drawn { #expect(Set(fold.training).isDisjoint(with: fold.testing)) }
    // No group is on both sides, and nothing is trained with that comes after what is tested on.
    for fold in try folds(3, .grouped(figures.groups)) {
      let (training, testing) = (
        fold.training.map { figures.groups[$0] }, fold.testing.map { figures.groups[$0] }
      )
      #expect(Set(training).isDisjoint(with: testing))
    }
    for fold in try folds(4, .ordered) {
      #expect((fold.training.max() ?? 0) < (fold.testing.min() ?? 0))
    }
  }

  @Test func tooFewRows() throws {
    #expect(throws: CodedError.self) { try folds(32, .plain) }
    #expect(throws: CodedError.self) { try folds(31, .ordered) }
    #expect(throws: CodedError.self) { try folds(7, .grouped(figures.groups)) }
    // The rarest class has fewer rows than there would be folds.
    let least = [0.0, 1, 2].map { label in figures.labels.count { $0 == label } }.min() ?? 0
    #expect(throws: CodedError.self) { try folds(least + 1, .stratified) }
  }

  @Test func theWayOfScalingIsKnownAgain() throws {
    let table = try Dataset(name: "table", inputs: [[-4], [1], [2], [9]], targets: [[3.5], [1], [2], [7]])
    for scaling in [Scaling.zscore, .minmax, .max] {
      #expect(try Preparation.fitted(to: table, scaling).scaling(of: table) == scaling)
    }
    #expect(Preparation(inputs: [.init(offset: 5, divisor: 2)]).scaling(of: table) == nil)
  }
}
