/// Each whole number of a row becomes a row of a table.
///
/// - Inputs: x, the table of vocabulary x dimension.
package struct Embed: PlanOperation {
  package let count: Int
  package let vocabulary: Int
  package let dimension: Int

  package var name: String { "embedding" }

  package func differentiate(_ step: Step, _ dy: BufferID, _ tape: inout Tape) {
    tape.emit(
      EmbedGradient(forward: self), [dy, step.inputs[0]], gradientOf: step.inputs[1], layer: step.layer)
  }
}

/// Each gradient is added to its row of the table.
///
/// - Inputs: dy, x.
package struct EmbedGradient: PlanOperation {
  let forward: Embed

  package var name: String { "embedding gradient" }
}
