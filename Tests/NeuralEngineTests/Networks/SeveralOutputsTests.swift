import Foundation
import Foundations
import TestSupport
import Testing

@testable import NeuralEngine

/// Several output layers, each with a loss, a weight and targets of its own.
@Suite struct SeveralOutputsTests {
  /// A hidden layer before a linear, a softmax, a sigmoid and another linear output.
  private static func mixed() throws -> (graph: NetworkGraph, objective: Objective) {
    let graph = try makeGraph(
      [
        input("x", 3), dense("h", 4, .tanh), dense("amount", 2, .linear), dense("kind", 3, .softmax),
        dense("sold", 1, .sigmoid), dense("side", 2, .linear),
      ],
      [
        Edge(from: "x", to: "h"), Edge(from: "h", to: "amount"), Edge(from: "h", to: "kind"),
        Edge(from: "h", to: "sold"), Edge(from: "h", to: "side"),
      ])
    return (
      graph,
      Objective([
        .init(output: "amount", loss: .mse, weight: 2),
        .init(output: "kind", loss: .crossentropy, weight: 0.5),
        .init(output: "sold", loss: .bce), .init(output: "side", loss: .hinge, weight: 0.25),
      ])
    )
  }

  /// Rows of amounts, a class of three, a truth value and a side, -1 or 1, for each of two.
  private static func rows(_ count: Int, seed: UInt64 = 5) -> Examples {
    var random = RandomStream(seed: seed)
    let inputs = (0..<3 * count).map { _ in random.uniform(from: -1, to: 1) }
    let targets = (0..<count).flatMap { _ -> [Double] in
      let kind = random.below(3)
      return [random.uniform(from: -1, to: 1), random.uniform(from: -1, to: 1)]
        + (0..<3).map { $0 == kind ? 1 : 0 } + [Double(random.below(2))]
        + (0..<2).map { _ in random.below(2) == 0 ? -1 : 1 }
    }
    return Examples(name: "rows", rows: count, inputs: inputs, targets: targets)
  }

