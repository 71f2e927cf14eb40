internal import NetworkSchema

/// All the same. Units that begin alike stay alike, unless their inputs or outputs differ.
struct Constant: InitializerRule {
  let schema: KindSchema
  let value: Double

  func values(_ shape: [Int], fanIn: Int, fanOut: Int, using random: inout RandomStream) -> [Double] {
    [Double](repeating: value, count: shape.reduce(1, *))
  }
}

/// From a distribution that does not depend on the layer.
struct FixedDistribution: InitializerRule {
  let schema: KindSchema
  let draw: @Sendable (inout RandomStream, Int) -> [Double]

  func values(_ shape: [Int], fanIn: Int, fanOut: Int, using random: inout RandomStream) -> [Double] {
    draw(&random, shape.reduce(1, *))
  }
}

extension Initializer {
  /// Normal with the standard deviation 0.05.
  public static let normal = Initializer(
    FixedDistribution(schema: .normal) { $0.normalNumbers($1, times: 0.05) })
  /// Uniform in ±0.05.
  public static let uniform = Initializer(
    FixedDistribution(schema: .uniform) { $0.uniformNumbers($1, from: -0.05, to: 0.05) })
  /// All 0.
  public static let zeros = Initializer(Constant(schema: .zeros, value: 0))
  /// All 1.
  public static let ones = Initializer(Constant(schema: .ones, value: 1))
}
