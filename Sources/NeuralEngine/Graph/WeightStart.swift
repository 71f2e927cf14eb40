/// How the weights of the edges into a layer begin: Keras 3's initialisers (keras/src/initializers). Biases begin
/// at 0 with all of them.
///
/// Fan in counts all the edges into a layer, since their sums add up.
public enum WeightStart: String, Sendable, CaseIterable {
  /// Uniform in ±√(6 / (fan in + fan out)) (X. Glorot and Y. Bengio, AISTATS 2010), Keras's default.
  case glorot
  /// Uniform in ±√(6 / fan in), Keras's `he_uniform`, for relu and its kin (K. He et al., ICCV 2015).
  case he
  /// Uniform in ±√(3 / fan in), Keras's `lecun_uniform`, for selu.
  case lecun
  /// Normal with the standard deviation 0.05.
  case normal
  /// Uniform in ±0.05.
  case uniform
  /// All 0. Units that begin alike stay alike, unless their inputs or outputs differ.
  case zeros
  /// All 1.
  case ones
  /// Rows, or columns where there are fewer of them, of length 1 that stand at right angles to each other
  /// (A. Saxe et al., ICLR 2014); ±1 for an edge of one weight a unit, whose matrix is diagonal.
  case orthogonal
}

/// How parameters get their first values.
public enum InitialValues: Sendable, Equatable {
  /// Biases.
  case zero
  /// Drawn; the shape is [rows, columns], or [weights] for an edge of one weight a unit.
  case drawn(WeightStart, shape: [Int], fanIn: Int, fanOut: Int)
  /// Given by the user.
  case preset([Double])

  /// Draws `count` values.
  func values(_ count: Int, using random: inout RandomStream) -> [Double] {
    switch self {
    case .zero: return [Double](repeating: 0, count: count)
    case .preset(let values): return values
    case .drawn(let start, let shape, let fanIn, let fanOut):
      func uniform(_ limit: Double) -> [Double] {
        (0..<count).map { _ in random.uniform(from: -limit, to: limit) }
      }
      switch start {
      case .glorot: return uniform((6 / Double(fanIn + fanOut)).squareRoot())
      case .he: return uniform((6 / Double(fanIn)).squareRoot())
      case .lecun: return uniform((3 / Double(fanIn)).squareRoot())
      case .normal: return (0..<count).map { _ in 0.05 * random.normal() }
      case .uniform: return uniform(0.05)
      case .zeros: return [Double](repeating: 0, count: count)
      case .ones: return [Double](repeating: 1, count: count)
      case .orthogonal:
        guard shape.count == 2 else { return (0..<count).map { _ in random.below(2) == 0 ? -1 : 1 } }
        return OrthogonalRows.values(rows: shape[0], columns: shape[1], using: &random)
      }
    }
  }
}
