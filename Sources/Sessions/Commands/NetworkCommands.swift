import Diagnostics
import Foundations
import Language
import Localization
import NetworkSchema
import NeuralEngine
import Outputs

/// `net solver loss=mse rate=0.3`
struct StartNetwork: SessionCommand {
  let name: Identifier
  let rule: Choice<LearningRule>?
  let defaults: TrainingArguments

  func run(_ context: CommandContext) throws {
    let session = context.session
    try session.claim(name.name, for: .network, at: name.span)
    let network = session.state.networks[name.name] ?? Network(name: name.name)
    if !network.graph.layers.isEmpty {
      session.networkEdits.begin(network, defaults: try chosen(over: TrainingDefaults(), context))
    }
    network.defaults = try chosen(over: network.defaults, context)
    session.state.networks[name.name] = network
    session.state.current = network
  }

  private func chosen(over base: TrainingDefaults, _ context: CommandContext) throws -> TrainingDefaults {
    var chosen = try defaults.defaults(over: base, context)
    if let rule { chosen.rule = rule.value }
    return chosen
  }
}

/// `layer hid dense 3 sigmoid`
struct AddLayer: SessionCommand {
  let name: Identifier
  let kind: Kind

  /// The kind of layer, with its options.
  struct Kind: ArgumentDecodable {
    let word: String
    let options: OptionArguments

    init(_ arguments: ArgumentDecoder) throws {
      word = arguments.command.variant ?? ""
      let schema = NetworkCatalog.current.layers[word]
      options = try OptionArguments(schema?.options.map(\.name) ?? [], of: arguments)
    }
  }

  func run(_ context: CommandContext) throws {
    let session = context.session
    let layer = try layer(context)
    let network = try self.network(for: layer, context)
    // Twice in one cell is a slip; in another cell it is the same layer with a change.
    let isRedefined =
      network.graph.layer(name.name) != nil && !session.networkEdits.hasAdded(name.name, to: network)
    try context.locating {
      try network.edit { (graph) throws(CodedError) in
        try isRedefined ? graph.replace(layer) : graph.add(layer)
      }
    }
    session.networkEdits.add(name.name, to: network)
    context.noteDiscarded(of: network)
    if session.state.holder(of: name.name) == .variable {
      context.emit(
        Diagnostic(
          .hiddenLayer,
          localized(
            "The variable `\(name.name)` hides this layer: write `\(network.name).\(name.name)` to reach the layer by name."
          ),
          at: name.span, severity: .notice))
    }
  }

  /// The network that the layer is added to: the current one, or an empty one in its place where the cell that made it is
  /// run again.
  private func network(for layer: Layer, _ context: CommandContext) throws -> Network {
    let session = context.session
    let current = try session.currentNetwork(at: context.span)
    guard let defaults = session.networkEdits.defaultsForRebuilding(current, with: layer.name) else {
      return current
    }
    let network = Network(name: current.name)
    network.defaults = defaults
    // What cannot be added to it keeps the old one.
    try context.locating {
      var trial = NetworkGraph()
      try trial.add(layer)
    }
    session.state.delete(network: current.name)
    session.state.networks[network.name] = network
    session.state.current = network
    if current.lastTraining != nil {
      context.emit(
        Diagnostic(
          .weightsDiscarded,
          localized("`\(network.name)` is built again, and the weights that it had learned are discarded."),
          at: context.span,
          severity: .notice))
    }
    return network
  }

  /// The layer that the words describe, by the schema of its kind.
  private func layer(_ context: CommandContext) throws -> Layer {
    try kind.options.locating(context) {
      let options = try kind.options.values(context)
      return Layer(name: name.name, kind: try Layer.Kind(kind.word, options, named: name.name))
    }
  }
}

/// `connect inp -> hid -> out`: draws all the edges of a chain, or none.
struct ConnectLayers: SessionCommand {
  let layers: Chain
  let type: Choice<EdgeType>
  let weights: Operand<Tensor>?
  let trainable: Operand<Bool>
  let merge: Choice<Merge>?
  let delay: Operand<Int>?

  /// The layers that are joined.
  struct Chain: ArgumentDecodable {
    /// The groups in order; nil for all layers in a row.
    let groups: [[Identifier]]?

    init(_ arguments: ArgumentDecoder) throws {
      let content = try arguments.content()
      guard case .chain(let groups) = content.kind else {
        throw Diagnostic(.internalError, "There is no chain of layers here.", at: content.span)
      }
      self.groups = groups
    }
  }

  func run(_ context: CommandContext) throws {
    let network = try context.session.currentNetwork(at: context.span)
    let groups = layers.groups ?? network.graph.layers.map { [Identifier($0.name, context.span)] }
    if groups.count < 2 {
      throw Diagnostic(
        .badChain, "`connect all` connects all layers in order, but there are fewer than two.",
        at: context.span)
    }
    for identifier in groups.joined() { try identifier.check(isLayerOf: network) }
    let isTrainable = try trainable(context)
    let delay = try delay?(context) ?? 0
    let weights = try weights?(context)
    try context.locating {
      try network.edit { (graph) throws(CodedError) in
        var chain: [Edge] = []
        for (sources, targets) in zip(groups, groups.dropFirst()) {
          for target in targets {
            let edges = sources.map {
              Edge(
                from: $0.name, to: target.name, type: type.value, isTrainable: isTrainable,
                merge: merge?.value, delay: delay)
            }
            guard let weights else {
              chain += edges
              continue
            }
            try graph.connect(weights.preset(edges, in: graph))
          }
        }
        if !chain.isEmpty { try graph.connect(chain) }
      }
    }
    context.noteDiscarded(of: network)
  }

}

