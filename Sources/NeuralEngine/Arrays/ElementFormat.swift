/// How the elements of one array are written, so that they all line up: NumPy's choice between positional and
/// scientific notation, and its widths.
struct ElementFormat {
  private enum Style {
    case truth
    case whole(width: Int)
    case plain(left: Int, right: Int)
    case scientific(left: Int, decimals: Int, exponent: Int)
  }

  private let digits: Int
  private let style: Style
  private let width: Int

  /// Chooses the format for the elements that will be shown.
  ///
  /// - Parameter isWhole: whether all elements of the array are whole numbers, also those left out.
  init(for values: [Double], isBoolean: Bool, isWhole: Bool, digits: Int) {
    self.digits = Swift.max(digits, 0)
    let finite = values.filter(\.isFinite)
    if isBoolean {
      (style, width) = (.truth, 5)
    } else if isWhole {
      let longest = values.map { NumberFormat.whole($0).utf8.count }.max() ?? 0
      (style, width) = (.whole(width: longest), longest)
    } else if ElementFormat.needsExponent(finite) {
      (style, width) = ElementFormat.scientific(finite, values, digits: self.digits)
    } else {
      (style, width) = ElementFormat.plain(finite, values, digits: self.digits)
    }
  }

  /// The element, as wide as all others.
  func text(of value: Double) -> String {
    switch style {
    case .truth: return ElementFormat.padded(value == 0 ? "false" : "true", to: width)
    case .whole: return ElementFormat.padded(NumberFormat.whole(value), to: width)
    case .plain, .scientific: break
    }
    guard value.isFinite else { return ElementFormat.padded(NumberFormat.nonFinite(value), to: width) }
    if case .scientific(let left, let decimals, let exponent) = style {
      let text = NumberFormat.scientific(
        value, digits: decimals, minimum: decimals, exponentDigits: exponent)
      return ElementFormat.padded(text, point: left)
    }
    guard case .plain(let left, let right) = style else { return "" }
    let text = NumberFormat.plain(value, digits: digits)
    let spaces = String(repeating: " ", count: Swift.max(right - ElementFormat.parts(text).fraction, 0))
    return ElementFormat.padded(text, point: left) + spaces
  }

  private static func needsExponent(_ finite: [Double]) -> Bool {
    let magnitudes = finite.filter { $0 != 0 }.map(\.magnitude)
    guard let largest = magnitudes.max(), let smallest = magnitudes.min() else { return false }
    return largest >= 1e8 || smallest < 0.0001 || largest / smallest > 1000
  }

  private static func plain(
    _ finite: [Double], _ values: [Double], digits: Int
  ) -> (style: Style, width: Int) {
    let lengths = finite.map { parts(NumberFormat.plain($0, digits: digits)) }
    let right = lengths.map(\.fraction).max() ?? 0
    let left = widened(lengths.map(\.integer).max() ?? 0, right: right, values)
    return (.plain(left: left, right: right), left + right + 1)
  }

  private static func scientific(
    _ finite: [Double], _ values: [Double], digits: Int
  ) -> (style: Style, width: Int) {
    let texts = finite.map { NumberFormat.scientific($0, digits: digits) }
    let mantissas = texts.map { parts(String($0.prefix { $0 != "e" })) }
    let exponents = texts.map { $0.utf8.count - ($0.prefix { $0 != "e" }).utf8.count - 2 }
    let decimals = mantissas.map(\.fraction).max() ?? 0
    let exponent = exponents.max() ?? 0
    let right = exponent + 2 + decimals
    let left = widened(mantissas.map(\.integer).max() ?? 0, right: right, values)
    return (.scientific(left: left, decimals: decimals, exponent: exponent), left + right + 1)
  }

  /// `nan` and `-inf` may need more room than the numbers.
  private static func widened(_ left: Int, right: Int, _ values: [Double]) -> Int {
    let others = values.filter { !$0.isFinite }
    guard !others.isEmpty else { return left }
    // NumPy makes room for both words, whichever is there.
    let longest = others.contains { $0 == -.infinity } ? 4 : 3
    return Swift.max(left, longest - right - 1)
  }

  /// The lengths of what stands before and after the point.
  private static func parts(_ text: String) -> (integer: Int, fraction: Int) {
    let integer = text.prefix { $0 != "." }.utf8.count
    return (integer, text.utf8.count - integer - 1)
  }

  private static func padded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: Swift.max(width - text.utf8.count, 0)) + text
  }

  private static func padded(_ text: String, point: Int) -> String {
    String(repeating: " ", count: Swift.max(point - parts(text).integer, 0)) + text
  }
}
