/// A step of a network that learns online, over numbers that stand side by side in memory.
struct OnlineStep {
  let paths: OnlinePaths
  let activations: [Activation]
  /// The weight of each connection, and the bias of each unit.
  let weights: UnsafeMutablePointer<Double>
  let biases: UnsafeMutablePointer<Double>
  // The parts of an ``OnlineState``.
  let sums: UnsafeMutablePointer<Double>
  let before: UnsafeMutablePointer<Double>
  let values: UnsafeMutablePointer<Double>
  let derivatives: UnsafeMutablePointer<Double>
  let errors: UnsafeMutablePointer<Double>
  let carryGains: UnsafeMutablePointer<Double>
  let gains: UnsafeMutablePointer<Double>
  let traces: UnsafeMutablePointer<Double>
  let extended: UnsafeMutablePointer<Double>
  let worths: UnsafeMutablePointer<Double>
  /// Room for a number a unit: its activation at the step before, then its error by what it projects.
  let spare: UnsafeMutablePointer<Double>

  /// Computes the activation of a unit's sum, and the derivative there.
  func fire(_ unit: Int, _ sum: Double) {
    let (value, derivative) = activations[unit].value(sum) ?? (sum, 1)
    (sums[unit], values[unit], derivatives[unit]) = (sum, value, derivative)
  }

  /// Changes the weights of the connections into a unit.
  ///
  /// - Parameters:
  ///   - projected: the unit's error by what it projects.
  ///   - influences: those of it by which it learns.
  func learn(_ unit: Int, _ projected: Double, _ influences: Range<Int>, _ rate: Double) {
    for (place, connection) in paths.incoming[unit].enumerated() where paths.isLearned[connection] != 0 {
      var gradient = projected * traces[connection]
      for influence in influences {
        gradient += errors[paths.targets[influence]] * extended[paths.traces[influence] + place]
      }
      weights[connection] += rate * gradient
    }
  }
}
