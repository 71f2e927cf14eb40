import NeuralEngine

/// What the cell that runs has said of networks so far, by which a cell that is run again is told from a name that is
/// taken.
struct NetworkEdits {
  /// A network with layers that the cell named with `net` and has added nothing to yet, and the defaults that `net` gave it.
  private var begun: (network: Network, defaults: TrainingDefaults)?
  /// The layers that the cell has added.
  private var added: [(network: ObjectIdentifier, layer: String)] = []

  /// Notes a `net` of a network that there was before.
  mutating func begin(_ network: Network, defaults: TrainingDefaults) {
    begun = network.graph.layers.isEmpty ? nil : (network, defaults)
  }

  /// The defaults of a network that the cell builds again: `net` stood first, and its first layer is one that the network
  /// has.
  func defaultsForRebuilding(_ network: Network, with layer: String) -> TrainingDefaults? {
    guard let begun, begun.network === network, network.graph.layer(layer) != nil else { return nil }
    return begun.defaults
  }

  /// Whether the cell itself has added the layer.
  func hasAdded(_ layer: String, to network: Network) -> Bool {
    added.contains { $0.network == ObjectIdentifier(network) && $0.layer == layer }
  }

  /// Notes a layer.
  mutating func add(_ layer: String, to network: Network) {
    begun = nil
    added.append((ObjectIdentifier(network), layer))
  }
}
