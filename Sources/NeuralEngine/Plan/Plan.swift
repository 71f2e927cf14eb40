package import Foundations

/// A network's work as a list of operations over numbered buffers: what `summary plan` shows, what tests look at, and what
/// a backend turns into kernels. It holds no numbers.
///
/// The list is made layer by layer, the way back follows from the operations' derivatives, and ``Fusion`` then replaces
/// patterns in it by faster ones.
package struct Plan: Sendable {
  /// What a plan is for.
  package enum Purpose: Sendable, Hashable {
    /// Outputs from inputs.
    case inference
    /// Outputs, and how they compare with targets.
    case evaluation(ErrorSignal)
    /// A gradient by the outputs taken back to the parameters and the inputs.
    case differentiation
    /// The gradient of a loss by the parameters. `isTraining` says whether dropout drops and batch normalisation looks at
    /// the batch.
    case training(ErrorSignal, isTraining: Bool)

    /// Whether layers behave as in training.
    var isTraining: Bool { if case .training(_, true) = self { true } else { false } }

    /// What is compared with targets, if anything is.
    var signal: ErrorSignal? {
      switch self {
      case .inference, .differentiation: nil
      case .evaluation(let signal), .training(let signal, _): signal
      }
    }

    /// Whether gradients are worked out.
    var isDifferentiated: Bool {
      switch self {
      case .inference, .evaluation: false
      case .differentiation, .training: true
      }
    }
  }

  /// What it is for.
  package let purpose: Purpose
  /// The most rows that it takes at once.
  package let capacity: Int
  /// The buffers, by their numbers.
  package var buffers: [PlanBuffer]
  /// The steps, in the order of the computation.
  package var steps: [Step]
  /// Where the network's inputs enter, a buffer an input layer; behind them what the steps before have left.
  package let inputs: [BufferID]
  /// The network's outputs, a buffer an output layer.
  package let outputs: [BufferID]
  /// The targets, a buffer an output layer, and behind them the rows' weights where they have any; empty where nothing is
  /// compared.
  package let targets: [BufferID]
  /// Where a gradient by the outputs enters; for differentiation alone.
  package let outputGradients: [BufferID]
  /// The gradient by the inputs; for differentiation alone.
  package let inputGradients: [BufferID]
  /// A byte an answer, of which a row has as many as ``answersPerRow``: whether all output layers classify it as its targets
  /// say.
  package let correct: BufferID?
  /// What a stepwise plan keeps from one step to the next.
  package let states: [StepBuffers.State]
  /// What layers give, as far as it is kept.
  package let layerValues: [String: BufferID]
  /// The memory that a batch takes, where each buffer stands in it.
  private(set) package var memory: PlanMemory

  /// What must be there when the plan has run, for all rows.
  var results: Set<BufferID> {
    Set(outputs + inputGradients + Array(layerValues.values) + states.compactMap(\.after))
  }

  /// Makes the plan of a graph.
  ///
  /// - Parameters:
  ///   - layout: the places of the graph's parameters.
  ///   - keeping: the layers whose values are wanted afterwards, and arrays within layers, such as `l/f`.
  ///   - fusions: the patterns to replace.
  ///   - rowWeights: how many weights a row has that say how much it counts: none, one, or one for each output layer.
  ///   - isStepwise: whether it computes one step of a sequence, for a graph whose sequences have one step.
  /// - Throws: `incomplete-network`; `too-large` before anything is allocated.
  package init(
    _ graph: NetworkGraph, _ layout: ParameterLayout, purpose: Purpose, capacity: Int,
    keeping: Set<String> = [], fusions: Set<Fusion> = Fusion.all, rowWeights: Int = 0,
    isStepwise: Bool = false
  ) throws(CodedError) {
    // A graph for any length has no plan; what only looks at it gets that of one step.
    let graph = try graph.filled(steps: 1)
    var lowering = Lowering(graph, layout, isTraining: purpose.isTraining, isStepwise: isStepwise)
    try lowering.lowerAll()
    self.purpose = purpose
    self.capacity = capacity
    states = lowering.rememberedStates()
    inputs = graph.inputs.compactMap { lowering.values[$0.name]?.buffer } + states.map(\.before)
    outputs = graph.outputs.compactMap { lowering.values[$0.name]?.buffer }
    layerValues = lowering.values.merging(lowering.exposed) { layer, _ in layer }
      .filter { keeping.contains($0.key) }.mapValues(\.buffer)
    let compared = purpose.signal == nil ? [] : lowering.addTargets(of: graph.outputs)
    let weights = compared.isEmpty ? [] : lowering.addWeights(rowWeights)
    targets = compared + weights
    correct = purpose.signal.map { lowering.addComparison(of: graph.outputs, compared, $0, weights: weights) }
    let wanted = purpose.isDifferentiated ? lowering.wanted(inputs: purpose == .differentiation) : []
    var tape = Tape(lowering.draft, wanted: wanted)
    let (entering, leaving) = purpose == .differentiation ? (inputs, outputs) : ([], [])
    outputGradients = leaving.map { tape.target(for: $0).gradient }
    if purpose.isDifferentiated { tape.run() }
    inputGradients = entering.map { tape.target(for: $0).gradient }
    buffers = tape.plan.buffers
    steps = tape.plan.steps
    memory = PlanMemory()
    for fusion in Fusion.allCases where fusions.contains(fusion) { fusion.apply(to: &self) }
    memory = PlanMemory(self)
  }
}

extension Plan {
  /// How many multiplications a row takes.
  package var multiplications: Int {
    steps.reduce(0) { sum, step in
      let (total, overflows) = sum.addingReportingOverflow(step.operation.multiplications)
      return overflows ? .max : total
    }
  }

  /// How many answers to a row are compared with targets: one, or one a step.
  var answersPerRow: Int { correct.map { buffers[$0.number].width } ?? 1 }

  /// The steps that read a buffer.
  func readers(of buffer: BufferID) -> [Int] {
    steps.indices.filter { steps[$0].inputs.contains(buffer) }
  }

  /// The steps that write a buffer.
  func writers(of buffer: BufferID) -> [Int] {
    steps.indices.filter { steps[$0].outputs.contains(buffer) }
  }

  /// Whether rows can go through the whole plan by themselves: no step needs what the whole batch came to in between.
  var goesRowByRow: Bool { !steps.contains { $0.scope == .whole } }
}
