import CKernels

/// A number type that kernels are made for.
protocol KernelNumber: BinaryFloatingPoint, SIMDScalar, Sendable {
  /// Which tables of kernels work on it.
  static var precision: nbs_precision { get }
}

extension Float: KernelNumber {
  static var precision: nbs_precision { NBS_FLOAT32 }
}

extension Double: KernelNumber {
  static var precision: nbs_precision { NBS_FLOAT64 }
}
