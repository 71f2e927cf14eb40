import Testing

@testable import NeuralEngine

/// Both kernel families, over many geometries: the same answers, gradients and training steps to rounding.
@Suite struct BackendTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let graph: NetworkGraph
    /// How many kernels oneDNN has for it.
    let foreign: Int
  }

  /// Sums of a hundred numbers of 32 bits, in another order.
  private let tolerance = 2e-5

  private func expectClose(_ a: [Double], _ b: [Double], _ what: String) {
    let worst = zip(a, b).map { abs($0 - $1) / (1 + abs($1)) }.max() ?? 0
    #expect(a.count == b.count && worst <= tolerance, "\(what): off by \(worst)")
  }

  @Test(arguments: try convolutions() + pools() + denseLayers() + networks())
  func agree(_ item: Case) throws {
    let examples = try randomExamples(for: item.graph, .mse, rows: 5)
    let swift = try Bench<Float>(item.graph, .mse, examples, capacity: 3, backend: .swift)
    let onednn = try Bench<Float>(item.graph, .mse, examples, capacity: 3, backend: .onednn)
    #expect(swift.foreignKernels == 0)
    #expect(onednn.foreignKernels == item.foreign)
    let optimizers = [swift, onednn].map { Optimizer(.sgd(momentum: 0.9), parameters: $0.parameters) }
    // A whole batch, a part of one, a whole one again: each from what the step before left.
    for rows in [0..<3, 3..<5, 1..<4] {
      for bench in [swift, onednn] { bench.load(rows) }
      expectClose([onednn.loss(rows: rows.count)], [swift.loss(rows: rows.count)], "loss")
      expectClose(
        onednn.plan.outputValues(rows: rows.count), swift.plan.outputValues(rows: rows.count), "outputs")
      expectClose(
        onednn.gradient(rows: rows.count, scale: 0.25), swift.gradient(rows: rows.count, scale: 0.25),
        "gradient")
      for optimizer in optimizers { optimizer.step(rate: 0.1) }
      expectClose(onednn.parameters.values.doubles, swift.parameters.values.doubles, "parameters")
    }
  }

  /// As training, answering and `grad` reach the kernels, with the plan's own choice between the two.
  @Test(arguments: Backend.allCases, Precision.allCases)
  func networksAgree(_ backend: Backend, _ precision: Precision) throws {
    let graph = try sequence(
      [12, 12, 2], .conv(16, [3, 3], .same, .relu), .pool(.max, [2, 2]), .conv(16, [3, 3], .valid, .relu),
      .globalPool(.avg), .dense(3, .softmax))
    let examples = try randomExamples(for: graph, .crossentropy, rows: 5)
    let reference = try Network(graph)
    let network = Network(name: "other")
    try network.edit { $0 = graph }
    var random = RandomStream(seed: 1)
    try network.prepare(Computing(precision, backend: backend), random: &random)
    let options = TrainingOptions(
      epochs: 2, batchSize: 2, loss: .crossentropy, optimizer: .sgd(momentum: 0), rate: 0.1, shuffles: false)
    for each in [reference, network] { try each.train(examples, options, seed: 1) }
    expectClose(network.values, reference.values, "parameters")
    expectClose(try network.predict(examples), try reference.predict(examples), "answers")
    let pull = [Double](repeating: 0.5, count: 15).enumerated().map {
      $0.offset.isMultiple(of: 2) ? 1 : $0.element
    }
    expectClose(
      try network.differentiate(examples, outputGradients: pull).inputs,
      try reference.differentiate(examples, outputGradients: pull).inputs, "gradient by the inputs")
  }

  /// Windows that reach far beyond the array cost no more than what lies inside, whoever is asked for.
  @Test(.timeLimit(.minutes(1)), arguments: Backend.allCases)
  func farWindowsAreCheap(_ backend: Backend) throws {
    let far: [Layer.Kind] = [
      .conv(2, [3, 3], dilation: [100_000_000, 50_000_000], .same), .pool(.max, [30_000, 30_000], .same),
      .pool(.avg, [1_000_000_000, 1], stride: [1, 1], .same),
    ]
    for kind in far {
      let graph = try sequence([4, 4, 1], .conv(1, [1, 1]), kind)
      let bench = try Bench<Float>(
        graph, .mse, try randomExamples(for: graph, .mse, rows: 2), capacity: 2, backend: backend)
      bench.load(0..<2)
      #expect(bench.gradient(rows: 2, scale: 1).allSatisfy { $0.isFinite })
    }
  }

  /// Random small geometries, over one to three axes.
  private struct Draw {
    var random: RandomStream
    mutating func one(of range: ClosedRange<Int>) -> Int {
      range.lowerBound + random.below(range.count)
    }
    mutating func axes(_ rank: Int, _ range: ClosedRange<Int>) -> [Int] {
      (0..<rank).map { _ in one(of: range) }
    }
    mutating func oneOf<Element>(_ elements: [Element]) -> Element {
      elements[one(of: 0...elements.count - 1)]
    }
  }

  static func convolutions() throws -> [Case] {
    var draw = Draw(random: RandomStream(seed: 21))
    var cases: [Case] = []
    while cases.count < 90 {
      let rank = draw.one(of: 1...3)
      let groups = draw.oneOf([1, 1, 2, 3])
      let channels = groups * draw.one(of: 1...3)
      let shape = draw.axes(rank, 1...(rank == 3 ? 5 : 9)) + [channels]
      let (size, stride) = (draw.axes(rank, 1...4), draw.axes(rank, 1...3))
      let dilation = draw.oneOf([nil, draw.axes(rank, 1...3)])
      let padding = draw.oneOf(Padding.allCases)
      let kind = Layer.Kind.conv(
        groups * draw.one(of: 1...3), size, stride: stride, dilation: dilation, padding, groups: groups,
        draw.oneOf([.linear, .relu, .tanh, .softplus]), bias: draw.oneOf([true, true, false]))
      // Its gradient goes on to a convolution that nobody else feeds.
      let first = Layer.Kind.conv(channels, [Int](repeating: 1, count: rank), .valid, .tanh)
      guard let graph = try? sequence(shape, first, kind) else { continue }
      cases.append(
        Case(
          testDescription:
            "\(shape.words) \(size.words) stride \(stride.words) dilation \(dilation?.words ?? "-") \(padding) groups \(groups)",
          graph: graph, foreign: 2))
    }
    return cases
  }

  static func pools() throws -> [Case] {
    var draw = Draw(random: RandomStream(seed: 22))
    var cases: [Case] = []
    while cases.count < 60 {
      let rank = draw.one(of: 1...3)
      let shape = draw.axes(rank, 1...(rank == 3 ? 5 : 9)) + [draw.one(of: 1...3)]
      let (size, stride) = (draw.axes(rank, 1...4), draw.axes(rank, 1...4))
      let (reduction, padding) = (draw.oneOf([Pool.Reduction.max, .avg]), draw.oneOf(Padding.allCases))
      let activation = draw.oneOf([Activation.relu, .tanh])
      let first = Layer.Kind.conv(2, [Int](repeating: 1, count: rank), .valid, activation)
      guard let graph = try? sequence(shape, first, .pool(reduction, size, stride: stride, padding)) else {
        continue
      }
      cases.append(
        Case(
          testDescription:
            "\(shape.words) \(activation) \(reduction)pool \(size.words) stride \(stride.words) \(padding)",
          graph: graph, foreign: 2))
    }
    return cases
  }

  static func denseLayers() throws -> [Case] {
    try [(1, 1), (3, 5), (17, 4), (40, 33)].flatMap { width, units in
      try [Activation.linear, .tanh, .softmax].map { hidden in
        let graph = try sequence([width], .dense(units + 1, hidden), .dense(units))
        return Case(
          testDescription: "\(width) -> \(units + 1) \(hidden) -> \(units)", graph: graph, foreign: 2)
      }
    }
  }

  /// Sources whose gradient others write, too, and memory that is shared.
  static func networks() throws -> [Case] {
    try (LayerGradientTests.branches() + LayerGradientTests.merges()).map { item in
      let count = item.graph.layers.reduce(0) { count, layer in
        switch layer.kind {
        case .convolution, .pool, .globalPool: count + 1
        case .dense:
          count + (item.graph.merge(into: layer) == nil ? item.graph.edges(into: layer.name).count : 1)
        default: count
        }
      }
      return Case(testDescription: item.testDescription, graph: item.graph, foreign: count)
    }
  }
}
