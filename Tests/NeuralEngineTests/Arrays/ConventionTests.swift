import Foundation
import NeuralEngine
import Testing

/// Corners, ties and limits against PyTorch, and for the losses of probabilities Keras; `Fixtures/conventions.py` makes the
/// figures.
@Suite struct ConventionTests {
  private struct Figures: Decodable {
    let target: [Double]?
    let at: [Double]
    let value: [Double]
    let gradient: [Double]
  }

  @Test func agreesWhereAFunctionHasACorner() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/conventions.json")
    let cases = try JSONDecoder().decode([String: Figures].self, from: Data(contentsOf: url))
    #expect(cases.count == 15)
    for (name, figures) in cases {
      let x = Tensor(figures.at).stamped(variable: 1)
      let value = try apply(name, to: x, target: figures.target.map { Tensor($0) })
      let weights = Tensor((0..<value.count).map { 1 + 0.5 * Double($0) })
      let loss = try (value.reshaped([value.count]) * weights).sum()
      let gradient = try gradients(of: loss, withRespectTo: [x])[0].values
      #expect(
        zip(value.values, figures.value).allSatisfy { abs($0 - $1) < 1e-12 }, "\(name): \(value.values)")
      #expect(gradient == figures.gradient, "\(name): \(gradient)")
    }
  }

  private func apply(_ name: String, to x: Tensor, target: Tensor?) throws -> Tensor {
    if let target {
      let rows = try (target.reshaped([1, target.count]), x.reshaped([1, x.count]))
      return try name == "bce" ? .binaryCrossEntropy(rows.0, rows.1) : .crossEntropy(rows.0, rows.1)
    }
    switch name {
    case "clip 1 2": return x.clipped(low: 1, high: 2)
    case "clip 2 1": return x.clipped(low: 2, high: 1)
    case "max": return try x.max()
    case "min": return try x.min()
    case "std": return try x.standardDeviation()
    case "norm": return try x.norm()
    case "square": return try x.power(Tensor(2))
    case "to the power of 0": return try x.power(Tensor(0))
    case "sort": return try x.sorted()
    default:
      let operation = try #require(UnaryOperation.allCases.first { "\($0)" == name })
      return .unary(operation, x)
    }
  }
}
