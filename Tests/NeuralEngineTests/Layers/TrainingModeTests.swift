import Testing

@testable import NeuralEngine

/// Layers that do one thing while a network trains and another while it answers.
@Suite struct TrainingModeTests {
  private func train(_ network: Network, _ examples: Examples, epochs: Int = 1, seed: UInt64 = 5) throws {
    try network.train(
      examples,
      TrainingOptions(
        epochs: epochs, batchSize: 3, loss: .mse, optimizer: .sgd(), rate: 0.1, shuffles: false),
      seed: seed)
  }

  private func wide(_ share: Double) throws -> NetworkGraph { try sequence([20_000], .dropout(share)) }

  /// A share of zeros, the rest enlarged, so that the mean stays.
  @Test(arguments: [0, 0.2, 0.5, 0.9])
  func dropoutKeepsTheMean(_ share: Double) throws {
    let graph = try wide(share)
    let ones = Examples(
      name: "ones", rows: 1, inputs: [Double](repeating: 1, count: 20_000),
      targets: [Double](repeating: 0, count: 20_000))
    let bench = try Bench(graph, .mse, ones, capacity: 1, .single, isTraining: true)
    _ = bench.loss(rows: 1)
    let values = bench.outputs(rows: 1)
    let zeros = Double(values.count { $0 == 0 }) / 20_000
    // Five standard deviations of a share of 20,000.
    #expect(abs(zeros - share) <= 5 * (share * (1 - share) / 20_000).squareRoot())
    #expect(values.allSatisfy { $0 == 0 || abs($0 - 1 / (1 - share)) < 1e-5 })
    // The next batch draws anew.
    bench.key = 12
    _ = bench.loss(rows: 1)
    #expect((bench.outputs(rows: 1) != values) == (share > 0))
    let answering = try Bench(graph, .mse, ones, capacity: 1, .single)
    _ = answering.loss(rows: 1)
    #expect(answering.outputs(rows: 1) == ones.inputs)
  }

