/// The layers of a network and the edges between them: a directed graph without cycles.
///
/// A value: a change that is refused leaves the graph as it was, and a copy is a snapshot.
public struct NetworkGraph: Sendable, Equatable {
  /// The layers, in the order in which they were added.
  public private(set) var layers: [Layer] = []
  /// The edges, in the order in which they were drawn.
  public private(set) var edges: [Edge] = []

  /// Creates a graph with nothing in it.
  public init() {}

  /// The layer of a name.
  public func layer(_ name: String) -> Layer? { layers.first { $0.name == name } }

  /// The edges that lead to a layer.
  public func edges(into layer: String) -> [Edge] { edges.filter { $0.target == layer } }

  /// The layers that data enters by, in the order in which they were added: the columns of the inputs are
  /// dealt out to them in that order.
  public var inputs: [Layer] { layers.filter(\.isInput) }

  /// The layers that nothing follows, in the order in which they were added: their columns side by side
  /// are the network's output.
  public var outputs: [Layer] {
    layers.filter { layer in !layer.isInput && !edges.contains { $0.source == layer.name } }
  }

  /// How many numbers a row of inputs has.
  public var inputWidth: Int { inputs.reduce(0) { $0 + $1.width } }

  /// How many numbers a row of outputs has.
  public var outputWidth: Int { outputs.reduce(0) { $0 + $1.width } }

  /// Adds a layer.
  ///
  /// - Throws: `duplicate-layer` when the name is taken, `bad-value` or `too-large` for its width, `bad-activation`.
  public mutating func add(_ layer: Layer) throws(EngineError) {
    if let taken = self.layer(layer.name) {
      throw EngineError(
        "duplicate-layer",
        "There is a layer `\(layer.name)` already (\(taken.kindName), width \(taken.width)). "
          + "Choose another name, or remove it first: delete \(layer.name)",
        suggestion: "delete \(layer.name)")
    }
    guard layer.width > 0 else {
      throw EngineError(
        "bad-value", "`\(layer.name)` would have the width \(layer.width), but a layer has at least one unit."
      )
    }
    // Sums of widths are taken in many places, and cannot overflow once each of them fits in memory.
    try MemoryLimit.check([layer.width], bytesEach: 8, for: "One row of `\(layer.name)`")
    if case .dense(1, .softmax, _) = layer.kind {
      throw EngineError(
        "bad-activation",
        "softmax over one unit is always 1. For two classes use one sigmoid unit, or two softmax units.",
        suggestion: "sigmoid")
    }
    layers.append(layer)
  }

  /// Removes a layer and its edges.
  public mutating func remove(layer name: String) {
    layers.removeAll { $0.name == name }
    edges.removeAll { $0.source == name || $0.target == name }
  }

  /// Draws an edge.
  ///
  /// - Throws: `unknown-layer`, `bad-edge` (into an input), `duplicate-edge`, `shape-mismatch` or `cycle`.
  public mutating func connect(_ edge: Edge) throws(EngineError) {
    let source = try known(edge.source)
    let target = try known(edge.target)
    if target.isInput {
      throw EngineError(
        "bad-edge", "`\(target.name)` is an input: data enters there, and no edge can lead to it.")
    }
    if edges.contains(where: { $0.source == edge.source && $0.target == edge.target }) {
      throw EngineError(
        "duplicate-edge",
        "`\(edge.source)` is connected to `\(edge.target)` already, and one edge joins two layers. "
          + "Leave this one out.")
    }
    if let path = path(from: edge.target, to: edge.source) {
      let circle = (path + [edge.target]).joined(separator: " -> ")
      throw EngineError(
        "cycle", "This edge would close a cycle: \(circle). A network's edges lead from the inputs on.")
    }
    try checkWidths(edge, source, target)
    edges.append(edge)
  }

  private func known(_ name: String) throws(EngineError) -> Layer {
    guard let layer = layer(name) else {
      throw EngineError("unknown-layer", "The network has no layer `\(name)`.")
    }
    return layer
  }

  private func checkWidths(_ edge: Edge, _ source: Layer, _ target: Layer) throws(EngineError) {
    if edge.type != .full, source.width != target.width {
      throw EngineError(
        "shape-mismatch",
        "An edge of type `\(edge.type.rawValue)` joins equal widths, but `\(source.name)` gives "
          + "\(source.width) and `\(target.name)` takes \(target.width). Use type=full.",
        suggestion: "type=full")
    }
    if edge.type == .identity, edge.presetWeights != nil {
      throw EngineError("bad-edge", "An `identity` edge has no weights. Use type=one or type=full.")
    }
    if edge.type == .full {
      try MemoryLimit.check(
        [source.width, target.width], bytesEach: 4, for: "The weights of \(edge.description)")
    }
    let needed = edge.type == .full ? source.width * target.width : source.width
    if let given = edge.presetWeights?.count, given != needed {
      let shape = edge.type == .full ? "\(target.width)x\(source.width)" : "\(source.width)"
      throw EngineError(
        "shape-mismatch",
        "The edge \(edge.description) has \(shape) weights (\(needed)), but \(given) are given.")
    }
  }

  /// The layers on a way along the edges, both ends included; nil when there is none.
  func path(from start: String, to end: String) -> [String]? {
    var cameFrom: [String: String] = [start: start]
    var waiting = [start]
    while let here = waiting.popLast() {
      if here == end {
        var path = [end]
        while let last = path.last, last != start, let before = cameFrom[last] { path.append(before) }
        return path.reversed()
      }
      for edge in edges where edge.source == here && cameFrom[edge.target] == nil {
        cameFrom[edge.target] = here
        waiting.append(edge.target)
      }
    }
    return nil
  }
}
