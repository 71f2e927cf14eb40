import Foundations
import Testing

@testable import NeuralEngine

/// The same bits with any instructions and any number of threads, over many geometries.
@Suite struct PortableBitsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let graph: NetworkGraph
  }

  private static let others = InstructionSet.allCases.filter { $0.isSupported && $0 != .best }

  /// What three steps with momentum lead to: losses, outputs and parameters.
  private func steps(_ bench: Bench) -> [UInt64] {
    let updater = ParameterUpdater(.sgd(momentum: 0.9), bench.parameters)
    var numbers: [Double] = []
    // A whole batch, a part of one, a whole one again: each from what the step before left.
    for rows in [0..<3, 3..<5, 1..<4] {
      bench.load(rows)
      numbers.append(bench.loss(rows: rows.count))
      numbers += bench.outputs(rows: rows.count)
      numbers += bench.gradient(rows: rows.count, scale: 0.25)
      updater.step(rate: 0.1, threads: 1)
      numbers += bench.parameters.values.doubles
    }
    return numbers.map(\.bitPattern)
  }

  @Test(
    arguments: try convolutions() + pools() + denseLayers() + recurrent() + memory() + networks(),
    Precision.allCases)
  func allInstructionsAgree(_ item: Case, _ precision: Precision) throws {
    let examples = try randomExamples(for: item.graph, .mse, rows: 5)
    let best = steps(
      try Bench(
        item.graph, .mse, examples, capacity: 3, precision, isTraining: true, instructions: .best))
    for instructions in Self.others {
      let other = steps(
        try Bench(
          item.graph, .mse, examples, capacity: 3, precision, isTraining: true, instructions: instructions))
      #expect(other == best, "\(instructions)")
    }
  }

  /// Shards are cut by the batch alone, so that whoever computes them adds up the same.
  @Test(arguments: [2, 3, 8])
  func allThreadsAgree(_ threads: Int) throws {
    let graphs = [
      try sequence(
        [12, 12, 3], .conv(16, [3, 3], .same, .relu), .pool(.max, [2, 2]), .flatten, .dense(10, .softmax)),
      try sequence(
        [8, 8, 4], .conv(8, [3, 3], .same), .batchNorm(BatchNorm()), .dropout(0.3), .globalPool(.avg),
        .dense(3, .softmax)),
      try residual(),
      try sequence([64], .dense(128, .relu), .dense(10, .softmax)),
      try sequence(
        [9, 4], .recurrent(.lstm, units: 40, returnsAll: true), .recurrent(.gru, units: 24),
        .dense(3, .softmax)),
      try makeGraph(
        [Layer(name: "x", kind: .input(shape: [9, 4])), dense("h", 40, .tanh), dense("y", 3, .softmax)],
        [
          Edge(from: "x", to: "h"), Edge(from: "h", to: "h", delay: 1),
          Edge(from: "h", to: "h", type: .carry),
          Edge(from: "h", to: "y"),
        ]),
    ]
    for graph in graphs {
      let examples = try randomExamples(for: graph, .crossentropy, rows: 96)
      let alone = try Bench(graph, .crossentropy, examples, capacity: 96, .single, isTraining: true)
      let together = try Bench(
        graph, .crossentropy, examples, capacity: 96, .single, isTraining: true, threads: threads)
      #expect(alone.execution.sharding.shards > 2)
      let expected = alone.gradient(rows: 90, scale: 1)
      for _ in 1...3 {
        #expect(together.gradient(rows: 90, scale: 1).map(\.bitPattern) == expected.map(\.bitPattern))
      }
      #expect(together.loss(rows: 90).bitPattern == alone.loss(rows: 90).bitPattern)
    }
  }

  /// Blocks with a way around them, whose rows wait for each other at every normalisation, and whose convolutions go by
  /// squares.
  private func residual() throws -> NetworkGraph {
    func norm(_ name: String) -> Layer { layer(name, .batchNorm(BatchNorm())) }
    func conv(_ name: String) -> Layer { layer(name, .conv(16, [3, 3], .same, .relu, bias: false)) }
    return try makeGraph(
      [
        image("x", [8, 8, 3]), conv("c"), norm("n"), conv("c1"), norm("n1"), conv("c2"), norm("s1"),
        conv("c3"),
        norm("n3"), conv("c4"), norm("s2"), layer("p", .globalPool(.avg)), dense("y", 3, .softmax),
      ],
      path("x", "c") + path("c", "n") + path("n", "c1") + path("c1", "n1") + path("n1", "c2")
        + merge(.add, ["n", "c2"], into: "s1") + path("s1", "c3") + path("c3", "n3") + path("n3", "c4")
        + merge(.add, ["s1", "c4"], into: "s2") + path("s2", "p") + path("p", "y"))
  }

  /// Buffers of all rows that share memory are never needed at once.
  @Test func slotsAreFreeWhenTheyAreTaken() throws {
    let graph = try residual()
    let examples = try randomExamples(for: graph, .crossentropy, rows: 4)
    let plan = try Bench(graph, .crossentropy, examples, capacity: 4, .single, isTraining: true).execution
      .plan
    let slots = Dictionary(grouping: plan.memory.slots.keys) { plan.memory.slots[$0] }
    // Gradients alone are as many as values.
    #expect(plan.memory.slotExtents.count * 3 < plan.memory.slots.count * 2)
    for (_, buffers) in slots {
      #expect(Set(buffers.map { "\(plan.buffers[$0.number].extent)" }).count == 1)
      let lives = buffers.map { buffer -> Range<Int> in
        let steps = plan.steps.indices.filter {
          (plan.steps[$0].inputs + plan.steps[$0].outputs).contains(buffer)
        }
        // What is written in the place of an input begins as that input ends.
        return steps[0]..<steps[steps.count - 1]
      }.sorted { $0.lowerBound < $1.lowerBound }
      for (one, next) in zip(lives, lives.dropFirst()) { #expect(one.upperBound <= next.lowerBound) }
    }
    #expect(plan.memory.slots.keys.allSatisfy { !plan.results.contains($0) && !plan.inputs.contains($0) })
  }

  /// A batch that is one shard: threads share its large products, and each number is one chain all the same.
  @Test(arguments: [2, 3, 8])
  func allThreadsAgreeOnOneShard(_ threads: Int) throws {
    let graph = try sequence([300], .dense(310, .relu), .dense(200, .tanh), .dense(10, .softmax))
    let examples = try randomExamples(for: graph, .crossentropy, rows: 32)
    let alone = try Bench(graph, .crossentropy, examples, capacity: 32, .single, isTraining: true)
    let together = try Bench(
      graph, .crossentropy, examples, capacity: 32, .single, isTraining: true, threads: threads)
    #expect(alone.execution.sharding.shards == 1)
    #expect(together.execution.mostParts > 2)
    let expected = alone.gradient(rows: 31, scale: 1)
    for _ in 1...3 {
      #expect(together.gradient(rows: 31, scale: 1).map(\.bitPattern) == expected.map(\.bitPattern))
    }
    #expect(together.outputs(rows: 31).map(\.bitPattern) == alone.outputs(rows: 31).map(\.bitPattern))
  }

  /// Windows that reach far beyond the array cost no more than what lies inside.
  @Test(.timeLimit(.minutes(1))) func farWindowsAreCheap() throws {
    let far: [Layer.Kind] = [
      .conv(2, [3, 3], dilation: [100_000_000, 50_000_000], .same), .pool(.max, [30_000, 30_000], .same),
      .pool(.avg, [1_000_000_000, 1], stride: [1, 1], .same),
    ]
    for kind in far {
      let graph = try sequence([4, 4, 1], .conv(1, [1, 1]), kind)
      let bench = try Bench(graph, .mse, try randomExamples(for: graph, .mse, rows: 2), capacity: 2, .single)
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
    // Enough channels to go by squares.
    var cases = try [[8, 9], [5, 10]].map { extent in
      Case(
        testDescription: "\(extent.sizesText) by squares",
        graph: try sequence(
          extent + [2], .conv(16, [1, 1], .valid, .tanh), .conv(32, [3, 3], .same, .relu),
          .conv(16, [3, 3], .valid, bias: false), .globalPool(.avg), .dense(2)))
    }
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
            "\(shape.sizesText) \(size.sizesText) stride \(stride.sizesText) dilation \(dilation?.sizesText ?? "-") \(padding) groups \(groups)",
          graph: graph))
    }
    return cases
  }

  static func recurrent() throws -> [Case] {
    let cells: [RecurrentCell] = [.rnn, .lstm, .gru]
    return try cells.flatMap { cell in
      try [1, 7, 16, 37].map { units in
        Case(
          testDescription: "\(cell) \(units)",
          graph: try sequence(
            [5, 3], .recurrent(cell, units: units, returnsAll: true, bidirectional: .concat),
            .recurrent(cell, units: 2, activation: .softplus)))
      }
    }
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
            "\(shape.sizesText) \(activation) \(reduction)pool \(size.sizesText) stride \(stride.sizesText) \(padding)",
          graph: graph))
    }
    return cases
  }

  static func memory() throws -> [Case] {
    try LayerGradientTests.memory().map { Case(testDescription: $0.testDescription, graph: $0.graph) }
  }

  static func denseLayers() throws -> [Case] {
    try [(1, 1), (3, 5), (17, 4), (40, 33)].flatMap { width, units in
      try [Activation.linear, .tanh, .softmax].map { hidden in
        let graph = try sequence([width], .dense(units + 1, hidden), .dense(units))
        return Case(
          testDescription: "\(width) -> \(units + 1) \(hidden) -> \(units)", graph: graph)
      }
    }
  }

  /// Sources whose gradient others write, too, and memory that is shared.
  static func networks() throws -> [Case] {
    try (LayerGradientTests.branches() + LayerGradientTests.merges()).map {
      Case(testDescription: $0.testDescription, graph: $0.graph)
    }
  }
}
