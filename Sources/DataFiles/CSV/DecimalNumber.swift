/// Reading decimal numbers, exactly and fast.
///
/// Three ways, each for what the one before cannot take: one multiplication of two exact doubles (W. Clinger,
/// "How to Read Floating Point Numbers Accurately", PLDI 1990); one or two products with a 128-bit power of
/// five (D. Lemire, "Number Parsing at a Gigabyte per Second", Software: Practice and Experience 51, 2021);
/// and the C library's strtod, by way of Swift's own `Double`, for the rest.
enum DecimalNumber {
  /// The parts of a number: `negative`, its digits as a whole number, and the power of ten they are scaled by.
  struct Parts {
    var mantissa: UInt64 = 0
    var exponent = 0
    var isNegative = false
  }

  /// Reads a number that begins at `start` and ends before `end`; nil when it is none, or a hard one.
  ///
  /// There must be eight readable bytes behind the number, and a byte that no number can have.
  @inline(__always)
  static func read(
    _ start: UnsafePointer<UInt8>, decimal: UInt8, powers: UnsafePointer<UInt64>,
    end: inout UnsafePointer<UInt8>
  ) -> Double? {
    var parts = Parts()
    var next = start
    guard scan(start, decimal: decimal, into: &parts, end: &next), let value = value(parts, powers: powers)
    else {
      return nil
    }
    // Only now: for who goes another way the number still begins where it did.
    end = next
    return value
  }

  /// Reads the digits; false when there are none or more than 64 bits hold.
  @inline(__always)
  private static func scan(
    _ start: UnsafePointer<UInt8>, decimal: UInt8, into parts: inout Parts, end: inout UnsafePointer<UInt8>
  ) -> Bool {
    var next = start
    if next.pointee == UInt8(ascii: "-") {
      parts.isNegative = true
      next += 1
    } else if next.pointee == UInt8(ascii: "+") {
      next += 1
    }
    let first = next
    scanDigits(&next, &parts.mantissa)
    var digits = next - first
    if next.pointee == decimal {
      next += 1
      let fraction = next
      scanEightDigits(&next, &parts.mantissa)
      scanDigits(&next, &parts.mantissa)
      digits += next - fraction
      parts.exponent = fraction - next
    }
    guard digits > 0 else { return false }
    if next.pointee | 0x20 == UInt8(ascii: "e") {
      guard scanExponent(&next, &parts.exponent) else { return false }
    }
    end = next
    return digits <= 19 || digits - leadingZeros(first, decimal: decimal) <= 19
  }

  @inline(__always)
  private static func scanDigits(_ next: inout UnsafePointer<UInt8>, _ mantissa: inout UInt64) {
    while true {
      let digit = next.pointee &- UInt8(ascii: "0")
      guard digit <= 9 else { return }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      next += 1
    }
  }

  /// Reads digits eight at a time, as one word.
  @inline(__always)
  private static func scanEightDigits(_ next: inout UnsafePointer<UInt8>, _ mantissa: inout UInt64) {
    while true {
      var word = UnsafeRawPointer(next).loadUnaligned(as: UInt64.self).littleEndian
      let high: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
      let isDigits = (word & high) | (((word &+ 0x0606_0606_0606_0606) & high) >> 4)
      guard isDigits == 0x3333_3333_3333_3333 else { return }
      word &-= 0x3030_3030_3030_3030
      word = word &* 10 &+ (word >> 8)
      let odd = (word & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
      let even = ((word >> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
      mantissa = mantissa &* 100_000_000 &+ ((odd &+ even) >> 32)
      next += 8
    }
  }

  private static func scanExponent(_ next: inout UnsafePointer<UInt8>, _ exponent: inout Int) -> Bool {
    next += 1
    let isNegative = next.pointee == UInt8(ascii: "-")
    if isNegative || next.pointee == UInt8(ascii: "+") { next += 1 }
    let first = next
    var value = 0
    while next.pointee &- UInt8(ascii: "0") <= 9 {
      value = min(99_999, value * 10 + Int(next.pointee &- UInt8(ascii: "0")))
      next += 1
    }
    exponent += isNegative ? -value : value
    return next > first
  }

  private static func leadingZeros(_ first: UnsafePointer<UInt8>, decimal: UInt8) -> Int {
    var next = first
    var zeros = 0
    while next.pointee == UInt8(ascii: "0") || next.pointee == decimal {
      if next.pointee != decimal { zeros += 1 }
      next += 1
    }
    return zeros
  }

  private static let powersOfTen: InlineArray<23, Double> = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
  ]

  /// mantissa x 10^exponent, correctly rounded; nil when it takes strtod to know.
  @inline(__always)
  static func value(_ parts: Parts, powers: UnsafePointer<UInt64>) -> Double? {
    let exponent = parts.exponent
    if parts.mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
      let digits = Double(Int64(bitPattern: parts.mantissa))
      let scaled = exponent < 0 ? digits / powersOfTen[-exponent] : digits * powersOfTen[exponent]
      return parts.isNegative ? -scaled : scaled
    }
    guard parts.mantissa != 0, exponent >= PowersOfFive.lowest, exponent <= PowersOfFive.highest else {
      return nil
    }
    return rounded(parts, powers: powers + 2 * (exponent - PowersOfFive.lowest))
  }

  /// Lemire's way. Within these exponents nothing is subnormal or infinite.
  private static func rounded(_ parts: Parts, powers: UnsafePointer<UInt64>) -> Double {
    let shift = parts.mantissa.leadingZeroBitCount
    let digits = parts.mantissa << UInt64(shift)
    var (high, low) = digits.multipliedFullWidth(by: powers[0])
    if high & 0x1FF == 0x1FF {
      let more = digits.multipliedFullWidth(by: powers[1]).high
      let (sum, carries) = low.addingReportingOverflow(more)
      low = sum
      if carries { high &+= 1 }
    }
    let upper = Int(high >> 63)
    var fraction = high >> UInt64(upper + 9)
    var power = (((152_170 + 65_536) * parts.exponent) >> 16) + 63 + upper - shift + 1023
    // Exactly half way between two doubles: only with few digits, and then to the even one.
    if low <= 1, parts.exponent >= -4, parts.exponent <= 23, fraction & 3 == 1,
      fraction << UInt64(upper + 9) == high
    {
      fraction &= ~1
    }
    fraction = (fraction + (fraction & 1)) >> 1
    if fraction >= 2 << 52 {
      fraction = 1 << 52
      power += 1
    }
    let bits = UInt64(power) << 52 | fraction & ((1 << 52) - 1)
    return Double(bitPattern: parts.isNegative ? bits | 1 << 63 : bits)
  }
}
