internal import Foundations

/// A network unit by unit and connection by connection, in the order of the computation, as an online rule goes through it.
struct OnlineCircuit {
  /// A unit that multiplies connections into another one.
  struct Influence {
    let gater: Int
    /// The unit whose connections it multiplies.
    let target: Int
    /// The connections among them that it multiplies.
    let connections: [Int]
    /// Whether it multiplies what the target carries on.
    let isOnCarry: Bool
    /// Where its extended traces begin, one for each connection into the unit that multiplies.
    let traces: Int
    /// Its number among all.
    let place: Int
  }

  /// A unit that multiplies a connection, as it is now or as it was at the step before.
  struct Gater {
    let unit: Int
    let isLate: Bool
  }

  /// A connection that a unit projects by.
  struct Projection {
    let target: Int
    let connection: Int
  }

  // For each unit.
  private(set) var activations: [Activation] = []
  private(set) var isInput: [Bool] = []
  private(set) var carries: [Bool] = []
  /// The place of its bias among the parameters; nil where it has none.
  private(set) var biases: [Int?] = []
  /// The connections into it.
  private(set) var incoming: [Range<Int>] = []
  private(set) var projections: [[Projection]] = []
  private(set) var influences: [[Influence]] = []
  /// Those that reach into it.
  private(set) var influencesInto: [[Influence]] = []
  /// The connections that it multiplies.
  private(set) var gated: [[Int]] = []
  /// The units whose carry it multiplies.
  private(set) var gatedCarries: [[Int]] = []
  /// What multiplies its carry.
  private(set) var carryGaters: [Gater?] = []

  // For each connection.
  private(set) var sources: [Int] = []
  /// The place of its weight among the parameters; nil for one of weight 1 that is not learned.
  private(set) var weights: [Int?] = []
  private(set) var isLearned: [Bool] = []
  /// Whether the source is seen as it was at the step before, wherever it stands in the order.
  private(set) var isLate: [Bool] = []
  private(set) var gaters: [Gater?] = []

  /// How many extended traces there are, and how many influences they belong to.
  private(set) var traceCount = 0
  private(set) var influenceCount = 0
  /// The unit that always gives 1, whose connections are the biases; nil under a rule that treats biases by themselves.
  private(set) var constant: Int?
  /// The units of the input layers, in the order of their columns, and those of the output layers.
  private(set) var inputs: [Int] = []
  private(set) var outputs: [Int] = []
  /// For each unit the column of its target; nil for one of no output layer.
  private(set) var targetColumns: [Int?] = []

  var units: Int { activations.count }
  var connections: Int { sources.count }

  private var first: [String: Int] = [:]

  /// Takes a graph apart.
  ///
  /// - Throws: `bad-edge` for what the rule has no meaning for, `incomplete-network`.
  init(_ graph: NetworkGraph, _ layout: ParameterLayout, rule: LearningRule) throws(CodedError) {
    let order = try graph.sorted()
    for layer in order { try OnlineCircuit.check(layer, graph, rule) }
    if rule == .lstmG { addConstant() }
    for layer in order {
      let bias = layout.slice(ParameterKey(layer: layer.name, role: .bias))
      let carries = graph.edges(into: layer.name).contains { $0.type == .carry }
      first[layer.name] = units
      for unit in 0..<graph.width(of: layer) {
        activations.append(layer.activation)
        isInput.append(layer.isInput)
        self.carries.append(carries)
        biases.append(bias.map { $0.offset + unit })
        carryGaters.append(nil)
      }
    }
    try checkOrder(graph, rule)
    for layer in order { connect(layer, graph, layout) }
    for layer in graph.inputs { inputs += units(of: layer, graph) }
    for layer in graph.outputs { outputs += units(of: layer, graph) }
    targetColumns = Array(repeating: nil, count: units)
    for (column, unit) in outputs.enumerated() { targetColumns[unit] = column }
    collectProjections()
    collectInfluences()
  }

  private mutating func addConstant() {
    constant = 0
    activations.append(.linear)
    isInput.append(true)
    carries.append(false)
    biases.append(nil)
    carryGaters.append(nil)
    incoming.append(0..<0)
  }

  /// The units of a layer.
  func units(of layer: Layer, _ graph: NetworkGraph) -> Range<Int> {
    let start = first[layer.name] ?? 0
    return start..<start + graph.width(of: layer)
  }

  // MARK: Connections

  private mutating func connect(_ layer: Layer, _ graph: NetworkGraph, _ layout: ParameterLayout) {
    let edges = graph.edges(into: layer.name)
    for (own, unit) in units(of: layer, graph).enumerated() {
      let start = connections
      for edge in edges {
        guard let source = graph.layer(edge.source) else { continue }
        let gate = graph.gate(on: edge)
        let width = graph.width(of: source)
        if edge.type == .carry {
          carryGaters[unit] = gate.flatMap { gater($0, own, own) }
          continue
        }
        let slice = layout.slice(.weights(of: edge))
        for (column, other) in OnlineCircuit.sources(edge.type, unit: own, width: width).enumerated() {
          sources.append((first[edge.source] ?? 0) + other)
          let columns = edge.type == .full ? width : edge.type == .others ? width - 1 : 1
          weights.append(slice.map { $0.offset + own * columns + column })
          isLearned.append(slice?.isTrainable ?? false)
          isLate.append(edge.delay > 0 || edge.type == .others)
          gaters.append(gate.flatMap { gater($0, own, other) })
        }
      }
      if let constant, let bias = biases[unit] {
        sources.append(constant)
        weights.append(bias)
        isLearned.append(true)
        isLate.append(false)
        gaters.append(nil)
        biases[unit] = nil
      }
      incoming.append(start..<connections)
    }
  }

