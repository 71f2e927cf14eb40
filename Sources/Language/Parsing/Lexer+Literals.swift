internal import Diagnostics
internal import Foundations
import Localization

extension Lexer {
  /// A digit starts a number, and so does `.5` where no field can stand.
  func startsNumber(_ byte: UInt8) -> Bool {
    if byte.isDigit { return true }
    guard byte == UInt8(ascii: "."), peek()?.isDigit == true else { return false }
    guard let last = tokens.last, last.span.end == position else { return true }
    switch last.kind {
    case .word, .symbol(.closeParenthesis), .symbol(.closeBracket): return false
    default: return true
    }
  }

  mutating func scanNumber() {
    let start = position
    if scanShape() { return }
    skipDigits()
    if current == UInt8(ascii: "."), peek().map({ !$0.isWordStart || $0 | 0x20 == UInt8(ascii: "e") }) ?? true
    {
      position += 1
      skipDigits()
    }
    skipExponent()
    let hasSecondPoint = current == UInt8(ascii: ".") && peek()?.isDigit == true
    let digits = bytes[start..<position].filter { $0 != UInt8(ascii: "_") }
    let value = Double(String(decoding: digits, as: UTF8.self))
    let (scale, divisor, unit) = scanUnit()
    guard let value, value.isFinite, current?.isWordPart != true, !hasSecondPoint else {
      while current?.isWordPart == true || current == UInt8(ascii: ".") { position += 1 }
      let text = String(decoding: bytes[start..<position], as: UTF8.self)
      report(.badNumber, Lexer.explainNumber(text), from: start)
      return append(.number(0, unit: .none), from: start)
    }
    // Dividing rounds once: 7% is the Double nearest to 0.07, which 7 * 0.01 is not.
    append(.number(value * scale / divisor, unit: unit), from: start)
  }

  private static func explainNumber(_ text: String) -> String {
    if let value = Double(text), value.isInfinite {
      return localized("`\(text)` is too large. The largest number is about 1.8e308.")
    }
    if let hidden = text.first(where: { !Lexer.isShown(String($0)) }) {
      return Lexer.explain(String(hidden))
    }
    let ends = text.split(separator: ".", omittingEmptySubsequences: true)
    if text.contains(".."), ends.count == 2 {
      return "`\(text)` is not a number. The integers between two are `range(\(ends[0]), \(ends[1]))`."
    }
    let digits = text.prefix { $0.isWholeNumber || $0 == "." }
    let name = text.dropFirst(digits.count)
    if let first = name.first, first.isLetter, first != "e", first != "E", !digits.hasSuffix(".") {
      return
        "`\(text)` is not a number, and a name may not begin with a digit. To multiply, write `\(digits) * \(name)`."
    }
    return
      "`\(text)` is not a number. Numbers look like 20, 20_000, 0.3, 1e-3, 20%, 500ms, 2s or 5min; shapes "
      + "like 5x5. A name may not begin with a digit."
  }

  /// `5x5`: digits and `x` in turn. Leaves the position alone where there is no shape.
  private mutating func scanShape() -> Bool {
    let start = position
    var sizes: [Int] = []
    while let size = scanSize() {
      sizes.append(size)
      guard current == UInt8(ascii: "x"), peek()?.isDigit == true else { break }
      position += 1
    }
    guard sizes.count > 1, current?.isWordPart != true else {
      position = start
      return false
    }
    append(.shape(sizes), from: start)
    return true
  }

  private mutating func scanSize() -> Int? {
    let start = position
    while current?.isDigit == true { position += 1 }
    return Int(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func skipDigits() {
    while let byte = current, byte.isDigit || (byte == UInt8(ascii: "_") && peek()?.isDigit == true) {
      _ = (byte, position += 1)
    }
  }

  private mutating func skipExponent() {
    guard let e = current, e | 0x20 == UInt8(ascii: "e") else { return }
    let isSigned = peek() == UInt8(ascii: "-") || peek() == UInt8(ascii: "+")
    guard peek(isSigned ? 2 : 1)?.isDigit == true else { return }
    position += isSigned ? 2 : 1
    skipDigits()
  }

  private mutating func scanUnit() -> (scale: Double, divisor: Double, unit: Token.Unit) {
    let units: [(String, scale: Double, divisor: Double, Token.Unit)] = [
      ("%", 1, 100, .percent), ("min", 60, 1, .seconds), ("ms", 1, 1000, .seconds), ("s", 1, 1, .seconds),
    ]
    for (spelling, scale, divisor, unit) in units where bytes[position...].starts(with: spelling.utf8) {
      let next = peek(spelling.utf8.count)
      guard unit == .percent || next?.isWordPart != true else { continue }
      position += spelling.utf8.count
      return (scale, divisor, unit)
    }
    return (1, 1, .none)
  }

  /// `"…"` with escapes, or `'…'` as it stands. A string ends on the line where it began.
  mutating func scanString(isRaw: Bool) {
    let start = position
    let quote = bytes[position]
    var text: [UInt8] = []
    position += 1
    while let byte = current, byte != quote, byte != UInt8(ascii: "\n") {
      if byte == UInt8(ascii: "\\"), !isRaw {
        text += scanEscape()
      } else {
        text.append(byte)
        position += 1
      }
    }
    if current == quote {
      position += 1
    } else {
      let mark = isRaw ? "'" : "\""
      report(
        .unclosedString, localized("This text has no closing \(mark) on its line."), from: start,
        suggestion: mark)
    }
    append(.string(String(decoding: text, as: UTF8.self)), from: start)
  }

  private mutating func scanEscape() -> [UInt8] {
    let start = position
    position += 1
    guard let byte = current, byte != UInt8(ascii: "\n") else { return [] }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): return [UInt8(ascii: "\n")]
    case UInt8(ascii: "t"): return [UInt8(ascii: "\t")]
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): return [byte]
    default:
      while let byte = current, byte & 0xC0 == 0x80 { _ = (byte, position += 1) }
      report(
        .unknownEscape, "The escapes are \\n, \\t, \\\" and \\\\. In '…' a backslash stands for itself.",
        from: start)
      return []
    }
  }
}
