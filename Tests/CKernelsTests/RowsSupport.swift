import CKernels
import Testing

/// Runs kernels at every level that this processor has, and expects the same bits of all.
///
/// - Returns: the first level's numbers.
@discardableResult
func atEveryLevel<Number: KernelNumber, Result: KernelNumber>(
  of _: Number.Type, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation,
  _ work: (nbs_layer_kernels) -> [Result]
) -> [Result] {
  let results = (1...4).compactMap { nbs_kernels_at($0, Number.precision)?.pointee.layers }.map(work)
  for result in results.dropFirst() {
    #expect(
      result.map(\.comparedBits) == results[0].map(\.comparedBits), comment, sourceLocation: sourceLocation)
  }
  return results[0]
}

/// The same for kernels of the precision of what they give.
@discardableResult
func atEveryLevel<Number: KernelNumber>(
  _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation,
  _ work: (nbs_layer_kernels) -> [Number]
) -> [Number] {
  atEveryLevel(of: Number.self, comment, sourceLocation: sourceLocation, work)
}

/// Expects numbers to lie near those of a reference in 64 bits: within so many roundings of the larger of 1 and the number.
func expectClose<Number: KernelNumber>(
  _ numbers: [Number], _ reference: [Double], roundings: Double = 8, _ comment: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(numbers.count == reference.count, comment, sourceLocation: sourceLocation)
  let limit = roundings * Double(Number.ulpOfOne)
  let wrong = zip(numbers, reference).enumerated().first { _, pair in
    let (number, expected) = (Double(pair.0), pair.1)
    if number.isNaN || expected.isNaN { return number.isNaN != expected.isNaN }
    if number == expected { return false }
    return !(abs(number - expected) <= limit * max(1, abs(expected)))
  }
  #expect(wrong == nil, comment, sourceLocation: sourceLocation)
}

/// Numbers from -1 to 1 times `scale`, the same for a seed everywhere (SplitMix64).
///
/// - Parameter special: whether some are NaN, infinite or -0.
func noise<Number: KernelNumber>(
  _ count: Int, seed: UInt64, scale: Double = 1, special: Bool = false
) -> [Number] {
  var state = seed
  return (0..<count).map { _ in
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
    if special, z & 15 == 0 { return [.nan, .infinity, -.infinity, -0.0][Int(z >> 4 & 3)] }
    return Number((Double(z >> 11) * 0x1p-52 - 1) * scale)
  }
}

/// Lengths around those at which kernels go over to other loops.
let oddLengths = [1, 2, 3, 7, 15, 16, 17, 31, 33, 47, 64, 100]

extension Array where Element: KernelNumber {
  var asDoubles: [Double] { map { Double($0) } }
}
