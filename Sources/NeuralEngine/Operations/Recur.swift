/// What a recurrent layer does at each step.
package enum RecurrentCell: String, Sendable {
  case rnn, lstm, gru

  /// How many sums over the inputs each unit has at a step.
  package var gates: Int {
    switch self {
    case .rnn: 1
    case .lstm: 4
    case .gru: 3
    }
  }

  /// How many numbers of each unit the way back needs of what the gates came to.
  var keptGates: Int { self == .rnn ? 1 : 4 }
}

/// A recurrent layer's way through the steps of a sequence, from the sums over its inputs, which need no state.
///
/// - Inputs: the sums, R of (gates x units) x units; where there is one, a GRU's bias of R h, and a mask that multiplies h
///   before R.
/// - Outputs: h of all steps or the last, what the gates came to, what R is multiplied by at each step; an LSTM's cells, or
///   the states of a GRU that has a mask; the cells that an LSTM begins with where it is carried on.
package struct Recur: PlanOperation {
  package let cell: RecurrentCell
  package let steps: Int
  package let units: Int
  package let activation: Activation
  package let gateActivation: Activation
  package let isReversed: Bool
  package let returnsAll: Bool
  /// Over how many steps gradients go back; 0 for all.
  package var truncation = 0
  /// Whether there is a GRU's bias of R h, and a mask.
  package var hasBias = false
  package var isMasked = false
  /// Whether the first step goes on from where the same row of the batch before has ended.
  package var isCarriedOn = false

  /// Whether it keeps the states of a GRU besides what R is multiplied by.
  var keepsStates: Bool { cell == .gru && isMasked }
  /// Whether it keeps the cells that an LSTM begins with.
  var keepsFirstCells: Bool { cell == .lstm && isCarriedOn }

  package var name: String { "\(cell.rawValue) steps" }
  package var multiplications: Int { steps * cell.gates * units * units }
  /// R is read anew at each step: for so many rows that costs little.
  package var rowsAtOnce: Int { 16 }

  package func differentiate(_ step: Step, _ dy: BufferID, _ tape: inout Tape) {
    let sums = step.inputs[0]
    guard tape.wants(sums) else { return }
    // What comes back through R h is what comes back to the sums, but for a GRU, whose reset gate stands between them.
    let products: [BufferID] =
      cell == .gru
      ? [tape.plan.add("gradient of \(step.layer)'s products", .rows(steps * cell.gates * units))] : []
    tape.emit(
      RecurGradient(forward: self),
      [dy, step.inputs[1]] + step.outputs.dropFirst() + (isMasked ? step.inputs.suffix(1) : []),
      gradientOf: sums, and: products, layer: step.layer)
    guard let pull = products.first ?? tape.gradient(of: sums) else { return }
    tape.emit(
      MatrixProductWeightGradient(inputWidth: units, outputWidth: cell.gates * units, places: steps),
      [pull, step.outputs[2]], gradientOf: step.inputs[1], layer: step.layer)
    if hasBias {
      tape.emit(
        ColumnSums(width: cell.gates * units, places: steps), [pull], gradientOf: step.inputs[2],
        layer: step.layer)
    }
  }
}

/// The way back through ``Recur``, from the last step that was taken to the first.
///
/// - Inputs: dh, R, all outputs of the way there but the first; the mask, where there is one.
/// - Outputs: the gradient by the sums; a GRU's by R h.
package struct RecurGradient: PlanOperation {
  let forward: Recur

  package var name: String { "\(forward.cell.rawValue) gradient" }
  package var multiplications: Int { forward.multiplications }
  package var rowsAtOnce: Int { forward.rowsAtOnce }
}
