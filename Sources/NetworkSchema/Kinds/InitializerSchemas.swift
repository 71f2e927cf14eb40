/// Initializers: Keras 3's (keras/src/initializers). Biases begin at 0 with all of them.
extension KindSchema {
  /// The initializers that nbs itself has.
  static let standardInitializers = [glorot, he, lecun, normal, uniform, zeros, ones, orthogonal]

  /// Uniform in ±√(6 / (fan in + fan out)).
  public static let glorot = KindSchema(
    "glorot", "uniform in plus or minus sqrt(6 / (inputs + outputs)), for sigmoid, tanh and softmax")
  /// Uniform in ±√(6 / fan in).
  public static let he = KindSchema(
    "he", "uniform in plus or minus sqrt(6 / inputs), for relu and similar activations")
  /// Uniform in ±√(3 / fan in).
  public static let lecun = KindSchema("lecun", "uniform in plus or minus sqrt(3 / inputs), for selu")
  /// Normal with the standard deviation 0.05.
  public static let normal = KindSchema("normal", "normal, with standard deviation 0.05")
  /// Uniform in ±0.05.
  public static let uniform = KindSchema("uniform", "uniform in plus or minus 0.05")
  /// All 0.
  public static let zeros = KindSchema("zeros", "all 0")
  /// All 1.
  public static let ones = KindSchema("ones", "all 1")
  /// Rows of length 1 at right angles.
  public static let orthogonal = KindSchema(
    "orthogonal", "orthonormal rows, or columns if there are fewer of them")
}
