import Foundation
import Foundations
import NetworkSchema
import Testing

@testable import NeuralEngine

/// Networks over sequences of any length.
@Suite struct SequenceNetworkTests {
  /// A network for every kind of layer that allows any length, with the step that its answers are for.
  static func graphs() throws -> [String: NetworkGraph] {
    var graphs: [String: NetworkGraph] = [
      "rnn": try anyLength(2, [.recurrent(.rnn, units: 3)]),
      "lstm, dropout": try anyLength(2, [.recurrent(.lstm, units: 3), .dropout(0.3), .dense(2)]),
      "gru reversed": try anyLength(2, [.recurrent(.gru, units: 3, isReversed: true)]),
      "bidirectional": try anyLength(
        2,
        [
          .recurrent(.lstm, units: 2, returnsAll: true, bidirectional: .mul), .layerNorm(epsilon: 1e-3),
          .dense(2, .tanh),
        ]),
      "convolution": try anyLength(
        2,
        [.conv(3, [3], .same, .tanh), .pool(.max, [2]), .conv(2, [2], .valid), .globalPool(.avg), .dense(2)]),
      "convolution by step": try anyLength(
        2, [.conv(3, [3], .same, .tanh), .recurrent(.rnn, units: 2, returnsAll: true), .dense(2)]),
      "pools": try anyLength(2, [.pool(.avg, [2], stride: [1], .same), .globalPool(.max)]),
      "embedding": try anyLength(
        1,
        [
          .embedding(vocabulary: 4, dimension: 3), .recurrent(.gru, units: 2, returnsAll: true),
          .dense(4, .softmax),
        ]),
      "dense alone": try anyLength(2, [.dense(3, .tanh), .dense(2)]),
    ]
    var delays = try makeGraph(
      [
        layer("x", .sequence(features: 2)), dense("h", 3, .tanh), dense("g", 3, .sigmoid),
        dense("out", 2, .linear),
      ],
      path("x", "h", "out") + path("x", "g"))
    try delays.connect(Edge(from: "h", to: "h", type: .full, delay: 1))
    try delays.connect(Edge(from: "h", to: "h", type: .carry))
    try delays.add(Gate("g", on: "x", to: "h"))
    graphs["delays, carries and gates"] = delays
    var several = try makeGraph(
      [
        layer("a", .sequence(features: 2)), layer("b", .sequence(features: 1)),
        layer("la", .recurrent(.lstm, units: 2, returnsAll: true)),
        layer("lb", .recurrent(.gru, units: 2, returnsAll: true)), layer("all", .recurrent(.rnn, units: 2)),
      ], path("a", "la") + path("b", "lb"))
    try several.connect(merge(.concat, ["la", "lb"], into: "all"))
    graphs["two inputs"] = several
    var both = try makeGraph(
      [
        layer("a", .sequence(features: 1)), layer("b", .sequence(features: 2)),
        layer("h", .recurrent(.lstm, units: 3, returnsAll: true)), dense("u", 1, .linear),
        dense("v", 3, .tanh), dense("w", 2, .linear),
      ], path("h", "u") + path("h", "v") + path("h", "w"))
    try both.connect(merge(.concat, ["a", "b"], into: "h"))
    graphs["two inputs, three outputs at each step"] = both
    return graphs
  }

  static let lengths = [4, 7, 5, 4, 9, 5, 4, 6]

  static func examples(for graph: NetworkGraph, _ lengths: [Int] = Self.lengths) throws -> Examples {
    var random = RandomStream(seed: 4)
    let steps = SequenceSteps(lengths: lengths, haveTargets: graph.answersEachStep)
    let isWords = !graph.inputs.allSatisfy { graph.embeddings(reading: $0.name).isEmpty }
    let inputs = (0..<steps.count * graph.inputWidth).map { _ in
      isWords ? Double(random.below(4)) : random.uniform(from: -1, to: 1)
    }
    let width = graph.outputWidth
    var targets: [Double] = []
    for _ in 0..<steps.targetRows {
      let label = random.below(max(1, width))
      targets += (0..<width).map {
        graph.outputs[0].activation == .softmax ? ($0 == label ? 1 : 0) : random.uniform(from: -1, to: 1)
      }
    }
    return Examples(
      name: "rows", rows: lengths.count, storage: .doubles(inputs), targets: targets, steps: steps)
  }

  private func row(_ examples: Examples, _ row: Int) -> Examples {
    let steps = examples.steps
    return Examples(
      name: "row", rows: 1, storage: examples.storage.rows([row], width: examples.inputWidth, steps: steps),
      targets: examples.targets.rows([row], width: examples.targetWidth, steps: steps?.ofTargets),
      steps: steps?.selecting([row]))
  }

