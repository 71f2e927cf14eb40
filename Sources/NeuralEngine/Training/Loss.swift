/// What training makes small, for one row; a batch's rows are then averaged or added up.
public enum Loss: String, Sendable, CaseIterable {
  /// The mean over the outputs of (target - output)².
  case mse
  /// Binary cross-entropy, the mean over the outputs of -(t ln o + (1 - t) ln(1 - o)).
  case bce
  /// Categorical cross-entropy, -Σ t ln o over a softmax layer.
  case crossentropy

  /// The loss that fits a last layer's activation when the user names none.
  public static func fitting(_ activation: Activation) -> Loss {
    switch activation {
    case .softmax: .crossentropy
    case .sigmoid: .bce
    default: .mse
    }
  }

  /// Refuses a loss that an output layer's activation cannot serve.
  ///
  /// - Throws: `loss-mismatch`.
  func check(fits layer: Layer) throws(EngineError) {
    switch self {
    case .crossentropy where layer.activation != .softmax:
      throw EngineError(
        "loss-mismatch",
        "crossentropy compares shares that add up to 1, but `\(layer.name)` is \(layer.activation.rawValue). "
          + "Make it softmax, or use loss=\(Loss.fitting(layer.activation).rawValue).",
        suggestion: "loss=\(Loss.fitting(layer.activation).rawValue)")
    case .bce where layer.activation != .sigmoid && layer.activation != .softmax:
      throw EngineError(
        "loss-mismatch",
        "bce needs outputs between 0 and 1, but `\(layer.name)` is \(layer.activation.rawValue). "
          + "Make it sigmoid, or use loss=mse.", suggestion: "loss=mse")
    default: return
    }
  }

  /// Whether the loss gives the gradient by the sums of a layer of this activation at once: the product of
  /// the two derivatives is simply output - target, which stays exact where each factor alone would not.
  func isFused(with activation: Activation) -> Bool {
    (self == .crossentropy && activation == .softmax) || (self == .bce && activation == .sigmoid)
  }
}
