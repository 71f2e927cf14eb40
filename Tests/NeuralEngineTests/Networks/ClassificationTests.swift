import Foundation
import Foundations
import Testing

@testable import NeuralEngine

/// What is said of answers to classes, against scikit-learn; `Fixtures/classification.py` makes the figures.
@Suite struct ClassificationTests {
  private struct Figures: Decodable {
    let truths: [Int]
    let marks: [Double]
    let fpr: [Double]
    let tpr: [Double]
    let auc: Double
    let precision: [Double]
    let recall: [Double]
    let averagePrecision: Double
    let calibrationShare: [Double]
    let calibrationMean: [Double]
    let labels: [Int]
    let answers: [Int]
    let classes: [[Double]]
    let binary: [[Double]]
    let wilson: [[Double]]
    let lineInputs: [Double]
    let lineTargets: [Double]
    let lineWeights: [Double]
    let line: [Double]
    let amounts, guesses: [Double]
    /// By metric: of the answers, and of always answering the mean.
    let scores: [String: [Double]]
    let intervals: [String: [Double]]
  }

  private let figures: Figures

  init() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/classification.json")
    figures = try JSONDecoder().decode(Figures.self, from: Data(contentsOf: url))
  }

  private func expect(_ values: [Double], _ expected: [Double], _ comment: Comment) {
    #expect(values.count == expected.count, comment)
    #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-12 }, comment)
  }

  @Test func curvesOfEveryThreshold() throws {
    let curves = try #require(RankingCurves(marks: figures.marks, truths: figures.truths.map { $0 == 1 }))
    expect(curves.roc.map(\.x), figures.fpr, "false positives")
    expect(curves.roc.map(\.y), figures.tpr, "true positives")
    expect(curves.precisionRecall.map(\.x), figures.recall.reversed(), "recall")
    expect(curves.precisionRecall.map(\.y), figures.precision.reversed(), "precision")
    expect([curves.area, curves.averagePrecision], [figures.auc, figures.averagePrecision], "areas")
    let once = [Int](repeating: 1, count: figures.marks.count)
    expect([curves.area(counting: once) ?? -1], [figures.auc], "the area of rows that count once")
    let bins = curves.bins(10)
    expect(bins.map(\.mean), figures.calibrationMean, "means of bins")
    expect(bins.map(\.share), figures.calibrationShare, "shares of bins")
    #expect(RankingCurves(marks: [1, 2], truths: [true, true]) == nil)
    #expect(RankingCurves(marks: [.nan, 2], truths: [true, false]) == nil)
  }

  @Test func aTableAClass() {
    let targets = figures.labels.flatMap { label in (0..<3).map { $0 == label ? 1.0 : 0 } }
    let outputs = figures.answers.flatMap { label in (0..<3).map { $0 == label ? 0.9 : 0.05 } }
    let many = Predictions(outputs: outputs, targets: targets, width: 3, task: .multiclass(3))
    for (score, expected) in zip(many.byClass, figures.classes) {
      expect([score.precision, score.recall, score.f1, Double(score.rows)], expected, "class \(score.label)")
    }
    let two = Predictions(
      outputs: figures.marks, targets: figures.truths.map(Double.init), width: 1,
      task: .binary(threshold: 0.5)
    ).with(threshold: 0.4)
    for (score, expected) in zip(two.byClass, figures.binary) {
      expect([score.precision, score.recall, score.f1, Double(score.rows)], expected, "class \(score.label)")
    }
    #expect(two.scores.first { $0.metric == .precision }?.value == two.byClass[1].precision)
  }

  @Test func intervalsOfShares() {
    for row in figures.wilson {
      let interval = ConfidenceInterval.wilson(hits: Int(row[0]), of: Int(row[1]))
      expect([interval.low, interval.high], [row[2], row[3]], "\(row[0]) of \(row[1])")
    }
  }

  /// The bootstrap holds the metric, is the same each time, and is narrower for more rows.
  @Test func intervalsOfOtherMetrics() throws {
    func interval(_ times: Int) throws -> ConfidenceInterval {
      let rows = (0..<times).flatMap { _ in figures.marks.indices }
      let predictions = Predictions(
        outputs: rows.map { figures.marks[$0] }, targets: rows.map { Double(figures.truths[$0]) }, width: 1,
        task: .binary(threshold: 0.5))
      let found = predictions.intervals()
      #expect(predictions.intervals() == found)
      return try #require(found[.auc])
    }
    let (few, many) = (try interval(1), try interval(8))
    #expect(few.low < figures.auc && figures.auc < few.high)
    #expect(many.high - many.low < 0.6 * (few.high - few.low))
  }

  /// Amounts have intervals as SciPy's bootstrap has them, with fewer draws, and the mean's scores are those of scikit-learn.
  @Test func amountsAndTheirMean() throws {
    let predictions = Predictions(
      outputs: figures.guesses, targets: figures.amounts, width: 2, task: .regression)
    let (found, baseline) = (predictions.intervals(), predictions.meanScores)
    #expect(predictions.scores.count == 3 && found.count == 3 && baseline.count == 3)
    for score in predictions.scores {
      let expected = try #require(figures.scores[score.metric.rawValue])
      #expect(abs(score.value - expected[0]) < 1e-12)
      #expect(try abs(#require(baseline.first { $0.metric == score.metric }).value - expected[1]) < 1e-12)
      let (own, theirs) = (
        try #require(found[score.metric]), try #require(figures.intervals[score.metric.rawValue])
      )
      let width = theirs[1] - theirs[0]
      #expect(
        abs(own.low - theirs[0]) < 0.2 * width && abs(own.high - theirs[1]) < 0.2 * width, "\(score.metric)")
      #expect(own.low < score.value && score.value < own.high)
    }
    // The mean of equal numbers is that number, however their sum is rounded.
    let equal = Predictions(
      outputs: [1, 2, 3], targets: [0.1, 0.1, 0.1], width: 1, task: .regression)
    #expect(equal.meanScores.first { $0.metric == .mae }?.value == 0)
    #expect(
      Predictions(outputs: [0.2], targets: [1], width: 1, task: .binary(threshold: 0.5)).meanScores.isEmpty)
  }

  /// A linear network whose rows have weights comes to weighted least squares.
  @Test(arguments: [Precision.double, .single], [12, 5])
  func rowsCountByTheirWeights(_ precision: Precision, _ batch: Int) throws {
    let network = try Network(chain([2, 1], output: .linear), precision)
    let rows = try Examples(name: "rows", rows: 12, inputs: figures.lineInputs, targets: figures.lineTargets)
      .weighted(by: figures.lineWeights)
    var options = TrainingOptions(
      epochs: 4000, batchSize: 12, loss: .mse, optimizer: .sgd(), rate: 0.1, shuffles: false)
    let result = try network.train(rows, options, seed: 1)
    let line = network.values
    #expect(
      zip(line, figures.line).allSatisfy { abs($0 - $1) < (precision == .double ? 1e-10 : 1e-5) }, "\(line)")
    // The loss is the mean over all rows of weight times square.
    let squares = (0..<12).map { row in
      let answer = line[0] * figures.lineInputs[2 * row] + line[1] * figures.lineInputs[2 * row + 1] + line[2]
      return figures.lineWeights[row] * (answer - figures.lineTargets[row])
        * (answer - figures.lineTargets[row])
    }
    let loss = try #require(result.history.last).loss
    #expect(abs(loss - squares.reduce(0, +) / 12) < 1e-5)
    // Ones are as if there were none, in any batch.
    options.batchSize = batch
    options.epochs = 3
    let (plain, ones) = (try Network(chain([2, 4, 1]), precision), try Network(chain([2, 4, 1]), precision))
    let table = Examples(name: "rows", rows: 12, inputs: figures.lineInputs, targets: figures.lineTargets)
    try plain.train(table, options, seed: 1)
    try ones.train(table.weighted(by: [Double](repeating: 1, count: 12)), options, seed: 1)
    #expect(plain.values == ones.values)
  }

  /// Weights go with a sigmoid's and a softmax's fused gradient as well: a row of weight 2 is two rows.
  @Test(arguments: [(Loss.bce, Activation.sigmoid, 1), (.crossentropy, .softmax, 3), (.mae, .tanh, 2)])
  func aWeightIsARowTwice(_ loss: Loss, _ output: Activation, _ width: Int) throws {
    let graph = try chain([2, 3, width], output: output)
    let rows = try randomExamples(for: graph, loss, rows: 3)
    let twice = Examples(
      name: "rows", rows: 4, inputs: rows.inputs + rows.inputs.suffix(2),
      targets: rows.targets + rows.targets.suffix(width))
    let (weighted, doubled) = (try Network(graph), try Network(graph))
    var options = TrainingOptions(
      epochs: 5, batchSize: 3, loss: loss, optimizer: .sgd(), rate: 0.1, shuffles: false, sumsBatch: true)
    try weighted.train(rows.weighted(by: [1, 1, 2]), options, seed: 1)
    options.batchSize = 4
    try doubled.train(twice, options, seed: 1)
    #expect(zip(weighted.values, doubled.values).allSatisfy { abs($0 - $1) < 1e-13 })
  }

  @Test func weightsThatAreNone() throws {
    let rows = Examples(name: "rows", rows: 2, inputs: [1, 2], targets: [1, 2])
    for weights in [[1], [1, -1], [1, .nan], [0, 0]] as [[Double]] {
      #expect(throws: CodedError.self) { try rows.weighted(by: weights) }
    }
  }

  /// Steps beyond 2 / λ diverge, and the suggestion stays below it; nothing of the network has moved.
  @Test func aRangeTestLeavesNothingBehind() throws {
    let network = try Network(chain([2, 1], output: .linear))
    let rows = Examples(name: "rows", rows: 12, inputs: figures.lineInputs, targets: figures.lineTargets)
    let options = TrainingOptions(epochs: 1, batchSize: 12, loss: .mse, optimizer: .adam, rate: 1)
    try network.train(rows, options, seed: 3)
    let (before, state) = (network.values, network.state)
    var plain = options
    plain.optimizer = .sgd()
    let probe = try network.probeRates(
      rows, plain, range: 1e-5...100, count: 100, execution: ExecutionOptions(.double),
      random: RandomStream(seed: 1))
    #expect(network.values == before && network.state.weights.optimizer == state.weights.optimizer)
    let rate = try #require(probe.suggestion)
    // The largest eigenvalue of these inputs' second moments, doubled, is about 3.
    #expect(rate > 0.001 && rate < 0.7)
    #expect(probe.steps.count < 100 && probe.steps.map(\.rate) == probe.steps.map(\.rate).sorted())
  }
}
