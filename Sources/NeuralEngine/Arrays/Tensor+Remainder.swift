import Foundation

extension Tensor {
  /// The remainder of each division, with the sign of the divisor, as NumPy's `mod`; NaN for a divisor of 0.
  ///
  /// The gradient is 1 by `a` and -floor(a / b) by `b`, as in PyTorch.
  ///
  /// - Throws: `shape-mismatch`, `too-large`.
  public static func remainder(_ a: Tensor, _ b: Tensor) throws -> Tensor {
    let shape = try plan(a.shape, b.shape, for: "mod").shape
    let dividends = try a.detached().broadcast(to: shape)
    let divisors = try b.detached().broadcast(to: shape)
    let result = Tensor(dividends.dimensions, count: dividends.count, isBoolean: false) { out in
      dividends.withNumbers { dividends in
        divisors.withNumbers { divisors in
          Pieces.forEach(of: shape.reduce(1, *)) { piece in
            for place in piece { out[place] = remainder(dividends[place], divisors[place]) }
          }
        }
      }
    }
    guard a.isRecorded || b.isRecorded else { return result }
    return try custom(Remainder(a: a, b: b), inputs: [a, b], shape: shape, result: result)
  }

  private static func remainder(_ dividend: Double, _ divisor: Double) -> Double {
    let rest = fmod(dividend, divisor)
    if rest == 0 { return copysign(0, divisor) }
    return (rest < 0) == (divisor < 0) ? rest : rest + divisor
  }

  private struct Remainder: CustomOperation {
    let name = "mod"
    let a: Tensor
    let b: Tensor

    func backward(outputGradient: Tensor) throws -> [Tensor?] {
      let quotient = Tensor.unary(.floor, try a.detached() / b.detached())
      return [
        try outputGradient.summed(to: a.dimensions),
        try (-(outputGradient * quotient)).summed(to: b.dimensions),
      ]
    }
  }
}
