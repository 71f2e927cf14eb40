import NeuralEngine

extension NetworkGraph {
  /// The first thing in which this graph, out of a file, differs from the one that is here; nil where both are
  /// alike. What weights began with does not count.
  func difference(from here: NetworkGraph) -> String? {
    let names = layers.map(\.name)
    let known = here.layers.map(\.name)
    if let name = names.first(where: { !known.contains($0) }) {
      return "it has a layer `\(name)`, and this one has none"
    }
    if let name = known.first(where: { !names.contains($0) }) { return "it has no layer `\(name)`" }
    guard names == known else { return "its layers come in the order \(names.joined(separator: ", "))" }
    for (layer, other) in zip(layers, here.layers) where layer != other {
      let (theirs, ours) = (words(for: layer), here.words(for: other))
      return theirs == ours
        ? "its `\(layer.name)` (\(theirs)) was made with other options"
        : "its `\(layer.name)` is \(theirs), not \(ours)"
    }
    return edgeDifference(from: here)
  }

  private func edgeDifference(from here: NetworkGraph) -> String? {
    for edge in edges where !here.edges.contains(where: { $0.isAlike(edge) }) {
      return here.edges.contains { $0.description == edge.description }
        ? "its edge \(edge.description) was drawn with other options"
        : "it has an edge \(edge.description), and this one has none"
    }
    if let edge = here.edges.first(where: { edge in !edges.contains { $0.isAlike(edge) } }) {
      return "it has no edge \(edge.description)"
    }
    // Inputs of a layer are taken in the order in which they were drawn.
    return zip(edges, here.edges).allSatisfy { $0.isAlike($1) }
      ? nil : "its edges were drawn in another order"
  }

  /// `dense, 3, sigmoid`
  private func words(for layer: Layer) -> String {
    var words = [layer.kindName]
    if let shape = shape(of: layer) { words.append(shape.shapeWords) }
    if layer.hasActivation { words.append(layer.activation.rawValue) }
    return words.joined(separator: ", ")
  }
}

extension Edge {
  fileprivate func isAlike(_ other: Edge) -> Bool {
    source == other.source && target == other.target && type == other.type && merge == other.merge
      && isTrainable == other.isTrainable
  }
}
