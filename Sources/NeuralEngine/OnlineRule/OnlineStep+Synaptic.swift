/// A step as Synaptic.js 1.1.4 computes it and learns from it, by its compiled networks or by its interpreted ones.
extension OnlineStep {
  func activateAsSynaptic(isCompiled: Bool) {
    for unit in 0..<paths.units where paths.isInput[unit] == 0 {
      activate(unit, isCompiled: isCompiled)
    }
  }

  private func activate(_ unit: Int, isCompiled: Bool) {
    let (incoming, sources) = (paths.incoming[unit], paths.sources)
    before[unit] = sums[unit]
    let carry = paths.carries[unit] != 0 ? carryGains[unit] : 0
    var sum = carry * before[unit] + biases[unit]
    for connection in incoming {
      sum += gains[connection] * weights[connection] * values[sources[connection]]
    }
    fire(unit, sum)
    if isCompiled { openGates(of: unit) }
    for connection in incoming {
      traces[connection] = carry * traces[connection] + gains[connection] * values[sources[connection]]
    }
    for influence in paths.influences[unit] {
      let target = paths.targets[influence]
      let carried = paths.carries[target] != 0 ? carryGains[target] : 0
      let worth = derivatives[unit] * worth(of: influence)
      let own = extended + paths.traces[influence]
      for (place, connection) in incoming.enumerated() {
        own[place] = carried * own[place] + worth * traces[connection]
      }
    }
    if !isCompiled { openGates(of: unit) }
  }

  /// What a change of a gate changes in the sum of a unit.
  private func worth(of influence: Int) -> Double {
    let target = paths.targets[influence]
    // Synaptic counts the carry among the connections as well, with the unit's own activation.
    var worth = paths.isOnCarry[influence] != 0 ? before[target] + values[target] : 0
    for place in paths.multiplied[influence] {
      let connection = paths.multiplied.items[place]
      worth += weights[connection] * values[paths.sources[connection]]
    }
    return worth
  }

  private func openGates(of unit: Int) {
    let activation = values[unit]
    for place in paths.gated[unit] { gains[paths.gated.items[place]] = activation }
    for place in paths.gatedCarries[unit] { carryGains[paths.gatedCarries.items[place]] = activation }
  }

  /// Learns from the last unit to the first. Weights change at once, so that units before see them changed.
  func propagateAsSynaptic(_ wanted: UnsafeBufferPointer<Double>, _ rate: Double, isCompiled: Bool) {
    for unit in (0..<paths.units).reversed() where paths.isInput[unit] == 0 {
      let column = paths.targetColumns[unit]
      let isOutput = column != OnlinePaths.none
      var projected = 0.0
      if isOutput {
        projected = wanted[column]
        errors[unit] = projected
      } else {
        for place in paths.projections[unit] {
          let connection = paths.projections.items[place]
          projected += errors[paths.projectionTargets[place]] * gains[connection] * weights[connection]
        }
        projected *= derivatives[unit]
        var gating = 0.0
        for influence in paths.influences[unit] {
          gating += errors[paths.targets[influence]] * worth(of: influence)
        }
        errors[unit] = projected + derivatives[unit] * gating
      }
      // In Synaptic's compiled networks, output units that multiply something do not learn by that.
      learn(unit, projected, isCompiled && isOutput ? 0..<0 : paths.influences[unit], rate)
      if paths.hasBias[unit] != 0 { biases[unit] += rate * errors[unit] }
    }
  }
}