  @Test(arguments: [(1, 1), (3, 3), (5, 8)])
  func gradientsAgreeWithCentralDifferences(_ rows: Int, _ capacity: Int) throws {
    let (graph, objective) = try Self.mixed()
    let bench = try Bench(graph, .mse, Self.rows(rows), capacity: capacity, objective: objective)
    bench.load(0..<rows)
    let analytic = bench.gradient(rows: rows, scale: 1 / Double(rows))
    let expected = bench.differences(rows: rows, scale: 1 / Double(rows))
    #expect(expected.contains { abs($0) > 1e-3 })
    for (a, b) in zip(analytic, expected) { #expect(abs(a - b) <= 1e-8 * (1 + abs(b)), "\(a) is not \(b)") }
  }

  /// Losses of all outputs, what each comes to by itself, outputs and gradient, at every level of instructions.
  @Test(arguments: Precision.allCases)
  func allInstructionsAgree(_ precision: Precision) throws {
    let (graph, objective) = try Self.mixed()
    func bits(_ instructions: InstructionSet) throws -> [UInt64] {
      let bench = try Bench(
        graph, .mse, Self.rows(40), capacity: 40, precision, instructions: instructions, objective: objective)
      bench.load(0..<40)
      let numbers = [bench.loss(rows: 40)] + bench.outputs(rows: 40) + bench.gradient(rows: 40, scale: 0.25)
      return (numbers + bench.execution.tallies.flatMap { [$0.loss, $0.correct] }).map(\.bitPattern)
    }
    let best = try bits(.best)
    for other in InstructionSet.allCases where other.isSupported && other != .best {
      #expect(try bits(other) == best, "\(other)")
    }
  }

  private struct Outcome: Equatable, Sendable {
    let weights: [UInt64]
    let metrics: [UInt64]
    let evaluated: [UInt64]
  }

  private static func train(threads: Int, _ group: (any ProcessGroup)? = nil) throws -> Outcome {
    let (graph, objective) = try mixed()
    let examples = rows(150)
    let network = Network(name: "net")
    try network.edit { $0 = graph }
    var random = RandomStream(seed: 5)
    try network.prepare(
      ExecutionOptions(.single, threads: threads, processes: Processes(group)), random: &random)
    var options = TrainingOptions(epochs: 3, batchSize: 64, loss: .mse, optimizer: .adam, rate: 0.01)
    options.objective = objective
    options.validationFraction = 0.2
    let result = try network.train(examples, options, random: &random)
    let evaluation = try network.evaluate(examples, objective)
    return Outcome(
      weights: network.values.map(\.bitPattern),
      metrics: result.history.recent.flatMap { epoch in epoch.metrics.compactMap { epoch[$0]?.bitPattern } },
      evaluated: evaluation.outputs.map(\.evaluation.loss.bitPattern))
  }

  @Test func anyNumberOfThreadsAndProcessesComesToTheSameBits() throws {
    let alone = try Self.train(threads: 1)
    // Each epoch: loss, accuracy, both on the rows kept aside, and there a loss for each output and accuracies for two:
    // a one-hot row names a class, two signs do not.
    #expect(alone.metrics.count == 3 * 10)
    for threads in [2, 3] { #expect(try Self.train(threads: threads) == alone) }
    for count in [2, 3] {
      for outcome in try ThreadGroup().run(count, { try Self.train(threads: 1, $0) }) {
        #expect(outcome == alone)
      }
    }
  }

  /// Adam is held to the same in `KerasTests`: what an optimizer makes of a gradient does not hang on where it comes from.
  @Test(arguments: Precision.allCases)
  func itAgreesWithPyTorch(_ precision: Precision) throws {
    let figures = try TorchFigures.read()
    let tolerance = precision == .double ? 1e-12 : 5e-6
    func areClose(_ a: [Double], _ b: [Double]) -> Bool {
      a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
    }
    let objective = Objective([
      .init(output: "price", loss: .mse), .init(output: "kind", loss: .crossentropy, weight: 0.5),
    ])
    let examples = Examples(name: "rows", rows: 5, inputs: figures.inputs, targets: figures.targets)
      .naming([TargetColumn("price"), TargetColumn("kind", classes: 3)])
    let network = try figures.network(precision)
    let before = try network.evaluate(examples, objective)
    for (output, expected) in zip(before.outputs, [figures.price, figures.kind]) {
      #expect(areClose(output.evaluation.predictions.outputs, expected), "\(output.output)")
    }
    #expect(areClose(before.outputs.map(\.evaluation.loss), [figures.before.price, figures.before.kind]))
    #expect(before.outputs[1].evaluation.accuracy == figures.before.right)
    #expect(before.accuracy == figures.before.right, "amounts are neither right nor wrong")
    #expect(before.outputs[0].evaluation.accuracy == nil)
    let bench = try Bench(
      network.graph, .mse, try examples.fitted(to: network.graph, objective), capacity: 5, precision,
      objective: objective)
    bench.parameters.values.doubles = network.values
    bench.load(0..<5)
    #expect(
      areClose(bench.gradient(rows: 5, scale: 0.2), try figures.inOurOrder(figures.gradient, network.graph)))
    for (name, optimizer) in [("sgd", Optimizer.sgd()), ("momentum", .sgd(momentum: 0.9))] {
      let expected = try #require(figures.trained[name])
      let trained = try figures.network(precision)
      var options = TrainingOptions(
        epochs: 3, batchSize: 5, loss: .mse, optimizer: optimizer, rate: 0.1, shuffles: false)
      options.objective = objective
      let result = try trained.train(examples, options, seed: 1)
      #expect(areClose(result.history.recent.map(\.loss), expected.losses), "\(name)")
      #expect(areClose(trained.values, try figures.inOurOrder(expected.parameters, network.graph)), "\(name)")
      let after = try trained.evaluate(examples, objective)
      #expect(
        areClose(after.outputs.map(\.evaluation.loss), [expected.after.price, expected.after.kind]), "\(name)"
      )
    }
  }

