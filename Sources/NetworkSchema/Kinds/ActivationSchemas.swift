/// Activations, with the constants of Keras 3.
extension KindSchema {
  /// The activations that nbs itself has.
  static let standardActivations = [
    linear, sigmoid, tanh, relu, leakyReLU, elu, selu, gelu, softplus, softmax, step,
  ]

  /// z
  public static let linear = KindSchema("linear", "the sum itself")
  /// 1 / (1 + e⁻ᶻ)
  public static let sigmoid = KindSchema("sigmoid", "1 / (1 + e^-z): squeezes a sum into 0 to 1")
  /// tanh z
  public static let tanh = KindSchema("tanh", "squeezes a sum into -1 to 1")
  /// max(0, z)
  public static let relu = KindSchema("relu", "the sum if it is positive, else 0")
  /// z, or z / 5 below 0
  public static let leakyReLU = KindSchema("leaky_relu", "the sum if it is positive, else a fifth of it")
  /// z, or eᶻ - 1 below 0
  public static let elu = KindSchema("elu", "the sum if it is positive, else e^z - 1")
  /// The scaled exponential linear unit.
  public static let selu = KindSchema(
    "selu", "elu scaled so that mean 0 and variance 1 carry through a deep network")
  /// z Φ(z)
  public static let gelu = KindSchema("gelu", "the sum times the normal distribution's share below it")
  /// ln(1 + eᶻ)
  public static let softplus = KindSchema(
    "softplus", "ln(1 + e^z): relu without the corner, always positive")
  /// eᶻ / Σ eᶻ over the layer
  public static let softmax = KindSchema(
    "softmax", "positive shares that add up to 1, for one of several classes")
  /// 1 above 0, else 0
  public static let step = KindSchema(
    "step", "1 where the sum is positive, else 0; learned by the perceptron rule only")
}
