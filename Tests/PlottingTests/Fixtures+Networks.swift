import Outputs

extension Fixtures {
  private static func node(_ name: String, _ detail: String, _ units: Int) -> NetworkPlot.Node {
    .init(name: name, detail: "\(detail) \(units)", units: units)
  }

  /// Input, hidden layer, output, with their weights.
  static var chain: Plot {
    var nodes = [node("inp", "input", 2), node("hid", "dense", 3), node("out", "dense", 1)]
    nodes[1].biases = [-2.9, 0.4, 3.3]
    nodes[2].biases = [0.125]
    return .network(
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
    return .network(
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
    return .network(
      NetworkPlot(
        title: "fusion", nodes: nodes,
        edges: [
          .init(source: 0, target: 2), .init(source: 1, target: 3), .init(source: 0, target: 3),
          .init(source: 2, target: 4), .init(source: 3, target: 4), .init(source: 4, target: 5),
          .init(source: 1, target: 5),
        ]))
  }
}
