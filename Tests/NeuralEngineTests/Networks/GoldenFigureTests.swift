import Testing

@testable import NeuralEngine

/// Figures that are known from elsewhere: tutorials, and networks whose size is published.
@Suite struct GoldenFigureTests {
  /// Three pupils: hours slept and studied, each divided by the largest, and their marks.
  private let pupils = Examples(
    name: "marks", rows: 3, inputs: [2.0 / 3, 1, 1.0 / 3, 5.0 / 9, 1, 2.0 / 3], targets: [0.92, 0.86, 0.89])

  private func pupilsNetwork(_ precision: Precision) throws -> Network {
    try Network(
      makeGraph(
        [input("x", 2), dense("h", 3, .sigmoid, bias: false), dense("o", 1, .sigmoid, bias: false)],
        [
          Edge(from: "x", to: "h", presetWeights: [0.2, 0.8, 0.6, 0.3, 0.1, 0.7]),
          Edge(from: "h", to: "o", presetWeights: [0.4, 0.5, 0.9]),
        ]), precision)
  }

  /// The tutorial leaves the 2 of the square's derivative out, so its rate 1 is 0.5 here.
  private func options(_ epochs: Int) -> TrainingOptions {
    TrainingOptions(
      epochs: epochs, batchSize: 3, loss: .mse, optimizer: .sgd(), rate: 0.5, shuffles: false,
      sumsBatch: true)
  }

  @Test(arguments: [(Precision.double, 1e-15), (.single, 1e-7)])
  func backpropagationByHand(_ precision: Precision, _ tolerance: Double) throws {
    let network = try pupilsNetwork(precision)
    let before = try network.evaluate(pupils, loss: .mse)
    #expect(abs(before.loss - 0.01626653947749774) <= tolerance)
    #expect(before.accuracy == nil)
    let first = try network.train(pupils, options(1), seed: 1)
    #expect(first.history.recent.map(\.loss) == [before.loss])
    #expect(abs(try network.evaluate(pupils, loss: .mse).loss - 0.012382328747370476) <= tolerance)
    try network.train(pupils, options(999), seed: 1)
    #expect(abs(try network.evaluate(pupils, loss: .mse).loss - 0.00016106055809278412) <= tolerance)
    let outputs = try network.predict(pupils)
    for (output, expected) in zip(outputs, [0.902269936151424, 0.8721606602517958, 0.8945765546477851]) {
      // A thousand rounded steps add up to some hundreds of the last place.
      #expect(abs(output - expected) <= (precision == .double ? 1e-12 : 1e-4))
    }
  }

  @Test(arguments: [1, 2] as [UInt64])
  func xorIsSolved(_ seed: UInt64) throws {
    let network = try Network(chain([2, 3, 1], hidden: .sigmoid), .single, seed: seed)
    let result = try network.train(
      xor,
      TrainingOptions(
        epochs: 20_000, batchSize: 1, loss: .mse, optimizer: .sgd(), rate: 0.3,
        stop: StopCondition(.loss, .less, 0.005)), seed: seed)
    #expect(result.end == .reached(StopCondition(.loss, .less, 0.005)))
    #expect(result.history.last?.accuracy == 1)
    for (output, truth) in zip(try network.predict(xor), xor.targets) { #expect(abs(output - truth) < 0.1) }
  }

  @Test(arguments: [
    ([11, 6, 6, 1], 121), ([2, 3, 1], 13), ([784, 128, 10], 101_770), ([3, 1], 4),
  ])
  func parameterCounts(_ widths: [Int], _ count: Int) throws {
    #expect(try ParameterLayout(chain(widths)).count == count)
  }

  @Test func perceptronLearnsAnd() throws {
    let graph = try makeGraph([input("x", 2), dense("o", 1, .step)], [Edge(from: "x", to: "o")])
    let table = Examples(name: "and", rows: 4, inputs: xor.inputs, targets: [0, 0, 0, 1])
    for precision in Precision.allCases {
      let network = try Network(graph, precision)
      let options = TrainingOptions(
        epochs: 50, batchSize: 1, loss: .mse, optimizer: .perceptron, rate: 1,
        stop: StopCondition(.accuracy, .greaterOrEqual, 1))
      #expect(
        try network.train(table, options, seed: 1).end
          == .reached(StopCondition(.accuracy, .greaterOrEqual, 1)))
      #expect(try network.predict(table) == table.targets)
      #expect(try network.evaluate(table).accuracy == 1)
    }
  }

  /// `activate` and `propagate` by hand do what `train` does row by row.
  @Test(arguments: Precision.allCases)
  func propagationIsTraining(_ precision: Precision) throws {
    let graph = try chain([2, 3, 1], hidden: .sigmoid)
    let (byHand, trained) = (try Network(graph, precision), try Network(graph, precision))
    byHand.defaults = TrainingDefaults(loss: .mse, rate: 0.3)
    for _ in 0..<25 {
      for row in 0..<4 {
        try byHand.activate(Array(xor.inputs[2 * row..<2 * row + 2]))
        try byHand.propagate([xor.targets[row]], rate: nil)
      }
    }
    try trained.train(
      xor,
      TrainingOptions(
        epochs: 25, batchSize: 1, loss: .mse, optimizer: .sgd(), rate: 0.3, shuffles: false),
      seed: 1)
    #expect(byHand.values == trained.values)
    try byHand.activate([1, 0])
    #expect(byHand.outputs == [try trained.predict(xor)[2]])
  }

  /// A second step learns from the weights that the first has left, with `activate` between them or not.
  @Test(arguments: Precision.allCases)
  func stepsInARow(_ precision: Precision) throws {
    let graph = try chain([2, 3, 1], hidden: .sigmoid)
    let (steps, again) = (try Network(graph, precision), try Network(graph, precision))
    for network in [steps, again] {
      network.defaults = TrainingDefaults(loss: .mse, rate: 0.3)
      try network.activate([1, 0])
      try network.propagate([1], rate: nil)
    }
    try again.activate([1, 0])
    for network in [steps, again] { try network.propagate([1], rate: nil) }
    #expect(steps.values == again.values)
  }
}
