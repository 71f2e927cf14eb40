internal import NetworkSchema

/// Uniform in ±√(scale / fans), so that activations keep their variance from layer to layer.
struct VarianceScaling: InitializerRule {
  let schema: KindSchema
  let scale: Double
  /// Whether the fans are those in and out, or that in alone.
  let countsFanOut: Bool

  func values(_ shape: [Int], fanIn: Int, fanOut: Int, using random: inout RandomStream) -> [Double] {
    let limit = (scale / Double(countsFanOut ? fanIn + fanOut : fanIn)).squareRoot()
    return random.uniformNumbers(shape.reduce(1, *), from: -limit, to: limit)
  }
}

extension Initializer {
  /// Uniform in ±√(6 / (fan in + fan out)) (X. Glorot and Y. Bengio, AISTATS 2010), Keras's default.
  public static let glorot = Initializer(VarianceScaling(schema: .glorot, scale: 6, countsFanOut: true))
  /// Uniform in ±√(6 / fan in), Keras's `he_uniform`, for relu and its kin (K. He et al., ICCV 2015).
  public static let he = Initializer(VarianceScaling(schema: .he, scale: 6, countsFanOut: false))
  /// Uniform in ±√(3 / fan in), Keras's `lecun_uniform`, for selu.
  public static let lecun = Initializer(VarianceScaling(schema: .lecun, scale: 3, countsFanOut: false))
}
