import NeuralEngine
import Testing

/// Backpropagation by hand, with the figures that NumPy gives for the same weights.
@Suite struct BackpropagationTests {
  private static let first = 0.01626653947749774
  private static let second = 0.012382328747370476
  private static let last = 0.00016106055809278412
  private static let outputs = [0.902269936151424, 0.8721606602517958, 0.8945765546477851]

  private struct Network {
    var x: Tensor
    var y: Tensor
    var weights1: Tensor
    var weights2: Tensor

    init() throws {
      let raw = try Tensor(shape: [3, 2], values: [2, 9, 1, 5, 3, 6])
      x = try raw / raw.max(axis: 0)
      y = try Tensor(shape: [3, 1], values: [92, 86, 89]) / Tensor(100)
      weights1 = try Tensor(shape: [2, 3], values: [0.2, 0.6, 0.1, 0.8, 0.3, 0.7]).assigned(to: 1)
      weights2 = try Tensor(shape: [3, 1], values: [0.4, 0.5, 0.9]).assigned(to: 2)
    }

    func hidden() throws -> Tensor { Tensor.unary(.sigmoid, try .matrixProduct(x, weights1)) }

    func output(_ hidden: Tensor) throws -> Tensor {
      Tensor.unary(.sigmoid, try .matrixProduct(hidden, weights2))
    }

    func loss() throws -> Double {
      try (y - output(hidden())).power(Tensor(2)).mean().values[0]
    }

    mutating func stepByHand() throws {
      func slope(_ s: Tensor) throws -> Tensor { try s * (Tensor(1) - s) }
      let z2 = try hidden()
      let o = try output(z2)
      let outputDelta = try (y - o) * slope(o)
      let hiddenDelta = try .matrixProduct(outputDelta, weights2.transposed()) * slope(z2)
      weights1 = try (weights1 + .matrixProduct(x.transposed(), hiddenDelta)).assigned(to: 1)
      weights2 = try (weights2 + .matrixProduct(z2.transposed(), outputDelta)).assigned(to: 2)
    }

    mutating func stepByGradient() throws {
      let loss = try (y - output(hidden())).power(Tensor(2)).sum() / Tensor(2)
      let slopes = try gradients(of: loss, withRespectTo: [weights1, weights2])
      weights1 = try (weights1 - slopes[0]).assigned(to: 1)
      weights2 = try (weights2 - slopes[1]).assigned(to: 2)
    }
  }

  private func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-12 }

  @Test func byHandGivesTheKnownFigures() throws {
    var network = try Network()
    #expect(isClose(try network.loss(), Self.first))
    try network.stepByHand()
    #expect(isClose(try network.loss(), Self.second))
    for _ in 1..<1000 { try network.stepByHand() }
    #expect(isClose(try network.loss(), Self.last))
    let outputs = try network.output(network.hidden()).values
    #expect(zip(outputs, Self.outputs).allSatisfy { isClose($0, $1) })
  }

  @Test func byGradientGivesTheSame() throws {
    var network = try Network()
    for _ in 0..<1000 { try network.stepByGradient() }
    #expect(isClose(try network.loss(), Self.last))
  }
}
