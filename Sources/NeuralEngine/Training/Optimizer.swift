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

  /// Whether a step only takes rate times gradient off, and keeps no means.
  var isPlain: Bool { kind == .perceptron || kind == .sgd(momentum: 0) }

  /// Takes one step along the gradients that stand in the parameters.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func step(rate: Scalar) {
    steps += 1
    let weights = parameters.values.pointer
    let gradients = parameters.gradients.pointer
    for range in parameters.trainableRanges {
      switch kind {
      case .sgd(let momentum) where momentum > 0:
        let momentum = Scalar(momentum)
        for index in range {
          first.pointer[index] = momentum * first.pointer[index] - rate * gradients[index]
          weights[index] += first.pointer[index]
        }
      case .sgd, .perceptron: for index in range { weights[index] -= rate * gradients[index] }
      case .adam: adam(range, rate: rate)
      }
    }
  }

  @inline(__always)
  private func adam(_ range: Range<Int>, rate: Scalar) {
    let decay1: Scalar = 0.9
    let decay2: Scalar = 0.999
    let weights = parameters.values.pointer
    let gradients = parameters.gradients.pointer
    let correction2 = (1 - Scalar.pow(decay2, Scalar(steps))).squareRoot()
    let scaledRate = rate * correction2 / (1 - Scalar.pow(decay1, Scalar(steps)))
    for index in range {
      let gradient = gradients[index]
      first.pointer[index] += (gradient - first.pointer[index]) * (1 - decay1)
      second.pointer[index] += (gradient * gradient - second.pointer[index]) * (1 - decay2)
      weights[index] -= scaledRate * first.pointer[index] / (second.pointer[index].squareRoot() + 1e-7)
    }
  }
}
