package import NeuralEngine

/// What a network's parameters are called in a file: `hid/kernel` and `hid/bias`.
///
/// A layer that several edges with weights lead to has a kernel for each, told apart by where it comes from:
/// `out/kernel.hid`. Names of layers hold neither `/` nor `.`, so no two parameters share a name.
package struct ParameterNames {
  private let names: [ParameterKey: String]

  package init(_ graph: NetworkGraph) {
    var names: [ParameterKey: String] = [:]
    for layer in graph.layers {
      let weighted = graph.edges(into: layer.name).filter(\.hasWeights)
      for edge in weighted {
        let kernel = layer.name + "/kernel"
        names[.weights(of: edge)] = weighted.count > 1 ? kernel + "." + edge.source : kernel
      }
    }
    self.names = names
  }

  /// The name of the parameters that the engine knows by `key`; all but the weights of edges are called alike.
  package subscript(_ key: ParameterKey) -> String { names[key] ?? key.description }
}
