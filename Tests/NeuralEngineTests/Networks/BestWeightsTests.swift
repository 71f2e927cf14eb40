import Foundations
import Testing

@testable import NeuralEngine

/// The weights that a training leaves behind where it compares epochs.
@Suite struct BestWeightsTests {
  /// Rows whose targets are noise: what is learned of one half says nothing of the other.
  private func noise(_ name: String, seed: UInt64) throws -> Examples {
    var random = RandomStream(seed: seed)
    return Examples(
      name: name, rows: 12, inputs: (0..<36).map { _ in random.uniform(from: -1, to: 1) },
      targets: (0..<12).map { _ in Double(random.below(2)) })
  }

  private func options(_ epochs: Int, _ optimizer: Optimizer, batch: Int = 4) -> TrainingOptions {
    TrainingOptions(
      epochs: epochs, batchSize: batch, loss: .bce, optimizer: optimizer, rate: 0.1, shuffles: false)
  }

  private func network() throws -> Network { try Network(chain([3, 8, 1]), seed: 5) }

  private func train(
    _ network: Network, _ options: TrainingOptions, control: TrainingControl = TrainingControl()
  ) throws -> TrainingResult {
    var random = RandomStream(seed: 1)
    return try network.train(
      noise("rows", seed: 2), validation: noise("aside", seed: 3), options, control: control, random: &random)
  }

  /// The weights and what the optimizer remembers are those of a training that ended with the best epoch.
  @Test(arguments: [.sgd(), .sgd(momentum: 0.9), .adam, .nadam] as [Optimizer], [1, 4])
  func theBestEpochIsRestored(_ optimizer: Optimizer, _ batch: Int) throws {
    let network = try network()
    let result = try train(network, options(40, optimizer, batch: batch))
    let best = try #require(result.best)
    let losses = result.history.recent.compactMap(\.validationLoss)
    #expect(losses.firstIndex(of: losses.min() ?? 0).map { $0 + 1 } == best.epoch)
    #expect(best.epoch < 40 && best.metrics == result.history.recent[best.epoch - 1])
    let stopped = try self.network()
    var short = options(best.epoch, optimizer, batch: batch)
    short.keep = .last
    #expect(try train(stopped, short).best == nil)
    #expect(network.values == stopped.values)
    #expect(network.state.weights.optimizer == stopped.state.weights.optimizer)
    #expect(try network.evaluate(noise("aside", seed: 3)).loss == best.metrics.validationLoss)
    // And both go on from there alike.
    _ = try train(network, options(3, optimizer, batch: batch))
    _ = try train(stopped, options(3, optimizer, batch: batch))
    #expect(network.values == stopped.values)
  }

  @Test func accuracyMayBeMonitored() throws {
    var options = options(40, .adam)
    options.monitor = .validationAccuracy
    let result = try train(network(), options)
    let best = try #require(result.best)
    let shares = result.history.recent.compactMap(\.validationAccuracy)
    #expect(best.metrics.validationAccuracy == shares.max() && best.metric == .validationAccuracy)
    #expect(shares.firstIndex(of: shares.max() ?? 0).map { $0 + 1 } == best.epoch)
  }

  @Test func patienceCountsBetterEpochsAlone() throws {
    var options = options(200, .adam)
    options.patience = 4
    let result = try train(network(), options)
    let best = try #require(result.best)
    #expect(result.end == .ranOutOfPatience && result.history.count == best.epoch + 4)
    // A difference that no epoch brings stops it four epochs after the first; the weights are the best ones still.
    options.minDelta = 100
    let impatient = try train(network(), options)
    #expect(impatient.end == .ranOutOfPatience && impatient.history.count == 5)
    let losses = impatient.history.recent.compactMap(\.validationLoss)
    #expect(impatient.best?.metrics.validationLoss == losses.min())
  }

  /// Without validation and patience nothing is compared, and weights that met a condition stay.
  @Test func theLastWeightsStayWhereTheyWereAskedFor() throws {
    var random = RandomStream(seed: 1)
    let rows = try noise("rows", seed: 2)
    #expect(try network().train(rows, options(3, .adam), random: &random).best == nil)
    var until = options(40, .adam)
    until.stop = StopCondition(.loss, .less, 0.3)
    let result = try train(network(), until)
    #expect(result.best == nil && result.end == .reached(StopCondition(.loss, .less, 0.3)))
    until.keep = .best
    #expect(try train(network(), until).best != nil)
  }

  @Test func anInterruptedTrainingKeepsItsBest() throws {
    let network = try network()
    var asked = 0
    let control = TrainingControl(
      isInterrupted: { asked > 30 },
      epochEnded: {
        asked = $0.count
        return asked + 1
      })
    let result = try train(network, options(200, .adam), control: control)
    let best = try #require(result.best)
    #expect(result.end == .interrupted && best.epoch < result.history.count)
    #expect(try network.evaluate(noise("aside", seed: 3)).loss == best.metrics.validationLoss)
  }

  @Test func aDivergedTrainingKeepsItsBest() throws {
    let network = try Network(chain([1, 1], output: .linear), seed: 5)
    let line = Examples(name: "line", rows: 3, inputs: [1, 2, 300], targets: [2, 4, 600])
    var options = TrainingOptions(
      epochs: 500, batchSize: 3, loss: .mse, optimizer: .sgd(), rate: 0.5, shuffles: false)
    options.keep = .best
    let result = try network.train(line, options, seed: 1)
    guard case .diverged = result.end else {
      Issue.record("\(result.end)")
      return
    }
    let best = try #require(result.best)
    #expect(best.epoch == 1 && network.isFinite)
    options.epochs = 1
    let once = try Network(chain([1, 1], output: .linear), seed: 5)
    try once.train(line, options, seed: 1)
    #expect(network.values == once.values)
  }

  @Test func whatIsNotMeasuredIsRefused() throws {
    let graph = try chain([3, 2], output: .linear)
    let rows = try randomExamples(for: graph, .mse, rows: 4)
    let network = try Network(graph)
    let before = network.values
    var random = RandomStream(seed: 1)
    let untouched = random
    for metric in [TrainingMetric.accuracy, .validationLoss] {
      var options = TrainingOptions(epochs: 2, batchSize: 2, loss: .mse, optimizer: .sgd(), rate: 0.1)
      options.monitor = metric
      #expect(throws: CodedError.self) { try network.train(rows, options, random: &random) }
      options.monitor = nil
      options.stop = StopCondition(metric, .less, 1)
      #expect(throws: CodedError.self) { try network.train(rows, options, random: &random) }
    }
    #expect(network.values == before && random == untouched)
  }
}
