package import NeuralEngine

extension OptimizerRecord {
  /// Describes an optimizer; its means are for the file's arrays.
  package init(_ state: OptimizerState) {
    kind = OptimizerKindRecord(state.kind)
    steps = state.steps
    momenta = state.momenta
  }

  /// The state that is described, with means out of the file's arrays.
  package func state(
    first: [Double], second: [Double], _ reading: RecordReading
  ) throws(EngineError) -> OptimizerState {
    // Steps are counted up from here, and must not overflow.
    guard (0...1 << 53).contains(steps), (0...1).contains(momenta) else {
      throw reading.bad("its optimizer's count of steps is none that a training could reach")
    }
    return OptimizerState(
      kind: try kind.kind(reading), steps: steps, momenta: momenta, first: first, second: second)
  }
}

extension OptimizerKindRecord {
  init(_ kind: OptimizerKind) {
    name = kind.name
    if case .sgd(let momentum, let nesterov) = kind {
      self.momentum = momentum
      self.nesterov = nesterov
    }
  }

  /// The optimizer that is described.
  func kind(_ reading: RecordReading) throws(EngineError) -> OptimizerKind {
    guard let kind = OptimizerKind(name: name) else {
      throw reading.bad("the optimizer is not known here: \(name.asName)")
    }
    guard case .sgd = kind else { return kind }
    let momentum = momentum ?? 0
    guard momentum >= 0, momentum < 1 else { throw reading.bad("momentum=\(momentum) is not below 1") }
    return .sgd(momentum: momentum, nesterov: nesterov ?? false)
  }
}
