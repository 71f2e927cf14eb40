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
/// - Inputs: the sums, R of (gates x units) x units; where there is one, a GRU's bias of R h.
/// - Outputs: h of all steps or the last, what the gates came to, the state before each step; an LSTM's cells.
package struct Recur: PlanOperation {
  package let cell: RecurrentCell
  package let steps: Int
  package let units: Int
  package let activation: Activation
  package let gateActivation: Activation
  package let isReversed: Bool
  package let returnsAll: Bool

  package var name: String { "\(cell.rawValue) steps" }
  package var multiplications: Int { steps * cell.gates * units * units }
  /// R is read anew at each step: for so many rows that costs little.
  package var rowsAtOnce: Int { 16 }

  package func differentiate(_ step: Step, _ tape: inout Tape) {
    let sums = step.inputs[0]
    guard let dy = tape.gradient(of: step.outputs[0]), tape.wants(sums) else { return }
    // What comes back through R h is what comes back to the sums, but for a GRU, whose reset gate stands between them.
    let products: [BufferID] =
      cell == .gru
      ? [tape.plan.add("gradient of \(step.layer)'s products", .rows(steps * cell.gates * units))] : []
    tape.emit(
      RecurGradient(forward: self), [dy, step.inputs[1]] + step.outputs.dropFirst(), gradientOf: sums,
      and: products, layer: step.layer)
    guard let pull = products.first ?? tape.gradient(of: sums) else { return }
    if tape.wants(step.inputs[1]) {
      tape.emit(
        MatrixProductWeightGradient(inputWidth: units, outputWidth: cell.gates * units, places: steps),
        [pull, step.outputs[2]], gradientOf: step.inputs[1], layer: step.layer)
    }
    if step.inputs.count > 2, tape.wants(step.inputs[2]) {
      tape.emit(
        ColumnSums(width: cell.gates * units, places: steps), [pull], gradientOf: step.inputs[2],
        layer: step.layer)
    }
  }
}

/// The way back through ``Recur``, from the last step that was taken to the first.
///
/// - Inputs: dh, R, what the gates came to, the states before; an LSTM's cells.
/// - Outputs: the gradient by the sums; a GRU's by R h.
package struct RecurGradient: PlanOperation {
  let forward: Recur

  package var name: String { "\(forward.cell.rawValue) gradient" }
  package var multiplications: Int { forward.multiplications }
  package var rowsAtOnce: Int { forward.rowsAtOnce }
}
