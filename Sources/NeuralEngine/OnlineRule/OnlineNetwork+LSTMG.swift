/// The rule of Monner and Reggia (2012), whose equations are named by their numbers.
///
/// What a unit sees of the same step is as it is now, and what it sees of the step before, by a delay, as it was then, wherever
/// units stand: a step gives what the network's plan gives. A bias is the weight of a unit that always gives 1. Traces take
/// every gain and activation as it was used in the step; all errors are known before a weight changes.
extension OnlineNetwork {
  mutating func activateWithinStep(_ row: [Double]) {
    let earlier = state.activations
    if let constant = circuit.constant { state.activations[constant] = 1 }
    for (place, unit) in circuit.inputs.enumerated() { state.activations[unit] = row[place] }
    for unit in 0..<circuit.units where !circuit.isInput[unit] { activate(unit, earlier) }
  }

  private mutating func activate(_ unit: Int, _ earlier: [Double]) {
    func seen(_ source: Int, _ isLate: Bool) -> Double {
      isLate ? earlier[source] : state.activations[source]
    }
    let before = state.sums[unit]
    state.before[unit] = before
    var carry = 0.0
    if circuit.carries[unit] {
      carry = circuit.carryGaters[unit].map { seen($0.unit, $0.isLate) } ?? 1
      state.carryGains[unit] = carry
    }
    // Equation 15, and the eligibility traces of equation 17.
    var sum = carry * before
    for connection in circuit.incoming[unit] {
      let gain = circuit.gaters[connection].map { seen($0.unit, $0.isLate) } ?? 1
      let source = seen(circuit.sources[connection], circuit.isLate[connection])
      state.gains[connection] = gain
      sum += gain * weights[connection] * source
      state.traces[connection] = carry * state.traces[connection] + gain * source
    }
    // The extended traces of equation 18, of the units before that multiply what comes to this one.
    for influence in circuit.influencesInto[unit] {
      var worth = influence.isOnCarry ? before : 0
      for connection in influence.connections {
        worth += weights[connection] * seen(circuit.sources[connection], circuit.isLate[connection])
      }
      state.worths[influence.place] = worth
      let slope = state.slopes[influence.gater]
      for (place, connection) in circuit.incoming[influence.gater].enumerated() {
        let trace = influence.traces + place
        state.extended[trace] = carry * state.extended[trace] + slope * state.traces[connection] * worth
      }
    }
    // Equation 16.
    let (activation, slope) = circuit.activations[unit].value(sum) ?? (sum, 1)
    (state.sums[unit], state.activations[unit], state.slopes[unit]) = (sum, activation, slope)
  }

  mutating func propagateWithinStep(_ errors: [Double], _ rate: Double) {
    var projected = [Double](repeating: 0, count: circuit.units)
    for unit in (0..<circuit.units).reversed() where !circuit.isInput[unit] {
      if let column = circuit.targetColumns[unit] {
        projected[unit] = errors[column]
        state.errors[unit] = errors[column]
        continue
      }
      // Equations 21 to 23, over what is computed later in the same step.
      var (sum, gating) = (0.0, 0.0)
      for projection in circuit.projections[unit] {
        let connection = projection.connection
        sum += state.errors[projection.target] * state.gains[connection] * weights[connection]
      }
      for influence in circuit.influences[unit] {
        gating += state.errors[influence.target] * state.worths[influence.place]
      }
      projected[unit] = state.slopes[unit] * sum
      state.errors[unit] = projected[unit] + state.slopes[unit] * gating
    }
    for unit in 0..<circuit.units where !circuit.isInput[unit] { learn(unit, projected[unit], rate) }
  }

  /// Equations 13 and 24.
  private mutating func learn(_ unit: Int, _ projected: Double, _ rate: Double) {
    for (place, connection) in circuit.incoming[unit].enumerated() where circuit.isLearned[connection] {
      var gradient = projected * state.traces[connection]
      for influence in circuit.influences[unit] {
        gradient += state.errors[influence.target] * state.extended[influence.traces + place]
      }
      weights[connection] += rate * gradient
    }
  }
}
