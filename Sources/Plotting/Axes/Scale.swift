import SystemLibrary

/// Maps values to their place between the two ends of an axis, 0 to 1.
struct Scale {
  let isLogarithmic: Bool
  /// The ends, on a logarithmic axis as powers of ten.
  let low: Double
  let high: Double
  /// The value around which the axis was widened, if it was: the only one that data can have on it.
  let only: Double?

  /// The axis from `low` to `high`, both drawable; one that would have no length is widened around its
  /// value. Nil where an end is not drawable.
  init?(from low: Double, to high: Double, isLogarithmic: Bool = false) {
    let ends = [low, high]
    guard low <= high, ends.allSatisfy({ $0.isDrawable(isLogarithmic: isLogarithmic) }) else { return nil }
    let (start, end) = isLogarithmic ? (log10(low), log10(high)) : (low, high)
    // Half a decade either side on a logarithmic axis, a tenth of the value or one on another.
    let margin = isLogarithmic ? 0.5 : max(abs(start) / 10, start == 0 ? 1 : 0, .leastNormalMagnitude)
    let limit = Double.greatestFiniteMagnitude
    self.isLogarithmic = isLogarithmic
    only = start < end ? nil : low
    self.low = start < end ? start : max(start - margin, -limit)
    self.high = start < end ? end : min(end + margin, limit)
  }

  /// Where a drawable value lies, from 0 at the low end to 1 at the high one; one beyond an end lies at it.
  func fraction(_ value: Double) -> Double {
    let place = isLogarithmic ? log10(value) : value
    // Halves where the whole length is more than a Double can hold.
    let unit = (high - low).isFinite ? 1.0 : 0.5
    let fraction = (place * unit - low * unit) / (high * unit - low * unit)
    return fraction.isNaN ? 0.5 : min(max(fraction, 0), 1)
  }

  /// The cell, of `count` in a row, of a drawable value.
  func cell(_ value: Double, of count: Int) -> Int { Self.cell(fraction(value), of: count) }

  /// The cell, of `count` in a row, that lies a fraction of the way along.
  static func cell(_ fraction: Double, of count: Int) -> Int {
    Int((fraction * Double(max(count - 1, 0))).rounded())
  }

  /// The power of ten that a positive digit is.
  static func log(_ digit: Int) -> Double { log10(Double(digit)) }

  /// Ten to the power; on any platform the nearest number there is.
  static func power(of exponent: Double) -> Double { pow(10, exponent) }

  /// The power of ten at or below a positive number.
  static func exponent(of value: Double) -> Int { value > 0 ? Int(log10(value).rounded(.down)) : 0 }
}

extension Double {
  /// Whether a value has a place on an axis.
  func isDrawable(isLogarithmic: Bool) -> Bool { isFinite && (!isLogarithmic || self > 0) }
}

extension [ClosedRange<Double>] {
  /// The range that holds them all; nil for none.
  var union: ClosedRange<Double>? {
    guard let low = map(\.lowerBound).min(), let high = map(\.upperBound).max() else { return nil }
    return low...high
  }
}
