internal import Foundations

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
  return text.replacing(".e", with: "e").withoutFullStop
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
    let decimal = DecimalDigits(value).rounded(toDecimals: digits, of: value)
    let point = Swift.max(decimal.point, 0)
    let integer = decimal.digits.prefix(point).text + zeros(point - decimal.digits.count)
    let leading = decimal.digits.isEmpty ? "" : zeros(-decimal.point)
    let fraction = leading + decimal.digits.dropFirst(point).text
    return (decimal.isNegative ? "-" : "") + (integer.isEmpty ? "0" : integer) + "." + fraction
  }

  /// `1.e-05`, `1.25e+10`: at most `digits` decimals and at least `minimum`.
  static func scientific(
    _ value: Double, digits: Int, minimum: Int = 0, exponentDigits: Int = 2
  ) -> String {
    let kept = clamped(digits) + 1
    var decimal = DecimalDigits(value).rounded(to: kept, of: value)
    // The shortest digits of a subnormal number are few, and zeros behind them would be wrong.
    if value.isSubnormal, decimal.digits.count <= minimum {
      decimal = DecimalDigits(exactly: value).rounded(to: minimum + 1, of: value)
    }
    let exponent = decimal.digits.isEmpty ? 0 : decimal.point - 1
    let first = decimal.digits.isEmpty ? "0" : decimal.digits.prefix(1).text
    let fraction = decimal.digits.dropFirst().text
    let power = exponent.magnitude.description
    return (decimal.isNegative ? "-" : "") + first + "." + fraction + zeros(minimum - fraction.utf8.count)
      + (exponent < 0 ? "e-" : "e+") + zeros(exponentDigits - power.utf8.count) + power
  }

  /// Float64 has no more than 1074 decimals, so that more need not be asked for.
  private static func clamped(_ digits: Int) -> Int { Swift.min(Swift.max(digits, 0), 1074) }

  static func zeros(_ count: Int) -> String { String(repeating: "0", count: Swift.max(count, 0)) }
}

extension Sequence<UInt8> {
  fileprivate var text: String { map { String($0) }.joined() }
}
