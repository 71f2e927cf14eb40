/// One step of a sequence, or one of several arrays of the same width that stand one after the other.
///
/// - Inputs: the sequence, rows x steps x width.
package struct TakeStep: PlanOperation {
  package let steps: Int
  package let width: Int
  /// Which step, from 0.
  package let step: Int

  package var name: String { "step" }

  package func differentiate(_ step: Step, _ dy: BufferID, _ tape: inout Tape) {
    tape.emit(
      AddStep(steps: steps, width: width, step: self.step), [dy], gradientOf: step.inputs[0],
      layer: step.layer)
  }
}

/// The gradient by a sequence of what one of its steps brings. Whoever writes it first sets the other steps to 0.
///
/// - Inputs: the gradient by the step.
package struct AddStep: PlanOperation {
  let steps: Int
  let width: Int
  let step: Int

  package var name: String { "step gradient" }
}

/// y += W x without each unit's own x: an edge of type `others`. W has a row for each unit, in which the unit itself is
/// left out. Each sum is one chain of fused multiply-adds in the order of the units.
///
/// - Inputs: x, W of units x (units - 1).
package struct OthersProduct: PlanOperation {
  package let units: Int

  package var name: String { "product of others" }
  package var multiplications: Int { units * (units - 1) }

  package func differentiate(_ step: Step, _ dy: BufferID, _ tape: inout Tape) {
    let (x, w) = (step.inputs[0], step.inputs[1])
    tape.emit(OthersWeightGradient(units: units), [dy, x], gradientOf: w, layer: step.layer)
    tape.emit(OthersInputGradient(units: units), [dy, w], gradientOf: x, layer: step.layer)
  }
}

/// dW of ``OthersProduct``, a chain over the rows in order.
///
/// - Inputs: dy, x.
package struct OthersWeightGradient: PlanOperation {
  let units: Int

  package var name: String { "weight gradient of others" }
  package var multiplications: Int { units * (units - 1) }
}

/// dx of ``OthersProduct``, a chain over the units that it leads to.
///
/// - Inputs: dy, W.
package struct OthersInputGradient: PlanOperation {
  let units: Int

  package var name: String { "input gradient of others" }
  package var multiplications: Int { units * (units - 1) }
}
