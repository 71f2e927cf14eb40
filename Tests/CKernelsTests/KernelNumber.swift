import CKernels

/// A number type that kernels are made for.
protocol KernelNumber: BinaryFloatingPoint, Codable, SIMDScalar, BitwiseCopyable, Sendable {
  associatedtype Pattern: FixedWidthInteger & UnsignedInteger & Sendable
  /// Which tables of kernels work on it.
  static var precision: nbs_precision { get }
  var bitPattern: Pattern { get }
  init(bitPattern: Pattern)
}

extension Float: KernelNumber {
  static var precision: nbs_precision { NBS_FLOAT32 }
}

extension Double: KernelNumber {
  static var precision: nbs_precision { NBS_FLOAT64 }
}

extension KernelNumber {
  /// The bits, widened. Every NaN has the same: processors differ in those that they make.
  var comparedBits: UInt64 { isNaN ? .max : UInt64(bitPattern) }
}