extension Identifier {
  /// Refuses a name that no layer of a network has.
  fileprivate func check(isLayerOf network: Network) throws {
    guard network.graph.layer(name) == nil else { return }
    let names = network.graph.layers.map(\.name)
    let nearest = DidYouMean.nearest(to: name, among: names)
    throw Diagnostic(
      .unknownLayer,
      localized("The network `\(network.name)` has no layer `\(name)`.") + " "
        + (DidYouMean.question(nearest)
          ?? (names.isEmpty
            ? localized("It has none.") : localized("It has \(names.joined(separator: ", "))."))),
      at: span, suggestion: nearest)
  }
}

/// `gate g on {x p} -> c at=input`: sets the gates on all these edges, or none.
struct SetGate: SessionCommand {
  let gate: Identifier
  let edges: ConnectLayers.Chain
  let at: Choice<Place>?
  let delay: Operand<Int>?

  enum Place: String, WordMeaning { case input, output, one }

  func run(_ context: CommandContext) throws {
    let network = try context.session.currentNetwork(at: context.span)
    guard let groups = edges.groups, groups.count == 2 else {
      throw Diagnostic(
        .badChain, "A gate is on one edge or on several between two groups of layers: gate g on {a b} -> c",
        at: context.span)
    }
    for identifier in [gate] + groups.joined() { try identifier.check(isLayerOf: network) }
    let delay = try delay?(context) ?? 0
    try context.locating {
      try network.edit { (graph) throws(CodedError) in
        for source in groups[0] {
          for target in groups[1] { try graph.add(try made(source.name, target.name, graph, delay: delay)) }
        }
      }
    }
    context.noteDiscarded(of: network)
  }

  private func made(
    _ source: String, _ target: String, _ graph: NetworkGraph, delay: Int
  ) throws(CodedError) -> Gate {
    let joining = graph.edges(into: target).filter { $0.source == source }
    let edge = joining.first { $0.type == .carry } ?? joining.first
    let isOnCarry = edge?.type == .carry
    if at?.value == .one, let edge, [.full, .others].contains(edge.type) {
      throw CodedError(
        .badGate,
        "at=one is for an edge that joins each unit with the one at the same position, and \(edge.description) is of type "
          + "\(edge.type.rawValue). Use at=input or at=output.", suggestion: "at=input")
    }
    func width(_ name: String) -> Int { graph.layer(name).map { graph.width(of: $0) } ?? 0 }
    let own = width(gate.name)
    let fitsOutputOnly = own != width(target) && own == width(source)
    let place: GatePlace =
      switch at?.value {
      case .output?: .output
      case .input?, .one?: .input
      case nil: fitsOutputOnly ? .output : .input
      }
    return Gate(gate.name, on: source, to: target, isOnCarry: isOnCarry, at: place, delay: delay)
  }
}

extension Tensor {
  /// The edges with these weights to begin with; a single number stands for all of them.
  fileprivate func preset(_ edges: [Edge], in graph: NetworkGraph) throws(CodedError) -> [Edge] {
    // How many weights an edge has may hang on the others; an identity has none, and is refused for being given some.
    var trial = graph
    if rank == 0, edges.first?.hasWeights == true { try trial.connect(edges) }
    return edges.map { edge in
      Edge(
        from: edge.source, to: edge.target, type: edge.type, presetWeights: values(for: edge, in: trial),
        isTrainable: edge.isTrainable, merge: edge.merge, delay: edge.delay)
    }
  }

  private func values(for edge: Edge, in graph: NetworkGraph) -> [Double] {
    guard rank == 0, let target = graph.layer(edge.target) else { return values }
    return [Double](repeating: values[0], count: graph.weightShape(of: edge, into: target).reduce(1, *))
  }
}

/// `reset weights`
struct ResetWeights: SessionCommand {
  func run(_ context: CommandContext) throws {
    let network = try context.session.currentNetwork(at: context.span)
    network.reset()
    // Weights that know nothing know no columns either.
    context.session.state.remember(nil, of: network)
  }
}

/// `delete xor`: removes whatever holds a name: a data set, a network, a variable, a layer of the current network, or
/// a series.
struct DeleteName: SessionCommand {
  let name: Identifier

  func run(_ context: CommandContext) throws {
    let session = context.session
    let name = self.name.name
    switch session.state.holder(of: name) {
    case .data?: session.state.data[name] = nil
    case .network?: session.state.delete(network: name)
    case .variable?: session.state.clear(name)
    case .layer?, .series?, .anything?, nil:
      if let network = session.state.current, network.graph.layer(name) != nil {
        try context.locating {
          try network.edit { (graph) throws(CodedError) in try graph.remove(layer: name) }
        }
        context.noteDiscarded(of: network)
      } else if session.state.values(ofSeries: name).isEmpty {
        throw Diagnostic(.unknownName, "Nothing is called `\(name)`.", at: self.name.span)
      } else {
        session.clear(session.state.series(name))
      }
    }
  }
}

extension CommandContext {
  /// Says which trained weights a change of a network has cost.
  func noteDiscarded(of network: Network) {
    let layers = network.takeDiscarded()
    guard !layers.isEmpty else { return }
    let names = layers.map { "`\($0)`" }.joined(separator: ", ")
    emit(
      Diagnostic(
        .weightsDiscarded,
        layers.count == 1
          ? localized(
            """
            The inputs of \(names) have changed, so its trained weights are discarded: new ones are drawn. The weights of \
            the other layers are kept.
            """)
          : localized(
            """
            The inputs of \(names) have changed, so their trained weights are discarded: new ones are drawn. The weights of \
            the other layers are kept.
            """), at: span, severity: .notice))
  }
}
