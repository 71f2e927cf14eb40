import Testing

@testable import NeuralEngine

/// What `evaluate` tells besides loss and accuracy, against figures worked out by hand.
@Suite struct EvaluationTests {
  private func scores(
    _ outputs: [Double], _ targets: [Double], width: Int = 1, classes: Bool = true, threshold: Double = 0.5
  ) -> [Metric: Double] {
    let task: PredictionTask =
      !classes ? .regression : width == 1 ? .binary(threshold: threshold) : .multiclass(width)
    let predictions = Predictions(outputs: outputs, targets: targets, width: width, task: task)
    return Dictionary(uniqueKeysWithValues: predictions.scores.map { ($0.metric, $0.value) })
  }

  private func oneHot(_ labels: [Int], _ width: Int) -> [Double] {
    labels.flatMap { label in (0..<width).map { $0 == label ? 1 : 0 } }
  }

  private func expectClose(_ found: [Metric: Double], _ metric: Metric, _ expected: Double) throws {
    let score = try #require(found[metric])
    #expect(abs(score - expected) < 1e-15)
  }

  @Test func twoClasses() throws {
    // Of three taken for 1, two are; of four that are 1, two are found. 4 x 2 pairs of a 1 and a 0: five in order,
    // and one tie.
    let found = scores([0.9, 0.6, 0.4, 0.1, 0.7, 0.4], [1, 1, 1, 1, 0, 0])
    #expect(Set(found.keys) == [.precision, .recall, .f1, .auc])
    try expectClose(found, .precision, 2.0 / 3)
    #expect(found[.recall] == 0.5)
    try expectClose(found, .f1, 4.0 / 7)
    #expect(found[.auc] == 0.4375)
    // The same by two outputs.
    let pairs = scores(
      [0.1, 0.9, 0.4, 0.6, 0.6, 0.4, 0.9, 0.1, 0.3, 0.7, 0.6, 0.4], oneHot([1, 1, 1, 1, 0, 0], 2), width: 2)
    #expect(pairs == found)
  }

  @Test func hingePartsAtZero() {
    let found = scores([0.2, -0.2], [1, -1], threshold: 0)
    #expect(found == [.precision: 1, .recall: 1, .f1: 1, .auc: 1])
  }

  @Test func theThresholdItselfIsTheFirstClass() {
    // As Keras's BinaryAccuracy, and as PyTorch's round of a half.
    #expect(PredictionTask.binary(threshold: 0.5).label([0.5]) == 0)
    #expect(PredictionTask.binary(threshold: 0).label([0]) == 0)
    #expect(scores([0.5, 0.6], [0, 1])[.precision] == 1)
  }

  @Test(arguments: [0.1, 5, -1e-9, 1.1e300]) func equalTargetsHaveNoRSquared(target: Double) {
    let targets = [Double](repeating: target, count: 7)
    let found = scores(targets.map { $0 * 1.01 }, targets, classes: false)
    #expect(found[.rSquared] == nil && found[.mae] != nil)
  }

  @Test func nobodyOfAClass() {
    #expect(scores([0.1, 0.2], [0, 0]) == [.precision: 0, .recall: 0, .f1: 0])
  }

  @Test func manyClassesAreAveraged() throws {
    // Class 0: 1 of 2 taken, 1 of 1 there; class 1: 1 of 1 taken, 1 of 2 there; class 2 is not spoken of.
    let found = scores(oneHot([0, 0, 1], 3), oneHot([0, 1, 1], 3), width: 3)
    #expect(Set(found.keys) == [.precision, .recall, .f1])
    #expect(found[.precision] == 0.75 && found[.recall] == 0.75)
    try expectClose(found, .f1, 2.0 / 3)
  }

  @Test func topFiveOfSeven() throws {
    let row = [0.3, 0.2, 0.15, 0.13, 0.11, 0.08, 0.03]
    let found = scores(row + row + row, oneHot([0, 4, 5], 7), width: 7)
    try expectClose(found, .topFive, 2.0 / 3)
    #expect(scores(oneHot([0, 1], 5), oneHot([0, 1], 5), width: 5)[.topFive] == nil)
  }

  @Test func amounts() {
    // Spreads 2 and 0: the second output has no R².
    let found = scores([1, 5, 2.5, 5, 3, 5], [1, 4, 2, 4, 3, 4], width: 2, classes: false)
    let (absolute, squared) = (3.5 / 6, 3.25 / 6)
    #expect(found[.rSquared] == 0.875)
    #expect(found[.mae] == absolute && found[.rmse] == squared.squareRoot())
    #expect(scores([1, 2], [3, 3], classes: false) == [.mae: 1.5, .rmse: 2.5.squareRoot()])
  }

  @Test func evaluationHasThem() throws {
    let graph = try makeGraph(
      [input("x", 1), dense("o", 1, .sigmoid)], [Edge(from: "x", to: "o", presetWeights: [1])])
    let table = Examples(
      name: "rows", rows: 300, inputs: (0..<300).map { Double($0) - 149.5 },
      targets: (0..<300).map { $0 < 150 ? 0 : 1 })
    let found = try Network(graph).evaluate(table)
    #expect(found.accuracy == 1 && found.scores.map(\.value) == [1, 1, 1, 1])
    let amounts = Examples(name: "rows", rows: 2, inputs: [0, 1], targets: [0.25, 0.5])
    #expect(
      try Network(graph).evaluate(amounts, loss: .mse).scores.map(\.metric) == [.mae, .rmse, .rSquared])
  }
}
