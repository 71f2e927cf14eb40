import Testing

@testable import NeuralEngine

/// What the plan holds for the gradient, against central differences in Float64.
@Suite struct NetworkGradientTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let graph: NetworkGraph
    let loss: Loss
  }

  /// A step of 10⁻⁵ leaves an error of about 10⁻¹⁰, from the third derivative and from rounding alike; a wrong
  /// term would be off in the first digits.
  private let tolerance = 1e-8

  private func check(_ item: Case, rows: Int, capacity: Int, mean: Bool) throws {
    let examples = try randomExamples(for: item.graph, item.loss, rows: rows)
    let bench = try Bench(item.graph, item.loss, examples, capacity: capacity)
    bench.load(0..<rows)
    let scale = mean ? 1 / Double(rows) : 1
    let analytic = bench.gradient(rows: rows, scale: scale)
    let expected = bench.differences(rows: rows, scale: scale)
    #expect(expected.contains { abs($0) > 1e-3 })
    for (index, (a, b)) in zip(analytic, expected).enumerated() {
      let slice = bench.parameters.layout.slices.first { $0.range.contains(index) }
      #expect(abs(a - b) <= tolerance * (1 + abs(b)), "\(slice?.key.description ?? "?"): \(a) is not \(b)")
    }
  }

  @Test(arguments: [EdgeType.full, .one, .identity], smoothActivations)
  func everyEdgeActivationAndLoss(_ type: EdgeType, _ hidden: Activation) throws {
    for (loss, output) in lossesAndOutputs {
      let graph = try makeGraph(
        [input("x", 3), dense("h", 3, hidden), dense("o", 3, output)],
        [Edge(from: "x", to: "h", type: type), Edge(from: "h", to: "o", type: type)])
      // `identity` into a softmax from an identity chain still has its biases to learn.
      let item = Case(testDescription: "\(type) \(hidden) \(output) \(loss)", graph: graph, loss: loss)
      try check(item, rows: 2, capacity: 2, mean: true)
    }
  }

  @Test(arguments: try Self.graphs())
  func everyShapeOfGraph(_ item: Case) throws {
    for (rows, capacity) in [(1, 1), (3, 3), (5, 8)] {
      try check(item, rows: rows, capacity: capacity, mean: true)
      try check(item, rows: rows, capacity: capacity, mean: false)
    }
  }

  static func graphs() throws -> [Case] {
    let shapes: [(String, NetworkGraph)] = [
      (
        "several edges into one layer",
        try makeGraph(
          [
            input("x", 3), dense("a", 3, .tanh), dense("b", 3, .sigmoid), dense("c", 3, .relu),
            dense("o", 3, .softmax),
          ],
          [
            Edge(from: "x", to: "a"), Edge(from: "x", to: "b", type: .one), Edge(from: "x", to: "c"),
            Edge(from: "a", to: "o", type: .one), Edge(from: "b", to: "o", type: .identity),
            Edge(from: "c", to: "o"), Edge(from: "x", to: "o"),
          ])
      ),
      (
        "skip connection",
        try makeGraph(
          [input("x", 2), dense("a", 4, .tanh), dense("b", 4, .softmax), dense("o", 2, .softmax)],
          [
            Edge(from: "x", to: "a"), Edge(from: "a", to: "b"), Edge(from: "a", to: "o"),
            Edge(from: "b", to: "o"), Edge(from: "x", to: "o", type: .one),
          ])
      ),
      (
        "two inputs and two outputs",
        try makeGraph(
          [
            input("x", 2), input("y", 3), dense("h", 4, .sigmoid), dense("o", 2, .softmax),
            dense("p", 3, .softmax, bias: false),
          ],
          [
            Edge(from: "x", to: "h"), Edge(from: "y", to: "h"), Edge(from: "h", to: "o"),
            Edge(from: "h", to: "p"), Edge(from: "y", to: "p", type: .one),
          ])
      ),
      (
        "frozen and preset",
        try makeGraph(
          [input("x", 2), dense("h", 3, .tanh, bias: false), dense("o", 3, .softmax)],
          [
            Edge(from: "x", to: "h", presetWeights: [0.1, -0.2, 0.3, 0.4, -0.5, 0.6], isTrainable: false),
            Edge(from: "h", to: "o", type: .one, presetWeights: [1, -2, 0.5]),
            Edge(from: "x", to: "o"),
          ])
      ),
      ("wide enough for SIMD", try chain([37, 6, 34, 3], hidden: .tanh, output: .softmax)),
    ]
    return shapes.flatMap { name, graph in
      Loss.all.map { Case(testDescription: "\(name), \($0.name)", graph: graph, loss: $0) }
    }
  }

  @Test func frozenWeightsStay() throws {
    let preset = [0.1, -0.2, 0.3, 0.4]
    let graph = try makeGraph(
      [input("x", 2), dense("h", 2, .tanh), dense("o", 1, .sigmoid)],
      [Edge(from: "x", to: "h", presetWeights: preset, isTrainable: false), Edge(from: "h", to: "o")])
    for optimizer in gradientOptimizers {
      for batch in [1, 3] {
        let network = try Network(graph)
        let before = network.values
        let options = TrainingOptions(
          epochs: 3, batchSize: batch, loss: .mse, optimizer: optimizer, rate: 0.1)
        try network.train(xor, options, seed: 1)
        #expect(network.parameters?[0].values == preset)
        #expect(zip(before, network.values).filter { $0 != $1 }.count == before.count - preset.count)
      }
    }
  }

  /// A step of plain descent for each batch, the last one smaller, each by its own mean or sum.
  @Test(arguments: [false, true])
  func lastBatchIsSmaller(_ sums: Bool) throws {
    let graph = try chain([3, 4, 2], output: .linear)
    let examples = try randomExamples(for: graph, .mse, rows: 5)
    let network = try Network(graph)
    let bench = try Bench(graph, .mse, examples, capacity: 2)
    bench.parameters.values.doubles = network.values
    let updater = ParameterUpdater(.sgd(), bench.parameters)
    for batch in [0..<2, 2..<4, 4..<5] {
      bench.load(batch)
      _ = bench.gradient(rows: batch.count, scale: sums ? 1 : 1 / Double(batch.count))
      updater.step(rate: 0.1, threads: 1)
    }
    try network.train(
      examples,
      TrainingOptions(
        epochs: 1, batchSize: 2, loss: .mse, optimizer: .sgd(), rate: 0.1, shuffles: false,
        sumsBatch: sums), seed: 1)
    #expect(network.values == bench.parameters.values.doubles)
  }
}
