internal import Foundations

/// A network that learns online: a step at a time, by traces of what came before.
///
/// The rule is that of D. Monner and J. Reggia, "A generalized LSTM-like training algorithm for second-order recurrent neural
/// networks", Neural Networks 25 (2012), or that of Synaptic.js 1.1.4, which follows it with differences. There, sources of
/// connections that come later in the order of the computation are seen as they were at the step before. `docs/engine.md`
/// has the formulas, and where this differs from Synaptic.
struct OnlineNetwork {
  let rule: LearningRule
  let circuit: OnlineCircuit
  /// The weight of each connection, and the bias of each unit.
  var weights: [Double]
  private var biases: [Double]
  var state: OnlineState

  /// Makes the network of a graph.
  ///
  /// - Throws: `bad-edge` for what the rule has no meaning for.
  init(_ graph: NetworkGraph, _ layout: ParameterLayout, rule: LearningRule) throws(CodedError) {
    self.rule = rule
    circuit = try OnlineCircuit(graph, layout, rule: rule)
    weights = Array(repeating: 1, count: circuit.connections)
    biases = Array(repeating: 0, count: circuit.units)
    state = OnlineState(circuit)
  }

  /// The answer of the last step.
  var outputs: [Double] { circuit.outputs.map { state.activations[$0] } }

  /// The row of the last step.
  var inputs: [Double] { circuit.inputs.map { state.activations[$0] } }

  /// The derivatives of the output units' activations at the last step.
  var outputSlopes: [Double] { circuit.outputs.map { state.slopes[$0] } }

  /// What the units of a layer gave at the last step.
  func activations(of layer: Layer, _ graph: NetworkGraph) -> [Double] {
    Array(state.activations[circuit.units(of: layer, graph)])
  }

  /// The name of the first layer, in the order of the computation, that gave a number that is not finite at the last step;
  /// the last layer where there is none.
  func firstNonFiniteLayer(_ graph: NetworkGraph) -> String? {
    let order = (try? graph.sorted()) ?? []
    let first = order.first { layer in activations(of: layer, graph).contains { !$0.isFinite } }
    return (first ?? order.last)?.name
  }

  /// Takes up parameters, in the order of the ``ParameterLayout``.
  mutating func take(_ parameters: [Double]) {
    for (connection, place) in circuit.weights.enumerated() {
      if let place { weights[connection] = parameters[place] }
    }
    for (unit, place) in circuit.biases.enumerated() { if let place { biases[unit] = parameters[place] } }
  }

  /// Writes the parameters that were learned over others.
  func give(_ parameters: inout [Double]) {
    for (connection, place) in circuit.weights.enumerated() {
      if let place { parameters[place] = weights[connection] }
    }
    for (unit, place) in circuit.biases.enumerated() { if let place { parameters[place] = biases[unit] } }
  }

  /// Forgets all that it knows of earlier steps.
  mutating func forget() {
    state = OnlineState(circuit)
  }

  /// Takes up a state.
  ///
  /// - Returns: whether it is one of such a network.
  mutating func take(_ numbers: OnlineState) -> Bool {
    guard numbers.fits(state) else { return false }
    state = numbers
    return true
  }

  // MARK: A step

  /// Computes a step.
  ///
  /// - Parameter row: a number for each input.
  mutating func activate(_ row: [Double]) {
    if rule == .lstmG { return activateWithinStep(row) }
    for (place, unit) in circuit.inputs.enumerated() { state.activations[unit] = row[place] }
    for unit in 0..<circuit.units where !circuit.isInput[unit] { activate(unit: unit) }
  }

  private mutating func activate(unit: Int) {
    let incoming = circuit.incoming[unit]
    let before = state.sums[unit]
    state.before[unit] = before
    let carry = circuit.carries[unit] ? state.carryGains[unit] : 0
    var sum = carry * before + biases[unit]
    for connection in incoming {
      sum += state.gains[connection] * weights[connection] * state.activations[circuit.sources[connection]]
    }
    state.sums[unit] = sum
    let (activation, slope) = circuit.activations[unit].value(sum) ?? (sum, 1)
    state.activations[unit] = activation
    state.slopes[unit] = slope
    if rule == .synaptic { openGates(of: unit) }
    for connection in incoming {
      state.traces[connection] =
        carry * state.traces[connection]
        + state.gains[connection] * state.activations[circuit.sources[connection]]
    }
    for influence in circuit.influences[unit] {
      let target = influence.target
      let carried = circuit.carries[target] ? state.carryGains[target] : 0
      let worth = slope * worth(of: influence)
      for (place, connection) in incoming.enumerated() {
        let trace = influence.traces + place
        state.extended[trace] = carried * state.extended[trace] + worth * state.traces[connection]
      }
    }
    if rule != .synaptic { openGates(of: unit) }
  }

  /// What a change of a gate changes in the sum of a unit.
  private func worth(of influence: OnlineCircuit.Influence) -> Double {
    var worth = 0.0
    if influence.isOnCarry {
      // Synaptic counts the carry among the connections as well, with the unit's own activation.
      worth = state.before[influence.target] + state.activations[influence.target]
    }
    for connection in influence.connections {
      worth += weights[connection] * state.activations[circuit.sources[connection]]
    }
    return worth
  }

  private mutating func openGates(of unit: Int) {
    let activation = state.activations[unit]
    for connection in circuit.gated[unit] { state.gains[connection] = activation }
    for target in circuit.gatedCarries[unit] { state.carryGains[target] = activation }
  }

  // MARK: Learning

  /// Learns from the last step, from the last unit to the first. Under Synaptic's rules weights change at once, so that
  /// units before see them changed.
  ///
  /// - Parameter errors: how each output should change: under Synaptic's rules target - output, else minus the gradient of
  ///   the loss by the sum of the output unit.
  mutating func propagate(_ errors: [Double], rate: Double) {
    if rule == .lstmG { return propagateWithinStep(errors, rate) }
    for unit in (0..<circuit.units).reversed() where !circuit.isInput[unit] {
      let projected: Double
      if let column = circuit.targetColumns[unit] {
        projected = errors[column]
        state.errors[unit] = projected
      } else {
        var sum = 0.0
        for projection in circuit.projections[unit] {
          let connection = projection.connection
          sum += state.errors[projection.target] * state.gains[connection] * weights[connection]
        }
        projected = state.slopes[unit] * sum
        var gating = 0.0
        for influence in circuit.influences[unit] {
          gating += state.errors[influence.target] * worth(of: influence)
        }
        state.errors[unit] = projected + state.slopes[unit] * gating
      }
      learn(unit, projected, rate)
    }
  }

  private mutating func learn(_ unit: Int, _ projected: Double, _ rate: Double) {
    // In Synaptic's compiled networks, output units that multiply something do not learn by that.
    let influences = rule == .synaptic && circuit.targetColumns[unit] != nil ? [] : circuit.influences[unit]
    for (place, connection) in circuit.incoming[unit].enumerated() where circuit.isLearned[connection] {
      var gradient = projected * state.traces[connection]
      for influence in influences {
        gradient += state.errors[influence.target] * state.extended[influence.traces + place]
      }
      weights[connection] += rate * gradient
    }
    if circuit.biases[unit] != nil { biases[unit] += rate * state.errors[unit] }
  }
}
