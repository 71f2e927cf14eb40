import Foundation
import Testing

@testable import NeuralEngine

/// Every kind of layer and its options against what Keras gives, recurrent ones against PyTorch as well;
/// `Fixtures/keras_layers.py` and `recurrent_layers.py` make the figures.
@Suite struct KerasLayerTests {
  struct Figures: Decodable {
    let shape: [Int]
    let loss: String
    let inputs: [Double]
    let targets: [Double]
    let parameters: [Double]
    let answers: [Double]
    let losses: [Double]
    let gradient: [Double]
    let after: [Double]
    let afterAnswers: [Double]

    var examples: Examples { Examples(name: "rows", rows: 3, inputs: inputs, targets: targets) }
  }

  private static func load() throws -> [String: Figures] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures")
    return try ["keras_layers.json", "recurrent_layers.json"].reduce(into: [:]) { all, name in
      let data = try Data(contentsOf: folder.appending(path: name))
      all.merge(try JSONDecoder().decode([String: Figures].self, from: data)) { $1 }
    }
  }

  /// Both compute in 64 bits, in another order; or ours in 32.
  private func expectClose(
    _ a: [Double], _ b: [Double], _ what: String, _ tolerance: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }, "\(what): \(a) is not \(b)",
      sourceLocation: sourceLocation)
  }

  @Test func everyCaseIsCompared() throws {
    #expect(Set(try Self.load().keys) == Set(try Self.graphs().keys))
  }

  @Test func gradientsAgree() throws {
    let graphs = try Self.graphs()
    for (name, figures) in try Self.load() {
      let graph = try #require(graphs[name])
      let loss = try #require(Loss(named: figures.loss))
      let bench = try Bench(graph, loss, figures.examples, capacity: 4, isTraining: true)
      try #require(bench.parameters.values.count == figures.parameters.count, "\(name)")
      bench.parameters.values.doubles = figures.parameters
      bench.load(0..<3)
      expectClose(bench.gradient(rows: 3, scale: 1 / 3), figures.gradient, name, 1e-12)
    }
  }

  @Test(arguments: Precision.allCases)
  func answersAndStepsAgree(_ precision: Precision) throws {
    let graphs = try Self.graphs()
    let tolerance = precision == .double ? 1e-12 : 1e-5
    for (name, figures) in try Self.load() {
      let network = Network(name: name)
      let graph = try #require(graphs[name])
      try network.edit { $0 = graph }
      var random = RandomStream(seed: 1)
      try network.prepare(ExecutionOptions(precision), random: &random)
      for slice in try ParameterLayout(graph).slices {
        try network.setParameters(slice.key, to: Array(figures.parameters[slice.range]))
      }
      expectClose(try network.predict(figures.examples), figures.answers, name, tolerance)
      let options = TrainingOptions(
        epochs: figures.losses.count, batchSize: 3, loss: try #require(Loss(named: figures.loss)),
        optimizer: .sgd(), rate: 0.1, shuffles: false)
      let result = try network.train(figures.examples, options, seed: 1)
      expectClose(result.history.recent.map(\.loss), figures.losses, name, tolerance)
      expectClose(network.values, figures.after, name, tolerance)
      expectClose(try network.predict(figures.examples), figures.afterAnswers, name, tolerance)
    }
  }

  private static func graphs() throws -> [String: NetworkGraph] {
    try convolutions().merging(pools()) { $1 }.merging(others()) { $1 }
      .merging(recurrent()) { $1 }
  }

  private static func convolutions() throws -> [String: NetworkGraph] {
    [
      "conv1d": try sequence([6, 2], .conv(2, [3])),
      "conv1d stride": try sequence([7, 2], .conv(2, [2], stride: [3], .valid, .tanh)),
      "conv1d same even": try sequence([5, 2], .conv(2, [4], .same)),
      "conv1d dilation": try sequence([7, 2], .conv(2, [2], dilation: [3], bias: false)),
      "conv1d groups": try sequence([5, 4], .conv(4, [2], groups: 2)),
      "conv2d": try sequence([4, 5, 2], .conv(2, [2, 3], .valid, .relu)),
      "conv2d same stride": try sequence([5, 4, 2], .conv(2, [3, 2], stride: [2, 2], .same)),
      "conv2d same even": try sequence([3, 5, 1], .conv(2, [2, 4], .same)),
      "conv2d same dilation": try sequence([4, 5, 1], .conv(2, [2, 2], dilation: [2, 3], .same)),
      "conv2d groups": try sequence([3, 3, 3], .conv(6, [2, 2], groups: 3, .sigmoid)),
      "conv2d softmax": try sequence([3, 3, 1], .conv(3, [2, 2], .valid, .softmax)),
      "conv3d": try sequence([3, 2, 3, 2], .conv(2, [2, 1, 2])),
      "conv3d same stride": try sequence(
        [3, 4, 3, 1], .conv(1, [2, 2, 2], stride: [2, 2, 2], .same, .elu)),
    ]
  }

  private static func pools() throws -> [String: NetworkGraph] {
    [
      "maxpool 1d": try sequence([7, 1], .conv(2, [1]), .pool(.max, [2])),
      "maxpool 2d": try sequence([5, 6, 1], .conv(2, [1, 1], .valid, .relu), .pool(.max, [2, 3])),
      "maxpool 2d stride same": try sequence(
        [4, 5, 1], .conv(2, [1, 1]), .pool(.max, [3, 3], stride: [2, 2], .same)),
      "maxpool 3d": try sequence(
        [3, 3, 2, 1], .conv(1, [1, 1, 1]), .pool(.max, [2, 2, 2], stride: [1, 1, 1])),
      "avgpool 1d": try sequence([7, 1], .conv(2, [1]), .pool(.avg, [3], stride: [2])),
      "avgpool 1d same": try sequence([4, 1], .conv(2, [1]), .pool(.avg, [3], stride: [1], .same)),
      "avgpool 2d same": try sequence(
        [3, 4, 1], .conv(2, [1, 1]), .pool(.avg, [2, 3], stride: [1, 2], .same)),
      "avgpool 3d": try sequence([4, 2, 3, 1], .conv(1, [1, 1, 1]), .pool(.avg, [2, 2, 2])),
      "globalmaxpool": try sequence([3, 4, 1], .conv(3, [2, 2]), .globalPool(.max), .dense(2)),
      "globalavgpool": try sequence([5, 1], .conv(3, [2]), .globalPool(.avg), .dense(2)),
    ]
  }

  private static func recurrent() throws -> [String: NetworkGraph] {
    [
      "rnn": try sequence([5, 2], .recurrent(.rnn, units: 3)),
      "rnn relu, no bias": try sequence(
        [4, 2], .recurrent(.rnn, units: 3, activation: .relu, hasBias: false)),
      "lstm": try sequence([5, 2], .recurrent(.lstm, units: 3)),
      "lstm all": try sequence([4, 3], .recurrent(.lstm, units: 2, returnsAll: true)),
      "lstm activations": try sequence(
        [4, 2],
        .recurrent(.lstm, units: 2, activation: .softplus, gateActivation: .tanh, hasBias: false)),
      "lstm reversed": try sequence([5, 2], .recurrent(.lstm, units: 3, isReversed: true)),
      "gru": try sequence([5, 2], .recurrent(.gru, units: 3)),
      "gru all": try sequence([4, 3], .recurrent(.gru, units: 2, returnsAll: true)),
      "gru, no bias": try sequence([4, 2], .recurrent(.gru, units: 2, hasBias: false)),
      "gru reversed": try sequence([4, 2], .recurrent(.gru, units: 2, isReversed: true)),
      "stack": try sequence(
        [5, 2], .recurrent(.gru, units: 3, returnsAll: true), .recurrent(.lstm, units: 2), .dense(2)),
      "dense at each step": try sequence(
        [4, 2], .recurrent(.lstm, units: 3, returnsAll: true), .layerNorm(epsilon: 0.001), .dense(2, .tanh)),
      "bidirectional concat": try sequence(
        [4, 2], .recurrent(.lstm, units: 2, bidirectional: .concat), .dense(2)),
      "bidirectional add": try sequence(
        [4, 2], .recurrent(.gru, units: 2, returnsAll: true, bidirectional: .add)),
      "bidirectional mul": try sequence([4, 2], .recurrent(.rnn, units: 2, bidirectional: .mul)),
      "bidirectional avg": try sequence(
        [4, 2], .recurrent(.lstm, units: 2, returnsAll: true, bidirectional: .avg), .dense(1)),
      "embedding": try sequence(
        [4], .embedding(vocabulary: 5, dimension: 3), .recurrent(.gru, units: 2)),
      "classes": try sequence([4, 2], .recurrent(.lstm, units: 3), .dense(3, .softmax)),
      "rnn by PyTorch": try sequence([5, 2], .recurrent(.rnn, units: 3)),
      "lstm by PyTorch": try sequence([5, 2], .recurrent(.lstm, units: 3)),
      "gru by PyTorch": try sequence([5, 2], .recurrent(.gru, units: 3)),
      "rnn both ways by PyTorch": try sequence([5, 2], .recurrent(.rnn, units: 3, bidirectional: .concat)),
      "lstm both ways by PyTorch": try sequence([5, 2], .recurrent(.lstm, units: 3, bidirectional: .concat)),
      "gru both ways by PyTorch": try sequence([5, 2], .recurrent(.gru, units: 3, bidirectional: .concat)),
    ]
  }

  private static func others() throws -> [String: NetworkGraph] {
    var graphs: [String: NetworkGraph] = [
      "flatten": try sequence([3, 4, 1], .conv(2, [2, 2]), .flatten, .dense(2)),
      "reshape": try sequence([3], .dense(12), .reshape([2, 3, 2]), .conv(1, [2, 2])),
      "batchnorm": try sequence([4, 4, 1], .conv(2, [2, 2]), .batchNorm(BatchNorm()), .conv(1, [2, 2])),
      "batchnorm of a row": try sequence(
        [2], .dense(3), .batchNorm(BatchNorm(momentum: 0.6, epsilon: 0.01)), .dense(1)),
      "layernorm": try sequence([4, 2], .conv(3, [2]), .layerNorm(epsilon: 0.001), .conv(1, [2])),
      "layernorm of a row": try sequence([3], .dense(4), .layerNorm(epsilon: 0.05), .dense(2)),
      "embedding": try sequence([4], .embedding(vocabulary: 5, dimension: 3), .conv(2, [2])),
      "embedding averaged": try sequence(
        [5], .embedding(vocabulary: 4, dimension: 3), .globalPool(.avg), .dense(2)),
      "classes": try sequence(
        [6, 6, 1], .conv(2, [3, 3], .valid, .relu), .pool(.max, [2, 2]), .flatten, .dense(3, .softmax)),
      "skip": try makeGraph(
        [
          image("x", [4, 4, 1]), layer("a", .conv(2, [3, 3], .same, .relu)),
          layer("b", .conv(2, [3, 3], .same)), layer("p", .pool(.max, [2, 2])), layer("f", .flatten),
          layer("o", .dense(2)),
        ], path("x", "a", "b") + merge(.add, ["a", "b"], into: "p") + path("p", "f", "o")),
    ]
    for how in Merge.allCases {
      graphs["merge \(how.rawValue)"] = try makeGraph(
        [
          image("x", [4, 2]), layer("a", .conv(2, [2], .same, .tanh)),
          layer("b", .conv(2, [3], .same, .sigmoid)), layer("o", .conv(2, [2])),
        ], path("x", "a") + path("x", "b") + merge(how, ["a", "b"], into: "o"))
    }
    return graphs
  }
}
