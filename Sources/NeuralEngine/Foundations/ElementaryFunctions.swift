internal import CKernels

/// Elementary functions of single numbers by the kernels, so that they give the same bits everywhere.
enum ElementaryFunctions {
  nonisolated(unsafe) private static let kernels = InstructionSet.current.kernels(.double)

  /// `base` to the power of `exponent`.
  static func power(_ base: Double, _ exponent: Double) -> Double {
    var (base, exponent, result) = (base, exponent, 0.0)
    kernels.pointee.functions.power?(&base, 0, &exponent, 0, &result, 1)
    return result
  }

  /// The cosine.
  static func cosine(_ x: Double) -> Double { apply(NBS_COS, x) }

  /// The natural logarithm.
  static func logarithm(_ x: Double) -> Double { apply(NBS_LOG, x) }

  private static func apply(_ function: nbs_function, _ x: Double) -> Double {
    var (x, result) = (x, 0.0)
    kernels.pointee.functions.apply?(function, &x, &result, 1)
    return result
  }
}
