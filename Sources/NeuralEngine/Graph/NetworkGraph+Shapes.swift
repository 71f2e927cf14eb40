import Foundations

extension NetworkGraph {
  /// What the edges bring; those whose sources have no shape yet are left out.
  func incoming(_ edges: [Edge]) -> [Incoming] { edges.compactMap { given[$0.source] } }

  /// Works out what all layers give anew, as far as the edges tell.
  ///
  /// - Throws: what a layer finds wrong with what leads to it.
  func inferred() throws(CodedError) -> [String: Incoming] {
    takesAnyLength ? try inferredOverAnyLength() : try inferred(of: layers, besides: [:])
  }

  /// Works out what some layers give besides those that are known.
  func inferred(of layers: [Layer], besides given: [String: Incoming]) throws(CodedError) -> [String:
    Incoming]
  {
    var inference = ShapeInference(known: given, edges: Dictionary(grouping: edges, by: \.target))
    try run(&inference, over: layers)
    return inference.known
  }

  /// Works out what all layers give for two lengths at once.
  func inferred(of layers: [Layer], and others: [Layer]) throws(CodedError) -> (
    shorter: [String: Incoming], longer: [String: Incoming]
  ) {
    var inference = ShapeInference(known: [:], edges: Dictionary(grouping: edges, by: \.target))
    inference.longer = [:]
    inference.longInputs = Dictionary(uniqueKeysWithValues: others.filter(\.isInput).map { ($0.name, $0) })
    try run(&inference, over: layers)
    return (inference.known, inference.longer ?? [:])
  }

  private func run(_ inference: inout ShapeInference, over layers: [Layer]) throws(CodedError) {
    var waiting = layers
    while !waiting.isEmpty {
      var left: [Layer] = []
      for layer in waiting where try !inference.take(layer, .all) { left.append(layer) }
      // On a cycle, or where an edge is missing, a dense layer goes by what is known.
      if left.count == waiting.count {
        guard let place = try inference.firstTaken(of: left) else { break }
        left.remove(at: place)
      }
      waiting = left
    }
  }

  /// Refuses an edge whose type or merge its target has no use for.
  ///
  /// - Throws: `bad-edge`.
  func checkType(_ edge: Edge, _ source: Layer, _ target: Layer) throws(CodedError) {
    if !edge.hasWeights, edge.presetWeights != nil {
      throw CodedError(
        .badEdge,
        "\(edge.type == .carry ? "A `carry`" : "An `identity`") edge has no weights. Use type=one or type=full."
      )
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

  /// Refuses a delay that its target has no use for, and a type that is for a layer with itself between two.
  ///
  /// - Throws: `bad-edge`.
  func checkDelay(_ edge: Edge, _ target: Layer) throws(CodedError) {
    if edge.type.isOwn, edge.source != edge.target {
      throw CodedError(
        .badEdge,
        "type=\(edge.type.rawValue) joins a layer with itself, as in connect \(edge.target) -> \(edge.target) "
          + "type=\(edge.type.rawValue). Between two layers use type=full.", suggestion: "type=full")
    }
    if edge.type == .carry, edge.delay > 1 {
      throw CodedError(.badEdge, "A carry is of the step before: leave delay= out.")
    }
    guard edge.delay > 0, !target.isDense || edge.merge != nil else { return }
    throw CodedError(
      .badEdge,
      "An edge that reads an earlier step leads into a dense layer that adds up what comes, and `\(target.name)` is "
        + "\(target.isDense ? "given merge=" : target.kindName.withArticle).")
  }

  /// Refuses a gate of another width than what it multiplies.
  ///
  /// - Throws: `shape-mismatch`.
  func checkWidths(of gate: Gate) throws(CodedError) {
    let end = gate.place == .input ? gate.target : gate.source
    guard let own = given[gate.gater]?.shape, let other = given[end]?.shape, own != other else { return }
    // Whether a layer gives a sequence is not known before something leads to it.
    let areFed = [gate.gater, end].allSatisfy { layer($0).map(isFed) ?? true }
    if !areFed, own.last == other.last { return }
    let verb = gate.place == .input ? "comes into" : "goes out from"
    throw CodedError(
      .shapeMismatch,
      "The i-th unit of a gate multiplies what \(verb) the i-th unit of `\(end)`, but `\(gate.gater)` gives "
        + "\(own.sizesText) and `\(end)` \(other.sizesText). Give them the same number of units.")
  }

  /// Whether something leads to a layer, or enters by it: only then is it known whether it gives a sequence.
  private func isFed(_ layer: Layer) -> Bool {
    layer.isInput || edges.contains { $0.target == layer.name }
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
    for gate in gates { try checkWidths(of: gate) }
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
    if edge.delay > 0, isFed(source), let into = self.shape(of: target),
      from.dropLast() != into.dropLast()
        || self.given[source.name]?.anyLength != self.given[target.name]?.anyLength
    {
      throw CodedError(
        .shapeMismatch,
        "The edge \(edge.description) reads an earlier step, but `\(source.name)` gives \(shapeText(of: source) ?? from.sizesText) and "
          + "`\(target.name)` \(shapeText(of: target) ?? into.sizesText): both must be sequences of as many steps, or rows of features."
      )
    }
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
        "The edge \(edge.description) has \(shape.sizesText) weights (\(needed)), but \(preset) are given.")
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
    case .identity, .carry: return []
    case .others:
      let units = shape(of: source)?.last ?? 0
      return [units, max(0, units - 1)]
    }
  }
}

