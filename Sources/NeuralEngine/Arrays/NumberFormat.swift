/// A number as nbs shows a single one: at most `digits` decimals, rounded as NumPy rounds an array's elements.
///
/// A whole number has no point: `3`, `0.25`, `1.5e-05`, `nan`, `-inf`.
public func formatNumber(_ value: Double, digits: Int) -> String {
  guard value.isFinite else { return NumberFormat.nonFinite(value) }
  if NumberFormat.isShownWhole(value) { return NumberFormat.whole(value) }
  let magnitude = value.magnitude
  let text =
    magnitude < 1e-4 || magnitude >= 1e8
    ? NumberFormat.scientific(value, digits: digits) : NumberFormat.plain(value, digits: digits)
  return text.replacing(".e", with: "e").trimmingPoint
}

/// Decimal notation as NumPy has it: the shortest digits that read back as the same number, but rounded to a
/// number of decimals, and a point that is always there.
enum NumberFormat {
  /// Whether the number is whole and small enough that all its digits mean something.
  static func isShownWhole(_ value: Double) -> Bool {
    value == value.rounded(.towardZero) && value.magnitude < 1e16
  }

  static func whole(_ value: Double) -> String { Int(exactly: value)?.description ?? value.description }

  static func nonFinite(_ value: Double) -> String {
    value.isNaN ? "nan" : (value < 0 ? "-inf" : "inf")
  }

  /// `12.5`, `3.`, `0.001`: at most `digits` decimals, no zeros at the end.
  static func plain(_ value: Double, digits: Int) -> String {
    let digits = clamped(digits)
    let decimal = DecimalDigits(value).rounded(keeping: { $0 + digits }, of: value)
    let point = Swift.max(decimal.point, 0)
    let integer = decimal.digits.prefix(point).text + zeros(point - decimal.digits.count)
    let leading = decimal.digits.isEmpty ? "" : zeros(-decimal.point)
    let fraction = leading + decimal.digits.dropFirst(point).text
    return decimal.sign + (integer.isEmpty ? "0" : integer) + "." + fraction
  }

  /// `1.e-05`, `1.25e+10`: at most `digits` decimals and at least `minimum`.
  static func scientific(
    _ value: Double, digits: Int, minimum: Int = 0, exponentDigits: Int = 2
  ) -> String {
    let kept = clamped(digits) + 1
    var decimal = DecimalDigits(value).rounded(keeping: { _ in kept }, of: value)
    // The shortest digits of a subnormal number are few, and zeros behind them would be wrong.
    if value.isSubnormal, decimal.digits.count <= minimum {
      decimal = DecimalDigits(exactly: value).rounded(keeping: { _ in minimum + 1 }, of: value)
    }
    let exponent = decimal.digits.isEmpty ? 0 : decimal.point - 1
    let first = decimal.digits.isEmpty ? "0" : decimal.digits.prefix(1).text
    let fraction = decimal.digits.dropFirst().text
    let power = exponent.magnitude.description
    return decimal.sign + first + "." + fraction + zeros(minimum - fraction.utf8.count)
      + (exponent < 0 ? "e-" : "e+") + zeros(exponentDigits - power.utf8.count) + power
  }

  /// Float64 has no more than 1074 decimals, so that more need not be asked for.
  private static func clamped(_ digits: Int) -> Int { Swift.min(Swift.max(digits, 0), 1074) }

  static func zeros(_ count: Int) -> String { String(repeating: "0", count: Swift.max(count, 0)) }
}

/// The shortest decimal digits of a number: 0.d₁d₂d₃… times ten to the power of `point`.
private struct DecimalDigits {
  var sign: String
  var digits: [UInt8]
  var point: Int

  init(_ value: Double) {
    sign = value.sign == .minus ? "-" : ""
    digits = []
    point = 0
    var exponent = 0
    var hasPoint = false
    let text = value.magnitude.description.utf8
    for (i, byte) in zip(text.indices, text) {
      if byte == UInt8(ascii: "e") {
        exponent = Int(String(text[text.index(after: i)...]) ?? "") ?? 0
        break
      }
      if byte == UInt8(ascii: ".") {
        hasPoint = true
      } else {
        digits.append(byte - UInt8(ascii: "0"))
        if !hasPoint { point += 1 }
      }
    }
    point += exponent
    let leading = digits.prefix { $0 == 0 }.count
    digits.removeFirst(leading)
    point -= leading
    trim()
  }

  /// All digits of a subnormal number, a multiple of 2⁻¹⁰⁷⁴: as many times 5¹⁰⁷⁴, and the point 1074 digits from the end.
  init(exactly value: Double) {
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
    sign = value.sign == .minus ? "-" : ""
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

  /// The digits rounded to as many as `keeping` says for where the point is.
  func rounded(keeping: (_ point: Int) -> Int, of value: Double) -> DecimalDigits {
    var result = self
    let kept = keeping(point)
    guard kept < digits.count else { return result }
    result.digits = Array(digits.prefix(Swift.max(kept, 0)))
    if kept >= 0, roundsUp(at: kept, value.magnitude) { result.addOne() }
    result.trim()
    return result
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

extension Sequence<UInt8> {
  fileprivate var text: String { map { String($0) }.joined() }
}

extension String {
  fileprivate var trimmingPoint: String { hasSuffix(".") ? String(dropLast()) : self }
}
