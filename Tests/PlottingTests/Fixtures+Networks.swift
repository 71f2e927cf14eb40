import Foundation
import Plotting

extension Fixtures {
  private static func node(_ name: String, _ detail: String, _ units: Int) -> NetworkPlot.Node {
    .init(name: name, detail: "\(detail) \(units)", units: units)
  }

  /// Input, hidden layer, output, with their weights.
  static var chain: Plot {
    var nodes = [node("inp", "input", 2), node("hid", "dense", 3), node("out", "dense", 1)]
    nodes[1].biases = [-2.9, 0.4, 3.3]
    nodes[2].biases = [0.125]
    return Plot(
      NetworkPlot(
        title: "solver", nodes: nodes,
        edges: [
          .init(source: 0, target: 1, weights: [-6.2, 5.9, 0.02, 4.8, 6.5, -3.1]),
          .init(source: 1, target: 2, weights: [1, -2.25, 3]),
        ]))
  }

  /// A connection that skips two layers.
  static var skip: Plot {
    let nodes = [
      node("inp", "input", 16), node("first", "dense", 32), node("second", "dense", 32),
      node("out", "dense", 10),
    ]
    return Plot(
      NetworkPlot(
        title: "residual", nodes: nodes,
        edges: [
          .init(source: 0, target: 1), .init(source: 1, target: 2), .init(source: 2, target: 3),
          .init(source: 0, target: 3), .init(source: 1, target: 3, label: "identity"),
        ]))
  }

  /// Two inputs, two branches that share one, and a layer where they meet.
  static var branches: Plot {
    let nodes = [
      node("image", "input", 64), node("text", "input", 20), node("eyes", "dense", 24),
      node("words", "dense", 12), node("both", "dense", 16), node("out", "dense", 4),
    ]
    return Plot(
      NetworkPlot(
        title: "fusion", nodes: nodes,
        edges: [
          .init(source: 0, target: 2), .init(source: 1, target: 3), .init(source: 0, target: 3),
          .init(source: 2, target: 4), .init(source: 3, target: 4), .init(source: 4, target: 5),
          .init(source: 1, target: 5),
        ]))
  }

  /// The same unit by unit, with what each gives for a row.
  static var circles: Plot {
    guard var plot = chain.content as? NetworkPlot else { return chain }
    plot.title = "solver on sample 2 of xor"
    plot.showsUnits = true
    for (index, values) in [[1, 0], [0.0011, 0.9918, 0.964], [0.9692]].enumerated() {
      plot.nodes[index].values = values
    }
    return Plot(plot)
  }

  /// Units one by one, and weights without numbers.
  static var manyCircles: Plot {
    let nodes = [
      node("inp", "input", 5), node("hid", "dense", 6), node("side", "dense", 2), node("out", "dense", 2),
    ]
    var plot = NetworkPlot(
      title: "wide", nodes: nodes,
      edges: [
        .init(source: 0, target: 1, weights: (0..<30).map { Double($0 % 7) - 3 }),
        .init(source: 0, target: 2, weights: (0..<10).map { Double($0 % 3) - 1 }),
        .init(source: 1, target: 3, weights: (0..<12).map { Double($0) / 4 - 1 }),
        .init(source: 2, target: 3, label: "one", weights: [0.5, -0.5]),
        .init(source: 1, target: 1, weights: [1, 1, 1, 1, 1, 1], isDelayed: true),
      ])
    plot.showsUnits = true
    return Plot(plot)
  }

  /// 7 times 1, 3 times 0, and a bias of -2.
  static let neuron = Plot(
    NeuronPlot(
      title: "unit 0 of out, sample 2 of either",
      inputs: [.init(name: "x1", value: 1, weight: 7), .init(name: "x2", value: 0, weight: 3)], bias: -2,
      sum: 5,
      activation: "sigmoid", output: 0.9933071))

  /// More inputs than are drawn.
  static let largeNeuron = Plot(
    NeuronPlot(
      title: "unit 3 of hid, sample 0 of digits",
      inputs: (0..<64).map { .init(name: "p\($0)", value: Double($0 % 5), weight: Double($0 % 3) - 1) },
      bias: nil,
      sum: -2, activation: "relu", output: 0))

  /// A bowl, and a way to its bottom.
  static let descent: Plot = {
    func loss(_ w: Double, _ b: Double) -> Double {
      pow(w - 2, 2) * 3 + pow(b - 1, 2) + (w - 2) * (b - 1) + 0.01
    }
    let size = 25
    let losses = (0..<size * size).map { loss(Double($0 % size) / 6 - 1, Double($0 / size) / 6 - 1) }
    var (w, b) = (0.0, 0.0)
    let path = (0...30).map { _ -> DescentPlot.Step in
      let step = DescentPlot.Step(x: w, y: b, loss: loss(w, b))
      (w, b) = (w - 0.08 * (6 * (w - 2) + b - 1), b - 0.08 * (2 * (b - 1) + w - 2))
      return step
    }
    return Plot(
      DescentPlot(
        title: "line on points", xLabel: "out.weights[0, 0]", yLabel: "out.bias[0]", xRange: -1...3,
        yRange: -1...3,
        gridColumns: size, losses: losses, path: path, rate: 0.08))
  }()

  /// Losses that are not there, and no way.
  static let gaps: Plot = {
    let losses = (0..<100).map { $0 % 7 == 0 ? Double.nan : Double($0) }
    return Plot(
      DescentPlot(
        title: "n on d", xLabel: "a", yLabel: "b", xRange: 0...1, yRange: -5...5, gridColumns: 10,
        losses: losses,
        path: [.init(x: 0.5, y: 0, loss: 40)], rate: 0.1))
  }()
}