  /// Rows that count differently for each output: PyTorch's mean of weight times loss, by weights of scikit-learn.
  @Test(arguments: Precision.allCases)
  func rowsCountForEachOutputByItself(_ precision: Precision) throws {
    let figures = try TorchFigures.read()
    let tolerance = precision == .double ? 1e-12 : 5e-6
    let network = try figures.network(precision)
    let expected = figures.weighted
    let examples = try Examples(name: "rows", rows: 5, inputs: figures.inputs, targets: figures.targets)
      .naming([TargetColumn("price"), TargetColumn("kind", classes: 3)])
      .weighted(byOutput: [expected.price, expected.kind])
    var options = TrainingOptions(
      epochs: 3, batchSize: 5, loss: .mse, optimizer: .sgd(), rate: 0.1, shuffles: false)
    options.objective = Objective([
      .init(output: "price", loss: .mse), .init(output: "kind", loss: .crossentropy, weight: 0.5),
    ])
    let result = try network.train(examples, options, seed: 1)
    let parameters = try figures.inOurOrder(expected.parameters, network.graph)
    for (own, theirs) in zip(result.history.recent.map(\.loss) + network.values, expected.losses + parameters)
    {
      #expect(abs(own - theirs) <= tolerance)
    }
    #expect(network.values.count == parameters.count)
    #expect(throws: CodedError.self) {
      try network.train(
        examples.weighted(byOutput: [expected.price, expected.kind, expected.kind]), options, seed: 1)
    }
    for wrong in [[1], [1, 1, 1, 1, -1], [0, 0, 0, 0, 0]] as [[Double]] {
      #expect(throws: CodedError.self) { try examples.weighted(byOutput: [expected.price, wrong]) }
    }
  }

  /// What a training reports of an output is what the network measures, and the whole is their weighted sum.
  @Test func trainingTellsEachOutput() throws {
    let (graph, objective) = try Self.mixed()
    let network = try Network(graph)
    let examples = Self.rows(30)
    var options = TrainingOptions(
      epochs: 2, batchSize: 30, loss: .mse, optimizer: .sgd(), rate: 1e-30, shuffles: false)
    options.objective = objective
    let last = try #require(try network.train(examples, options, seed: 1).history.last)
    let evaluation = try network.evaluate(examples, objective)
    #expect(
      last.watched.map(\.metric.name) == [
        "amount_loss", "kind_loss", "kind_accuracy", "sold_loss", "sold_accuracy", "side_loss",
      ])
    for output in evaluation.outputs {
      let loss = last.watched.first { $0.metric.name == "\(output.output)_loss" }?.value ?? .nan
      #expect(abs(loss - output.evaluation.loss) < 1e-12, "\(output.output)")
      let accuracy = last.watched.first { $0.metric.name == "\(output.output)_accuracy" }?.value
      #expect(accuracy == output.evaluation.accuracy, "\(output.output)")
    }
    let parts: [Double] = zip(objective.terms, evaluation.outputs).map { term, output in
      term.weight * output.evaluation.loss
    }
    let whole = parts.reduce(0, +)
    #expect(abs(whole - evaluation.loss) < 1e-12 && abs(last.loss - whole) < 1e-12)
    // A row is right where all outputs that tell classes are.
    let (kind, sold) = (evaluation.outputs[1].evaluation, evaluation.outputs[2].evaluation)
    let kinds = try #require(kind.predictions.labels)
    let truths = try #require(sold.predictions.labels)
    let right = (0..<30).count {
      kinds.truths[$0] == kinds.answers[$0] && truths.truths[$0] == truths.answers[$0]
    }
    #expect(evaluation.accuracy == Double(right) / 30)
  }

  /// An output that does not count is not learned, and one whose weight is doubled has twice the gradient.
  @Test func weightsCount() throws {
    let graph = try Self.mixed().graph
    func gradient(_ weights: [Double]) throws -> [Double] {
      let losses: [Loss] = [.mse, .crossentropy, .bce, .hinge]
      let objective = Objective(
        zip(graph.outputs, zip(losses, weights)).map {
          .init(output: $0.name, loss: $1.0, weight: $1.1)
        })
      let bench = try Bench(graph, .mse, Self.rows(4), capacity: 4, objective: objective)
      bench.load(0..<4)
      return bench.gradient(rows: 4, scale: 1)
    }
    let once = try gradient([1, 0, 0, 0])
    #expect(zip(once, try gradient([2, 0, 0, 0])).allSatisfy { 2 * $0 == $1 })
    let slices = try ParameterLayout(graph).slices
    for slice in slices where slice.layer == "kind" { #expect(once[slice.range].allSatisfy { $0 == 0 }) }
    #expect(slices.contains { $0.layer == "h" && once[$0.range].contains { $0 != 0 } })
  }
}

/// What goes where: columns of targets to output layers.
@Suite struct TargetAssignmentTests {
  private let graph = try? makeGraph(
    [input("x", 1), dense("price", 1, .linear), dense("kind", 3, .softmax), dense("place", 2, .linear)],
    [Edge(from: "x", to: "price"), Edge(from: "x", to: "kind"), Edge(from: "x", to: "place")])

  private func columns(_ columns: [TargetColumn]) throws -> [[Int]] {
    let graph = try #require(graph)
    return try TargetAssignment(graph, Objective(.mse, for: graph), columns, of: "houses").parts.map(
      \.columns)
  }

