/// In training sets a share of the numbers to 0 and enlarges the others, so that their mean stays (inverted dropout, as
/// PyTorch and Keras have it; N. Srivastava et al., JMLR 15, 2014).
///
/// Which numbers is counted, not drawn in passing: it follows from the training's seed, the batch, the layer and the place
/// alone, so that neither threads nor shards change it, and the way back drops the same.
///
/// - Inputs: x.
package struct DropOut: PlanOperation {
  let rate: Double
  let width: Int
  /// How many steps, of `width` numbers each, drop the same.
  var steps = 1
  /// Tells the network's dropout layers apart.
  let number: Int

  package var name: String { "dropout" }

  package func differentiate(_ step: Step, _ dy: BufferID, _ tape: inout Tape) {
    tape.emit(self, [dy], gradientOf: step.inputs[0], layer: step.layer)
  }
}

/// What ``DropOut`` multiplies the numbers of a row by: 0 or 1 / (1 - rate).
///
/// - Inputs: none.
package struct DrawMask: PlanOperation {
  let rate: Double
  let width: Int
  /// Tells it from the network's dropout layers.
  let number: Int

  package var name: String { "dropout mask" }
}