  @Test func oneSeedDropsTheSame() throws {
    let graph = try sequence([3], .dense(8, .tanh), .dropout(0.5), .dense(1))
    let examples = try randomExamples(for: graph, .mse, rows: 7)
    let networks = try [5, 5, 6].map { (seed: UInt64) in
      let network = try Network(graph)
      try train(network, examples, epochs: 3, seed: seed)
      return network
    }
    #expect(networks[0].values == networks[1].values)
    #expect(networks[0].values != networks[2].values)
    #expect(
      networks[0].lastTraining?.history.recent.map(\.loss)
        == networks[1].lastTraining?.history.recent.map(\.loss))
  }

  /// Nothing is dropped where a network answers: `predict`, `evaluate`, `activate` and what validates an epoch.
  @Test func dropoutIsOffWhenAnswering() throws {
    let graph = try sequence([3], .dropout(0.5))
    let network = try Network(graph)
    let examples = try randomExamples(for: graph, .mse, rows: 4)
    let same = Examples(name: "same", rows: 4, inputs: examples.inputs, targets: examples.inputs)
    #expect(try network.predict(examples) == examples.inputs)
    #expect(try network.evaluate(same).loss == 0)
    try network.activate(Array(examples.inputs.prefix(3)))
    #expect(network.outputs == Array(examples.inputs.prefix(3)))
    var random = RandomStream(seed: 1)
    let options = TrainingOptions(
      epochs: 2, batchSize: 2, loss: .mse, optimizer: .sgd(), rate: 0.1)
    let result = try network.train(same, validation: same, options, random: &random)
    #expect(result.history.recent.allSatisfy { $0.loss > 0 && $0.validationLoss == 0 })
  }

  /// In training by the batch, whose last is smaller; then by the running figures, which answering leaves alone.
  @Test func batchNormFollowsItsBatches() throws {
    let graph = try sequence([1], .batchNorm(BatchNorm(momentum: 0.5, epsilon: 1e-300)))
    let network = try Network(graph)
    let examples = Examples(name: "five", rows: 5, inputs: [1, 2, 6, 4, 8], targets: [0, 0, 0, 0, 0])
    let options = TrainingOptions(
      epochs: 1, batchSize: 3, loss: .mse, optimizer: .sgd(), rate: 1e-300, shuffles: false)
    var random = RandomStream(seed: 1)
    let result = try network.train(examples, validation: examples, options, random: &random)
    // Batches of mean 3 and 6 and variance 14/3 and 4, from mean 0 and variance 1.
    let (mean, variance) = (0.5 * 1.5 + 3, 0.5 * (0.5 + 7.0 / 3) + 2)
    func close(_ a: [Double], _ b: [Double]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 } }
    let figures = network.parameters?.suffix(2).flatMap(\.values) ?? []
    #expect(close(figures, [mean, variance]), "\(figures)")
    let expected = examples.inputs.map { ($0 - mean) / variance.squareRoot() }
    #expect(close(try network.predict(examples), expected))
    try network.activate([6])
    #expect(close(network.outputs, [expected[2]]))
    // By the batch each row's square is 1 on average, by the running figures it is not.
    let squares = expected.reduce(0) { $0 + $1 * $1 } / 5
    #expect(
      close([result.history.recent[0].loss, result.history.recent[0].validationLoss ?? 0], [1, squares]))
    #expect(close(network.parameters?.suffix(2).flatMap(\.values) ?? [], [mean, variance]))
  }

  @Test func noOptimizerTouchesTheRunningFigures() throws {
    let graph = try sequence([2], .batchNorm(BatchNorm(momentum: 0.5)), .dense(1))
    let examples = try randomExamples(for: graph, .mse, rows: 6)
    let figures = try gradientOptimizers.map { optimizer in
      let network = try Network(graph)
      var options = TrainingOptions(
        epochs: 2, batchSize: 3, loss: .mse, optimizer: optimizer, rate: 0.1, shuffles: false)
      options.regularizer.l2 = 0.1
      try network.train(examples, options, seed: 1)
      #expect(network.isFinite)
      return ["l1/mean", "l1/variance"].map { key in
        network.parameters?.first { $0.slice.key.description == key }?.values ?? []
      }
    }
    // The batch's figures hang on the inputs alone.
    #expect(figures.allSatisfy { $0 == figures[0] })
  }

  /// A training that diverges gives back the running figures, too.
  @Test func divergenceKeepsFiniteFigures() throws {
    let graph = try sequence([1], .dense(1), .batchNorm(BatchNorm()), .dense(1))
    let network = try Network(graph, .single)
    let examples = Examples(name: "rows", rows: 4, inputs: [1, 2, .infinity, 4], targets: [1, 2, 3, 4])
    try train(network, examples)
    guard case .diverged = network.lastTraining?.end else {
      Issue.record("\(String(describing: network.lastTraining?.end))")
      return
    }
    #expect(network.isFinite)
  }

  /// A frozen edge keeps what it feeds: a normalisation's scale and shift, which would be learned otherwise.
  @Test(arguments: [Layer.Kind.batchNorm(BatchNorm()), .layerNorm(epsilon: 1e-3)], [true, false])
  func aFrozenEdgeFreezesWhatItFeeds(_ norm: Layer.Kind, _ isTrainable: Bool) throws {
    var graph = NetworkGraph()
    try graph.add(Layer(name: "x", kind: .input(shape: [3])))
    try graph.add(Layer(name: "norm", kind: norm))
    try graph.add(Layer(name: "o", kind: .dense(units: 2, activation: .linear, hasBias: true)))
    try graph.connect(Edge(from: "x", to: "norm", isTrainable: isTrainable))
    try graph.connect(Edge(from: "norm", to: "o"))
    let network = try Network(graph)
    try train(network, try randomExamples(for: graph, .mse, rows: 6), epochs: 3)
    let parameters = try #require(network.parameters)
    for (role, start) in [("norm/gamma", 1.0), ("norm/beta", 0)] {
      let values = try #require(parameters.first { $0.slice.key.description == role }).values
      #expect(values.allSatisfy { $0 == start } == !isTrainable, "\(role) \(values)")
    }
  }
}
