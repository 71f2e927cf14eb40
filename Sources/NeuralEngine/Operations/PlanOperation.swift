/// What a step of a plan computes. Operations know nothing of memory: a backend turns them into kernels.
///
/// Each stands in a file of its own together with its derivative, which is made of operations too.
package protocol PlanOperation: Sendable {
  /// Its name, as `summary plan` shows it.
  var name: String { get }
  /// How many multiplications it takes for a row.
  var multiplications: Int { get }
  /// The place among its inputs whose memory the first output may take over, since each number is read before it is
  /// written.
  var inPlace: Int? { get }
  /// How many rows it takes at once where there are as many: what it does for all of them alike is then done once. Blocks of rows
  /// begin at multiples of it.
  var rowsAtOnce: Int { get }
  /// Emits what the way back begins with, as it does at a loss.
  func begin(_ step: Step, _ tape: inout Tape)
  /// Emits the steps that take the gradient `dy` of the step's first output back to its inputs.
  func differentiate(_ step: Step, _ dy: BufferID, _ tape: inout Tape)
}

extension PlanOperation {
  package var multiplications: Int { 0 }
  package var inPlace: Int? { nil }
  package var rowsAtOnce: Int { 1 }
  /// The way back does not begin here.
  package func begin(_ step: Step, _ tape: inout Tape) {}
  /// Nothing flows back.
  package func differentiate(_ step: Step, _ dy: BufferID, _ tape: inout Tape) {}
}

/// The way back through a plan: it knows whose gradient is wanted and emits steps that write gradients.
///
/// Whoever writes a gradient first writes it, all others add to it; so nothing has to be set to zero before.
package struct Tape {
  /// The buffers and steps so far, the forward pass first.
  var plan: PlanDraft
  /// The buffers that the loss's gradient by is wanted, or wanted for something else.
  let wanted: Set<BufferID>
  /// The gradients that have been written at least once.
  private(set) var gradients: [BufferID: BufferID] = [:]

  init(_ plan: PlanDraft, wanted: Set<BufferID>) {
    self.plan = plan
    self.wanted = wanted
  }

  /// Whether the gradient by a buffer is wanted.
  func wants(_ buffer: BufferID) -> Bool { wanted.contains(buffer) }

  /// The gradient by a buffer, as far as steps have been emitted that write it.
  func gradient(of buffer: BufferID) -> BufferID? { gradients[buffer] }

  /// Where the gradient by a buffer goes, with whether something stands there already.
  mutating func target(for buffer: BufferID) -> (gradient: BufferID, accumulates: Bool) {
    if let known = gradients[buffer] { return (known, true) }
    let extent: PlanBuffer.Extent =
      switch plan.buffers[buffer.number].extent {
      case .parameters(let range): .gradient(range)
      case let other: other
      }
    let original = plan.buffers[buffer.number]
    let made = plan.add("gradient of \(original.name)", extent, shape: original.shape)
    gradients[buffer] = made
    return (made, false)
  }

  /// Emits a step that writes, or adds to, the gradient by a buffer, and may write more; nothing where that gradient is
  /// not wanted.
  mutating func emit(
    _ operation: any PlanOperation, _ inputs: [BufferID], gradientOf buffer: BufferID,
    and others: [BufferID] = [],
    layer: String, scope: Step.Scope = .rows
  ) {
    guard wants(buffer) else { return }
    let (gradient, accumulates) = target(for: buffer)
    plan.steps.append(
      Step(
        operation: operation, layer: layer, inputs: inputs, outputs: [gradient] + others,
        accumulates: accumulates,
        scope: scope))
  }

  /// Emits a step that writes a buffer of its own.
  mutating func emit(
    _ operation: any PlanOperation, _ inputs: [BufferID], to output: BufferID, layer: String,
    scope: Step.Scope = .rows
  ) {
    plan.steps.append(
      Step(operation: operation, layer: layer, inputs: inputs, outputs: [output], scope: scope))
  }

  /// Goes back through the forward pass.
  mutating func run() {
    for step in plan.steps.reversed() {
      step.operation.begin(step, &self)
      if let dy = step.outputs.first.flatMap({ gradients[$0] }) {
        step.operation.differentiate(step, dy, &self)
      }
    }
  }
}

/// The buffers and steps of a plan that is being made.
package struct PlanDraft {
  package var buffers: [PlanBuffer] = []
  package var steps: [Step] = []

  /// Adds a buffer.
  mutating func add(_ name: String, _ extent: PlanBuffer.Extent, shape: [Int]? = nil) -> BufferID {
    buffers.append(PlanBuffer(name, extent, shape: shape))
    return BufferID(number: buffers.count - 1)
  }
}
