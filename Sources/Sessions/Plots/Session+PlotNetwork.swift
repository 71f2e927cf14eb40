import Diagnostics
import NeuralEngine
import Outputs

extension Session {
  /// The current network as it stands, complete or not; its weights where it has any.
  func networkPlot(_ arguments: CommandArguments) throws -> NetworkPlot {
    let network = try currentNetwork(at: arguments.span)
    let graph = network.graph
    guard !graph.layers.isEmpty else {
      throw Diagnostic(
        "nothing-to-plot", "`\(network.name)` has no layers yet. Add one: layer inp input 2",
        at: arguments.span)
    }
    let parameters = Dictionary(
      (network.parameters ?? []).map { ($0.slice.key, $0.values) }, uniquingKeysWith: { first, _ in first })
    let nodes = graph.layers.map { layer in
      NetworkPlot.Node(
        name: layer.name, detail: layer.words(graph), units: graph.width(of: layer),
        biases: parameters[ParameterKey(layer: layer.name, role: .bias)])
    }
    let places = Dictionary(
      graph.layers.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let edges = graph.edges.compactMap { edge -> NetworkPlot.Edge? in
      guard let source = places[edge.source], let target = places[edge.target] else { return nil }
      return NetworkPlot.Edge(
        source: source, target: target, label: edge.type == .full ? nil : edge.type.rawValue,
        weights: parameters[.weights(of: edge)])
    }
    return NetworkPlot(title: network.name, nodes: nodes, edges: edges)
  }
}

extension Layer {
  /// `input 2`, `dense 3 sigmoid`, `conv2d 24x24x32 relu`
  fileprivate func words(_ graph: NetworkGraph) -> String {
    let shape = graph.shape(of: self).map { " " + $0.shapeWords } ?? ""
    return kindName + shape + (hasActivation ? " \(activation.rawValue)" : "")
  }
}
