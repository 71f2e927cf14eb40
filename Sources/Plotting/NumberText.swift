import Foundations
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
    guard value.isFinite else { return notFinite(value) }
    let digits = DecimalDigits(value)
    // A plain number keeps all of its whole digits.
    let kept = plainPowers.contains(digits.exponent) ? max(count, digits.point) : count
    return text(digits.rounded(to: kept))
  }

  /// The labels of ticks whose step ends at ten to the `lastPower`, all with as many decimals.
  static func labels(_ values: [Double], lastPower: Int) -> [String] {
    let rounded = values.filter(\.isFinite).map { DecimalDigits($0).rounded(toDecimals: -lastPower) }
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

extension DecimalDigits {
  fileprivate var isZero: Bool { digits.isEmpty }

  /// The power of ten of the first digit.
  fileprivate var exponent: Int { point - 1 }

  /// How many decimals it takes to write the number in full.
  fileprivate var decimals: Int { max(digits.count - point, 0) }

  /// The number without an exponent.
  fileprivate func plain(decimals: Int) -> String {
    let whole = stride(from: max(exponent, 0), through: 0, by: -1).map(digit(atPower:)).joined()
    let rest = (0..<decimals).map { digit(atPower: -1 - $0) }.joined()
    return sign + whole + (rest.isEmpty ? "" : "." + rest)
  }

  /// The number as `2.7e-4`.
  fileprivate var scientific: String {
    let rest = digits.dropFirst().map { String($0) }.joined()
    let mantissa = digit(atPower: exponent) + (rest.isEmpty ? "" : "." + rest)
    return sign + mantissa + (exponent == 0 ? "" : "e\(exponent)")
  }

  private var sign: String { isNegative && !isZero ? "-" : "" }

  private func digit(atPower power: Int) -> String {
    let index = exponent - power
    return digits.indices.contains(index) ? String(digits[index]) : "0"
  }
}

extension Sequence<Double> {
  /// The least and the largest finite number; nil where there is none. There may be millions.
  var finiteRange: ClosedRange<Double>? {
    var (low, high) = (Double.infinity, -Double.infinity)
    for value in self where value.isFinite {
      low = Swift.min(low, value)
      high = Swift.max(high, value)
    }
    return low <= high ? low...high : nil
  }
}
