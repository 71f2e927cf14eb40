/// Activations, with the constants of Keras 3.
extension KindSchema {
  /// The activations that nbs itself has.
  static let standardActivations = [
    linear, sigmoid, tanh, relu, leakyReLU, elu, selu, gelu, softplus, softmax, step,
  ]

  /// z
  public static let linear = KindSchema("linear", "z itself")
  /// 1 / (1 + e⁻ᶻ)
  public static let sigmoid = KindSchema("sigmoid", "1 / (1 + e^-z), between 0 and 1")
  /// tanh z
  public static let tanh = KindSchema("tanh", "the hyperbolic tangent, between -1 and 1")
  /// max(0, z)
  public static let relu = KindSchema("relu", "z if positive, else 0")
  /// z, or z / 5 below 0
  public static let leakyReLU = KindSchema("leaky_relu", "z if positive, else z / 5")
  /// z, or eᶻ - 1 below 0
  public static let elu = KindSchema("elu", "z if positive, else e^z - 1")
  /// The scaled exponential linear unit.
  public static let selu = KindSchema(
    "selu", "elu, scaled to keep mean 0 and variance 1 through a deep network")
  /// z Φ(z)
  public static let gelu = KindSchema("gelu", "z times the normal cumulative distribution function of z")
  /// ln(1 + eᶻ)
  public static let softplus = KindSchema(
    "softplus", "ln(1 + e^z): a smooth relu, always positive")
  /// eᶻ / Σ eᶻ over the layer
  public static let softmax = KindSchema(
    "softmax", "probabilities that add up to 1, for one of several classes")
  /// 1 above 0, else 0
  public static let step = KindSchema(
    "step", "1 if z is positive, else 0; trained by the perceptron rule only")
}
