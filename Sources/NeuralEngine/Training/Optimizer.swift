import RealModule

/// How training changes the weights.
public enum OptimizerKind: Sendable, Equatable {
  /// w -= rate · gradient; with momentum μ, as in Keras: v = μ v - rate · gradient, w += v.
  case sgd(momentum: Double)
  /// D. Kingma and J. Ba, "Adam", ICLR 2015, with Keras's β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁷.
  case adam
  /// Rosenblatt's rule: w += rate · (target - output) · input, for step units.
  case perceptron

  /// The rate when the user names none: Keras's for sgd and adam, 1 for the perceptron as in Rosenblatt's
  /// rule, whose decision no rate changes when the weights start at 0.
  public var defaultRate: Double {
    switch self {
    case .sgd: 0.01
    case .adam: 0.001
    case .perceptron: 1
    }
  }

  /// The optimizer as the language names it.
  public var name: String {
    switch self {
    case .sgd: "sgd"
    case .adam: "adam"
    case .perceptron: "perceptron"
    }
  }
}

/// Changes parameters by their gradients. It keeps its running means from one training to the next, so that
/// a second `train` goes on as if the first had not ended.
final class Optimizer<Scalar: EngineScalar> {
  let kind: OptimizerKind
  private let parameters: Parameters<Scalar>
  /// The velocity, or Adam's mean of the gradient.
  private let first: Buffer<Scalar>
  /// Adam's mean of the gradient's square.
  private let second: Buffer<Scalar>
  private var steps = 0

  init(_ kind: OptimizerKind, parameters: Parameters<Scalar>) {
    self.kind = kind
    self.parameters = parameters
    let hasFirst = kind == .adam || { if case .sgd(let momentum) = kind { momentum > 0 } else { false } }()
    first = Buffer(count: hasFirst ? parameters.layout.count : 0)
    second = Buffer(count: kind == .adam ? parameters.layout.count : 0)
  }

  /// Forgets what it knows of earlier steps.
  func reset() {
    first.clear()
    second.clear()
    steps = 0
  }

  /// Whether a step only takes rate times gradient off, and keeps no means.
  var isPlain: Bool { kind == .perceptron || kind == .sgd(momentum: 0) }

  /// Takes one step along the gradients that stand in the parameters.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func step(rate: Scalar) {
    steps += 1
    let adamRate = kind == .adam ? adamRate(rate) : 0
    for range in parameters.trainableRanges {
      let weights = parameters.values.pointer + range.lowerBound
      let gradients = parameters.gradients.pointer + range.lowerBound
      switch kind {
      case .sgd(let momentum) where momentum > 0:
        follow(
          gradients, weights, velocity: first.pointer + range.lowerBound, range.count, rate: rate,
          momentum: Scalar(momentum))
      case .sgd, .perceptron: for index in 0..<range.count { weights[index] -= rate * gradients[index] }
      case .adam:
        adam(
          gradients, weights, mean: first.pointer + range.lowerBound,
          square: second.pointer + range.lowerBound, range.count, rate: adamRate)
      }
    }
  }

  @inline(__always)
  private func follow(
    _ gradients: UnsafePointer<Scalar>, _ weights: UnsafeMutablePointer<Scalar>,
    velocity: UnsafeMutablePointer<Scalar>, _ count: Int, rate: Scalar, momentum: Scalar
  ) {
    for index in 0..<count {
      velocity[index] = momentum * velocity[index] - rate * gradients[index]
      weights[index] += velocity[index]
    }
  }

  /// The rate with the corrections for means that began at 0. In Float, 1 - 0.999 would lose four digits.
  @inline(__always)
  private func adamRate(_ rate: Scalar) -> Scalar {
    let steps = Double(steps)
    return Scalar(Double(rate) * (1 - Double.pow(0.999, steps)).squareRoot() / (1 - Double.pow(0.9, steps)))
  }

  @inline(__always)
  private func adam(
    _ gradients: UnsafePointer<Scalar>, _ weights: UnsafeMutablePointer<Scalar>,
    mean: UnsafeMutablePointer<Scalar>, square: UnsafeMutablePointer<Scalar>, _ count: Int, rate: Scalar
  ) {
    let share1: Scalar = 0.1
    let share2: Scalar = 0.001
    let epsilon: Scalar = 1e-7
    for index in 0..<count {
      let gradient = gradients[index]
      let newMean = mean[index] + (gradient - mean[index]) * share1
      let newSquare = square[index] + (gradient * gradient - square[index]) * share2
      mean[index] = newMean
      square[index] = newSquare
      // A square is never negative, but the compiler must be told: it then takes several roots at once.
      let root = (newSquare < 0 ? 0 : newSquare).squareRoot()
      weights[index] -= newMean * rate / (root + epsilon)
    }
  }
}