  @Test func columnsGoByNameAndElseInOrder() throws {
    let kind = TargetColumn("kind", classes: 3)
    #expect(
      try columns([kind, TargetColumn("north"), TargetColumn("east"), TargetColumn("price")])
        == [[3], [0], [1, 2]])
    #expect(
      try columns([TargetColumn("a"), TargetColumn("b", classes: 3), TargetColumn("c"), TargetColumn("d")])
        == [[0], [1], [2, 3]])
    // Numbers without names: one for each unit, or the number of a class.
    let none = TargetColumn("")
    #expect(try columns([TargetColumn](repeating: none, count: 6)) == [[0], [1, 2, 3], [4, 5]])
    #expect(try columns([TargetColumn](repeating: none, count: 4)) == [[0], [1], [2, 3]])
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let kind = TargetColumn("kind", classes: 3)
    func message(_ given: [TargetColumn]) -> String {
      do { _ = try columns(given) } catch let error as CodedError { return error.message } catch {}
      return "nothing"
    }
    let price = TargetColumn("price")
    #expect(message([price, kind]).contains("`place` has no target in `houses`"))
    #expect(
      message([price, kind, TargetColumn("n"), TargetColumn("e"), TargetColumn("f")]).contains(
        "3 targets (`n`, `e`, `f`), but `place` takes 2"))
    #expect(
      message([price, TargetColumn("kind", classes: 4), TargetColumn("n"), TargetColumn("e")])
        .contains("4 classes, but its output `kind` gives 3"))
    #expect(
      message([TargetColumn("price", classes: 2), kind, TargetColumn("n"), TargetColumn("e")])
        .contains("`price` gives 1 number, linear"))
  }

  @Test func lossesAndWeightsThatCannotBeAreRefused() throws {
    let network = try Network(try #require(graph))
    func message(_ change: (inout TrainingDefaults) -> Void) -> String {
      var defaults = TrainingDefaults()
      change(&defaults)
      do { _ = try network.effectiveObjective(nil, defaults) } catch { return error.message }
      return "nothing"
    }
    #expect(message { $0.lossWeights = ["kind": -1] }.contains("`kind` is to count -1.0 times"))
    #expect(message { $0.lossWeights = ["kind": .nan] }.contains("0 or a number above 0"))
    #expect(
      message { $0.lossWeights = ["kind": 0, "price": 0, "place": 0] }.contains("nothing to train for"))
    #expect(message { $0.outputLosses = ["price": .crossentropy] }.contains("Use loss={price: mse}"))
    #expect(message { $0.outputLosses = ["kinds": .mse] }.contains("`kinds` is no output layer"))
    #expect(try network.effectiveObjective().terms.map(\.loss) == [.mse, .crossentropy, .mse])
  }
}

private struct TorchFigures: Decodable {
  struct Measured: Decodable {
    let price, kind, right: Double
  }
  struct Trained: Decodable {
    let losses: [Double]
    let after: Measured
    let parameters: [String: [Double]]
  }
  struct Weighted: Decodable {
    let price, kind, losses: [Double]
    let parameters: [String: [Double]]
  }
  let weighted: Weighted
  let inputs, targets, price, kind: [Double]
  let parameters, gradient: [String: [Double]]
  let before: Measured
  let trained: [String: Trained]

  static func read() throws -> TorchFigures {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/torch_outputs.json")
    return try JSONDecoder().decode(TorchFigures.self, from: Data(contentsOf: file))
  }

  func network(_ precision: Precision) throws -> Network {
    let graph = try makeGraph(
      [input("x", 3), dense("hidden", 4, .tanh), dense("price", 1, .linear), dense("kind", 3, .softmax)],
      [Edge(from: "x", to: "hidden"), Edge(from: "hidden", to: "price"), Edge(from: "hidden", to: "kind")])
    let network = try Network(graph, precision)
    let values = try inOurOrder(parameters, graph)
    for slice in try ParameterLayout(graph).slices {
      try network.setParameters(slice.key, to: Array(values[slice.range]))
    }
    return network
  }

  /// Parameters by PyTorch's names in the order of ours.
  func inOurOrder(_ named: [String: [Double]], _ graph: NetworkGraph) throws -> [Double] {
    let slices = try ParameterLayout(graph).slices
    var values = [Double](repeating: .nan, count: slices.map(\.range.upperBound).max() ?? 0)
    for slice in slices {
      let name = slice.layer + (slice.isBias ? ".bias" : ".weight")
      values.replaceSubrange(slice.range, with: try #require(named[name]))
    }
    return values
  }
}
