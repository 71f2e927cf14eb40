import Foundation
import Foundations
import Testing

@testable import NeuralEngine

/// Rows that count differently, against scikit-learn; `Fixtures/weighted.py` makes the figures.
@Suite struct WeightedEvaluationTests {
  private struct Figures: Decodable {
    let weights: [Double]
    let truths: [Double]
    let marks: [Double]
    let binary: [String: Double]
    let classes: [Int]
    let scores: [Double]
    let many: [String: Double]
    let amounts: [Double]
    let guesses: [Double]
    let regression: [String: Double]
  }

  private let figures: Figures

  init() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/weighted.json")
    figures = try JSONDecoder().decode(Figures.self, from: Data(contentsOf: url))
  }

  private func expect(_ predictions: Predictions, _ expected: [String: Double]) {
    var weighted = predictions
    weighted.weights = figures.weights
    for (name, value) in expected {
      let found =
        name == "accuracy"
        ? weighted.accuracy : weighted.scores.first { $0.metric.rawValue == name }?.value
      #expect(abs((found ?? .nan) - value) < 1e-12, "\(name) is \(found ?? .nan), not \(value)")
    }
    // What all count alike is what nobody weighs.
    weighted.weights = [Double](repeating: 1, count: figures.weights.count)
    #expect(weighted.scores == predictions.scores && weighted.accuracy == predictions.accuracy)
  }

  @Test func scoresAreThoseOfScikitLearn() {
    expect(
      Predictions(
        outputs: figures.marks, targets: figures.truths, width: 1, task: .binary(threshold: 0.5)),
      figures.binary)
    let oneHot = figures.classes.flatMap { label in (0..<7).map { $0 == label ? 1.0 : 0 } }
    expect(
      Predictions(outputs: figures.scores, targets: oneHot, width: 7, task: .multiclass(7)), figures.many)
    expect(
      Predictions(outputs: figures.guesses, targets: figures.amounts, width: 2, task: .regression),
      figures.regression)
  }

  /// A row that counts twice is a row that is there twice, and one that counts 0 is none.
  @Test func aWeightIsANumberOfRows() throws {
    let network = try Network(chain([2, 3, 1]), .double, seed: 4)
    let plain = Examples(
      name: "d", rows: 4, inputs: [0, 0, 0, 1, 1, 0, 1, 1], targets: [0, 1, 1, 0])
    let weighted = try network.evaluate(plain.weighted(by: [2, 1, 0, 3]))
    let repeated = try network.evaluate(
      Examples(
        name: "d", rows: 6, inputs: [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1], targets: [0, 0, 1, 0, 0, 0]))
    #expect(abs(weighted.loss - repeated.loss) < 1e-12)
    #expect(weighted.accuracy == repeated.accuracy)
    #expect(
      zip(weighted.scores, repeated.scores).allSatisfy {
        $0.metric == $1.metric && abs($0.value - $1.value) < 1e-12
      })
  }
}
