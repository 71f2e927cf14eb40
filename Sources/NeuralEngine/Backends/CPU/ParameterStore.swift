internal import CKernels

/// A network's parameters and their gradients, each one contiguous array, with what is done to them as a whole.
package final class ParameterStore {
  /// Where each stands.
  package let layout: ParameterLayout
  /// The parameters.
  package let values: NumberBuffer
  /// Their gradients.
  package let gradients: NumberBuffer
  private let trainable: [Range<Int>]
  private let regularized: [Range<Int>]
  private let kernels: nbs_layer_kernels

  /// Takes over parameters.
  package init(_ layout: ParameterLayout, values: [Double], _ precision: Precision) {
    self.layout = layout
    self.values = NumberBuffer(values, precision)
    gradients = NumberBuffer(layout.count, precision)
    trainable = layout.trainableRanges
    regularized = layout.regularizedRanges
    kernels = InstructionSet.current.kernels(precision).pointee.layers
  }

  /// What the weights cost as they are.
  func cost(_ regularizer: Regularizer) -> Double {
    if regularizer.isNone { return 0 }
    return regularized.reduce(0) { sum, range in
      sum
        + kernels.regularizer(
          regularizer.l1, regularizer.l2, values.pointer(at: range.lowerBound), range.count)
    }
  }

  /// Adds the derivative of ``cost(_:)`` to the gradients; that of |w| is 0 at 0.
  func addGradient(of regularizer: Regularizer) {
    if regularizer.isNone { return }
    for range in regularized {
      kernels.add_regularizer(
        regularizer.l1, regularizer.l2, values.pointer(at: range.lowerBound),
        gradients.pointer(at: range.lowerBound), range.count)
    }
  }

  /// Adds the gradients to others, or puts them in their place.
  func addGradients(to sum: NumberBuffer, isFirst: Bool) {
    guard !isFirst else { return sum.copy(from: gradients) }
    kernels.scale(1, gradients.pointer, sum.pointer, gradients.count, true)
  }

  /// Shortens the gradient of all trainable parameters together to a length, if it is longer: Keras's `global_clipnorm`.
  func clipGradients(to limit: Double) {
    let squares = trainable.reduce(0) {
      $0 + kernels.sum_of_squares(gradients.pointer(at: $1.lowerBound), $1.count)
    }
    let length = squares.squareRoot()
    // An infinite gradient has no direction to keep; the step fails, and the training says so.
    guard length.isFinite, length > limit else { return }
    for range in trainable {
      let pointer = gradients.pointer(at: range.lowerBound)
      kernels.scale(limit / length, pointer, pointer, range.count, false)
    }
  }

  /// The first layer, in the order of the computation, with a parameter that is not finite.
  var firstNonFiniteLayer: String? {
    layout.slices.first { !kernels.all_finite(values.pointer(at: $0.offset), $0.count) }?.layer
  }
}

/// Changes parameters by their gradients. It keeps its slots from one training to the next, so that a second `train` goes
/// on as if the first had not ended.
final class ParameterUpdater {
  let optimizer: Optimizer
  private let parameters: ParameterStore
  /// The velocity, Adam's mean of the gradient, or the mean or sum of its square where that stands alone.
  private let first: NumberBuffer
  /// Adam's mean of the gradient's square, or Adadelta's of the steps'.
  private let second: NumberBuffer
  private var steps = 0
  /// Nadam's momenta so far, multiplied.
  private var momenta = 1.0
  private let parts: [Range<Int>]
  private let kernels: nbs_layer_kernels

  init(_ optimizer: Optimizer, _ parameters: ParameterStore) {
    self.optimizer = optimizer
    self.parameters = parameters
    let precision = parameters.values.precision
    first = NumberBuffer(optimizer.slots > 0 ? parameters.layout.count : 0, precision)
    second = NumberBuffer(optimizer.slots > 1 ? parameters.layout.count : 0, precision)
    kernels = InstructionSet.current.kernels(precision).pointee.layers
    parts = parameters.layout.trainableRanges.flatMap { range in
      stride(from: range.lowerBound, to: range.upperBound, by: 8192).map {
        $0..<min($0 + 8192, range.upperBound)
      }
    }
    reset()
  }

