public import Foundations

/// The layers of a network, the edges between them and the gates on these: a directed graph whose cycles all have an edge
/// that goes from one step to a later one.
///
/// A value: a change that is refused leaves the graph as it was, and a copy is a snapshot.
///
/// ```swift
/// var graph = NetworkGraph()
/// try graph.add(Layer(name: "inp", kind: .input(size: 2)))
/// try graph.add(Layer(name: "out", kind: .dense(units: 1, activation: .sigmoid)))
/// try graph.connect(Edge(from: "inp", to: "out"))
/// let width = graph.outputWidth  // 1
/// ```
public struct NetworkGraph: Sendable, Equatable {
  /// The layers, in the order in which they were added.
  public private(set) var layers: [Layer] = []
  /// The edges, in the order in which they were drawn.
  public private(set) var edges: [Edge] = []
  /// The gates on edges, in the order in which they were set.
  public private(set) var gates: [Gate] = []

  /// What each layer gives for one row, as far as the edges tell.
  private(set) var given: [String: Incoming] = [:]

  /// Creates a graph with nothing in it.
  public init() {}

  /// The layer of a name.
  public func layer(_ name: String) -> Layer? {
    // By its place: to hand each layer to a closure would copy it, and networks are built of thousands of layers.
    layers.withUnsafeBufferPointer { layers in
      layers.indices.first { layers[$0].name == name }.map { layers[$0] }
    }
  }

  /// The edges that lead to a layer.
  public func edges(into layer: String) -> [Edge] {
    edges.withUnsafeBufferPointer { edges in
      edges.indices.compactMap { edges[$0].target == layer ? edges[$0] : nil }
    }
  }

  /// The layers that data enters by, in the order in which they were added: the columns of the inputs are
  /// dealt out to them in that order.
  public var inputs: [Layer] { layers.filter(\.isInput) }

  /// The layers that nothing follows but themselves, in the order in which they were added: their columns side by side
  /// are the network's output. Where there is none, because the last ones are read again a step later, those that are
  /// followed at later steps alone.
  public var outputs: [Layer] {
    let gaters = gates.isEmpty ? [] : Set(gates.map(\.gater))
    func sinks(_ follows: (Edge) -> Bool) -> [Layer] {
      let sources = Set(edges.lazy.filter(follows).map(\.source))
      return layers.filter { !$0.isInput && !sources.contains($0.name) && !gaters.contains($0.name) }
    }
    let last = sinks { $0.source != $0.target }
    return last.isEmpty && edges.contains { $0.delay > 0 } ? sinks { $0.delay == 0 } : last
  }

  /// Whether something is kept from one step to the next, or multiplied by a gate.
  public var hasMemory: Bool { edges.contains { $0.delay > 0 } || !gates.isEmpty }

  /// How many numbers a row of inputs has.
  public var inputWidth: Int { inputs.reduce(0) { $0 + width(of: $1) } }

  /// How many numbers a row of outputs has.
  public var outputWidth: Int { outputs.reduce(0) { $0 + width(of: $1) } }

  /// How many answers the outputs hold for a row: one, or one a step where the one output layer gives a sequence.
  public var outputSteps: Int {
    let outputs = outputs
    return outputs.count == 1 ? steps(of: outputs[0]) : 1
  }

  /// How many answers to a row are compared with targets: one, or one a step where all output layers give as many.
  var comparedSteps: Int {
    let steps = Set(outputs.map { self.steps(of: $0) })
    return steps.count == 1 ? steps.first ?? 1 : 1
  }

  /// How many steps a layer gives for a row: 1 where it gives no sequence.
  func steps(of layer: Layer) -> Int {
    guard let given = given[layer.name], given.isSequence, given.shape.count == 2 else { return 1 }
    return given.shape[0]
  }

  /// The shape of what a layer gives for one row; nil while that hangs on edges that are not there.
  public func shape(of layer: Layer) -> [Int]? { given[layer.name]?.shape }

  /// How many numbers a layer gives for one row; 0 while that hangs on edges that are not there.
  public func width(of layer: Layer) -> Int { width(ofLayer: layer.name) }

