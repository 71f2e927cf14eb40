import Foundations

extension NetworkGraph {
  /// What the edges bring; those whose sources have no shape yet are left out.
  func incoming(_ edges: [Edge]) -> [Incoming] { edges.compactMap { given[$0.source] } }

  /// Works out what all layers give anew, as far as the edges tell.
  ///
  /// - Throws: what a layer finds wrong with what leads to it.
  func inferred() throws(CodedError) -> [String: Incoming] { try inferred(of: layers, besides: [:]) }

  /// Works out what some layers give besides those that are known.
  func inferred(of layers: [Layer], besides given: [String: Incoming]) throws(CodedError) -> [String:
    Incoming]
  {
    let edges = Dictionary(grouping: edges, by: \.target)
    var known = given
    var waiting = layers
    var isGrowing = true
    while isGrowing {
      isGrowing = false
      var left: [Layer] = []
      for layer in waiting {
        let sources = edges[layer.name] ?? []
        let incoming = sources.compactMap { known[$0.source] }
        let merge = sources.lazy.compactMap(\.merge).first
        guard incoming.count == sources.count || layer.isDense,
          let shape = try layer.kind.base.outputShape(
            layer.name, incoming, merge: layer.isDense && incoming.count < sources.count ? nil : merge)
        else {
          left.append(layer)
          continue
        }
        try MemoryLimit.check(shape, bytesEach: 8, for: "One row of `\(layer.name)`")
        known[layer.name] = Incoming(
          name: layer.name, kind: layer.kindName, shape: shape,
          isSequence: layer.kind.base.givesSequence(incoming))
        isGrowing = true
      }
      waiting = left
    }
    return known
  }

  /// Refuses an edge whose type or merge its target has no use for.
  ///
  /// - Throws: `bad-edge`.
  func checkType(_ edge: Edge, _ source: Layer, _ target: Layer) throws(CodedError) {
    if edge.type == .identity, edge.presetWeights != nil {
      throw CodedError(.badEdge, "An `identity` edge has no weights. Use type=one or type=full.")
    }
    if edge.type != .full, !target.isDense || edge.merge != nil {
      throw CodedError(
        .badEdge,
        "type=\(edge.type.rawValue) is for an edge into a dense layer, and `\(target.name)` is "
          + "\(target.isDense ? "given merge=" : target.kindName.withArticle). Leave it out.",
        suggestion: "type=full")
    }
    if let other = edges(into: target.name).first, other.merge != edge.merge {
      let others = other.merge.map { "merge=\($0.rawValue)" } ?? "no merge="
      throw CodedError(
        .badEdge,
        "All edges into `\(target.name)` must have the same merge=, and \(other.description) has \(others). "
          + "Draw them together: connect {\(other.source) \(source.name)} -> \(target.name) merge=add",
        suggestion: "merge=\(other.merge?.rawValue ?? "add")")
    }
  }

  /// Checks the edges into all layers whose inputs are not what they were.
  ///
  /// - Throws: what ``checkWeights(_:)`` throws.
  func checkWeights(changedFrom old: NetworkGraph) throws(CodedError) {
    let old = (edges: Set(old.edges.map(\.description)), count: old.edges.count, given: old.given)
    let affected = Set(
      edges.lazy.filter { old.given[$0.source] != given[$0.source] || !old.edges.contains($0.description) }
        .map(\.target))
    // Where an edge was taken away, any layer may have lost one.
    let hasLost = edges.count < old.count
    for edge in edges where hasLost || affected.contains(edge.target) { try checkWeights(edge) }
  }

  /// Refuses an edge whose widths do not fit its type, or whose preset weights are not as many as it has.
  ///
  /// - Throws: `shape-mismatch`, `bad-edge` or `too-large`.
  func checkWeights(_ edge: Edge) throws(CodedError) {
    guard let source = layer(edge.source), let target = layer(edge.target), let from = shape(of: source)
    else {
      return
    }
    let (given, taken) = (from.reduce(1, *), width(of: target))
    if edge.type != .full, given != taken {
      throw CodedError(
        .shapeMismatch,
        "An edge of type `\(edge.type.rawValue)` needs equal widths, but `\(source.name)` gives "
          + "\(given) and `\(target.name)` takes \(taken). Use type=full.",
        suggestion: "type=full")
    }
    let shape = weightShape(of: edge, into: target)
    try MemoryLimit.check(shape, bytesEach: 4, for: "The weights of \(edge.description)")
    guard let preset = edge.presetWeights?.count else { return }
    guard !shape.isEmpty else {
      throw CodedError(
        .badEdge,
        "`\(target.name)` is \(target.kindName.withArticle), which has no weights of its own. Leave weights= out."
      )
    }
    let needed = shape.reduce(1, *)
    if preset != needed {
      throw CodedError(
        .shapeMismatch,
        "The edge \(edge.description) has \(shape.words) weights (\(needed)), but \(preset) are given.")
    }
  }

  /// The shape of the weights that an edge carries or feeds: rows for outputs. Empty where there are none.
  public func weightShape(of edge: Edge, into target: Layer) -> [Int] {
    guard let source = layer(edge.source) else { return [] }
    let kind = target.kind.base
    if !kind.hasWeightedEdges || edge.merge != nil {
      return kind.kernelShape(feed(of: target)?.shape ?? []) ?? []
    }
    switch edge.type {
    case .full: return kind.kernelShape(shape(of: source) ?? []) ?? []
    case .one: return [shape(of: source)?.last ?? 0]
    case .identity: return []
    }
  }
}
