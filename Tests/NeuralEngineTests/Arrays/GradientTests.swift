import Foundations
import NeuralEngine
import Testing

/// Gradients against central differences, and PyTorch's choice where there is no derivative.
@Suite struct GradientTests {
  @Test(arguments: DifferentiableFunction.all)
  func agreesWithCentralDifferences(_ function: DifferentiableFunction) throws {
    let input = try Tensor(shape: function.shape, values: function.values).stamped(variable: 1)
    let gradient = try gradients(of: function.loss(input), withRespectTo: [input])[0]
    let expected = try differences(at: function.values) { values in
      try scalar(function.loss(Tensor(shape: function.shape, values: values)))
    }
    #expect(gradient.shape == function.shape)
    #expect(areClose(gradient.values, expected), "\(gradient.values) is not \(expected)")
  }

  @Test(arguments: DifferentiableFunction.all)
  func canBeDifferentiatedAgain(_ function: DifferentiableFunction) throws {
    let input = try Tensor(shape: function.shape, values: function.values).stamped(variable: 1)
    let second = try slopes(of: function, at: input)
    let expected = try differences(at: function.values) { values in
      let input = try Tensor(shape: function.shape, values: values).stamped(variable: 1)
      return try scalar(weightedGradient(of: function, at: input))
    }
    #expect(areClose(second, expected), "\(second) is not \(expected)")
  }

  private func weightedGradient(of function: DifferentiableFunction, at input: Tensor) throws -> Tensor {
    let gradient = try gradients(of: function.loss(input), withRespectTo: [input], recording: true)[0]
    let weights = (0..<gradient.count).map { 1 + Double($0) * 0.4 }
    return try (gradient * Tensor(shape: gradient.shape, values: weights)).sum()
  }

  private func slopes(of function: DifferentiableFunction, at input: Tensor) throws -> [Double] {
    do {
      let loss = try weightedGradient(of: function, at: input)
      return try gradients(of: loss, withRespectTo: [input])[0].values
    } catch let error as CodedError where error.code == .independent {
      // The gradient of a linear function is a constant.
      return [Double](repeating: 0, count: input.count)
    }
  }

  private func differences(at values: [Double], _ loss: ([Double]) throws -> Double) rethrows -> [Double] {
    try values.indices.map { i in
      let step = 1e-5
      var (low, high) = (values, values)
      low[i] -= step
      high[i] += step
      return try (loss(high) - loss(low)) / (2 * step)
    }
  }

  /// The error of a central difference is about step², 1e-10, times the third derivative.
  private func areClose(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-7 * max(1, abs($1)) }
  }

  private func scalar(_ tensor: Tensor) throws -> Double { try #require(tensor.scalar) }

  private func slope(at values: [Double], _ body: (Tensor) throws -> Tensor) throws -> [Double] {
    let input = Tensor(values).stamped(variable: 1)
    return try gradients(of: body(input).sum(), withRespectTo: [input])[0].values
  }

  @Test func followsPyTorchWhereThereIsNoDerivative() throws {
    #expect(try slope(at: [0]) { .unary(.relu, $0) } == [0])
    #expect(try slope(at: [0]) { .unary(.abs, $0) } == [0])
    #expect(try slope(at: [0]) { .unary(.sqrt, $0) } == [.infinity])
    #expect(try slope(at: [0, 0]) { try $0.norm() } == [0, 0])
    #expect(try slope(at: [3, 3]) { try $0.standardDeviation() } == [0, 0])
    #expect(try slope(at: [2, 5, 5]) { try $0.max() } == [0, 0.5, 0.5])
    #expect(try slope(at: [2, 2, 5]) { try $0.min(axis: 0) } == [0.5, 0.5, 0])
    #expect(try slope(at: [-2, -1, 0, 1, 2]) { $0.clipped(low: -1, high: 1) } == [0, 1, 1, 1, 0])
    #expect(try slope(at: [0, 2]) { try $0.power(Tensor(0)) } == [0, 0])
    #expect(try slope(at: [0, 1]) { try Tensor(0).power($0) } == [0, 0])
  }

  @Test(arguments: [UnaryOperation.step, .sign, .round, .floor, .ceil])
  func isZeroThroughSteps(_ operation: UnaryOperation) throws {
    #expect(try slope(at: [0.3, -1.7]) { .unary(operation, $0) } == [0, 0])
  }

  @Test func givesEachTargetItsOwn() throws {
    let a = Tensor([1, 2]).stamped(variable: 1)
    let b = Tensor(3).stamped(variable: 65)  // shares its bit with variable 1
    let result = try gradients(of: (a * b).sum(), withRespectTo: [a, b])
    #expect(result[0].values == [3, 3])
    #expect(result[1].values == [3])
    #expect(result[1].shape == [])
  }

  @Test func goesThroughVariablesInBetween() throws {
    let a = Tensor([1, 2]).stamped(variable: 1)
    let b = try (a * a).stamped(variable: 2)
    let result = try gradients(of: b.power(Tensor(2)).sum(), withRespectTo: [b, a])
    #expect(result[0].values == [2, 8])
    #expect(result[1].values == [4, 32])
  }

  @Test func takesThePartOfACustomOperation() throws {
    struct Doubling: CustomOperation {
      var name: String { "double" }
      func backward(outputGradient: Tensor) throws -> [Tensor?] { [try outputGradient * Tensor(2), nil] }
    }
    let a = Tensor([1, 2]).stamped(variable: 1)
    let b = Tensor([5, 5]).stamped(variable: 2)
    let doubled = try Tensor.custom(Doubling(), inputs: [a, b], shape: [2], result: Tensor([2, 4]))
    let result = try gradients(of: (doubled * doubled).sum(), withRespectTo: [a, b])
    #expect(result[0].values == [8, 16])
    #expect(result[1].values == [0, 0])
  }
}
