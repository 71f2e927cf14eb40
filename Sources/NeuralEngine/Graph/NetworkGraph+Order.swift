public import Foundations

/// What a layer needs before it can be computed.
package struct Dependency: Sendable, Equatable {
  /// The layer that it needs.
  package let source: String
  /// The edge that it comes by, or that it multiplies.
  package let edge: Edge
  /// Whether it is the gate of the edge, and not its source.
  package var isGate = false
}

extension NetworkGraph {
  /// What a layer depends on within a step, in the order of its edges: their sources and their gates, unless these are of
  /// a step before. Whoever asks how layers hang together asks here: an edge that depends on more than its source is then
  /// forgotten nowhere.
  package func dependencies(of layer: String) -> [Dependency] {
    edges(into: layer).flatMap { edge -> [Dependency] in
      let source = edge.delay == 0 ? [Dependency(source: edge.source, edge: edge)] : []
      guard !gates.isEmpty, let gate = gate(on: edge), gate.delay == 0 else { return source }
      return source + [Dependency(source: gate.gater, edge: edge, isGate: true)]
    }
  }

  /// The layers that depend on a layer within a step.
  package func dependents(of layer: String) -> [String] {
    edges.filter { $0.source == layer && $0.delay == 0 }.map(\.target)
      + gates.filter { $0.gater == layer && $0.delay == 0 }.map(\.target)
  }

  /// The layers in an order in which each comes after all that lead to it.
  ///
  /// - Throws: `incomplete-network` when data cannot flow from an input to an output through every layer.
  public func sorted() throws(CodedError) -> [Layer] {
    try checkComplete()
    var open = Dictionary(uniqueKeysWithValues: layers.map { ($0.name, dependencies(of: $0.name).count) })
    var order: [Layer] = []
    // Taking the first ready layer in the order of their addition keeps the order stable; there is no
    // cycle, so some layer is always ready.
    while order.count < layers.count, let next = layers.first(where: { open[$0.name] == 0 }) {
      order.append(next)
      open[next.name] = nil
      for target in dependents(of: next.name) { open[target]? -= 1 }
    }
    return order
  }

  private func checkComplete() throws(CodedError) {
    if layers.isEmpty {
      throw CodedError(
        .incompleteNetwork, "The network has no layers. Begin with an input: layer inp input 2",
        suggestion: "layer inp input 2")
    }
    if inputs.isEmpty {
      throw CodedError(
        .incompleteNetwork, "The network has no input layer. Add one: layer inp input 2",
        suggestion: "layer inp input 2")
    }
    if outputs.isEmpty {
      throw CodedError(
        .incompleteNetwork, "The network has only inputs. Add a layer: layer out dense 1 sigmoid",
        suggestion: "layer out dense 1 sigmoid")
    }
    for layer in layers where !layer.isInput && !edges.contains(where: { $0.target == layer.name }) {
      throw CodedError(
        .incompleteNetwork,
        "Nothing leads to `\(layer.name)`. Connect it, as in `connect \(neighbour(of: layer)) -> \(layer.name)`, "
          + "or connect all layers in order: connect all", suggestion: "connect all")
    }
    let gaters = Set(gates.map(\.gater))
    for layer in inputs
    where !gaters.contains(layer.name) && !edges.contains(where: { $0.source == layer.name }) {
      throw CodedError(
        .incompleteNetwork, "The input `\(layer.name)` leads nowhere. Connect it to a layer: connect all",
        suggestion: "connect all")
    }
  }

  /// The layer that was added before this one, as the likeliest to lead to it.
  private func neighbour(of layer: Layer) -> String {
    let index = layers.firstIndex(of: layer) ?? 0
    return layers[max(0, index - 1)].name
  }
}
