/// The first 128 bits of powers of five, for `DecimalNumber`.
///
/// Powers from 5⁰ to 5⁵⁵ fit in 128 bits and are exact; negative ones are the reciprocals, rounded as the
/// algorithm's proof asks: up for 5⁻²⁷ and above, down below.
enum PowersOfFive {
  static let lowest = -54
  static let highest = 55

  /// Two words a power, the higher first: `table[2 * (power - lowest)]`.
  static let table: [UInt64] = (lowest...highest).flatMap { power -> [UInt64] in
    let bits = power < 0 ? reciprocal(power) : normalized(of: five(to: power))
    return [UInt64(truncatingIfNeeded: bits >> 64), UInt64(truncatingIfNeeded: bits)]
  }

  private static func five(to power: Int) -> UInt128 {
    (0..<power).reduce(1) { product, _ in product * 5 }
  }

  private static func normalized(of value: UInt128) -> UInt128 { value << value.leadingZeroBitCount }

  /// 2 to the (z + 127) over 5⁻ᵖᵒʷᵉʳ, where 2ᶻ is the first power of two that is not below the divisor.
  private static func reciprocal(_ power: Int) -> UInt128 {
    let divisor = five(to: -power)
    let z = UInt128.bitWidth - divisor.leadingZeroBitCount
    var quotient: UInt128 = 0
    var remainder: UInt128 = 1
    for _ in 0..<z + 127 {
      remainder <<= 1
      quotient <<= 1
      if remainder >= divisor {
        remainder -= divisor
        quotient |= 1
      }
    }
    return power >= -27 ? quotient + 1 : quotient
  }
}
