import Foundation
import Testing

@testable import NeuralEngine

/// A 3-4-2 network against what Keras gives; `Fixtures/keras_training.py` makes the cases.
@Suite struct KerasTests {
  private struct Case: Decodable {
    let loss: String
    let activation: String
    let inputs: [Double]
    let targets: [Double]
    let parameters: [Double]
    let outputs: [Double]
    let value: Double
    let gradient: [Double]
    let after: [String: [Double]]
  }

  private static func cases() throws -> [Case] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/keras_training.json")
    return try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
  }

  private func network(_ item: Case, _ precision: Precision) throws -> Network {
    let output = try #require(Activation(rawValue: item.activation))
    let network = try Network(chain([3, 4, 2], hidden: .tanh, output: output), precision)
    for slice in try ParameterLayout(network.graph).slices {
      try network.setParameters(slice.key, to: Array(item.parameters[slice.range]))
    }
    return network
  }

  private func examples(_ item: Case) -> Examples {
    Examples(name: "rows", rows: 5, inputs: item.inputs, targets: item.targets)
  }

  /// Both compute in 64 bits, but Keras takes logarithms of probabilities where we take logits, and adds up in
  /// another order: some units of the last place. In 32 bits a unit is 6·10⁻⁸, and Adam's quotients multiply
  /// the gradient's rounding by what they divide by.
  private static func tolerance(_ precision: Precision) -> Double { precision == .double ? 1e-12 : 5e-6 }

  private func areClose(_ a: [Double], _ b: [Double], _ precision: Precision) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= Self.tolerance(precision) }
  }

  @Test(arguments: Precision.allCases)
  func outputsAndLossesAgree(_ precision: Precision) throws {
    for item in try Self.cases() {
      let network = try network(item, precision)
      let loss = try #require(Loss(named: item.loss))
      let outputs = try network.predict(examples(item))
      #expect(areClose(outputs, item.outputs, precision), "\(item.loss): \(outputs) is not \(item.outputs)")
      let value = try network.evaluate(examples(item), loss: loss).loss
      #expect(areClose([value], [item.value], precision), "\(item.loss): \(value) is not \(item.value)")
    }
  }

  @Test func gradientsAgree() throws {
    for item in try Self.cases() {
      let loss = try #require(Loss(named: item.loss))
      let bench = try Bench(network(item, .double).graph, loss, examples(item), capacity: 5)
      bench.parameters.values.doubles = item.parameters
      bench.load(0..<5)
      let gradient = bench.gradient(rows: 5, scale: 0.2)
      #expect(areClose(gradient, item.gradient, .double), "\(item.loss): \(gradient) is not \(item.gradient)")
    }
  }

  @Test(arguments: Precision.allCases, ["sgd", "momentum", "adam"])
  func threeStepsAgree(_ precision: Precision, _ name: String) throws {
    let (optimizer, rate): (Optimizer, Double) =
      switch name {
      case "adam": (.adam, 0.01)
      case "momentum": (.sgd(momentum: 0.9), 0.1)
      default: (.sgd(), 0.1)
      }
    for item in try Self.cases() {
      let network = try network(item, precision)
      let loss = try #require(Loss(named: item.loss))
      try network.train(
        examples(item),
        TrainingOptions(
          epochs: 3, batchSize: 5, loss: loss, optimizer: optimizer, rate: rate, shuffles: false), seed: 1)
      let expected = try #require(item.after[name])
      #expect(
        areClose(network.values, expected, precision), "\(item.loss): \(network.values) is not \(expected)")
    }
  }
}
