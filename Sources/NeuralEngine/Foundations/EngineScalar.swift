public import RealModule

/// The number types that networks are computed in: `Float` and `Double`.
///
/// The kernels are generic over it, and specialised for both by name (`@specialized`), because they are
/// reached through protocols and so would run unspecialised otherwise.
public protocol EngineScalar: Real, BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// As many numbers as fill the sixteen bytes that every machine of today computes with at once. Wider ones
  /// would be split into several, and a blocked loop would then run out of registers.
  associatedtype Lanes: SIMD where Lanes.Scalar == Self
}

extension Float: EngineScalar {
  /// Four numbers.
  public typealias Lanes = SIMD4<Float>
}

extension Double: EngineScalar {
  /// Two numbers.
  public typealias Lanes = SIMD2<Double>
}

/// How exact a network's numbers are.
public enum Precision: String, Sendable, CaseIterable {
  /// 32 bits.
  case single
  /// 64 bits.
  case double
}
