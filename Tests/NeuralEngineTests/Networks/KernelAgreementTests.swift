import Testing

@testable import NeuralEngine

/// Quick ways and plain ways give the same bits.
@Suite struct KernelAgreementTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let hidden: Activation
    let output: Activation
    let loss: Loss
    var testDescription: String { "\(hidden) \(output) \(loss)" }
  }

  static let cases = smoothActivations.flatMap { hidden in
    lossesAndOutputs.map { Case(hidden: hidden, output: $0.output, loss: $0.loss) }
  }

  @Test(arguments: cases)
  func onePassIsTheKernels(_ item: Case) throws {
    let graph = try chain([5, 7, 6, 3], hidden: item.hidden, output: item.output)
    try compare(Float.self, graph, item.loss, isPerceptron: false)
    try compare(Double.self, graph, item.loss, isPerceptron: false)
  }

  @Test func onePassIsThePerceptron() throws {
    let graph = try chain([5, 3], output: .step)
    try compare(Float.self, graph, .mse, isPerceptron: true)
    try compare(Double.self, graph, .mse, isPerceptron: true)
  }

  /// At the widest layer that the pass takes, where SIMD begins for edges but not for sums.
  @Test func onePassIsTheKernelsWhenWide() throws {
    let widest = OnlineChain<Float>.maximumWidth
    #expect(widest < Primitives.shortest)
    let graph = try chain([widest, widest, 2])
    try compare(Float.self, graph, .mse, isPerceptron: false)
    try compare(Double.self, graph, .mse, isPerceptron: false)
  }

  private func compare<Scalar: EngineScalar>(
    _ type: Scalar.Type, _ graph: NetworkGraph, _ loss: Loss, isPerceptron: Bool
  ) throws {
    let rows = 12
    let examples = try randomExamples(for: graph, loss, rows: rows)
    let quick = try Bench<Scalar>(graph, loss, examples, capacity: 1, isPerceptron: isPerceptron)
    let plain = try Bench<Scalar>(graph, loss, examples, capacity: 1, isPerceptron: isPerceptron)
    let optimizer = Optimizer(isPerceptron ? .perceptron : .sgd(momentum: 0), parameters: plain.parameters)
    let pass = try #require(quick.plan.chain)
    let rate: Scalar = 0.25
    for _ in 0..<4 {
      let outcome = Array(0..<rows).withUnsafeBufferPointer { order in
        pass.train(quick.samples, order: order, rate: rate, countsCorrect: true)
      }
      var (total, correct) = (0.0, 0)
      for row in 0..<rows {
        plain.load(row..<row + 1)
        total += plain.loss(rows: 1)
        correct += plain.plan.correct(rows: 1)
        plain.plan.backward(rows: 1, scale: 1)
        optimizer.step(rate: rate)
      }
      #expect(outcome.rows == rows && outcome.isFinite)
      #expect(outcome.loss.bitPattern == total.bitPattern)
      #expect(outcome.correct == correct)
      #expect(bits(quick.parameters.values) == bits(plain.parameters.values))
    }
    #expect(pass.links.count == graph.layers.count - 1)
  }

  private func bits<Scalar>(_ buffer: Buffer<Scalar>) -> [UInt64] { buffer.doubles.map(\.bitPattern) }

  @Test(arguments: [1, 2, 3, 4, 5, 9], [1, 2, 3, 5])
  func blocksAreTheLoops(_ rows: Int, _ units: Int) {
    for width in [1, 3, 4, 31, 32, 35, 300] {
      checkBlocks(Float.self, rows, units, width)
      checkBlocks(Double.self, rows, units, width)
    }
  }

  private func checkBlocks<Scalar: EngineScalar>(_ type: Scalar.Type, _ rows: Int, _ units: Int, _ width: Int)
  {
    var random = RandomStream(seed: 9)
    func matrix(_ rows: Int, _ columns: Int) -> [Scalar] {
      (0..<rows * columns).map { _ in Scalar(random.uniform(from: -1, to: 1)) }
    }
    let (x, w, d) = (matrix(rows, width), matrix(units, width), matrix(rows, units))
    var (products, gradients) = (matrix(rows, units), matrix(units, width))
    var (expected, expectedGradients) = (products, gradients)
    for row in 0..<rows {
      for unit in 0..<units {
        expected[row * units + unit] += x.withUnsafeBufferPointer { x in
          w.withUnsafeBufferPointer { w in
            guard let x = x.baseAddress, let w = w.baseAddress else { return 0 }
            return Primitives.dot(x + row * width, w + unit * width, width)
          }
        }
        for k in 0..<width {
          expectedGradients[unit * width + k] += d[row * units + unit] * x[row * width + k]
        }
      }
    }
    products.withUnsafeMutableBufferPointer { z in
      guard let z = z.baseAddress else { return }
      BlockedProducts.addProducts(of: x, rows: rows, with: w, rows: units, width: width, to: z)
    }
    gradients.withUnsafeMutableBufferPointer { y in
      guard let y = y.baseAddress else { return }
      BlockedProducts.addCombinations(
        of: x, rows: rows, width: width, factors: d, perTarget: 1, perSource: units, to: y, rows: units)
    }
    #expect(products == expected)
    #expect(gradients == expectedGradients)
  }

  /// Only a chain of small trainable layers goes in one pass.
  @Test func otherGraphsHaveNoPass() throws {
    let skip = try makeGraph(
      [input("x", 2), dense("h", 2, .tanh), dense("o", 2, .sigmoid)],
      [Edge(from: "x", to: "h"), Edge(from: "h", to: "o"), Edge(from: "x", to: "o")])
    let frozen = try makeGraph(
      [input("x", 2), dense("o", 2, .sigmoid)], [Edge(from: "x", to: "o", isTrainable: false)])
    let unbiased = try makeGraph(
      [input("x", 2), dense("o", 2, .sigmoid, bias: false)], [Edge(from: "x", to: "o")])
    let wide = try chain([OnlineChain<Float>.maximumWidth + 1, 1])
    for graph in [skip, frozen, unbiased, wide] {
      let examples = try randomExamples(for: graph, .mse, rows: 1)
      #expect(try Bench<Float>(graph, .mse, examples, capacity: 1).plan.chain == nil)
    }
  }
}
