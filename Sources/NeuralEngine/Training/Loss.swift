/// What training makes small, for one row; a batch's rows are then averaged or added up.
///
/// They are Keras 3's, with its defaults (keras/src/losses/losses.py).
public enum Loss: String, Sendable, CaseIterable {
  /// The mean over the outputs of (target - output)².
  case mse
  /// The mean over the outputs of |target - output|; its slope is 0 where the two are equal.
  case mae
  /// The mean over the outputs of e² / 2 for an error |e| up to δ = 1, of |e| - 1/2 beyond
  /// (P. Huber, Annals of Mathematical Statistics 35, 1964).
  case huber
  /// Binary cross-entropy, the mean over the outputs of -(t ln o + (1 - t) ln(1 - o)).
  case bce
  /// Categorical cross-entropy, -Σ t ln o over a softmax layer.
  case crossentropy
  /// The mean over the outputs of max(0, 1 - t o), t being -1 or 1; targets of 0 and 1 stand for those.
  case hinge
  /// The divergence of Kullback and Leibler, Σ t ln(t / o) over a softmax layer, each share held at 10⁻⁷ or more.
  case kl
  /// The mean over the outputs of o - t ln(o + 10⁻⁷), for counts and rates.
  case poisson

  /// The loss that fits a last layer's activation when the user names none.
  public static func fitting(_ activation: Activation) -> Loss {
    switch activation {
    case .softmax: .crossentropy
    case .sigmoid: .bce
    default: .mse
    }
  }

  /// Where one output parts two classes.
  var middle: Double { self == .hinge ? 0 : 0.5 }

  /// Whether the targets are shares of one whole in each layer.
  var comparesShares: Bool { self == .crossentropy || self == .kl }

  /// Refuses a loss that an output layer's activation cannot serve.
  ///
  /// - Throws: `loss-mismatch`.
  func check(fits layer: Layer) throws(EngineError) {
    if comparesShares, layer.activation == .softmax, !layer.isDense {
      throw EngineError(
        "loss-mismatch",
        "\(rawValue) compares one row of shares, but `\(layer.name)` (\(layer.kindName)) gives one at each place. "
          + "End with a flatten and a dense layer with softmax.", suggestion: "loss=mse")
    }
    let fitting = "loss=\(Loss.fitting(layer.activation).rawValue)"
    let what = "`\(layer.name)` is \(layer.activation.rawValue)"
    switch (self, layer.activation) {
    case (.mse, _), (.mae, _), (.huber, _): return
    case (.crossentropy, .softmax), (.kl, .softmax), (.bce, .sigmoid), (.bce, .softmax): return
    case (.hinge, .linear), (.hinge, .tanh), (.hinge, .leakyReLU), (.hinge, .elu), (.hinge, .selu): return
    case (.poisson, .softplus), (.poisson, .relu), (.poisson, .sigmoid), (.poisson, .softmax): return
    case (.crossentropy, _), (.kl, _):
      throw EngineError(
        "loss-mismatch",
        "\(rawValue) compares shares that add up to 1, but \(what). Make it softmax, or use \(fitting).",
        suggestion: fitting)
    case (.bce, _):
      throw EngineError(
        "loss-mismatch",
        "bce needs outputs between 0 and 1, but \(what). Make it sigmoid, or use loss=mse.",
        suggestion: "loss=mse")
    case (.hinge, _):
      throw EngineError(
        "loss-mismatch",
        "hinge needs outputs from -1 to 1 and beyond, but \(what). Make it linear or tanh, or use \(fitting).",
        suggestion: fitting)
    case (.poisson, _):
      throw EngineError(
        "loss-mismatch",
        "poisson takes the logarithm of outputs that are never negative, but \(what). "
          + "Make it softplus, or use loss=mse.", suggestion: "loss=mse")
    }
  }

  /// Whether the loss gives the gradient by the sums of a layer of this activation at once: the product of
  /// the two derivatives is simply output - target, which stays exact where each factor alone would not.
  func isFused(with activation: Activation) -> Bool {
    (self == .crossentropy && activation == .softmax) || (self == .bce && activation == .sigmoid)
  }
}