  /// Goes on from a state, which must fit the parameters.
  convenience init(_ state: OptimizerState, _ parameters: ParameterStore) {
    self.init(state.optimizer, parameters)
    first.doubles = state.first
    second.doubles = state.second
    steps = state.steps
    momenta = state.momenta
  }

  /// What it remembers.
  var state: OptimizerState {
    OptimizerState(
      optimizer: optimizer, steps: steps, momenta: momenta, first: first.doubles, second: second.doubles)
  }

  /// What an updater remembered at one moment.
  final class Memory {
    fileprivate let first: NumberBuffer
    fileprivate let second: NumberBuffer
    fileprivate var steps = 0
    fileprivate var momenta = 1.0

    fileprivate init(_ first: Int, _ second: Int, _ precision: Precision) {
      self.first = NumberBuffer(first, precision)
      self.second = NumberBuffer(second, precision)
    }
  }

  /// Room for what it remembers.
  func emptyMemory() -> Memory { Memory(first.count, second.count, parameters.values.precision) }

  /// Copies what it remembers.
  func remember(in memory: Memory) {
    memory.first.copy(from: first)
    memory.second.copy(from: second)
    memory.steps = steps
    memory.momenta = momenta
  }

  /// What was remembered, as a value.
  func state(of memory: Memory) -> OptimizerState {
    OptimizerState(
      optimizer: optimizer, steps: memory.steps, momenta: memory.momenta, first: memory.first.doubles,
      second: memory.second.doubles)
  }

  /// Puts what was remembered another day where it can be recalled from.
  func fill(_ memory: Memory, from state: OptimizerState) {
    memory.first.doubles = state.first
    memory.second.doubles = state.second
    memory.steps = state.steps
    memory.momenta = state.momenta
  }

  /// Takes up what it remembered.
  func recall(_ memory: Memory) {
    first.copy(from: memory.first)
    second.copy(from: memory.second)
    steps = memory.steps
    momenta = memory.momenta
  }

  /// Forgets what it knows of earlier steps.
  func reset() {
    first.doubles = [Double](repeating: optimizer.rule.slotStart, count: first.count)
    second.clear()
    steps = 0
    momenta = 1
  }

  /// Takes one step along the gradients.
  func step(rate: Double, threads: Int) {
    steps += 1
    let factors = nbs_update_factors(optimizer.rule.factors(rate: rate, step: steps, momenta: &momenta))
    let code = optimizer.rule.update.code
    WorkerPool.shared.run(parts: parts.count, threads: threads) { part, _ in
      let range = parts[part]
      let start = range.lowerBound
      withUnsafePointer(to: factors) {
        kernels.update(
          code, $0, parameters.values.pointer(at: start), parameters.gradients.pointer(at: start),
          first.count > 0 ? first.pointer(at: start) : nil,
          second.count > 0 ? second.pointer(at: start) : nil, range.count)
      }
    }
  }
}

extension UpdateKernel {
  fileprivate var code: nbs_update {
    switch self {
    case .gradientDescent: NBS_SGD
    case .momentum: NBS_MOMENTUM
    case .nesterov: NBS_NESTEROV
    case .adam: NBS_ADAM
    case .nadam: NBS_NADAM
    case .rmsprop: NBS_RMSPROP
    case .adagrad: NBS_ADAGRAD
    case .adadelta: NBS_ADADELTA
    }
  }
}

extension nbs_update_factors {
  fileprivate init(_ factors: UpdateFactors) {
    self.init(
      rate: factors.rate, beta1: factors.beta1, beta2: factors.beta2, epsilon: factors.epsilon,
      decay: factors.decay, nadam_mean: factors.nadamMean, nadam_gradient: factors.nadamGradient,
      nadam_square: factors.nadamSquare)
  }
}
