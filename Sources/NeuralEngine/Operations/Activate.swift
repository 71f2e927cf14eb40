/// y = f(z), number by number; softmax over the last axis.
///
/// - Inputs: z.
package struct Activate: PlanOperation {
  package let activation: Activation
  /// How long the last axis is, and how many such there are in a row.
  package let width: Int
  package let places: Int

  package var name: String { activation.rawValue }
  package var inPlace: Int? { 0 }

  package func differentiate(_ step: Step, _ dy: BufferID, _ tape: inout Tape) {
    let z = activation.needsPreactivations ? [step.inputs[0]] : []
    tape.emit(
      ActivateBackward(activation: activation, width: width, places: places), [dy, step.outputs[0]] + z,
      gradientOf: step.inputs[0], layer: step.layer)
  }
}

/// dz = dy f′(z), told from y wherever that is exact.
///
/// - Inputs: dy, y; for gelu z as well.
package struct ActivateBackward: PlanOperation {
  let activation: Activation
  let width: Int
  let places: Int

  package var name: String { "\(activation.rawValue) derivative" }
  package var inPlace: Int? { 0 }
}
