import RealModule

/// Changes parameters by their gradients. It keeps its running means from one training to the next, so that
/// a second `train` goes on as if the first had not ended.
final class Optimizer<Scalar: EngineScalar> {
  let kind: OptimizerKind
  private let parameters: Parameters<Scalar>
  /// The velocity, Adam's mean of the gradient, or the mean or sum of its square where that stands alone.
  private let first: Buffer<Scalar>
  /// Adam's mean of the gradient's square, or Adadelta's of the steps'.
  private let second: Buffer<Scalar>
  private var steps = 0
  /// Nadam's momenta so far, multiplied.
  private var momenta = 1.0

  init(_ kind: OptimizerKind, parameters: Parameters<Scalar>) {
    self.kind = kind
    self.parameters = parameters
    first = Buffer(count: kind.memories > 0 ? parameters.layout.count : 0)
    second = Buffer(count: kind.memories > 1 ? parameters.layout.count : 0)
    reset()
  }

  /// Goes on from a state, which must fit the parameters.
  convenience init(_ state: OptimizerState, parameters: Parameters<Scalar>) {
    self.init(state.kind, parameters: parameters)
    first.doubles = state.first
    second.doubles = state.second
    steps = state.steps
    momenta = state.momenta
  }

  /// What it remembers.
  var state: OptimizerState {
    OptimizerState(
      kind: kind, steps: steps, momenta: momenta, first: first.doubles, second: second.doubles)
  }

  /// Forgets what it knows of earlier steps.
  func reset() {
    // Adagrad's sum begins at 0.1, so that its first steps are not all as long as the rate.
    first.pointer.update(repeating: kind == .adagrad ? 0.1 : 0, count: first.count)
    second.clear()
    steps = 0
    momenta = 1
  }

  /// Whether a step only takes rate times gradient off, and keeps no means.
  var isPlain: Bool { kind.isPlain }

  /// Takes one step along the gradients that stand in the parameters.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func step(rate: Scalar) {
    steps += 1
    let adamRate = kind == .adam || kind == .adamw ? adamRate(rate) : 0
    let nadam = kind == .nadam ? nadamFactors(rate) : NadamFactors()
    for range in parameters.trainableRanges {
      let run = Run(
        count: range.count, weights: parameters.values.pointer + range.lowerBound,
        gradients: parameters.gradients.pointer + range.lowerBound,
        first: first.pointer + (first.count > 0 ? range.lowerBound : 0),
        second: second.pointer + (second.count > 0 ? range.lowerBound : 0))
      switch kind {
      case .sgd(let momentum, let nesterov) where momentum > 0:
        if nesterov {
          run.lookAhead(rate: rate, momentum: Scalar(momentum))
        } else {
          run.follow(rate: rate, momentum: Scalar(momentum))
        }
      case .sgd, .perceptron: run.descend(rate: rate)
      case .adam: run.adam(rate: adamRate)
      case .adamw:
        run.shrink(by: 0.004 * rate)
        run.adam(rate: adamRate)
      case .nadam: run.nadam(nadam)
      case .rmsprop: run.rmsprop(rate: rate)
      case .adagrad: run.adagrad(rate: rate)
      case .adadelta: run.adadelta(rate: rate)
      }
    }
  }

  /// The rate with the corrections for means that began at 0. In Float, 1 - 0.999 would lose four digits.
  @inline(__always)
  private func adamRate(_ rate: Scalar) -> Scalar {
    let steps = Double(steps)
    return Scalar(Double(rate) * (1 - Double.pow(0.999, steps)).squareRoot() / (1 - Double.pow(0.9, steps)))
  }

  /// What Nadam's step takes of the mean, of the gradient and of the mean square.
  struct NadamFactors {
    var mean: Scalar = 0
    var gradient: Scalar = 0
    var square: Scalar = 0
  }

  private func nadamFactors(_ rate: Scalar) -> NadamFactors {
    let steps = Double(steps)
    let now = 0.9 * (1 - 0.5 * Double.pow(0.96, steps))
    let next = 0.9 * (1 - 0.5 * Double.pow(0.96, steps + 1))
    momenta *= now
    return NadamFactors(
      mean: Scalar(Double(rate) * next / (1 - momenta * next)),
      gradient: Scalar(Double(rate) * (1 - now) / (1 - momenta)),
      square: Scalar(1 / (1 - Double.pow(0.999, steps))))
  }
}
