package import Foundations

/// What a network that goes through a sequence one step at a time knows of the steps before, as a value.
public struct StepState: Sendable, Equatable {
  /// The row of the last step, and the answer to it.
  let inputs: [Double]
  let outputs: [Double]
  /// What is kept of the steps before, in the order of the plan.
  let values: [[Double]]

  init(inputs: [Double], outputs: [Double], values: [[Double]]) {
    (self.inputs, self.outputs, self.values) = (inputs, outputs, values)
  }

  /// The parts, each an array, in a fixed order.
  var parts: [[Double]] { [inputs, outputs] + values }

  /// Puts a state together from its parts; nil where there are too few.
  init?(parts: [[Double]]) {
    guard parts.count > 1 else { return nil }
    self.init(inputs: parts[0], outputs: parts[1], values: Array(parts[2...]))
  }
}

/// What a network knows of the steps before.
public enum NetworkMemory: Sendable, Equatable {
  /// Under an online rule.
  case online(OnlineState)
  /// Under gradient descent.
  case steps(StepState)

  /// The parts, each an array, in a fixed order.
  public var parts: [[Double]] {
    switch self {
    case .online(let state): state.parts
    case .steps(let state): state.parts
    }
  }

  /// Puts a state together from its parts; nil where they do not fit together.
  public init?(parts: [[Double]], rule: LearningRule) {
    guard rule.isOnline else {
      guard let state = StepState(parts: parts) else { return nil }
      self = .steps(state)
      return
    }
    guard let state = OnlineState(parts: parts) else { return nil }
    self = .online(state)
  }
}

/// A network as it goes through a sequence one step at a time: the plan of one step.
struct Stepper {
  private let execution: CPUExecution

  /// - Throws: `needs-steps` where a layer looks at several steps at once; `incomplete-network`, `too-large`.
  init(
    _ graph: NetworkGraph, _ layout: ParameterLayout, _ backend: CPUBackend, keeping: Set<String> = []
  ) throws(CodedError) {
    let step = try graph.oneStep()
    let plan = try Plan(
      step, layout, purpose: .inference, capacity: 1, keeping: keeping, isStepwise: true)
    try plan.checkMemory(bytesEach: backend.precision.bytes, parameters: layout.count)
    execution = CPUExecution(plan, backend, gradients: NumberBuffer(0, backend.precision))
  }

  /// Computes a step.
  ///
  /// - Parameters:
  ///   - inputs: the row of the step.
  ///   - state: what the steps before have left; nil before the first. One that does not fit counts as none.
  func step(_ inputs: [Double], from state: StepState?) -> StepState {
    let states = execution.plan.states
    let widths = states.map { execution.plan.buffers[$0.before.number].width }
    var before = state?.values ?? []
    if before.map(\.count) != widths { before = widths.map { [Double](repeating: 0, count: $0) } }
    execution.setRow(execution.plan.inputs, to: inputs + before.flatMap(\.self))
    _ = execution.run(BatchNumbers(rows: 1), threads: 1)
    let after = states.map { state -> [Double] in
      if let left = state.after { return execution.values(left, rows: 1) }
      let younger = states.firstIndex {
        $0.layer == state.layer && $0.part == state.part && $0.age == state.age - 1
      }
      return younger.map { before[$0] } ?? []
    }
    return StepState(inputs: inputs, outputs: execution.outputs(rows: 1), values: after)
  }
}

extension Stepper {
  /// What an array that is kept holds after a step.
  func values(_ name: String) -> [Double] {
    execution.plan.layerValues[name].map { execution.values($0, rows: 1) } ?? []
  }
}

extension NetworkGraph {
  /// How many numbers a step has where the network can go through a sequence one step at a time; nil where it cannot,
  /// or where there is none.
  public var stepWidth: Int? {
    guard hasMemory || takesSequences,
      layers.allSatisfy({ $0.kind.base.goesByStep })
    else { return nil }
    return inputs.reduce(0) { $0 + (stepShape(of: $1)?.reduce(1, *) ?? 0) }
  }

  /// Whether a row of inputs is a sequence of steps.
  var takesSequences: Bool { inputs.contains { isOfAnyLength($0) || stepShape(of: $0) != shape(of: $0) } }

  /// The shape of one step of what enters by an input layer.
  package func stepShape(of input: Layer) -> [Int]? {
    guard let shape = shape(of: input) else { return nil }
    return isSequence(input) ? [1] + shape.dropFirst() : shape
  }

  /// Whether what enters by an input layer is a sequence: steps x features, or the words of an embedding.
  package func isSequence(_ input: Layer) -> Bool {
    let count = shape(of: input)?.count
    return count == 2 || (count == 1 && !embeddings(reading: input.name).isEmpty)
  }

  /// Whether what a layer gives at a step hangs on that step and on those before alone, so that it stands beside each of them.
  package func standsAtEachStep(_ layer: Layer) -> Bool {
    guard layer.kind.base.goesByStep else { return false }
    return layer.isInput ? isSequence(layer) : steps(of: layer) > 1 || isOfAnyLength(layer)
  }

  /// The graph for sequences of one step.
  ///
  /// - Throws: `needs-steps`.
  package func oneStep() throws(CodedError) -> NetworkGraph {
    if let layer = layers.first(where: { !$0.kind.base.goesByStep }) {
      throw CodedError(
        .needsSteps,
        "`\(layer.name)` (\(layer.kindName)) looks at several steps at once, so the network cannot go one step at a time."
      )
    }
    return try withInputs { stepShape(of: $0).map { .input(shape: $0) } }
  }
}

extension CPUExecution {
  /// Deals the steps of a row out to buffers that share the numbers of each; a row without steps as ``setRow(_:to:)`` does.
  func setSteps(_ buffers: [BufferID], to row: [Double], _ steps: Int?) {
    guard let steps, steps > 0, buffers.count > 1 else { return setRow(buffers, to: row) }
    let widths = buffers.map { plan.buffers[$0.number].width / steps }
    setRow(buffers, to: row.byPart(widths, steps: steps))
  }

  /// Deals a row out to buffers that stand side by side.
  func setRow(_ buffers: [BufferID], to row: [Double]) {
    var start = 0
    for buffer in buffers {
      let width = plan.buffers[buffer.number].width
      set(buffer, to: Array(row[start..<start + width]))
      start += width
    }
  }
}

extension [Double] {
  /// Numbers that stand side by side at each step, part by part.
  func byPart(_ widths: [Int], steps: Int) -> [Double] {
    let whole = widths.reduce(0, +)
    var start = 0
    var numbers: [Double] = []
    numbers.reserveCapacity(count)
    for width in widths {
      for step in 0..<steps { numbers += self[(step * whole + start)...].prefix(width) }
      start += width
    }
    return numbers
  }

  /// The reverse of ``byPart(_:steps:)``.
  func byStep(_ widths: [Int], steps: Int) -> [Double] {
    var numbers: [Double] = []
    numbers.reserveCapacity(count)
    for step in 0..<steps {
      var start = 0
      for width in widths {
        numbers += self[(start + step * width)...].prefix(width)
        start += width * steps
      }
    }
    return numbers
  }
}
