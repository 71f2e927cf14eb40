import Localization

/// Numbers as a reader wants them: few digits, no idle zeros, `2.7e-4` for the small and the large.
enum NumberText {
  /// The powers of ten that are written in full; below and above them stands an exponent.
  static let plainPowers = -3...5

  /// `value` to four significant digits; whole numbers below a million keep all of theirs.
  static func short(_ value: Double) -> String { text(value, digits: 4) }

  /// Two numbers with as many digits as it takes to tell them apart, at least four.
  static func apart(_ first: Double, _ second: Double) -> (first: String, second: String) {
    for digits in 4...17 {
      let texts = (text(first, digits: digits), text(second, digits: digits))
      if texts.0 != texts.1 || first == second { return texts }
    }
    return (short(first), short(second))
  }

  /// `1 to 9`
  static func range(_ range: ClosedRange<Double>) -> String {
    let ends = apart(range.lowerBound, range.upperBound)
    return localized("\(ends.first) to \(ends.second)")
  }

  private static func text(_ value: Double, digits count: Int) -> String {
    guard let digits = DecimalDigits(value) else { return notFinite(value) }
    let lastPower = digits.exponent - count + 1
    let isPlain = plainPowers.contains(digits.exponent)
    return text(digits.rounded(toPower: isPlain ? min(lastPower, 0) : lastPower))
  }

  /// The labels of ticks whose step ends at ten to the `lastPower`, all with as many decimals.
  static func labels(_ values: [Double], lastPower: Int) -> [String] {
    let rounded = values.compactMap { DecimalDigits($0)?.rounded(toPower: lastPower) }
    let largest = rounded.filter { !$0.isZero }.map(\.exponent).max() ?? 0
    let isPlain = plainPowers.contains(largest)
    return rounded.map { isPlain ? $0.plain(decimals: max(-lastPower, 0)) : text($0, isPlain: false) }
  }

  /// A part of a whole in per cent. 0 and 100 are exact: near them stands a decimal more, then a bound.
  static func percent(_ part: Int, of whole: Int) -> String {
    localized("\(percentNumber(part, of: whole))%")
  }

  private static func percentNumber(_ part: Int, of whole: Int) -> String {
    guard whole > 0, part > 0 else { return "0" }
    guard part < whole else { return "100" }
    let percent = Double(part) / Double(whole) * 100
    if percent < 0.1 { return "<0.1" }
    if percent > 99.9 { return ">99.9" }
    guard percent >= 1, percent <= 99 else { return "\((percent * 10).rounded() / 10)" }
    return "\(Int(percent.rounded()))"
  }

  private static func text(_ digits: DecimalDigits) -> String {
    text(digits, isPlain: plainPowers.contains(digits.exponent))
  }

  private static func text(_ digits: DecimalDigits, isPlain: Bool) -> String {
    if digits.isZero { return "0" }
    return isPlain ? digits.plain(decimals: digits.decimals) : digits.scientific
  }

  private static func notFinite(_ value: Double) -> String {
    value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
  }
}

/// A finite number's decimal digits: those of the shortest text that reads back as the same number.
///
/// Rounding these, and not the binary value, gives what a reader expects of 0.12345, and nothing can
/// overflow on the way.
struct DecimalDigits: Equatable {
  var isNegative: Bool
  /// The digits from the first that is not zero to the last that is not; none for zero.
  var digits: [Int]
  /// The power of ten of the first digit.
  var exponent: Int

  /// Takes a number apart; nil where it is not finite.
  init?(_ value: Double) {
    guard value.isFinite else { return nil }
    isNegative = value < 0
    digits = []
    exponent = -1
    // Bytes, since a plot says hundreds of numbers and `description` is plain ASCII: `12.5`, `1e-05`.
    let text = value.magnitude.description.utf8
    var isFraction = false
    var leading = 0
    for byte in text {
      if byte == UInt8(ascii: "e") { break }
      guard byte != UInt8(ascii: ".") else {
        isFraction = true
        continue
      }
      if !isFraction { exponent += 1 }
      let digit = Int(byte) - Int(UInt8(ascii: "0"))
      if digit == 0, digits.isEmpty { leading += 1 } else { digits.append(digit) }
    }
    let written = text.firstIndex(of: UInt8(ascii: "e")).flatMap { Int(Substring(text[$0...].dropFirst())) }
    exponent += (written ?? 0) - leading
    dropTrailingZeros()
  }

  var isZero: Bool { digits.isEmpty }

  /// How many decimals it takes to write the number in full.
  var decimals: Int { max(digits.count - 1 - exponent, 0) }

  /// The number to the nearest multiple of ten to the `power`, halves away from zero.
  func rounded(toPower power: Int) -> DecimalDigits {
    let kept = exponent - power + 1
    guard kept < digits.count else { return self }
    var result = self
    result.digits = Array(digits.prefix(max(kept, 0)))
    if kept >= 0, digits[kept] >= 5 { result.addOneToLastDigit() }
    result.dropTrailingZeros()
    return result
  }

  /// The number without an exponent.
  func plain(decimals: Int) -> String {
    let whole = stride(from: max(exponent, 0), through: 0, by: -1).map(digit(atPower:)).joined()
    let rest = (0..<decimals).map { digit(atPower: -1 - $0) }.joined()
    return sign + whole + (rest.isEmpty ? "" : "." + rest)
  }

  /// The number as `2.7e-4`.
  var scientific: String {
    let rest = digits.dropFirst().map(String.init).joined()
    let mantissa = digit(atPower: exponent) + (rest.isEmpty ? "" : "." + rest)
    return sign + mantissa + (exponent == 0 ? "" : "e\(exponent)")
  }

  private var sign: String { isNegative && !isZero ? "-" : "" }

  private func digit(atPower power: Int) -> String {
    let index = exponent - power
    return digits.indices.contains(index) ? String(digits[index]) : "0"
  }

  private mutating func addOneToLastDigit() {
    while digits.last == 9 { digits.removeLast() }
    if let last = digits.popLast() {
      digits.append(last + 1)
    } else {
      // Every digit was a nine, or none was kept: what is left is a one, a place further left.
      digits = [1]
      exponent += 1
    }
  }

  private mutating func dropTrailingZeros() {
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { exponent = 0 }
  }
}
