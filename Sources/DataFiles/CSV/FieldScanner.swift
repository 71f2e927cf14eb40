internal import NeuralEngine

/// Finds where fields begin and end, quotes and all. What is not a plain number goes this way.
struct FieldScanner {
  /// A field that was found.
  struct Field {
    /// The bytes between the quotes, or all of them.
    var range: Range<Int>
    /// The place of its delimiter or line end.
    var next: Int
    var isQuoted = false
    /// True if quotes within it are doubled.
    var hasDoubledQuotes = false
    /// The number of line ends within it.
    var lineEnds = 0
  }

  /// The result of looking for a field.
  enum Found {
    case field(Field)
    /// The bytes at hand end before the field does.
    case needsMore
    /// The file ends within quotes.
    case unclosedQuote
    /// Something stands behind the closing quote.
    case strayText
  }

  /// What divides fields; a space stands for a run of blanks and tabs.
  let delimiter: UInt8
  /// What fields may be held in.
  var quote = UInt8(ascii: "\"")

  /// True if runs of blanks divide fields.
  private var dividesByBlanks: Bool { delimiter == UInt8(ascii: " ") }

  /// Looks for the field that begins at `start`.
  func field(in bytes: UnsafeBufferPointer<UInt8>, at start: Int, isLast: Bool) -> Found {
    var first = start
    while first < bytes.count, isSpace(bytes[first]) { first += 1 }
    if first < bytes.count, bytes[first] == quote {
      return quoted(in: bytes, from: first + 1, isLast: isLast)
    }
    var next = first
    while next < bytes.count, !endsField(bytes[next]) { next += 1 }
    if next == bytes.count, !isLast { return .needsMore }
    var last = next
    while last > first, isSpace(bytes[last - 1]) { last -= 1 }
    guard let behind = end(of: next, in: bytes, isLast: isLast) else { return .needsMore }
    return .field(Field(range: first..<last, next: behind))
  }

  private func quoted(in bytes: UnsafeBufferPointer<UInt8>, from first: Int, isLast: Bool) -> Found {
    var field = Field(range: first..<first, next: first, isQuoted: true)
    var next = first
    while next < bytes.count {
      let byte = bytes[next]
      if byte == quote {
        guard next + 1 < bytes.count || isLast else { return .needsMore }
        guard next + 1 < bytes.count, bytes[next + 1] == quote else { break }
        field.hasDoubledQuotes = true
        next += 1
      } else if byte == UInt8(ascii: "\n") {
        field.lineEnds += 1
      }
      next += 1
    }
    guard next < bytes.count else { return isLast ? .unclosedQuote : .needsMore }
    field.range = first..<next
    next += 1
    while !dividesByBlanks, next < bytes.count, isSpace(bytes[next]) { next += 1 }
    if next == bytes.count, !isLast { return .needsMore }
    guard next == bytes.count || endsField(bytes[next]) else { return .strayText }
    guard let behind = end(of: next, in: bytes, isLast: isLast) else { return .needsMore }
    field.next = behind
    return .field(field)
  }

  /// The last of the blanks from `place` on, or the end of the line behind them; `place` where blanks divide nothing.
  private func end(of place: Int, in bytes: UnsafeBufferPointer<UInt8>, isLast: Bool) -> Int? {
    guard dividesByBlanks else { return place }
    var next = place
    while next < bytes.count, isSpace(bytes[next]) { next += 1 }
    if next == bytes.count { return isLast ? next : nil }
    return isLineEnd(bytes[next]) ? next : max(place, next - 1)
  }

  /// Tells whether a byte stands between two fields of a row.
  @inline(__always)
  func divides(_ byte: UInt8) -> Bool {
    byte == delimiter || (dividesByBlanks && byte == UInt8(ascii: "\t"))
  }

  /// The place where the next row begins, when a line end stands at `place`; nil when more bytes must tell.
  func afterLineEnd(in bytes: UnsafeBufferPointer<UInt8>, at place: Int, isLast: Bool) -> Int? {
    guard place < bytes.count else { return isLast ? place : nil }
    guard bytes[place] == UInt8(ascii: "\r") else { return place + 1 }
    guard place + 1 < bytes.count else { return isLast ? place + 1 : nil }
    return bytes[place + 1] == UInt8(ascii: "\n") ? place + 2 : place + 1
  }

  /// The text of a field; nil when it is not UTF-8.
  func text(of field: Field, in bytes: UnsafeBufferPointer<UInt8>) -> String? {
    let text = String(validating: bytes[field.range], as: UTF8.self)
    guard field.hasDoubledQuotes, let text else { return text }
    var plain = ""
    var afterQuote = false
    for scalar in text.unicodeScalars {
      afterQuote = scalar == Unicode.Scalar(quote) && !afterQuote
      if !afterQuote { plain.unicodeScalars.append(scalar) }
    }
    return plain
  }

  @inline(__always)
  func endsField(_ byte: UInt8) -> Bool {
    divides(byte) || isLineEnd(byte)
  }

  @inline(__always)
  private func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

  /// A space, or a tab where tabs do not divide fields.
  @inline(__always)
  private func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (byte == UInt8(ascii: "\t") && delimiter != byte)
  }
}
