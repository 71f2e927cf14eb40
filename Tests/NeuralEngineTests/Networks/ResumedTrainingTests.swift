import Foundations
import Testing

@testable import NeuralEngine

/// A training that goes on from where another one stood, against one that never stopped, bit for bit.
@Suite struct ResumedTrainingTests {
  private func network(_ precision: Precision) throws -> Network {
    let graph = try makeGraph(
      [
        input("x", 3), dense("h", 6, .tanh),
        Layer(name: "n", kind: .batchNorm(BatchNorm(momentum: 0.9, epsilon: 1e-3))),
        Layer(name: "d", kind: .dropout(0.3)), dense("o", 1, .sigmoid),
      ],
      [
        Edge(from: "x", to: "h"), Edge(from: "h", to: "n"), Edge(from: "n", to: "d"),
        Edge(from: "d", to: "o"),
      ])
    return try Network(graph, precision, seed: 4)
  }

  private func rows() -> Examples {
    var random = RandomStream(seed: 9)
    return Examples(
      name: "rows", rows: 23, inputs: (0..<69).map { _ in random.uniform(from: -1, to: 1) },
      targets: (0..<23).map { _ in Double(random.below(2)) })
  }

  @Test(
    arguments: [
      ("constant", Optimizer.adam), ("cosine", .sgd(momentum: 0.9)), ("plateau", .nadam),
      ("warmup", .rmsprop),
      ("step", .adadelta), ("constant", .sgd()),
    ], [Precision.single, .double])
  func goesOnToTheSameBits(_ manner: (schedule: String, optimizer: Optimizer), _ precision: Precision) throws
  {
    var options = TrainingOptions(
      epochs: 14, batchSize: 5, loss: .bce, optimizer: manner.optimizer, rate: 0.05, validationFraction: 0.3)
    options.schedule = try #require(LearningRateSchedule(named: manner.schedule, period: 3))
    options.keep = .best
    let whole = try network(precision)
    var kept: [TrainingProgress] = []
    let control = TrainingControl().keeping(every: 4) { kept.append($0) }
    var random = RandomStream(seed: 6)
    let result = try whole.train(rows(), options, control: control, random: &random)
    #expect(
      kept.map(\.history.count) == [4, 8, 12, 14] && kept.map(\.isOver) == [false, false, false, true])
    for progress in kept {
      // Another network, with other numbers and another past.
      let resumed = try network(precision)
      var stream = try #require(RandomStream(progress.start))
      let again = try resumed.train(rows(), options, resuming: progress, random: &stream)
      #expect(resumed.values.map(\.bitPattern) == whole.values.map(\.bitPattern))
      #expect(again.history == result.history && again.best == result.best && again.end == result.end)
      #expect(resumed.state.weights.optimizer == whole.state.weights.optimizer)
      #expect(stream == random)
    }
  }

  @Test func patienceGoesOnWaiting() throws {
    var options = TrainingOptions(
      epochs: 200, batchSize: 5, loss: .bce, optimizer: .adam, rate: 0.05, validationFraction: 0.3)
    options.patience = 6
    let whole = try network(.double)
    var kept: [TrainingProgress] = []
    let control = TrainingControl().keeping(every: 1) { kept.append($0) }
    let result = try whole.train(rows(), options, seed: 6, control: control)
    #expect(result.end == .ranOutOfPatience)
    let late = try #require(kept.dropLast().last)
    #expect(late.patience.epochs == 5)
    let resumed = try network(.double)
    var stream = try #require(RandomStream(late.start))
    let again = try resumed.train(rows(), options, resuming: late, random: &stream)
    #expect(again.end == .ranOutOfPatience && again.history == result.history)
    #expect(resumed.values == whole.values)
  }
}

extension TrainingControl {
  func keeping(every: Int, _ keep: @escaping (TrainingProgress) -> Void) -> TrainingControl {
    var control = self
    control.checkpoint = (isDue: { $0.isMultiple(of: every) }, keep: keep)
    return control
  }
}
