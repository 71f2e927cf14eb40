/// y += x Wᵀ for W of outputs x inputs: a dense layer's sums over one edge. Each sum is one chain of fused multiply-adds
/// over the inputs in order, beginning with what stands in y, or with a bias.
///
/// - Inputs: x, W; where a bias has been fused in, that too.
package struct MatrixProduct: PlanOperation {
  package let inputWidth: Int
  package let outputWidth: Int
  /// How many places, each with inputs of its own, a row has.
  package var places = 1
  /// Whether y begins as the bias of each output, in place of what stands there.
  package var startsFromBias = false

  package var name: String { startsFromBias ? "matrix product + bias" : "matrix product" }
  package var multiplications: Int { places * inputWidth * outputWidth }

  package func differentiate(_ step: Step, _ dy: BufferID, _ tape: inout Tape) {
    let (x, w) = (step.inputs[0], step.inputs[1])
    tape.emit(
      MatrixProductWeightGradient(inputWidth: inputWidth, outputWidth: outputWidth, places: places),
      [dy, x], gradientOf: w, layer: step.layer)
    tape.emit(
      MatrixProductInputGradient(inputWidth: inputWidth, outputWidth: outputWidth, places: places),
      [dy, w], gradientOf: x, layer: step.layer)
  }
}

/// dW += dyᵀ x, a chain over the rows, and the places of each, in order.
///
/// - Inputs: dy, x.
package struct MatrixProductWeightGradient: PlanOperation {
  let inputWidth: Int
  let outputWidth: Int
  var places = 1

  package var name: String { "weight gradient" }
  package var multiplications: Int { places * inputWidth * outputWidth }
}

/// dx += dy W, a chain over the outputs in order.
///
/// - Inputs: dy, W.
package struct MatrixProductInputGradient: PlanOperation {
  let inputWidth: Int
  let outputWidth: Int
  var places = 1

  package var name: String { "input gradient" }
  package var multiplications: Int { places * inputWidth * outputWidth }
}
