internal import CKernels

/// Elementary functions of single numbers by the kernels, so that they give the same bits everywhere.
package enum ElementaryFunctions {
  nonisolated(unsafe) private static let kernels = InstructionSet.current.kernels(.double)

  /// `base` to the power of `exponent`.
  package static func power(_ base: Double, _ exponent: Double) -> Double {
    var (base, exponent, result) = (base, exponent, 0.0)
    kernels.pointee.functions.power(&base, 0, &exponent, 0, &result, 1)
    return result
  }

  /// The cosine.
  package static func cosine(_ x: Double) -> Double { apply(NBS_COS, x) }

  /// The sine.
  package static func sine(_ x: Double) -> Double { apply(NBS_SIN, x) }

  /// e to the power of `x`.
  package static func exponential(_ x: Double) -> Double { apply(NBS_EXP, x) }

  /// The hyperbolic tangent.
  static func hyperbolicTangent(_ x: Double) -> Double { apply(NBS_TANH_FUNCTION, x) }

  /// The natural logarithm.
  package static func logarithm(_ x: Double) -> Double { apply(NBS_LOG, x) }

  private static func apply(_ function: nbs_function, _ x: Double) -> Double {
    var (x, result) = (x, 0.0)
    kernels.pointee.functions.apply(function, &x, &result, 1)
    return result
  }
}
