import Foundations
import Testing

@testable import NeuralEngine

/// What is measured of layers, against what was worked out by hand.
@Suite struct NetworkHealthTests {
  private func network(_ weights: [Double], _ activation: Activation) throws -> Network {
    let graph = try makeGraph(
      [input("x", 2), dense("h", 2, activation), dense("o", 1, .linear)],
      [Edge(from: "x", to: "h", presetWeights: weights), Edge(from: "h", to: "o", presetWeights: [1, 1])])
    return try Network(graph)
  }

  private let rows = Examples(
    name: "rows", rows: 4, inputs: [0, 0, 0, 1, 1, 0, 1, 1], targets: [0, 1, 1, 2])

  @Test func unitsThatAreAlwaysZero() throws {
    // The first unit adds the inputs, the second takes them away and is never above 0.
    let health = try network([1, 1, -1, -1], .relu).health(on: rows)
    let hidden = try #require(health.layers.first)
    #expect(hidden.name == "h" && hidden.units == 2 && hidden.stuck == 1)
    // Of the eight answers the four of the dead unit are 0, and one of the other.
    #expect(hidden.flatShare == 5.0 / 8)
    #expect(hidden.weights == 1)
    #expect(health.rows == 4 && health.areAllRows && health.outputSpread == 2)
    // The sum is what is asked for.
    #expect(health.skill == 1)
    #expect(try #require(hidden.gradient) == 0)
  }

  @Test func unitsAtAnEnd() throws {
    let health = try network([100, 100, -1, 1], .tanh).health(on: rows)
    // The row 0 0 gives 0, so that the first unit does not stay at an end.
    #expect(health.layers[0].stuck == 0 && health.layers[0].flatShare == 3.0 / 8)
  }

  /// The gradient by one weight is the derivative of the mean loss, and skill the share of the squares that is explained.
  @Test func gradientsAndSkill() throws {
    let graph = try makeGraph(
      [input("x", 1), dense("o", 1, .linear, bias: false)], [Edge(from: "x", to: "o", presetWeights: [1])])
    let line = Examples(name: "line", rows: 3, inputs: [1, 2, 3], targets: [2, 4, 6])
    let health = try Network(graph).health(on: line)
    // d/dw mean (w x - 2 x)² at w = 1 is -2 mean x² = -28/3.
    let gradient = try #require(health.layers[0].gradient)
    let expected = 28.0 / 3
    #expect(abs(gradient - expected) < 1e-12)
    // Errors 1, 2, 3 beside distances from the mean of 2, 0, 2: 1 - 14/8.
    let skill = try #require(health.skill)
    #expect(abs(skill + 0.75) < 1e-12)
    let same = Examples(name: "same", rows: 2, inputs: [1, 1], targets: [2, 2])
    let constant = try Network(graph).health(on: same)
    #expect(constant.skill == nil && constant.outputSpread == 0)
  }

  @Test func manyRowsAreSampledEvenly() throws {
    let graph = try makeGraph([input("x", 1), dense("o", 1, .linear)], [Edge(from: "x", to: "o")])
    let many = Examples(
      name: "many", rows: 5000, inputs: (0..<5000).map { Double($0) / 5000 },
      targets: [Double](repeating: 1, count: 5000))
    let health = try Network(graph).health(on: many)
    #expect(health.rows == 1024 && !health.areAllRows && health.outputSpread > 0)
  }
}
