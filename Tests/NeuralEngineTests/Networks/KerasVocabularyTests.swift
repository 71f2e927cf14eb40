import Foundation
import Testing

@testable import NeuralEngine

/// Activations, losses and optimizers against what Keras gives; `Fixtures/keras_vocabulary.py` makes the figures.
@Suite struct KerasVocabularyTests {
  /// Both compute in 64 bits, in another order; see ``KerasTests``.
  private func expectClose(
    _ a: [Double], _ b: [Double], _ what: String, _ precision: Precision = .double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let tolerance = precision == .double ? 1e-12 : 5e-6
    #expect(
      a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }, "\(what): \(a) is not \(b)",
      sourceLocation: sourceLocation)
  }

  @Test(arguments: Precision.allCases)
  func activationsAndLossesAgree(_ precision: Precision) throws {
    let figures = try KerasFigures.load()
    for item in figures.cases {
      let (hidden, output, loss) = try item.words()
      let what = "\(item.hidden) \(item.output) \(item.loss)"
      let network = try figures.network(hidden, output, precision)
      let examples = figures.examples(item.targets)
      expectClose(try network.predict(examples), item.outputs, what, precision)
      expectClose([try network.evaluate(examples, loss: loss).loss], [item.value], what, precision)
      try network.train(examples, figures.options(loss), seed: 1)
      expectClose(network.values, item.after, what, precision)
    }
  }

  @Test func gradientsAgree() throws {
    let figures = try KerasFigures.load()
    for item in figures.cases {
      let (hidden, output, loss) = try item.words()
      let graph = try chain([3, 4, 2], hidden: hidden, output: output)
      let examples = try figures.examples(item.targets).fitted(to: graph, loss: loss)
      let bench = try Bench(graph, loss, examples, capacity: 5)
      bench.parameters.values.doubles = figures.parameters
      bench.load(0..<5)
      expectClose(
        bench.gradient(rows: 5, scale: 0.2), item.gradient, "\(item.hidden) \(item.output) \(item.loss)")
    }
  }

  @Test(arguments: Precision.allCases)
  func optimizersAgree(_ precision: Precision) throws {
    let figures = try KerasFigures.load()
    let made: [String: (Optimizer, Double)] = [
      "nesterov": (.sgd(momentum: 0.9, nesterov: true), 0.1), "adamw": (.adamw, 0.01),
      "nadam": (.nadam, 0.01),
      "rmsprop": (.rmsprop, 0.01), "adagrad": (.adagrad, 0.1), "adadelta": (.adadelta, 1),
    ]
    for (name, training) in figures.optimizers {
      let (optimizer, rate) = try #require(made[name])
      let network = try figures.network(.tanh, .linear, precision)
      let result = try network.train(
        figures.examples(figures.amounts), figures.options(.mse, optimizer, rate: rate), seed: 1)
      expectClose(network.values, training.after, name, precision)
      expectClose(result.history.recent.map(\.loss), training.losses, name, precision)
    }
  }

  @Test(arguments: Precision.allCases)
  func penaltiesAndClippingAgree(_ precision: Precision) throws {
    let figures = try KerasFigures.load()
    for (name, training) in figures.regularised {
      var options = figures.options(.mse)
      if name.contains("l1") { options.regularizer.l1 = 0.01 }
      if name.contains("l2") { options.regularizer.l2 = 0.02 }
      if name.contains("clip") { options.clip = 0.5 }
      let network = try figures.network(.tanh, .linear, precision)
      let examples = figures.examples(figures.amounts)
      network.defaults.regularizer = options.regularizer
      expectClose([try network.evaluate(examples).loss], [training.losses[0]], name, precision)
      let result = try network.train(examples, options, seed: 1)
      expectClose(network.values, training.after, name, precision)
      expectClose(result.history.recent.map(\.loss), training.losses, name, precision)
    }
  }

  /// Six epochs of four batches. Keras computes rates in 32 bits.
  @Test func schedulesAgree() throws {
    let figures = try KerasFigures.load()
    for (name, rates) in figures.schedules {
      let schedule = try #require(
        LearningRateSchedule(
          named: name, decay: name == "warmup" ? nil : 0.3, period: name == "cosine" ? 4 : 2))
      let learningRate = LearningRate(schedule, from: 0.5, epochs: 6, batches: 4)
      for (step, expected) in rates.enumerated() {
        let now = learningRate.rate(epoch: step / 4, batch: step % 4)
        #expect(abs(now - expected) < 1e-7, "\(name) \(step): \(now) is not \(expected)")
      }
    }
  }

  @Test func plateauAgrees() throws {
    let plateau = try KerasFigures.load().plateau
    let schedule = try #require(LearningRateSchedule(named: "plateau", decay: 0.3, period: 2))
    let learningRate = LearningRate(schedule, from: 0.5, epochs: 11, batches: 1)
    for (epoch, (loss, expected)) in zip(plateau.losses, plateau.rates).enumerated() {
      learningRate.epochEnded(loss)
      #expect(abs(learningRate.rate(epoch: epoch + 1, batch: 0) - expected) < 1e-7)
    }
  }

  @Test func everyActivationAndLossIsCompared() throws {
    let cases = try KerasFigures.load().cases
    // The others stand in keras_training.json.
    let activations: Set<Activation> = [.leakyReLU, .elu, .selu, .gelu, .softplus]
    #expect(activations.isSubset(of: try cases.map { try $0.words().hidden }))
    let losses: Set<Loss> = [.mae, .huber, .hinge, .kl, .poisson]
    #expect(losses.isSubset(of: try cases.map { try $0.words().loss }))
  }
}

/// The figures, and the network that they are of.
struct KerasFigures: Decodable {
  struct Case: Decodable {
    let hidden: String
    let output: String
    let loss: String
    let targets: [Double]
    let outputs: [Double]
    let value: Double
    let gradient: [Double]
    let after: [Double]

    func words() throws -> (hidden: Activation, output: Activation, loss: Loss) {
      (
        try #require(Activation(rawValue: hidden)), try #require(Activation(rawValue: output)),
        try #require(Loss(named: loss))
      )
    }
  }

  struct Training: Decodable {
    let after: [Double]
    let losses: [Double]
  }

  struct Plateau: Decodable {
    let losses: [Double]
    let rates: [Double]
  }

  let inputs: [Double]
  let parameters: [Double]
  let amounts: [Double]
  let cases: [Case]
  let optimizers: [String: Training]
  let regularised: [String: Training]
  let schedules: [String: [Double]]
  let plateau: Plateau

  static func load() throws -> KerasFigures {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/keras_vocabulary.json")
    return try JSONDecoder().decode(KerasFigures.self, from: Data(contentsOf: file))
  }

  func network(_ hidden: Activation, _ output: Activation, _ precision: Precision) throws -> Network {
    let network = try Network(chain([3, 4, 2], hidden: hidden, output: output), precision)
    for slice in try ParameterLayout(network.graph).slices {
      try network.setParameters(slice.key, to: Array(parameters[slice.range]))
    }
    return network
  }

  func examples(_ targets: [Double]) -> Examples {
    Examples(name: "rows", rows: 5, inputs: inputs, targets: targets)
  }

  /// Three epochs of one batch.
  func options(
    _ loss: Loss, _ optimizer: Optimizer = .sgd(), rate: Double = 0.1
  ) -> TrainingOptions {
    TrainingOptions(epochs: 3, batchSize: 5, loss: loss, optimizer: optimizer, rate: rate, shuffles: false)
  }
}
