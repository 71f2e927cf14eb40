public import RealModule

/// The number types that networks are computed in: `Float` and `Double`.
///
/// The kernels are generic over it, and specialised for both by name (`@specialized`), because they are
/// reached through protocols and so would run unspecialised otherwise.
public protocol EngineScalar: Real, BinaryFloatingPoint, SIMDScalar, Codable, Sendable {}

extension Float: EngineScalar {}
extension Double: EngineScalar {}

/// How exact a network's numbers are.
public enum Precision: String, Sendable, CaseIterable {
  /// 32 bits.
  case single
  /// 64 bits.
  case double
}
