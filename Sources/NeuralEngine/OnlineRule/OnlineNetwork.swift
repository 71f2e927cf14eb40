internal import Foundations

/// A network that learns online: a step at a time, by traces of what came before.
///
/// The rule is that of D. Monner and J. Reggia, "A generalized LSTM-like training algorithm for second-order recurrent neural
/// networks", Neural Networks 25 (2012), or that of Synaptic.js 1.1.4, which follows it with differences. There, sources of
/// connections that come later in the order of the computation are seen as they were at the step before. `docs/engine.md`
/// has the formulas, and where this differs from Synaptic.
struct OnlineNetwork {
  let rule: LearningRule
  private let circuit: OnlineCircuit
  private let paths: OnlinePaths
  /// Weights, biases, the parts of the state and room for a step, side by side.
  private var numbers: [Double]
  private let places: [Range<Int>]

  private static let stateParts = 2..<12
  private static let activations = 4
  private static let derivatives = 5

  /// Makes the network of a graph.
  ///
  /// - Throws: `bad-edge` for what the rule has no meaning for.
  init(_ graph: NetworkGraph, _ layout: ParameterLayout, rule: LearningRule) throws(CodedError) {
    self.rule = rule
    circuit = try OnlineCircuit(graph, layout, rule: rule)
    paths = OnlinePaths(circuit)
    let state = OnlineState(circuit)
    let weights = [Double](repeating: 1, count: circuit.connections)
    let biases = [Double](repeating: 0, count: circuit.units)
    let parts = [weights, biases] + state.allParts + [biases]
    numbers = parts.flatMap(\.self)
    places = parts.reduce(into: []) { places, part in
      let start = places.last?.upperBound ?? 0
      places.append(start..<start + part.count)
    }
  }

  /// All that it knows of the steps before.
  var state: OnlineState {
    OnlineState(allParts: places[OnlineNetwork.stateParts].map { Array(numbers[$0]) })
  }

  /// How many numbers an answer has.
  var outputCount: Int { circuit.outputs.count }

  /// The answer of the last step.
  var outputs: [Double] { numbers(OnlineNetwork.activations, of: circuit.outputs) }

  /// The row of the last step.
  var inputs: [Double] { numbers(OnlineNetwork.activations, of: circuit.inputs) }

  /// The derivatives of the output units' activations at the last step.
  var outputDerivatives: [Double] { numbers(OnlineNetwork.derivatives, of: circuit.outputs) }

  private func numbers(_ part: Int, of units: [Int]) -> [Double] {
    let start = places[part].lowerBound
    return units.map { numbers[start + $0] }
  }

  /// What the units of a layer gave at the last step.
  func activations(of layer: Layer, _ graph: NetworkGraph) -> [Double] {
    numbers(OnlineNetwork.activations, of: Array(circuit.units(of: layer, graph)))
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
    let (weights, biases) = (places[0].lowerBound, places[1].lowerBound)
    for (connection, place) in circuit.weights.enumerated() {
      if let place { numbers[weights + connection] = parameters[place] }
    }
    for (unit, place) in circuit.biases.enumerated() {
      if let place { numbers[biases + unit] = parameters[place] }
    }
  }

  /// Writes the parameters that were learned over others.
  func give(_ parameters: inout [Double]) {
    let (weights, biases) = (places[0].lowerBound, places[1].lowerBound)
    for (connection, place) in circuit.weights.enumerated() {
      if let place { parameters[place] = numbers[weights + connection] }
    }
    for (unit, place) in circuit.biases.enumerated() {
      if let place { parameters[place] = numbers[biases + unit] }
    }
  }

  /// Forgets all that it knows of earlier steps.
  mutating func forget() { _ = take(OnlineState(circuit)) }

  /// Takes up a state.
  ///
  /// - Returns: whether it is one of such a network.
  mutating func take(_ state: OnlineState) -> Bool {
    guard state.fits(OnlineState(circuit)) else { return false }
    for (range, part) in zip(places[OnlineNetwork.stateParts], state.allParts) {
      numbers.replaceSubrange(range, with: part)
    }
    return true
  }

  // MARK: A step

  /// Computes a step.
  ///
  /// - Parameter row: a number for each input.
  mutating func activate(_ row: [Double]) {
    let (rule, circuit) = (rule, circuit)
    step { step in
      if rule == .lstmG { step.begin(constant: circuit.constant) }
      for (place, unit) in circuit.inputs.enumerated() { step.values[unit] = row[place] }
      switch rule {
      case .lstmG: step.activateWithinStep()
      case .synaptic: step.activateAsSynaptic(isCompiled: true)
      case .synapticInterpreted, .gradient: step.activateAsSynaptic(isCompiled: false)
      }
    }
  }

  /// Learns from the last step.
  ///
  /// - Parameter errors: how each output should change: under Synaptic's rules target - output, else minus the gradient of
  ///   the loss by the sum of the output unit.
  mutating func propagate(_ errors: [Double], rate: Double) {
    let rule = rule
    step { step in
      errors.withUnsafeBufferPointer { errors in
        switch rule {
        case .lstmG: step.propagateWithinStep(errors, rate)
        case .synaptic: step.propagateAsSynaptic(errors, rate, isCompiled: true)
        case .synapticInterpreted, .gradient: step.propagateAsSynaptic(errors, rate, isCompiled: false)
        }
      }
    }
  }

  private mutating func step(_ body: (OnlineStep) -> Void) {
    let (paths, activations, places) = (paths, circuit.activations, places)
    numbers.withUnsafeMutableBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      func part(_ number: Int) -> UnsafeMutablePointer<Double> { base + places[number].lowerBound }
      body(
        OnlineStep(
          paths: paths, activations: activations, weights: part(0), biases: part(1), sums: part(2),
          before: part(3), values: part(OnlineNetwork.activations),
          derivatives: part(OnlineNetwork.derivatives),
          errors: part(6), carryGains: part(7), gains: part(8), traces: part(9), extended: part(10),
          worths: part(11), spare: part(12)))
    }
  }
}