  /// How many numbers the layer of a name gives for one row.
  func width(ofLayer name: String) -> Int { given[name]?.shape.reduce(1, *) ?? 0 }

  /// What a layer's edges bring it, as one array; nil for an input, and for a dense layer that adds up the sums of
  /// several edges.
  package func feed(of layer: Layer) -> Incoming? {
    let edges = edges(into: layer.name)
    if layer.isDense, merge(into: layer) == nil { return nil }
    return try? merged(incoming(edges), merge(into: layer), into: layer.name, kind: layer.kindName)
  }

  /// How several edges into a layer become one input.
  package func merge(into layer: Layer) -> Merge? { edges(into: layer.name).lazy.compactMap(\.merge).first }

  /// Adds a layer.
  ///
  /// - Throws: `duplicate-layer` when the name is taken, `bad-value` or `too-large` for its numbers, `bad-activation`.
  public mutating func add(_ layer: Layer) throws(CodedError) {
    if let taken = self.layer(layer.name) {
      let shape = shape(of: taken).map { ", \($0.sizesText)" } ?? ""
      throw CodedError(
        .duplicateLayer,
        "There is already a layer `\(layer.name)` (\(taken.kindName)\(shape)). "
          + "Choose another name, or remove it first: delete \(layer.name)",
        suggestion: "delete \(layer.name)")
    }
    try layer.check()
    var grown = self
    grown.layers.append(layer)
    // Nothing leads to it yet, or from it.
    grown.given =
      grown.takesAnyLength ? try grown.inferred() : try NetworkGraph().inferred(of: [layer], besides: given)
    self = grown
  }

  /// Puts a layer in the place of the one of its name, whose edges it takes over.
  ///
  /// - Throws: what ``add(_:)`` and ``connect(_:)-([Edge])`` throw, where the edges do not fit it.
  public mutating func replace(_ layer: Layer) throws(CodedError) {
    guard let place = layers.firstIndex(where: { $0.name == layer.name }) else { return try add(layer) }
    guard layers[place] != layer else { return }
    try layer.check()
    if layer.isInput, !edges(into: layer.name).isEmpty {
      throw CodedError(
        .badEdge,
        "Edges lead to `\(layer.name)`, so it cannot become an input layer. Remove it first: delete \(layer.name)",
        suggestion: "delete \(layer.name)")
    }
    var changed = self
    changed.layers[place] = layer
    changed.given = try changed.inferred()
    try changed.checkWeights(changedFrom: self)
    for edge in edges(into: layer.name) { try changed.checkWeights(edge) }
    self = changed
  }

  /// The same graph with inputs of other kinds, such as other shapes.
  func withInputs(_ kind: (Layer) -> Layer.Kind?) throws(CodedError) -> NetworkGraph {
    try withKinds { $0.isInput ? kind($0) : nil }
  }

  /// The same graph with layers of other kinds, that have as many parameters.
  func withKinds(_ kind: (Layer) -> Layer.Kind?) throws(CodedError) -> NetworkGraph {
    var changed = self
    for (place, layer) in layers.enumerated() {
      if let kind = kind(layer) { changed.layers[place] = Layer(name: layer.name, kind: kind) }
    }
    changed.given = try changed.inferred()
    return changed
  }

  /// Removes a layer and its edges.
  ///
  /// - Throws: what another layer finds wrong with what is left to lead to it: the shape of several inputs merged
  ///   may hang on each of them.
  public mutating func remove(layer name: String) throws(CodedError) {
    var shrunk = self
    shrunk.layers.removeAll { $0.name == name }
    shrunk.edges.removeAll { $0.source == name || $0.target == name }
    shrunk.gates.removeAll { [$0.source, $0.target, $0.gater].contains(name) }
    shrunk.given = try shrunk.inferred()
    try shrunk.checkWeights(changedFrom: self)
    self = shrunk
  }

  /// Draws an edge.
  ///
  /// - Throws: `unknown-layer`, `bad-edge` (into an input), `duplicate-edge`, `cycle`, or what ``Layer`` finds wrong
  ///   with the shapes.
  public mutating func connect(_ edge: Edge) throws(CodedError) { try connect([edge]) }

