/// A step by the rule of Monner and Reggia (2012), whose equations are named by their numbers.
///
/// What a unit sees of the same step is as it is now, and what it sees of the step before, by a delay, as it was then, wherever
/// units stand: a step gives what the network's plan gives. A bias is the weight of a unit that always gives 1. Traces take
/// every gain and activation as it was used in the step; all errors are known before a weight changes.
extension OnlineStep {
  /// Keeps the activations of the step before.
  func begin(constant: Int?) {
    spare.update(from: values, count: paths.units)
    if let constant { values[constant] = 1 }
  }

  func activateWithinStep() {
    for unit in 0..<paths.units where paths.isInput[unit] == 0 { activate(unit) }
  }

  private func seen(_ unit: Int, _ isLate: Int) -> Double { isLate != 0 ? spare[unit] : values[unit] }

  private func activate(_ unit: Int) {
    before[unit] = sums[unit]
    var carry = 0.0
    if paths.carries[unit] != 0 {
      let gater = paths.carryGaters[unit]
      carry = gater == OnlinePaths.none ? 1 : seen(gater, paths.carryGatersAreLate[unit])
      carryGains[unit] = carry
    }
    // Equation 15, and the eligibility traces of equation 17.
    var sum = carry * before[unit]
    for connection in paths.incoming[unit] {
      let gater = paths.gaters[connection]
      let gain = gater == OnlinePaths.none ? 1 : seen(gater, paths.gatersAreLate[connection])
      let source = seen(paths.sources[connection], paths.isLate[connection])
      gains[connection] = gain
      sum += gain * weights[connection] * source
      traces[connection] = carry * traces[connection] + gain * source
    }
    // The extended traces of equation 18, of the units before that multiply what comes to this one.
    for place in paths.influencesInto[unit] {
      let influence = paths.influencesInto.items[place]
      var worth = paths.isOnCarry[influence] != 0 ? before[unit] : 0
      for place in paths.multiplied[influence] {
        let connection = paths.multiplied.items[place]
        worth += weights[connection] * seen(paths.sources[connection], paths.isLate[connection])
      }
      worths[influence] = worth
      let gater = paths.influencingUnits[influence]
      let own = extended + paths.traces[influence]
      for (place, connection) in paths.incoming[gater].enumerated() {
        own[place] = carry * own[place] + derivatives[gater] * traces[connection] * worth
      }
    }
    // Equation 16.
    fire(unit, sum)
  }

  func propagateWithinStep(_ wanted: UnsafeBufferPointer<Double>, _ rate: Double) {
    let projected = spare
    for unit in (0..<paths.units).reversed() where paths.isInput[unit] == 0 {
      let column = paths.targetColumns[unit]
      if column != OnlinePaths.none {
        projected[unit] = wanted[column]
        errors[unit] = wanted[column]
        continue
      }
      // Equations 21 to 23, over what is computed later in the same step.
      var (sum, gating) = (0.0, 0.0)
      for place in paths.projections[unit] {
        let connection = paths.projections.items[place]
        sum += errors[paths.projectionTargets[place]] * gains[connection] * weights[connection]
      }
      for influence in paths.influences[unit] {
        gating += errors[paths.targets[influence]] * worths[influence]
      }
      projected[unit] = derivatives[unit] * sum
      errors[unit] = projected[unit] + derivatives[unit] * gating
    }
    // Equations 13 and 24.
    for unit in 0..<paths.units where paths.isInput[unit] == 0 {
      learn(unit, projected[unit], paths.influences[unit], rate)
    }
  }
}
