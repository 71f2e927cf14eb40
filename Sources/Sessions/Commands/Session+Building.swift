import Diagnostics
import Language
import NeuralEngine
import Outputs

extension Session {
  func startNetwork(_ arguments: CommandArguments, _ context: ExecutionContext) throws {
    let name = try arguments.requiredName("name")
    try claim(name, for: .network, at: arguments.span("name"))
    let given = try trainingDefaults(
      arguments, context, base: state.networks[name]?.defaults ?? TrainingDefaults())
    let network = state.networks[name] ?? Network(name: name)
    network.defaults = given
    state.networks[name] = network
    state.current = network
  }

  func addLayer(_ arguments: CommandArguments, _ context: ExecutionContext) throws {
    let name = try arguments.requiredName("name")
    let network = try currentNetwork(at: arguments.span)
    let layer = try layer(name, arguments, context)
    try locating(arguments.span) { try network.edit { (graph) throws(EngineError) in try graph.add(layer) } }
    noteDiscarded(network, at: arguments.span, context)
    if state.holder(of: name) == .variable {
      context.emit(
        .notice(
          located(
            Diagnostic(
              "hidden-layer",
              "The variable `\(name)` hides this layer: write `\(network.name).\(name)` to reach the layer by name.",
              at: arguments.span("name"), severity: .notice))))
    }
  }

  /// Draws all the edges of a chain, or none.
  func connect(_ arguments: CommandArguments, _ context: ExecutionContext) throws {
    let network = try currentNetwork(at: arguments.span)
    guard case .chain(let chain)? = arguments.command.values["layers"]?.kind else { return }
    let groups = chain ?? network.graph.layers.map { [Identifier($0.name, arguments.span)] }
    if groups.count < 2 {
      throw Diagnostic(
        "bad-chain", "`connect all` joins the layers in a row, and there are fewer than two.",
        at: arguments.span)
    }
    for identifier in groups.joined() { try checkLayer(identifier, in: network) }
    let type = arguments.choice("type").flatMap(EdgeType.init(rawValue:)) ?? .full
    let isTrainable = try arguments.boolean("trainable", context) ?? true
    let weights = try arguments.value("weights", context)?.array(at: arguments.span("weights"))
    let merge = arguments.choice("merge").flatMap(Merge.init(rawValue:))
    try locating(arguments.span) {
      try network.edit { (graph) throws(EngineError) in
        for (sources, targets) in zip(groups, groups.dropFirst()) {
          for target in targets {
            let edges = sources.map {
              Edge(from: $0.name, to: target.name, type: type, isTrainable: isTrainable, merge: merge)
            }
            if let weights {
              try graph.connect(weights.preset(edges, in: graph))
            } else {
              try graph.connect(edges)
            }
          }
        }
      }
    }
    noteDiscarded(network, at: arguments.span, context)
  }

  /// Says which trained weights a change of the network has cost.
  func noteDiscarded(_ network: Network, at span: SourceSpan, _ context: ExecutionContext) {
    let layers = network.takeDiscarded()
    guard !layers.isEmpty else { return }
    let names = layers.map { "`\($0)`" }.joined(separator: ", ")
    context.emit(
      .notice(
        located(
          Diagnostic(
            "weights-discarded",
            "What leads to \(names) has changed, so \(layers.count == 1 ? "its" : "their") trained weights are discarded: new "
              + "ones are drawn. The weights of the other layers are kept.", at: span, severity: .notice))))
  }

  private func checkLayer(_ identifier: Identifier, in network: Network) throws {
    let names = network.graph.layers.map(\.name)
    guard !names.contains(identifier.name) else { return }
    let nearest = DidYouMean.nearest(to: identifier.name, among: names)
    throw Diagnostic(
      "unknown-layer",
      "The network `\(network.name)` has no layer `\(identifier.name)`."
        + (nearest.map { " Did you mean `\($0)`?" }
          ?? " It has \(names.isEmpty ? "none" : names.joined(separator: ", "))."),
      at: identifier.span, suggestion: nearest)
  }

  /// Removes whatever holds a name: a data set, a network, a variable, a layer of the current network, or a
  /// series.
  func delete(_ arguments: CommandArguments, _ context: ExecutionContext) throws {
    let name = try arguments.requiredName("name")
    switch state.holder(of: name) {
    case .data: state.data[name] = nil
    case .network: state.delete(network: name)
    case .variable: state.clear(name)
    default:
      if let network = state.current, network.graph.layer(name) != nil {
        try locating(arguments.span) {
          try network.edit { (graph) throws(EngineError) in try graph.remove(layer: name) }
        }
        noteDiscarded(network, at: arguments.span, context)
      } else if state.values(ofSeries: name).isEmpty {
        throw Diagnostic("unknown-name", "Nothing is called `\(name)`.", at: arguments.span("name"))
      } else {
        clear(state.series(name))
      }
    }
  }
}

extension Tensor {
  /// The edges with these weights to begin with; a single number stands for all of them.
  fileprivate func preset(_ edges: [Edge], in graph: NetworkGraph) throws(EngineError) -> [Edge] {
    // How many weights an edge has may hang on the others; an identity has none, and is refused for being given some.
    var trial = graph
    if rank == 0, edges.first?.type != .identity { try trial.connect(edges) }
    return edges.map { edge in
      Edge(
        from: edge.source, to: edge.target, type: edge.type, presetWeights: values(for: edge, in: trial),
        isTrainable: edge.isTrainable, merge: edge.merge)
    }
  }

  private func values(for edge: Edge, in graph: NetworkGraph) -> [Double] {
    guard rank == 0, let target = graph.layer(edge.target) else { return values }
    return [Double](repeating: values[0], count: graph.weightShape(of: edge, into: target).reduce(1, *))
  }
}
