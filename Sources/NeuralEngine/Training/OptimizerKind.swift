/// How training changes the weights: Keras 3's optimizers with its defaults (keras/src/optimizers).
public enum OptimizerKind: Sendable, Equatable {
  /// w -= rate · gradient; with momentum μ: v = μ v - rate · gradient, w += v; and Nesterov's way, with the
  /// gradient of where the momentum leads (I. Sutskever et al., ICML 2013): w += μ v - rate · gradient.
  case sgd(momentum: Double, nesterov: Bool = false)
  /// D. Kingma and J. Ba, "Adam", ICLR 2015, with β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁷.
  case adam
  /// Adam after every parameter has lost 0.004 · rate of itself (I. Loshchilov and F. Hutter, ICLR 2019). Biases
  /// lose it too, as in Keras.
  case adamw
  /// Adam with Nesterov's momentum, which grows to β₁ over the steps (T. Dozat, ICLR workshop 2016).
  case nadam
  /// w -= rate · gradient / √(v + 10⁻⁷), v the running mean of squares with ρ = 0.9 (G. Hinton's lecture 6e, 2012).
  case rmsprop
  /// The same, v being the sum of all squares from 0.1 on (J. Duchi et al., JMLR 12, 2011).
  case adagrad
  /// Steps as long as those before were, by running means with ρ = 0.95 (M. Zeiler, arXiv:1212.5701).
  case adadelta
  /// Rosenblatt's rule: w += rate · (target - output) · input, for step units.
  case perceptron

  /// The rate when the user names none: Keras's, and 1 for the perceptron as in Rosenblatt's rule, whose
  /// decision no rate changes when the weights start at 0.
  public var defaultRate: Double {
    switch self {
    case .sgd: 0.01
    case .adam, .adamw, .nadam, .rmsprop, .adagrad, .adadelta: 0.001
    case .perceptron: 1
    }
  }

  /// The optimizer as the language names it.
  public var name: String {
    switch self {
    case .sgd: "sgd"
    case .adam: "adam"
    case .adamw: "adamw"
    case .nadam: "nadam"
    case .rmsprop: "rmsprop"
    case .adagrad: "adagrad"
    case .adadelta: "adadelta"
    case .perceptron: "perceptron"
    }
  }

  /// An optimizer by its name, without momentum.
  public init?(name: String) {
    let all: [OptimizerKind] = [
      .sgd(momentum: 0), .adam, .adamw, .nadam, .rmsprop, .adagrad, .adadelta, .perceptron,
    ]
    guard let kind = all.first(where: { $0.name == name }) else { return nil }
    self = kind
  }

  /// Whether a step only takes rate times gradient off, and keeps nothing in mind.
  public var isPlain: Bool {
    switch self {
    case .sgd(let momentum, _): momentum == 0
    case .perceptron: true
    default: false
    }
  }

  /// How many numbers it keeps in mind for each parameter.
  public var memories: Int {
    switch self {
    case .sgd(let momentum, _): momentum > 0 ? 1 : 0
    case .adam, .adamw, .nadam, .adadelta: 2
    case .rmsprop, .adagrad: 1
    case .perceptron: 0
    }
  }
}
