import Testing

@testable import NeuralEngine

/// Quick ways and plain ways give the same bits.
@Suite struct KernelAgreementTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let hidden: Activation
    let output: Activation
    let loss: Loss
    var testDescription: String { "\(hidden) \(output) \(loss.name)" }
  }

  static let cases = smoothActivations.flatMap { hidden in
    lossesAndOutputs.map { Case(hidden: hidden, output: $0.output, loss: $0.loss) }
  }

  @Test(arguments: cases)
  func aSmallChainIsItsPlan(_ item: Case) throws {
    let graph = try chain([5, 7, 6, 3], hidden: item.hidden, output: item.output)
    for precision in Precision.allCases { try compare(precision, graph, .loss(item.loss)) }
  }

  @Test func aSmallChainIsItsPlanForThePerceptron() throws {
    let graph = try chain([5, 3], output: .step)
    for precision in Precision.allCases { try compare(precision, graph, .perceptron) }
  }

  /// At the widest layer that a chain takes.
  @Test func aWideChainIsItsPlan() throws {
    let graph = try chain([SmallChain.widest, SmallChain.widest, 2])
    for precision in Precision.allCases { try compare(precision, graph, .loss(.mse)) }
  }

  /// Many rows go through in shards.
  @Test(arguments: Precision.allCases, [1, 3])
  func rowsAreAnsweredTogetherAsAlone(_ precision: Precision, threads: Int) throws {
    let graph = try chain([70, 96, 3])
    let network = try Network(graph, precision)
    var random = RandomStream(seed: 5)
    try network.prepare(ExecutionOptions(precision, threads: threads), random: &random)
    let rows = 1200
    let inputs = (0..<rows * 70).map { _ in random.uniform(from: -1, to: 1) }
    let together = try network.predict(Examples(name: "x", rows: rows, inputs: inputs))
    for row in stride(from: 0, to: rows, by: 37) {
      let alone = try network.predict(
        Examples(name: "x", rows: 1, inputs: Array(inputs[row * 70..<(row + 1) * 70])))
      #expect(alone == Array(together[row * 3..<(row + 1) * 3]))
    }
    let layout = try ParameterLayout(graph)
    let plan = try Plan(graph, layout, purpose: .inference, capacity: 2048)
    let sharding = Sharding(plan, parameters: layout.count, bytesEach: precision.bytes)
    #expect(sharding.shards(of: rows) >= 3)
  }

  private func compare(_ precision: Precision, _ graph: NetworkGraph, _ signal: ErrorSignal) throws {
    let rows = 12
    let loss = if case .loss(let loss) = signal { loss } else { Loss.mse }
    let examples = try randomExamples(for: graph, loss, rows: rows)
    let isPerceptron = signal == .perceptron
    let quick = try Bench(graph, loss, examples, capacity: 1, precision, isPerceptron: isPerceptron)
    let plain = try Bench(graph, loss, examples, capacity: 1, precision, isPerceptron: isPerceptron)
    let updater = ParameterUpdater(isPerceptron ? .perceptron : .sgd(), plain.parameters)
    let chain = try #require(
      SmallChain(
        graph, quick.parameters.layout, quick.parameters.values, gradients: quick.parameters.gradients, signal
      ))
    let order = RowOrder(Array(0..<rows))
    let rate = 0.25
    for _ in 0..<4 {
      let outcome = try #require(
        chain.train(quick.samples, order, 0..<rows, rate: rate, countsCorrect: true))
      var (total, correct) = (0.0, 0)
      for row in 0..<rows {
        plain.load(row..<row + 1)
        total += plain.loss(rows: 1)
        correct += plain.execution.correct(rows: 1)
        updater.step(rate: rate, threads: 1)
      }
      #expect(outcome.rows == rows)
      #expect(outcome.loss.bitPattern == total.bitPattern)
      #expect(outcome.correct == correct)
      #expect(bits(quick.parameters.values) == bits(plain.parameters.values))
    }
    #expect(chain.count == graph.layers.count - 1)
    for batch in [1, 5, rows] { try compareGradients(precision, graph, loss, examples, isPerceptron, batch) }
  }

  /// Batches of a chain against the plan for them.
  private func compareGradients(
    _ precision: Precision, _ graph: NetworkGraph, _ loss: Loss, _ examples: Examples, _ isPerceptron: Bool,
    _ batch: Int
  ) throws {
    let plain = try Bench(graph, loss, examples, capacity: batch, precision, isPerceptron: isPerceptron)
    let (layout, values) = (plain.parameters.layout, plain.parameters.values)
    let gradients = NumberBuffer(layout.count, precision)
    let chain = try #require(
      SmallChain(graph, layout, values, gradients: gradients, isPerceptron ? .perceptron : .loss(loss)))
    let order = RowOrder(Array(0..<examples.rows))
    for start in stride(from: 0, to: examples.rows, by: batch) {
      let rows = start..<min(start + batch, examples.rows)
      let outcome = try #require(
        chain.gradient(plain.samples, order, rows, scale: 1 / Double(rows.count), countsCorrect: true))
      plain.load(rows)
      let gradient = plain.gradient(rows: rows.count, scale: 1 / Double(rows.count))
      #expect(gradients.doubles.map(\.bitPattern) == gradient.map(\.bitPattern))
      #expect(outcome.loss.bitPattern == plain.loss(rows: rows.count).bitPattern)
      #expect(outcome.correct == plain.execution.correct(rows: rows.count))
      #expect(outcome.rows == rows.count)
    }
  }

  private func bits(_ numbers: NumberBuffer) -> [UInt64] { numbers.doubles.map(\.bitPattern) }

  /// Each fusion against the plain list of operations: the same bits where the sums are the same.
  @Test(arguments: [Fusion.biasIntoProduct, .reluBehindMaxPool], Precision.allCases)
  func fusedStepsAreThePlainOnes(_ fusion: Fusion, _ precision: Precision) throws {
    let graph = try sequence(
      [6, 6, 2], .conv(4, [3, 3], .same, .relu), .pool(.max, [2, 2]), .flatten, .dense(5, .relu), .dense(3))
    let examples = try randomExamples(for: graph, .mse, rows: 4)
    let plain = try Bench(graph, .mse, examples, capacity: 4, precision, fusions: [])
    let fused = try Bench(graph, .mse, examples, capacity: 4, precision, fusions: [fusion])
    #expect(
      fused.execution.plan.steps.map(\.operation.name) != plain.execution.plan.steps.map(\.operation.name))
    #expect(fused.loss(rows: 4).bitPattern == plain.loss(rows: 4).bitPattern)
    #expect(
      fused.gradient(rows: 4, scale: 1).map(\.bitPattern)
        == plain.gradient(rows: 4, scale: 1).map(\.bitPattern))
  }

  /// The same for a block of a residual network.
  @Test(
    arguments: [Fusion.pairOfSums, .gradientPassedOn, .reluIntoNormalization], Precision.allCases)
  func fusedStepsOfASumAreThePlainOnes(_ fusion: Fusion, _ precision: Precision) throws {
    let conv = Layer.Kind.conv(16, [3, 3], .same, .relu)
    let norm = Layer.Kind.batchNorm(BatchNorm())
    let graph = try makeGraph(
      [
        image("x", [6, 6, 2]), layer("first", conv), layer("norm", norm), layer("second", conv),
        layer("sum", norm), layer("flat", .flatten), dense("o", 2, .linear),
      ],
      path("x", "first", "norm", "second") + merge(.add, ["norm", "second"], into: "sum")
        + path("sum", "flat", "o"))
    let examples = try randomExamples(for: graph, .mse, rows: 4)
    for isTraining in [true, false] {
      func bench(_ fusions: Set<Fusion>) throws -> Bench {
        try Bench(graph, .mse, examples, capacity: 4, precision, isTraining: isTraining, fusions: fusions)
      }
      let (plain, fused, all) = (try bench([]), try bench([fusion]), try bench(Fusion.all))
      #expect(fused.execution.plan.steps.count < plain.execution.plan.steps.count)
      #expect(all.execution.plan.steps.count < fused.execution.plan.steps.count)
      let expected = plain.gradient(rows: 4, scale: 1).map(\.bitPattern)
      #expect(fused.gradient(rows: 4, scale: 1).map(\.bitPattern) == expected)
      #expect(all.gradient(rows: 4, scale: 1).map(\.bitPattern) == expected)
    }
  }

  /// Losses that are told from preactivations take other sums, which agree to rounding.
  @Test(arguments: [(Loss.bce, Activation.sigmoid), (.crossentropy, .softmax)])
  func fusedLossesAgreeToRounding(_ loss: Loss, _ activation: Activation) throws {
    let graph = try chain([3, 4, 3], output: activation)
    let examples = try randomExamples(for: graph, loss, rows: 5)
    let plain = try Bench(graph, loss, examples, capacity: 5, fusions: [])
    let fused = try Bench(graph, loss, examples, capacity: 5)
    let names = fused.execution.plan.steps.map(\.operation.name)
    #expect(names.contains("\(loss.name) gradient, fused"))
    #expect(abs(fused.loss(rows: 5) - plain.loss(rows: 5)) < 1e-10)
    for (a, b) in zip(fused.gradient(rows: 5, scale: 1), plain.gradient(rows: 5, scale: 1)) {
      #expect(abs(a - b) < 1e-10)
    }
  }

  /// Only a chain of small trainable layers goes in one pass.
  @Test func otherGraphsAreNoChains() throws {
    let skip = try makeGraph(
      [input("x", 2), dense("h", 2, .tanh), dense("o", 2, .sigmoid)],
      [Edge(from: "x", to: "h"), Edge(from: "h", to: "o"), Edge(from: "x", to: "o")])
    let frozen = try makeGraph(
      [input("x", 2), dense("o", 2, .sigmoid)], [Edge(from: "x", to: "o", isTrainable: false)])
    let unbiased = try makeGraph(
      [input("x", 2), dense("o", 2, .sigmoid, bias: false)], [Edge(from: "x", to: "o")])
    let wide = try chain([SmallChain.widest + 1, 1])
    for graph in [skip, frozen, unbiased, wide] {
      let layout = try ParameterLayout(graph)
      let values = NumberBuffer(layout.count, .single)
      #expect(SmallChain(graph, layout, values, gradients: values, .loss(.mse)) == nil)
    }
  }
}
