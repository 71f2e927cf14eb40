/// A finite number's decimal digits, those of the shortest text that reads back as the same number: 0.d₁d₂d₃… times ten
/// to the power of `point`.
///
/// Rounding these, and not the binary value, gives what a reader expects of 0.12345, and nothing can overflow on the way.
package struct DecimalDigits: Equatable {
  /// Whether a minus stands before it, of a zero as well.
  package let isNegative: Bool
  /// The digits from the first that is not zero to the last that is not; none for zero.
  package private(set) var digits: [UInt8]
  /// How many of them, with zeros behind or before, stand before the point.
  package private(set) var point: Int

  /// Takes a number apart.
  package init(_ value: Double) {
    isNegative = value.sign == .minus
    digits = []
    point = 0
    var exponent = 0
    var text = value.magnitude.description
    text.withUTF8 { text in
      var hasPoint = false
      for place in 0..<text.count {
        switch text[place] {
        case UInt8(ascii: "."): hasPoint = true
        case UInt8(ascii: "e"):
          exponent = Int(String(decoding: text[(place + 1)...], as: UTF8.self)) ?? 0
          return
        case let digit:
          if !hasPoint { point += 1 }
          if digit != UInt8(ascii: "0") || !digits.isEmpty {
            digits.append(digit - UInt8(ascii: "0"))
          } else {
            point -= 1
          }
        }
      }
    }
    point += exponent
    trim()
  }

  /// All digits of a subnormal number, a multiple of 2⁻¹⁰⁷⁴: as many times 5¹⁰⁷⁴, and the point 1074 digits from the end.
  package init(exactly value: Double) {
    var limbs = [value.significandBitPattern]
    for _ in 0..<1074 {
      var carry: UInt64 = 0
      for i in limbs.indices {
        let product = limbs[i].multipliedFullWidth(by: 5)
        let (low, overflow) = product.low.addingReportingOverflow(carry)
        limbs[i] = low
        carry = product.high + (overflow ? 1 : 0)
      }
      if carry > 0 { limbs.append(carry) }
    }
    isNegative = value.sign == .minus
    digits = []
    while let last = limbs.last {
      if last == 0 {
        limbs.removeLast()
        continue
      }
      var rest: UInt64 = 0
      for i in limbs.indices.reversed() {
        (limbs[i], rest) = (10 as UInt64).dividingFullWidth((rest, limbs[i]))
      }
      digits.append(UInt8(rest))
    }
    digits.reverse()
    point = digits.count - 1074
    trim()
  }

  private mutating func trim() {
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { point = 0 }
  }

  /// The first `count` digits, rounded.
  ///
  /// - Parameter value: the number itself, for halves to be rounded as NumPy does: where its exact value lies, and in the
  ///   very middle to even. When nil, they go away from zero.
  package func rounded(to count: Int, of value: Double? = nil) -> DecimalDigits {
    var result = self
    guard count < digits.count else { return result }
    result.digits = Array(digits.prefix(max(count, 0)))
    if count >= 0, value.map({ roundsUp(at: count, $0.magnitude) }) ?? (digits[count] >= 5) {
      result.addOne()
    }
    result.trim()
    return result
  }

  /// The number rounded to so many decimals; to tens and hundreds for fewer than none.
  package func rounded(toDecimals decimals: Int, of value: Double? = nil) -> DecimalDigits {
    rounded(to: point + decimals, of: value)
  }

  private mutating func addOne() {
    for i in digits.indices.reversed() {
      if digits[i] < 9 {
        digits[i] += 1
        return
      }
      digits[i] = 0
    }
    digits.insert(1, at: 0)
    point += 1
  }

  /// The shortest digits lie on the same side of the middle as the number itself, as they could be shorter
  /// otherwise; only where they end in that middle do they not tell.
  private func roundsUp(at position: Int, _ value: Double) -> Bool {
    guard digits[position] == 5, position + 1 == digits.count else { return digits[position] >= 5 }
    let distance = distanceFromDigits(value)
    if distance != 0 { return distance > 0 }
    return position > 0 && digits[position - 1] % 2 == 1
  }

  /// The sign of the number less its digits, exact by a fused multiplication. 0 where Float64 does not hold the
  /// power of ten: there the last digit is rounded to even, which NumPy may do differently.
  private func distanceFromDigits(_ value: Double) -> Double {
    let number = digits.reduce(0) { $0 * 10 + Int64($1) }
    let places = digits.count - point
    guard places.magnitude <= 22 else { return 0 }
    var power = 1.0
    for _ in 0..<places.magnitude { power *= 10 }
    let nearest = Double(number)
    // Seventeen digits may be a few units more than Float64 has between two neighbours.
    let rest = Double(number - Int64(nearest))
    if places < 0 { return -(-value).addingProduct(nearest, power) - rest * power }
    let product = value * power
    let lost = (-product).addingProduct(value, power)
    return (product - nearest) - rest + lost
  }
}
