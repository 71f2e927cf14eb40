import Foundation
import Foundations
import Testing

@testable import NeuralEngine

/// Rows of different lengths against what Keras gives with masks, and PyTorch with packed sequences; `Fixtures/sequences.py`
/// makes the figures.
@Suite struct SequenceFigureTests {
  struct Figures: Decodable {
    let lengths: [Int]
    let byStep: Bool
    let inputs: [Double]
    let targets: [Double]
    let parameters: [Double]
    let answers: [Double]
    let losses: [Double]
    let gradient: [Double]
    let after: [Double]
    let afterAnswers: [Double]

    var examples: Examples {
      Examples(
        name: "rows", rows: lengths.count, storage: .doubles(inputs), targets: targets,
        steps: SequenceSteps(lengths: lengths, haveTargets: byStep))
    }
  }

  private static func load() throws -> [String: Figures] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures")
    return try JSONDecoder().decode(
      [String: Figures].self, from: Data(contentsOf: folder.appending(path: "sequences.json")))
  }

  private static func graphs() throws -> [String: NetworkGraph] {
    func stack(_ kinds: Layer.Kind..., features: Int = 2) throws -> NetworkGraph {
      try anyLength(features, kinds)
    }
    return [
      "rnn": try stack(.recurrent(.rnn, units: 3)),
      "lstm": try stack(.recurrent(.lstm, units: 3), .dense(2)),
      "gru": try stack(.recurrent(.gru, units: 3)),
      "lstm all": try stack(.recurrent(.lstm, units: 2, returnsAll: true)),
      "lstm reversed": try stack(.recurrent(.lstm, units: 3, isReversed: true)),
      "stack": try stack(
        .recurrent(.gru, units: 3, returnsAll: true), .layerNorm(epsilon: 1e-3), .recurrent(.lstm, units: 2),
        .dense(2)),
      "dense at each step": try stack(.recurrent(.lstm, units: 3, returnsAll: true), .dense(2, .tanh)),
      "bidirectional": try stack(.recurrent(.lstm, units: 2, bidirectional: .concat), .dense(2)),
      "bidirectional all": try stack(.recurrent(.gru, units: 2, returnsAll: true, bidirectional: .add)),
      "embedding": try stack(
        .embedding(vocabulary: 5, dimension: 3), .recurrent(.gru, units: 2), features: 1),
      "mean of steps": try stack(.dense(3, .tanh), .globalPool(.avg), .dense(2)),
      "rnn by PyTorch": try stack(.recurrent(.rnn, units: 3)),
      "lstm by PyTorch": try stack(.recurrent(.lstm, units: 3)),
      "lstm all by PyTorch": try stack(.recurrent(.lstm, units: 3, returnsAll: true)),
      "bidirectional lstm by PyTorch": try stack(.recurrent(.lstm, units: 3, bidirectional: .concat)),
      "bidirectional gru by PyTorch": try stack(
        .recurrent(.gru, units: 3, returnsAll: true, bidirectional: .concat)),
    ]
  }

  private func expectClose(_ a: [Double], _ b: [Double], _ what: String, _ tolerance: Double) {
    #expect(
      a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }, "\(what): \(a) is not \(b)")
  }

  @Test func everyCaseIsCompared() throws {
    #expect(Set(try Self.load().keys) == Set(try Self.graphs().keys))
  }

  @Test(arguments: Precision.allCases)
  func answersGradientsAndStepsAgree(_ precision: Precision) throws {
    let graphs = try Self.graphs()
    for (name, figures) in try Self.load() {
      // Over PyTorch, Keras computes what it masks in 32 bits in between.
      let exact = name.hasSuffix("PyTorch") ? 1e-12 : 1e-7
      let tolerance = precision == .double ? exact : 1e-5
      let graph = try #require(graphs[name])
      let network = try Network(graph, precision)
      for slice in try ParameterLayout(graph).slices {
        try network.setParameters(slice.key, to: Array(figures.parameters[slice.range]))
      }
      expectClose(try network.predict(figures.examples), figures.answers, name, tolerance)
      expectClose(try gradient(network, figures), figures.gradient, "the gradient of \(name)", tolerance)
      let options = TrainingOptions(
        epochs: figures.losses.count, batchSize: 5, loss: .mse, optimizer: .sgd(), rate: 0.1, shuffles: false)
      let result = try network.train(figures.examples, options, seed: 1)
      expectClose(result.history.recent.map(\.loss), figures.losses, "the losses of \(name)", tolerance)
      expectClose(network.values, figures.after, "the parameters of \(name)", tolerance)
      expectClose(try network.predict(figures.examples), figures.afterAnswers, name, tolerance)
      // A mean over all answers, whatever the lengths are: the loss of the last step is that after it.
      let evaluated = try network.evaluate(figures.examples, loss: .mse)
      let errors = zip(figures.afterAnswers, figures.targets).map { ($0 - $1) * ($0 - $1) }
      #expect(abs(evaluated.loss - errors.reduce(0, +) / Double(errors.count)) <= tolerance * 10)
    }
  }

  private func gradient(_ network: Network, _ figures: Figures) throws -> [Double] {
    let examples = try figures.examples.fitted(to: network.graph, loss: .mse)
    let model = try network.prepared()
    return try model.gradientByLength(
      Samples(examples, model.options.precision), RowOrder(Array(0..<examples.rows)), .loss(.mse))
  }
}

/// An input of any length and layers behind it in a row: `x`, `l1`, `l2`, ...
func anyLength(_ features: Int, _ kinds: [Layer.Kind]) throws(CodedError) -> NetworkGraph {
  var graph = NetworkGraph()
  try graph.add(Layer(name: "x", kind: .sequence(features: features)))
  for (index, kind) in kinds.enumerated() {
    try graph.add(Layer(name: "l\(index + 1)", kind: kind))
    try graph.connect(Edge(from: index == 0 ? "x" : "l\(index)", to: "l\(index + 1)"))
  }
  return graph
}
