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
    let places = Dictionary(uniqueKeysWithValues: layers.enumerated().map { ($1.name, $0) })
    // What ``dependencies(of:)`` and ``dependents(of:)`` tell of one layer, for all at once.
    var open = [Int](repeating: 0, count: layers.count)
    var dependents = [[Int]](repeating: [], count: layers.count)
    func note(_ source: String, _ target: String) {
      guard let source = places[source], let target = places[target] else { return }
      open[target] += 1
      dependents[source].append(target)
    }
    for edge in edges where edge.delay == 0 { note(edge.source, edge.target) }
    for gate in gates where gate.delay == 0 { note(gate.gater, gate.target) }
    // Taking the first ready layer in the order of their addition keeps the order stable; there is no
    // cycle, so some layer is always ready. The first stands last, where it is taken off.
    var ready = Array(open.indices.filter { open[$0] == 0 }.reversed())
    var order: [Layer] = []
    while let next = ready.popLast() {
      order.append(layers[next])
      for target in dependents[next] {
        open[target] -= 1
        guard open[target] == 0 else { continue }
        var (low, high) = (0, ready.count)
        while low < high {
          let middle = (low + high) / 2
          if ready[middle] > target { low = middle + 1 } else { high = middle }
        }
        ready.insert(target, at: low)
      }
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
    let (sources, targets) = (Set(edges.map(\.source)), Set(edges.map(\.target)))
    for layer in layers where !layer.isInput && !targets.contains(layer.name) {
      throw CodedError(
        .incompleteNetwork,
        "Nothing leads to `\(layer.name)`. Connect it, as in `connect \(neighbour(of: layer)) -> \(layer.name)`, "
          + "or connect all layers in order: connect all", suggestion: "connect all")
    }
    let gaters = Set(gates.map(\.gater))
    for layer in inputs
    where !gaters.contains(layer.name) && !sources.contains(layer.name) {
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