  private func gradient(
    _ network: Network, _ examples: Examples, _ loss: Loss, inSegments: Bool = false
  ) throws -> [Double] {
    let model = try network.prepared()
    let fitted = try examples.fitted(to: network.graph, loss: loss)
    return try model.gradientByLength(
      Samples(fitted, model.options.precision), RowOrder(Array(0..<fitted.rows)), .loss(loss),
      in: inSegments ? SequencePieces(model) : nil)
  }

  /// Rows of different lengths together give the same numbers as each row alone, in answers, loss and gradient.
  @Test func aBatchOfMixedLengthsEqualsItsRows() throws {
    for (name, graph) in try Self.graphs() {
      let network = try Network(graph)
      let loss = Loss.fitting(graph.outputs[0].activation)
      let all = try Self.examples(for: graph)
      let answers = try network.predict(all)
      let evaluation = try network.evaluate(all, loss: loss)
      let slope = try gradient(network, all, loss)
      var (alone, total, weights) = ([Double](), 0.0, 0.0)
      var sum = [Double](repeating: 0, count: slope.count)
      for place in 0..<all.rows {
        let one = row(all, place)
        alone += try network.predict(one)
        let weight = Double(graph.answersEachStep ? Self.lengths[place] : 1)
        total += weight * (try network.evaluate(one, loss: loss).loss)
        for (index, value) in try gradient(network, one, loss).enumerated() { sum[index] += weight * value }
        weights += weight
      }
      #expect(answers == alone, "\(name)")
      #expect(abs(evaluation.loss - total / weights) < 1e-14, "\(name)")
      #expect(zip(slope, sum).allSatisfy { abs($0 - $1 / weights) < 1e-13 }, "\(name)")
    }
  }

  @Test func gradientsAreThoseOfCentralDifferences() throws {
    for (name, graph) in try Self.graphs() {
      let network = try Network(graph)
      let loss = Loss.fitting(graph.outputs[0].activation)
      let all = try Self.examples(for: graph)
      let slope = try gradient(network, all, loss)
      let values = network.values
      let slices = try ParameterLayout(graph).slices
      var index = 0
      for slice in slices {
        let own = Array(values[slice.range])
        for place in own.indices {
          func lossAt(_ value: Double) throws -> Double {
            var changed = own
            changed[place] = value
            try network.setParameters(slice.key, to: changed)
            return try network.evaluate(all, loss: loss).loss
          }
          let step = 1e-5
          let difference = (try lossAt(own[place] + step) - lossAt(own[place] - step)) / (2 * step)
          #expect(abs(difference - slope[index]) < 1e-7, "\(name), \(slice.key) \(place)")
          index += 1
        }
        try network.setParameters(slice.key, to: own)
      }
    }
  }