  /// The units of its source that an edge joins with a unit of its target.
  private static func sources(_ type: EdgeType, unit: Int, width: Int) -> [Int] {
    switch type {
    case .full: Array(0..<width)
    case .others: (0..<width).filter { $0 != unit }
    case .one, .identity: [unit]
    case .carry: []
    }
  }

  private func gater(_ gate: Gate, _ target: Int, _ source: Int) -> Gater? {
    first[gate.gater].map {
      Gater(unit: $0 + (gate.place == .input ? target : source), isLate: gate.delay > 0)
    }
  }

  /// Whether what a connection or a gate leads to is reached within the step. Monner and Reggia's rule sends errors along no
  /// other; Synaptic's takes them all.
  private func isFollowed(isLate: Bool) -> Bool { constant == nil || !isLate }

  private mutating func collectProjections() {
    projections = Array(repeating: [], count: units)
    for unit in 0..<units {
      for connection in incoming[unit] where isFollowed(isLate: isLate[connection]) {
        projections[sources[connection]].append(Projection(target: unit, connection: connection))
      }
    }
  }

  private mutating func collectInfluences() {
    gated = Array(repeating: [], count: units)
    gatedCarries = Array(repeating: [], count: units)
    // By the unit that multiplies, the units that it reaches into, in their order.
    var reached: [[(target: Int, connections: [Int], isOnCarry: Bool)]] = Array(repeating: [], count: units)
    for unit in 0..<units {
      var own: [Int: [Int]] = [:]
      for connection in incoming[unit] {
        guard let gater = gaters[connection], isFollowed(isLate: gater.isLate) else { continue }
        gated[gater.unit].append(connection)
        own[gater.unit, default: []].append(connection)
      }
      let carryGater = carryGaters[unit].flatMap { isFollowed(isLate: $0.isLate) ? $0.unit : nil }
      if let carryGater {
        gatedCarries[carryGater].append(unit)
        own[carryGater, default: []] += []
      }
      for (gater, connections) in own.sorted(by: { $0.key < $1.key }) {
        reached[gater].append((unit, connections, gater == carryGater))
      }
    }
    influencesInto = Array(repeating: [], count: units)
    for unit in 0..<units {
      let own = reached[unit].map { target, connections, isOnCarry in
        defer { (traceCount, influenceCount) = (traceCount + incoming[unit].count, influenceCount + 1) }
        return Influence(
          gater: unit, target: target, connections: connections, isOnCarry: isOnCarry, traces: traceCount,
          place: influenceCount)
      }
      influences.append(own)
      for influence in own { influencesInto[influence.target].append(influence) }
    }
  }
}

// MARK: - What the rule has no meaning for

extension OnlineCircuit {
  /// - Throws: `bad-edge`.
  private static func check(_ layer: Layer, _ graph: NetworkGraph, _ rule: LearningRule) throws(CodedError) {
    func refusal(_ reason: String) -> CodedError {
      CodedError(.badEdge, "rule=\(rule.rawValue) \(reason)")
    }
    if layer.isInput {
      guard graph.shape(of: layer)?.count == 1 else {
        throw refusal(
          "takes one step at a time, a row of features, and `\(layer.name)` takes an array. Give the input one size, as in "
            + "layer \(layer.name) input 2")
      }
      return
    }
    guard layer.isDense, graph.merge(into: layer) == nil else {
      throw refusal(
        "is for networks of dense layers that add up what comes, and `\(layer.name)` is "
          + "\(layer.isDense ? "given merge=" : layer.kindName.withArticle).")
    }
    guard layer.activation.value(0) != nil, rule != .lstmG || layer.activation != .step else {
      let known = rule == .lstmG ? "sigmoid, tanh, relu and linear" : "sigmoid, tanh, relu, linear and step"
      throw refusal("knows \(known), and `\(layer.name)` is \(layer.activation.rawValue).")
    }
    if rule == .lstmG { return }
    let own = graph.edges(into: layer.name).filter { $0.source == $0.target }
    if let edge = own.first(where: { [.full, .one, .identity].contains($0.type) }) {
      throw refusal(
        "joins a unit with itself only by a carry: draw \(edge.description) with type=others, type=carry or both."
      )
    }
  }

  /// Within a step units go one after the other: those that come later are seen as they were at the step before, and those
  /// that come earlier as they are now.
  ///
  /// - Throws: `bad-edge`.
  private func checkOrder(_ graph: NetworkGraph, _ rule: LearningRule) throws(CodedError) {
    if rule == .lstmG {
      guard let edge = graph.edges.first(where: { $0.delay > 1 }) else { return }
      throw CodedError(
        .badEdge,
        "rule=\(rule.rawValue) remembers one step, and \(edge.description) has delay=\(edge.delay). Use delay=1."
      )
    }
    for edge in graph.edges where edge.delay > 0 && edge.source != edge.target {
      let isLater = (first[edge.source] ?? 0) > (first[edge.target] ?? 0)
      if isLater, edge.delay == 1 { continue }
      throw CodedError(
        .badEdge,
        isLater
          ? "rule=\(rule.rawValue) remembers one step, and \(edge.description) has delay=\(edge.delay). Use delay=1."
          : "Under rule=\(rule.rawValue) `\(edge.source)` is computed before `\(edge.target)` at each step, so the edge "
            + "\(edge.description) cannot read the step before. Leave delay= out.")
    }
    for gate in graph.gates where gate.delay > 0 {
      if (first[gate.gater] ?? 0) >= (first[gate.target] ?? 0) { continue }
      throw CodedError(
        .badEdge,
        "Under rule=\(rule.rawValue) `\(gate.gater)` is computed before `\(gate.target)` at each step, so the gate "
          + "\(gate.description) cannot be of the step before. Leave delay= out.")
    }
  }
}
