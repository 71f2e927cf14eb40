/// What a plan does, step by step, for somebody to read.
package struct PlanSummary: Sendable {
  /// One operation.
  package struct Line: Sendable {
    /// The layer that it belongs to.
    package let layer: String
    /// What is done; what has been fused stands joined by `+`.
    package let operation: String
    /// What it writes.
    package let output: String
    /// The shape of that, for one row or in all.
    package let shape: [Int]
    /// How many multiplications a row takes.
    package let multiplications: Int
    /// How many bytes its outputs take: for a row, or in all where it is not by rows.
    package let bytes: Int
  }

  /// The operations in their order.
  package let lines: [Line]
  /// How a batch is cut up.
  package let sharding: Sharding
  /// How many bytes a row takes on its way, buffers that share their place counted once.
  package let bytesPerRow: Int

  init(_ plan: Plan, parameters: Int, bytesEach: Int) {
    lines = plan.steps.map { step in
      let output = plan.buffers[step.outputs[0].number]
      let bytes = step.outputs.reduce(0) { sum, buffer in
        let extent = plan.buffers[buffer.number].extent
        if case .rowBytes(let count) = extent { return sum + count }
        return sum + plan.buffers[buffer.number].width * bytesEach
      }
      return Line(
        layer: step.layer, operation: step.operation.name, output: output.name, shape: output.shape,
        multiplications: step.operation.multiplications, bytes: bytes)
    }
    sharding = Sharding(plan, parameters: parameters, bytesEach: bytesEach)
    bytesPerRow = plan.numbersPerRow * bytesEach
  }
}
