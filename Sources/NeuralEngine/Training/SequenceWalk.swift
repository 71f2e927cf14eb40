public import Foundations

/// A network's way through a sequence, one step at a time, beside the state that the network itself keeps.
public struct SequenceWalk {
  private let network: Network
  private var state: StepState?

  fileprivate init(_ network: Network) { self.network = network }

  /// Computes the next step.
  ///
  /// - Parameter row: the numbers of the step.
  /// - Returns: the outputs for it.
  /// - Throws: `needs-steps`, `shape-mismatch` or `bad-word`.
  public mutating func step(_ row: [Double]) throws(CodedError) -> [Double] {
    let made = try network.step(row, from: state)
    state = made
    return made.outputs
  }
}

extension Network {
  /// A way through a sequence from no state, for a network that goes step by step; see ``NetworkGraph/stepWidth``.
  ///
  /// - Throws: `incomplete-network`.
  public func walk() throws(CodedError) -> SequenceWalk {
    _ = try prepared()
    return SequenceWalk(self)
  }

  /// Computes a step from what those before have left.
  ///
  /// - Throws: `needs-steps`, `shape-mismatch` or `bad-word`.
  func step(_ row: [Double], from state: StepState?) throws(CodedError) -> StepState {
    let model = try prepared()
    guard row.count == graph.stepWidth else {
      throw CodedError(
        .shapeMismatch,
        "A step of `\(name)` has \((graph.stepWidth ?? 0).numbersText), but \(row.count) are given.")
    }
    if readsWords { try Examples(name: "a step", rows: 1, inputs: row).checkInputs(of: graph.oneStep()) }
    return try model.step(row, from: state)
  }
}