  /// Sequences that are all of one length train as rows of that length do, bit for bit.
  @Test func equalLengthsAreRowsOfThatLength() throws {
    let free = try anyLength(2, [.recurrent(.lstm, units: 3, returnsAll: true), .dense(2)])
    let fixed = try sequence([5, 2], .recurrent(.lstm, units: 3, returnsAll: true), .dense(2))
    let all = try Self.examples(for: free, [Int](repeating: 5, count: 6))
    let plain = Examples(name: "rows", rows: 6, inputs: all.inputs, targets: all.targets)
    let options = TrainingOptions(
      epochs: 3, batchSize: 3, loss: .mse, optimizer: .adam, rate: 0.01, shuffles: false)
    let (a, b, c) = (try Network(free), try Network(fixed), try Network(free))
    let losses = try a.train(all, options, seed: 2).history.recent.map(\.loss)
    #expect(
      try b.train(plain, options, seed: 2).history.recent.map(\.loss).elementsEqual(losses) {
        abs($0 - $1) < 1e-15
      })
    #expect(a.values == b.values)
    // Rows of one width are sequences for the first, and sequences of one length rows for the second.
    try c.train(plain, options, seed: 2)
    #expect(c.values == a.values)
    #expect(try b.predict(all) == a.predict(plain))
  }

  @Test func theSameBitsWithAnyNumberOfThreads() throws {
    for (name, graph) in try Self.graphs() {
      var found: [[Double]] = []
      for threads in [1, 2, 3, 8] {
        let network = Network(name: name)
        try network.edit { $0 = graph }
        var random = RandomStream(seed: 1)
        try network.prepare(ExecutionOptions(.single, threads: threads), random: &random)
        let options = TrainingOptions(
          epochs: 2, batchSize: 5, loss: .fitting(graph.outputs[0].activation), optimizer: .adam, rate: 0.01)
        try network.train(Self.examples(for: graph), options, seed: 6)
        found.append(network.values)
      }
      #expect(Set(found).count == 1, "\(name)")
    }
  }

  @Test func aBatchHasFewLengthsAndAnEpochEveryRow() throws {
    var random = RandomStream(seed: 9)
    let lengths = (0..<203).map { _ in 1 + random.below(40) }
    let steps = SequenceSteps(lengths: lengths)
    var orders: [[Int]] = []
    for _ in 0..<3 {
      var rows = Array(0..<203)
      random.shuffle(&rows)
      orders.append(steps.gathered(rows, batch: 8, random: &random))
    }
    for order in orders {
      #expect(order.sorted() == Array(0..<203))
      let spreads = stride(from: 0, to: 200, by: 8).map { start in
        let own = order[start..<start + 8].map { lengths[$0] }
        return (own.max() ?? 0) - (own.min() ?? 0)
      }
      // Of 8 rows among 40 lengths the mean spread would be above 30.
      let mean = Double(spreads.reduce(0, +)) / Double(spreads.count)
      #expect(mean < 8)
    }
    #expect(orders[0] != orders[1])
    #expect(Set(orders.map { $0.suffix(3).map { lengths[$0] } }).count > 1)
  }

  @Test func aTrainingThatGoesOnIsTheSame() throws {
    let graph = try anyLength(2, [.recurrent(.gru, units: 3), .dropout(0.2), .dense(2)])
    let all = try Self.examples(for: graph)
    let options = TrainingOptions(epochs: 6, batchSize: 3, loss: .mse, optimizer: .adam, rate: 0.02)
    let whole = try Network(graph)
    var kept: [TrainingProgress] = []
    let control = TrainingControl().keeping(every: 2) { kept.append($0) }
    let result = try whole.train(all, options, seed: 5, control: control)
    #expect(kept.map(\.history.count) == [2, 4, 6])
    for progress in kept {
      let other = try Network(graph, seed: 77)
      var random = try #require(RandomStream(progress.start))
      let again = try other.train(all, options, resuming: progress, random: &random)
      #expect(other.values == whole.values && again.history == result.history)
    }
  }

  /// Where gradients stay within segments, each segment goes through a plan of its own, and the step is that of the whole sequence.
  @Test(arguments: [1, 3, 4, 100]) func truncatedSequencesGoThroughInSegments(_ length: Int) throws {
    for cell in [RecurrentCell.rnn, .lstm, .gru] {
      func layers(_ truncation: Int?) -> [Layer.Kind] {
        [
          .recurrent(cell, units: 3, returnsAll: true, truncation: truncation), .dense(4, .tanh),
          .recurrent(cell, units: 2, returnsAll: true, truncation: truncation), .dense(2),
        ]
      }
      let graph = try anyLength(2, layers(length))
      #expect(graph.segmentLength == length)
      let (network, all) = (try Network(graph), try Self.examples(for: graph))
      let before = network.values
      let slope = try gradient(network, all, .mse)
      let inSegments = try gradient(network, all, .mse, inSegments: true)
      #expect(zip(inSegments, slope).allSatisfy { abs($0 - $1) < 1e-13 }, "\(cell) \(length)")
      let options = TrainingOptions(epochs: 1, batchSize: all.rows, loss: .mse, optimizer: .sgd(), rate: 0.5)
      let loss = try network.evaluate(all, loss: .mse).loss
      let result = try network.train(all, options, seed: 3)
      #expect(abs((result.history.last?.loss ?? 0) - loss) < 1e-14)
      for (place, value) in network.values.enumerated() {
        #expect(abs(value - (before[place] - 0.5 * slope[place])) < 1e-13, "\(cell) \(length) \(place)")
      }
      var found: [[Double]] = []
      for threads in [1, 2, 3] {
        let network = Network(name: "n")
        try network.edit { $0 = graph }
        var random = RandomStream(seed: 1)
        try network.prepare(ExecutionOptions(.single, threads: threads), random: &random)
        try network.train(
          all, TrainingOptions(epochs: 2, batchSize: 5, loss: .mse, optimizer: .sgd(), rate: 0.1), seed: 6)
        found.append(network.values)
      }
      #expect(Set(found).count == 1, "\(cell) \(length)")
    }
  }

  /// What a long sequence takes is what a segment takes.
  @Test func segmentsBoundTheMemory() throws {
    let graph = try anyLength(
      2, [.recurrent(.lstm, units: 8, returnsAll: true, truncation: 10), .dense(2)])
    let layout = try ParameterLayout(graph)
    let purpose = Plan.Purpose.training(.loss(.mse), isTraining: true)
    let whole = try Plan(graph.filled(steps: 1000), layout, purpose: purpose, capacity: 1)
    let segment = try Plan(graph.ofSegment(steps: 10), layout, purpose: purpose, capacity: 1)
    #expect(segment.numbersPerRow * 90 < whole.numbersPerRow)
    // A network that needs the sequence as a whole goes through it as a whole.
    for layers: [Layer.Kind] in [
      [.recurrent(.lstm, units: 2, returnsAll: true)],
      [.recurrent(.lstm, units: 2, truncation: 5)],
      [.recurrent(.lstm, units: 2, returnsAll: true, dropout: 0.5, truncation: 5)],
      [
        .recurrent(.lstm, units: 2, returnsAll: true, truncation: 5),
        .recurrent(.rnn, units: 2, returnsAll: true),
      ],
      [.conv(2, [3], .same), .recurrent(.lstm, units: 2, returnsAll: true, truncation: 5)],
    ] {
      #expect(try anyLength(2, layers).segmentLength == nil)
    }
  }

  @Test func weightedRowsCountAsOften() throws {
    let graph = try anyLength(2, [.recurrent(.lstm, units: 2, returnsAll: true), .dense(1)])
    let all = try Self.examples(for: graph, [2, 3, 5])
    let steps = try #require(all.steps)
    let twice = Examples(
      name: "twice", rows: 4, storage: all.storage.rows([0, 1, 1, 2], width: 2, steps: steps),
      targets: all.targets.rows([0, 1, 1, 2], width: 1, steps: steps), steps: steps.selecting([0, 1, 1, 2]))
    let network = try Network(graph)
    let weighted = try network.evaluate(all.weighted(by: [1, 2, 1]), loss: .mse)
    #expect(abs(weighted.loss - (try network.evaluate(twice, loss: .mse).loss)) < 1e-15)
  }

  /// Rows that are only measured on all count alike, and their targets are those of their outputs.
  @Test func weightsOfOneChangeNothing() throws {
    let graph = try makeGraph(
      [
        layer("x", .sequence(features: 2)), layer("h", .recurrent(.rnn, units: 3, returnsAll: true)),
        dense("u", 1, .linear), dense("v", 2, .linear),
      ], path("x", "h") + path("h", "u") + path("h", "v"))
    let all = try Self.examples(for: graph)
    let ones = [Double](repeating: 1, count: all.rows)
    var options = TrainingOptions(epochs: 2, batchSize: 3, loss: .mse, optimizer: .sgd(), rate: 0.1)
    options.validationFraction = 0.4
    let plain = try Network(graph).train(all, options, seed: 4).history.recent
    for weighted in [try all.weighted(by: ones), try all.weighted(byOutput: [ones, ones])] {
      let found = try Network(graph).train(weighted, options, seed: 4).history.recent
      #expect(found.count == plain.count)
      for (own, expected) in zip(found, plain) {
        let (a, b) = (try #require(own.validationLoss), try #require(expected.validationLoss))
        #expect(abs(a - b) < 1e-12 && abs(own.loss - expected.loss) < 1e-12)
      }
    }
  }

  /// Plans for sequences are kept while they take no more than three of the largest, or little.
  @Test func plansAreKeptBySize() {
    let large = 1 << 24
    #expect(PlanRoom.kept(of: [large, large, large], besides: large, atMost: 63) == 2)
    #expect(PlanRoom.kept(of: [1, large, large, large], besides: 1, atMost: 63) == 3)
    #expect(PlanRoom.kept(of: [Int](repeating: 1, count: 100), besides: 1, atMost: 63) == 63)
    #expect(PlanRoom.kept(of: [.max, 1], besides: 1, atMost: 63) == 0)
    #expect(PlanRoom.kept(of: [], besides: .max, atMost: 63) == 0)
  }

  // MARK: Refusals

  /// Segments would fit, but what is measured after an epoch goes through as a whole.
  @Test func whatCannotBeMeasuredIsRefusedBeforeTheTraining() throws {
    let network = try Network(
      anyLength(
        1, [.recurrent(.rnn, units: 1, returnsAll: true, truncation: 1), .dense(200_000), .dense(1)]))
    let steps = SequenceSteps(lengths: [400_000, 1], haveTargets: true)
    let zeros = [Double](repeating: 0, count: steps.count)
    let all = Examples(name: "long", rows: 2, storage: .doubles(zeros), targets: zeros, steps: steps)
    var options = TrainingOptions(epochs: 1, batchSize: 1, loss: .mse, optimizer: .sgd(), rate: 0.1)
    options.validationFraction = 0.5
    let version = network.version
    #expect { _ = try network.train(all, options, seed: 1) } throws: {
      ($0 as? CodedError)?.code == .tooLarge
    }
    #expect(network.version == version)
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch { return (error as? CodedError)?.message ?? "\(error)" }
  }

  @Test func layersThatNeedALengthAreRefused() throws {
    #expect(
      message { _ = try anyLength(2, [.flatten]) }.contains("`l1` (flatten) needs a fixed number of steps"))
    #expect(
      message { _ = try anyLength(2, [.reshape([6])]) }.contains(
        "`l1` (reshape) needs a fixed number of steps"))
    #expect(message { _ = try anyLength(2, [.batchNorm(BatchNorm())]) }.contains("layernorm"))
    let two = message { _ = try anyLength(2, [.conv(2, [2, 2])]) }
    #expect(two.contains("nx2") && !two.contains("330"))
    let behind = message { _ = try anyLength(2, [.conv(2, [2]), .dense(1)]) }
    #expect(behind.contains("`l1` gives n-1x2") && behind.contains("layer flat globalavgpool"))
    var graph = try anyLength(2, [.recurrent(.lstm, units: 2)])
    #expect(message { try graph.add(input("b", 3)) }.contains("layer b sequence 3"))
    let stateful = OptionValues(["units": .integer(2), "stateful": .boolean(true)])
    let carrying = try Layer.Kind("lstm", stateful, named: "l1")
    #expect(message { _ = try Network(anyLength(1, [carrying])) }.contains("`l1` is stateful"))
    let short = try anyLength(1, [.conv(2, [2])])
    #expect(short.shapeText(of: try #require(short.layer("l1"))) == "n-1x2")
    #expect(
      message {
        var both = try makeGraph(
          [
            layer("x", .sequence(features: 1)), layer("a", .conv(2, [2])), layer("b", .conv(2, [3])),
            dense("c", 1, .linear),
          ],
          path("x", "a") + path("x", "b"))
        try both.connect(merge(.add, ["a", "b"], into: "c"))
      }.contains("n-1x2"))
  }

  @Test func dataThatDoesNotFitIsRefused() throws {
    let last = try Network(anyLength(2, [.recurrent(.lstm, units: 2)]))
    let each = try Network(anyLength(2, [.recurrent(.lstm, units: 2, returnsAll: true)]))
    let rows = try Self.examples(for: last.graph, [2, 3])
    let steps = try Self.examples(for: each.graph, [2, 3])
    #expect(message { _ = try last.evaluate(steps, loss: .mse) }.contains("return=all"))
    #expect(message { _ = try each.evaluate(rows, loss: .mse) }.contains("return=last"))
    let fixed = try Network(sequence([4, 2], .recurrent(.lstm, units: 2)))
    #expect(message { _ = try fixed.predict(rows) }.contains("layer x sequence 2"))
    let wide = try Network(anyLength(3, [.recurrent(.lstm, units: 2)]))
    #expect(
      message { _ = try wide.predict(rows) }.contains("A step of `rows` has 2 numbers, but `x` takes 3"))
    let windows = try Network(anyLength(2, [.conv(2, [3]), .globalPool(.max)]))
    #expect(message { _ = try windows.predict(rows) }.contains("Row 1 of `rows` has 2 steps"))
    let words = try Network(
      anyLength(1, [.embedding(vocabulary: 3, dimension: 2), .recurrent(.rnn, units: 1)]))
    let unknown = Examples(
      name: "w", rows: 2, storage: .doubles([0, 1, 2, 3]), steps: SequenceSteps(lengths: [1, 3]))
    #expect(message { _ = try words.predict(unknown) }.contains("Row 2 of `w` has 3"))
  }

  @Test func stepsAndWholeSequencesCanBeActivated() throws {
    let network = try Network(anyLength(2, [.recurrent(.lstm, units: 3, returnsAll: true), .dense(1)]))
    let row = [0.1, 0.2, 0.3, -0.4, 0.5, 0.6]
    try network.activate(row)
    let whole = network.outputs
    #expect(whole.count == 3)
    network.forget()
    var steps: [Double] = []
    for start in stride(from: 0, to: 6, by: 2) {
      try network.activate(Array(row[start..<start + 2]))
      steps += network.outputs
    }
    #expect(zip(whole, steps).allSatisfy { abs($0 - $1) < 1e-12 })
    try network.activate(row)
    let before = network.values
    try network.propagate([0, 1, 0], rate: 0.1)
    #expect(network.values != before)
    #expect(throws: CodedError.self) { try network.activate([1, 2, 3]) }
  }
}
