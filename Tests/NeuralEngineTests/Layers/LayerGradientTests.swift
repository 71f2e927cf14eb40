import Testing

@testable import NeuralEngine

/// The gradient through every kind of layer, against central differences in Float64.
@Suite struct LayerGradientTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let graph: NetworkGraph
    var loss = Loss.mse
    init(_ name: String, _ graph: NetworkGraph, _ loss: Loss = .mse) {
      (testDescription, self.graph, self.loss) = (name, graph, loss)
    }
  }

  /// See ``NetworkGradientTests``: a wrong term would be off in the first digits.
  private let tolerance = 1e-8

  @Test(
    arguments: try windows() + activations() + others() + recurrent() + memory() + stepTargets() + branches()
      + merges())
  func isTheSlopeOfTheLoss(_ item: Case) throws {
    for (rows, capacity, trains) in [(2, 2, true), (2, 3, false)] {
      try check(item, rows: rows, capacity: capacity, trains: trains)
    }
  }

  private func check(_ item: Case, rows: Int, capacity: Int, trains: Bool) throws {
    let examples = try randomExamples(for: item.graph, item.loss, rows: rows)
    let bench = try Bench(item.graph, item.loss, examples, capacity: capacity, isTraining: trains)
    bench.load(0..<rows)
    let expected = bench.differences(rows: rows, scale: 0.5)
    #expect(expected.contains { abs($0) > 1e-3 })
    // Twice: what the first pass leaves behind must not reach the second.
    for _ in 1...2 {
      let analytic = bench.gradient(rows: rows, scale: 0.5)
      for (index, (a, b)) in zip(analytic, expected).enumerated() where abs(a - b) > tolerance * (1 + abs(b))
      {
        let slice = bench.parameters.layout.slices.first { $0.range.contains(index) }
        Issue.record("\(slice?.key.description ?? "?"), trains \(trains): \(a) is not \(b)")
      }
    }
  }

  /// The gradient by the inputs, as `grad` takes it through `predict`.
  @Test(
    arguments: try windows() + activations() + others() + recurrent() + memory() + stepTargets() + branches()
      + merges())
  func reachesTheInputs(_ item: Case) throws {
    guard !item.testDescription.contains("embedding") else { return }
    let network = try Network(item.graph)
    let examples = try randomExamples(for: item.graph, item.loss, rows: 2)
    var random = RandomStream(seed: 8)
    let pull = (0..<2 * item.graph.outputWidth).map { _ in random.uniform(from: -1, to: 1) }
    func value(_ inputs: [Double]) throws -> Double {
      zip(try network.predict(Examples(name: "x", rows: 2, inputs: inputs)), pull).reduce(0) {
        $0 + $1.0 * $1.1
      }
    }
    let analytic = try network.differentiate(examples, outputGradients: pull).inputs
    for index in stride(from: 0, to: examples.inputs.count, by: 3) {
      var (high, low) = (examples.inputs, examples.inputs)
      high[index] += 1e-5
      low[index] -= 1e-5
      let expected = (try value(high) - value(low)) / 2e-5
      #expect(abs(analytic[index] - expected) <= tolerance * (1 + abs(expected)), "input \(index)")
    }
  }

  /// Each behind a convolution, so that its gradient goes on.
  static func windows() throws -> [Case] {
    let shapes: [[Int]] = [[6, 2], [4, 5, 2], [3, 4, 3, 2]]
    let squares = try sequence(
      [8, 7, 2], .conv(16, [1, 1], .valid, .tanh), .conv(16, [3, 3], .same), .globalPool(.avg), .dense(3))
    return try [Case("conv by squares", squares)]
      + shapes.flatMap { shape in
        let rank = shape.count - 1
        func axes(_ sizes: Int...) -> [Int] { Array(sizes.prefix(rank)) }
        let kinds: [(String, Layer.Kind)] = [
          ("conv", .conv(2, axes(2, 3, 2))),
          ("conv, stride", .conv(2, axes(2, 2, 2), stride: axes(2, 3, 2), .valid)),
          ("conv, same", .conv(2, axes(3, 2, 1), .same, .tanh)),
          ("conv, same and stride", .conv(2, axes(2, 3, 2), stride: axes(2, 2, 1), .same)),
          ("conv, dilation", .conv(1, axes(2, 2, 1), dilation: axes(2, 3, 2))),
          ("conv, same and dilation", .conv(2, axes(3, 2, 2), dilation: axes(2, 2, 1), .same, bias: false)),
          ("conv, groups", .conv(4, axes(2, 2, 1), groups: 2)),
          ("conv, as many groups as channels", .conv(2, axes(2, 1, 2), .same, groups: 2, .sigmoid)),
          ("maxpool", .pool(.max, axes(2, 2, 1))),
          ("maxpool, overlapping", .pool(.max, axes(3, 2, 2), stride: axes(1, 1, 1))),
          ("maxpool, same", .pool(.max, axes(3, 2, 2), stride: axes(2, 3, 2), .same)),
          ("avgpool", .pool(.avg, axes(2, 3, 2))),
          ("avgpool, gaps", .pool(.avg, axes(1, 1, 1), stride: axes(2, 3, 2))),
          ("avgpool, same", .pool(.avg, axes(2, 3, 2), stride: axes(1, 2, 1), .same)),
          ("globalmaxpool", .globalPool(.max)), ("globalavgpool", .globalPool(.avg)),
        ]
        return try kinds.map { name, kind in
          let first = Layer.Kind.conv(2, [Int](repeating: 1, count: rank), .valid, .tanh)
          return Case("\(name), \(rank)D", try sequence(shape, first, kind))
        }
      }
  }

  /// Each kind of recurrent layer behind one that its gradient goes on to, and before another.
  static func recurrent() throws -> [Case] {
    let cells: [RecurrentCell] = [.rnn, .lstm, .gru]
    return try cells.flatMap { cell in
      let kinds: [(String, Layer.Kind)] = [
        ("", .recurrent(cell, units: 3)), ("all", .recurrent(cell, units: 2, returnsAll: true)),
        ("reversed", .recurrent(cell, units: 2, returnsAll: true, isReversed: true)),
        ("both ways", .recurrent(cell, units: 2, returnsAll: true, bidirectional: .concat)),
        ("both ways, last", .recurrent(cell, units: 2, bidirectional: .add)),
        ("activations", .recurrent(cell, units: 2, activation: .softplus, gateActivation: .tanh)),
      ]
      let first = Layer.Kind.conv(2, [2], .same, .tanh)
      return try kinds.map { Case("\(cell) \($0)", try sequence([4, 2], first, $1)) } + [
        Case(
          "\(cell), one step", try sequence([1, 3], .recurrent(cell, units: 2, hasBias: false), .dense(2))),
        Case(
          "\(cell), then a dense layer at each step",
          try sequence([3, 2], .recurrent(cell, units: 2, returnsAll: true), .dropout(0.3), .dense(2, .tanh))),
        Case("\(cell), edges at each step", try stepwise(cell)),
      ]
    }
  }

  /// Edges of each type from one sequence to a dense layer that goes through it step by step.
  /// Delays, carries and gates, through time where there are steps.
  static func memory() throws -> [Case] {
    func sequence(_ layers: [Layer], _ edges: [Edge], _ gates: [Gate] = []) throws -> NetworkGraph {
      var graph = try makeGraph([Layer(name: "x", kind: .input(shape: [4, 2]))] + layers, edges)
      for gate in gates { try graph.add(gate) }
      return graph
    }
    let (h, y) = (dense("h", 3, .tanh), dense("y", 2, .linear))
    let forward = [Edge(from: "x", to: "h"), Edge(from: "h", to: "y")]
    let own = Edge(from: "h", to: "h", delay: 1)
    let cell = dense("c", 3, .tanh)
    let gated = [
      dense("i", 3, .sigmoid), dense("f", 3, .sigmoid), cell, dense("o", 3, .sigmoid), y,
    ]
    let cellEdges =
      ["i", "f", "c", "o"].map { Edge(from: "x", to: $0) } + [
        Edge(from: "c", to: "y"), Edge(from: "c", to: "c", type: .carry),
        Edge(from: "c", to: "i", delay: 1), Edge(from: "c", to: "f", delay: 1), Edge(from: "c", to: "o"),
        Edge(from: "x", to: "y"),
      ]
    var plain = try makeGraph(
      [input("x", 3), dense("g", 3, .sigmoid), h, y], [Edge(from: "x", to: "g")] + forward)
    try plain.add(Gate("g", on: "x", to: "h"))
    try plain.add(Gate("g", on: "h", to: "y", at: .output))
    return [
      Case("a delay of a layer to itself", try sequence([h, y], forward + [own])),
      Case("delays without a cycle", try sequence([h, y], forward + [Edge(from: "x", to: "y", delay: 2)])),
      Case(
        "two delays and a layer that is read again",
        try sequence(
          [h, y],
          forward + [Edge(from: "h", to: "h", delay: 2), Edge(from: "y", to: "h", delay: 1)])),
      Case(
        "edges of one and identity",
        try sequence(
          [h, dense("k", 3, .linear), y],
          forward + [
            Edge(from: "h", to: "k", type: .identity, delay: 1),
            Edge(from: "k", to: "h", type: .one, delay: 1),
          ])),
      Case(
        "all units but oneself",
        try sequence([h, y], forward + [Edge(from: "h", to: "h", type: .others)])),
      Case(
        "all units but oneself, behind a gate",
        try sequence(
          [h, y, dense("g", 3, .sigmoid)],
          forward + [Edge(from: "h", to: "g"), Edge(from: "h", to: "h", type: .others)],
          [Gate("g", on: "h", to: "h", delay: 1)])),
      Case("a carry", try sequence([h, y], forward + [Edge(from: "h", to: "h", type: .carry), own])),
      Case(
        "gates on the edges of a cell",
        try sequence(
          gated, cellEdges,
          [
            Gate("i", on: "x", to: "c"), Gate("f", on: "c", to: "c", isOnCarry: true),
            Gate("o", on: "c", to: "y", at: .output),
          ])),
      Case(
        "a gate of the step before",
        try sequence(
          [h, y, dense("g", 3, .sigmoid)], forward + [Edge(from: "h", to: "g"), own],
          [Gate("g", on: "x", to: "h", delay: 1)])),
      Case(
        "two cycles behind each other",
        try sequence(
          [h, dense("k", 2, .sigmoid), y],
          [
            Edge(from: "x", to: "h"), own, Edge(from: "h", to: "k"), Edge(from: "k", to: "k", delay: 1),
            Edge(from: "k", to: "y"),
          ])),
      Case("gates without steps", plain),
    ]
  }

  /// An answer at each step, measured step by step.
  static func stepTargets() throws -> [Case] {
    let kinds: [(String, Activation, Loss)] = [
      ("softmax with crossentropy", .softmax, .crossentropy), ("softmax with kl", .softmax, .kl),
      ("sigmoid with bce", .sigmoid, .bce), ("linear with mse", .linear, .mse),
      ("softmax with bce", .softmax, .bce),
    ]
    return try kinds.map { name, activation, loss in
      Case(
        "\(name) at each step",
        try sequence([3, 2], .recurrent(.rnn, units: 2, returnsAll: true), .dense(3, activation)), loss)
    }
  }

  private static func stepwise(_ cell: RecurrentCell) throws -> NetworkGraph {
    try makeGraph(
      [
        image("x", [3, 2]), layer("r", .recurrent(cell, units: 2, returnsAll: true)),
        layer("s", .recurrent(.rnn, units: 2, returnsAll: true)), layer("d", .dense(2, .tanh)),
      ],
      path("x", "r", "s", "d") + [Edge(from: "r", to: "d", type: .one)])
  }

  /// Activations behind a convolution, within a network and as its output.
  static func activations() throws -> [Case] {
    try smoothActivations.flatMap { activation in
      let kernel = Layer.Kind.conv(3, [2, 2], .same, activation)
      return [
        Case("\(activation)", try sequence([3, 3, 1], kernel, .conv(1, [2, 2]))),
        Case("\(activation), output", try sequence([3, 3, 1], kernel)),
        Case("\(activation), then maxpool", try sequence([4, 4, 1], kernel, .pool(.max, [2, 2]), .flatten)),
        Case("\(activation), then globalmaxpool", try sequence([4, 4, 1], kernel, .globalPool(.max))),
        Case("\(activation), then avgpool", try sequence([4, 4, 1], kernel, .pool(.avg, [2, 2]))),
      ]
    } + [
      Case("sigmoid with bce", try sequence([3, 3, 1], .conv(2, [2, 2], .valid, .sigmoid)), .bce),
      Case("softmax with bce", try sequence([3, 3, 1], .conv(2, [2, 2], .valid, .softmax)), .bce),
      Case(
        "crossentropy",
        try sequence([3, 3, 1], .conv(2, [2, 2], .valid, .relu), .flatten, .dense(3, .softmax)), .crossentropy
      ),
    ]
  }

  static func others() throws -> [Case] {
    let first = Layer.Kind.conv(3, [2], .valid, .tanh)
    return [
      Case("flatten", try sequence([5, 2], first, .flatten, .dense(2, .tanh))),
      Case("flatten, output", try sequence([5, 2], first, .flatten)),
      Case("reshape", try sequence([5, 2], first, .reshape([2, 6]), .conv(2, [2]))),
      Case(
        "reshape twice",
        try sequence([5, 2], first, .reshape([2, 3, 2]), .flatten, .reshape([6, 2]), first)),
      Case("reshape of an input", try sequence([12], .reshape([4, 3]), first)),
      Case("dropout", try sequence([5, 2], first, .dropout(0.4), .conv(2, [2]))),
      Case("dropout, output", try sequence([5, 2], first, .dropout(0.4))),
      Case("batchnorm", try sequence([5, 2], first, .batchNorm(BatchNorm()), .conv(2, [2]))),
      Case("batchnorm of a row", try sequence([3], .dense(3, .tanh), .batchNorm(BatchNorm()), .dense(2))),
      Case("batchnorm, output", try sequence([4, 3, 2], .batchNorm(BatchNorm(momentum: 0.5, epsilon: 0.1)))),
      Case("layernorm", try sequence([5, 2], first, .layerNorm(epsilon: 0.01), .conv(2, [2]))),
      Case("layernorm of a row", try sequence([3], .dense(4, .tanh), .layerNorm(epsilon: 0.001), .dense(2))),
      Case("layernorm, output", try sequence([3, 4], .layerNorm(epsilon: 0.1))),
      Case("embedding", try sequence([4], .embedding(vocabulary: 5, dimension: 3), .conv(2, [2]))),
      Case("embedding, output", try sequence([3], .embedding(vocabulary: 4, dimension: 2))),
      Case(
        "embedding, averaged",
        try sequence([4], .embedding(vocabulary: 3, dimension: 3), .globalPool(.avg), .dense(2, .sigmoid)),
        .bce),
    ]
  }

  /// One layer feeding two, several layers into one, and memory that is shared on the way.
  static func branches() throws -> [Case] {
    let relu = Layer.Kind.conv(2, [2, 2], .same, .relu)
    let tanh = Layer.Kind.conv(2, [2, 2], .same, .tanh)
    return [
      Case("skip", try skip(tanh, .conv(2, [3, 3], .same), .add)),
      Case("skip past a pool", try skip(relu, .pool(.max, [2, 2], stride: [1, 1], .same), .add)),
      Case("skip past batchnorm", try skip(relu, .batchNorm(BatchNorm()), .mul)),
      Case("skip past dropout", try skip(relu, .dropout(0.3), .concat)),
      Case("skip past a reshape", try skip(tanh, .reshape([3, 3, 2]), .avg)),
      Case(
        "flatten beside a pool",
        try makeGraph(
          [
            image("x", [3, 3, 1]), layer("c", relu), layer("f", .flatten), layer("p", .pool(.max, [2, 2])),
            layer("g", .flatten), layer("o", .dense(2)),
          ], path("x", "c", "f", "o") + path("c", "p", "g", "o"))),
      Case(
        "flatten as an output beside a layer",
        try makeGraph(
          [image("x", [3, 3, 1]), layer("c", tanh), layer("f", .flatten), layer("d", .conv(1, [2, 2]))],
          path("x", "c", "f") + path("c", "d"))),
      Case(
        "two flattens of one layer",
        try makeGraph(
          [
            image("x", [3, 3, 1]), layer("c", tanh), layer("f", .flatten), layer("r", .reshape([9, 2])),
            layer("d", .dense(2)), layer("e", .conv(2, [3])),
          ], path("x", "c", "f", "d") + path("c", "r", "e"))),
      Case(
        "relu into two pools",
        try makeGraph(
          [
            image("x", [4, 4, 1]), layer("c", relu), layer("p", .pool(.max, [2, 2])),
            layer("q", .pool(.max, [3, 3])),
          ], path("x", "c", "p") + path("c", "q"))),
      Case("frozen and preset", try frozen()),
    ]
  }

  private static func skip(_ first: Layer.Kind, _ second: Layer.Kind, _ how: Merge) throws -> NetworkGraph {
    try makeGraph(
      [image("x", [3, 3, 1]), layer("a", first), layer("b", second), layer("o", .conv(1, [2, 2]))],
      path("x", "a", "b") + merge(how, ["a", "b"], into: "o"))
  }

  private static func frozen() throws -> NetworkGraph {
    try makeGraph(
      [
        image("x", [3, 3, 1]), layer("a", .conv(2, [2, 2], .valid, .tanh)), layer("b", .conv(1, [2, 2])),
        layer("o", .dense(2)), layer("f", .flatten),
      ],
      [
        Edge(
          from: "x", to: "a", presetWeights: [0.1, -0.2, 0.3, 0.4, -0.5, 0.6, 0.7, -0.8], isTrainable: false),
        Edge(from: "a", to: "b", presetWeights: [0.3, -0.1, 0.5, 0.2, -0.7, 0.4, 0.1, 0.6]),
        Edge(from: "a", to: "f"), Edge(from: "f", to: "o"),
      ])
  }

  /// Each merge into each kind of layer that takes one input.
  static func merges() throws -> [Case] {
    let targets: [(String, Layer.Kind)] = [
      ("conv", .conv(2, [2, 2])), ("maxpool", .pool(.max, [2, 2])), ("avgpool", .pool(.avg, [2, 2])),
      ("flatten", .flatten), ("dropout", .dropout(0.2)), ("batchnorm", .batchNorm(BatchNorm())),
      ("layernorm", .layerNorm(epsilon: 0.1)),
    ]
    let images = try Merge.allCases.flatMap { how in
      try targets.map { try merged($0, $1, how) }
    }
    let rows = try Merge.allCases.map { how in
      Case(
        "merge=\(how.rawValue) into dense",
        try makeGraph(
          [input("x", 3), dense("a", 2, .tanh), dense("b", 2, .sigmoid), dense("o", 2, .tanh)],
          path("x", "a") + path("x", "b") + merge(how, ["a", "b"], into: "o")))
    }
    return images + rows + [try merged("reshape", .reshape([3, 18]), .concat)]
  }

  private static func merged(_ name: String, _ kind: Layer.Kind, _ how: Merge) throws -> Case {
    let branch = Layer.Kind.conv(2, [2, 2], .same, .tanh)
    return Case(
      "merge=\(how.rawValue) into \(name)",
      try makeGraph(
        [
          image("x", [3, 3, 1]), layer("a", branch), layer("b", branch), layer("c", .conv(2, [1, 1])),
          layer("o", kind),
        ],
        path("x", "a") + path("x", "b") + path("x", "c") + merge(how, ["a", "b", "c"], into: "o")))
  }
}