  /// Draws several edges at once, as those that are merged must be: no shape fits before all are there.
  ///
  /// - Throws: what ``connect(_:)-(Edge)`` throws, and then none of them is drawn.
  public mutating func connect(_ edges: [Edge]) throws(CodedError) {
    var grown = self
    for edge in edges {
      if Cancellation.isRequested() {
        throw CodedError(.interrupted, "This was stopped before all edges were drawn.")
      }
      try grown.check(edge)
      grown.edges.append(edge)
    }
    grown.given = try grown.inferred()
    try grown.checkWeights(changedFrom: self)
    self = grown
  }

  private func check(_ edge: Edge) throws(CodedError) {
    let source = try known(edge.source)
    let target = try known(edge.target)
    if target.isInput {
      throw CodedError(
        .badEdge, "`\(target.name)` is an input layer, and no edge can lead to it.")
    }
    if edges.contains(where: {
      $0.source == edge.source && $0.target == edge.target && ($0.type == .carry) == (edge.type == .carry)
    }) {
      throw CodedError(
        .duplicateEdge,
        "`\(edge.source)` is already connected to `\(edge.target)`, and only one edge is possible"
          + (edge.source == edge.target ? " besides a carry" : "") + ". Leave this one out.")
    }
    try checkDelay(edge, target)
    if edge.delay == 0, let path = path(from: edge.target, to: edge.source) {
      let circle = (path + [edge.target]).joined(separator: " -> ")
      guard target.isDense, edge.merge == nil else {
        throw CodedError(
          .cycle,
          "The edge \(edge.description) would close a cycle within one step: \(circle). Only an edge into a dense layer "
            + "that adds up what comes can read the step before. Leave this one out.")
      }
      throw CodedError(
        .cycle,
        "The edge \(edge.description) would close a cycle within one step: \(circle). On each cycle, an edge has to "
          + "read the step before: connect \(edge.description) delay=1",
        suggestion: "connect \(edge.description) delay=1")
    }
    try checkType(edge, source, target)
  }

  /// Sets a gate.
  ///
  /// - Throws: `unknown-layer`, `bad-gate` where the edge is not there, has a gate, or is none that can have one,
  ///   `shape-mismatch` for another number of units, `cycle`.
  public mutating func add(_ gate: Gate) throws(CodedError) {
    let gater = try known(gate.gater)
    let (source, target) = (try known(gate.source), try known(gate.target))
    guard let edge = edge(of: gate) else {
      throw CodedError(
        .badGate,
        "There is no edge \(source.name) -> \(target.name) for `\(gater.name)` to multiply. "
          + "Connect it first: connect \(source.name) -> \(target.name)",
        suggestion: "connect \(source.name) -> \(target.name)")
    }
    guard target.isDense, edge.merge == nil else {
      throw CodedError(
        .badGate,
        "A gate multiplies the weights of an edge into a dense layer, and `\(target.name)` is "
          + "\(edge.merge == nil ? target.kindName.withArticle : "given merge=").")
    }
    if let other = gates.first(where: { $0.isOn(edge) }) {
      throw CodedError(
        .badGate, "The edge \(edge.description) has a gate already, `\(other.gater)`, and can have only one.")
    }
    if gate.delay == 0, gater.name == target.name || path(from: target.name, to: gater.name) != nil {
      throw CodedError(
        .cycle,
        "`\(gater.name)` needs `\(target.name)` within the same step, and cannot multiply what leads to it. "
          + "It can with its activations of the step before: "
          + "gate \(gate.description) delay=1", suggestion: "gate \(gate.description) delay=1")
    }
    var grown = self
    grown.gates.append(gate)
    try grown.checkWidths(of: gate)
    self = grown
  }

  func known(_ name: String) throws(CodedError) -> Layer {
    guard let layer = layer(name) else {
      throw CodedError(.unknownLayer, "The network has no layer `\(name)`.")
    }
    return layer
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
      for target in dependents(of: here) where cameFrom[target] == nil {
        cameFrom[target] = here
        waiting.append(target)
      }
    }
    return nil
  }
}
