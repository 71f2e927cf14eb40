/// The largest number of each window, channel by channel, and which place of the window it was.
///
/// - Inputs: x.
/// - Outputs: y, the winning places.
package struct MaxPool: PlanOperation {
  package let geometry: WindowGeometry
  /// Whether a relu follows that has been moved behind the pool: a largest that is not above 0 then gets no gradient.
  package var masksRelu = false

  package var name: String { masksRelu ? "max pool, relu mask" : "max pool" }

  /// How many bytes a winning place takes.
  static func winnerBytes(_ geometry: WindowGeometry) -> Int { geometry.places <= 255 ? 1 : 4 }

  package func differentiate(_ step: Step, _ dy: BufferID, _ tape: inout Tape) {
    tape.emit(
      MaxPoolGradient(geometry: geometry), [dy, step.outputs[1]], gradientOf: step.inputs[0],
      layer: step.layer)
  }
}

/// Each gradient goes to the place that was the largest.
///
/// - Inputs: dy, the winning places.
package struct MaxPoolGradient: PlanOperation {
  let geometry: WindowGeometry

  package var name: String { "max pool gradient" }
}

/// The mean of those places of each window that lie inside the input, channel by channel.
///
/// - Inputs: x.
package struct MeanPool: PlanOperation {
  package let geometry: WindowGeometry

  package var name: String { "mean pool" }

  package func differentiate(_ step: Step, _ dy: BufferID, _ tape: inout Tape) {
    tape.emit(MeanPoolGradient(geometry: geometry), [dy], gradientOf: step.inputs[0], layer: step.layer)
  }
}

/// Each gradient is shared out evenly among the places of its window.
///
/// - Inputs: dy.
package struct MeanPoolGradient: PlanOperation {
  let geometry: WindowGeometry

  package var name: String { "mean pool gradient" }
}