/// Works out the shapes of layers one after the other.
struct ShapeInference {
  /// What each layer gives, as far as it is known.
  private(set) var known: [String: Incoming]
  /// The edges by the layer that they lead to.
  let edges: [String: [Edge]]
  /// What each layer gives for longer sequences, and the inputs that these enter by; nil where lengths are fixed.
  var longer: [String: Incoming]?
  var longInputs: [String: Layer] = [:]

  init(known: [String: Incoming], edges: [String: [Edge]]) { (self.known, self.edges) = (known, edges) }

  /// How much of what leads to a layer has to be known.
  enum Need { case all, some, nothing }

  /// Takes a layer up if enough is known of what leads to it.
  mutating func take(_ layer: Layer, _ need: Need) throws(CodedError) -> Bool {
    let sources = edges[layer.name] ?? []
    let now = sources.filter { $0.delay == 0 }
    // What is of a step before counts only for a layer that has nothing else.
    let incoming = (now.isEmpty ? sources : now).compactMap { known[$0.source] }
    switch need {
    case .all:
      guard now.isEmpty ? sources.isEmpty || !incoming.isEmpty : incoming.count == now.count else {
        return false
      }
    case .some:
      guard layer.isDense, sources.contains(where: { known[$0.source] != nil }) else { return false }
    case .nothing: guard layer.isDense else { return false }
    }
    let merge =
      layer.isDense && incoming.count < now.count ? nil : sources.lazy.compactMap(\.merge).first
    let long = longer.map { longer in (now.isEmpty ? sources : now).compactMap { longer[$0.source] } }
    if let long { try ShapeInference.check(layer, gives: nil, from: (incoming, long)) }
    let kind = layer.kind.base
    guard let shape = try kind.outputShape(layer.name, incoming, merge: merge) else { return false }
    let isSequence = kind.givesSequence(incoming)
    if let long {
      guard
        let other = try (longInputs[layer.name] ?? layer).kind.base.outputShape(
          layer.name, long, merge: merge)
      else { return false }
      try ShapeInference.check(layer, gives: (shape, other), from: (incoming, long))
      longer?[layer.name] = Incoming(
        name: layer.name, kind: layer.kindName, shape: other, isSequence: isSequence)
    } else {
      try MemoryLimit.check(shape, bytesEach: 8, for: "One row of `\(layer.name)`")
    }
    known[layer.name] = Incoming(
      name: layer.name, kind: layer.kindName, shape: shape, isSequence: isSequence)
    return true
  }

  /// Takes up the first layer that can do with a part of what leads to it; its place, or nil where there is none.
  mutating func firstTaken(of layers: [Layer]) throws(CodedError) -> Int? {
    for need in [Need.some, .nothing] {
      for (place, layer) in layers.enumerated() where try take(layer, need) { return place }
    }
    return nil
  }
}
