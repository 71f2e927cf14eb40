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

  let delimiter: UInt8

  /// Looks for the field that begins at `start`.
  func field(in bytes: UnsafeBufferPointer<UInt8>, at start: Int, isLast: Bool) -> Found {
    var first = start
    while first < bytes.count, isSpace(bytes[first]) { first += 1 }
    if first < bytes.count, bytes[first] == UInt8(ascii: "\"") {
      return quoted(in: bytes, from: first + 1, isLast: isLast)
    }
    var next = first
    while next < bytes.count, !endsField(bytes[next]) { next += 1 }
    if next == bytes.count, !isLast { return .needsMore }
    var last = next
    while last > first, isSpace(bytes[last - 1]) { last -= 1 }
    return .field(Field(range: first..<last, next: next))
  }

  private func quoted(in bytes: UnsafeBufferPointer<UInt8>, from first: Int, isLast: Bool) -> Found {
    var field = Field(range: first..<first, next: first, isQuoted: true)
    var next = first
    while next < bytes.count {
      let byte = bytes[next]
      if byte == UInt8(ascii: "\"") {
        guard next + 1 < bytes.count || isLast else { return .needsMore }
        guard next + 1 < bytes.count, bytes[next + 1] == UInt8(ascii: "\"") else { break }
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
    while next < bytes.count, isSpace(bytes[next]) { next += 1 }
    if next == bytes.count, !isLast { return .needsMore }
    guard next == bytes.count || endsField(bytes[next]) else { return .strayText }
    field.next = next
    return .field(field)
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
      afterQuote = scalar == "\"" && !afterQuote
      if !afterQuote { plain.unicodeScalars.append(scalar) }
    }
    return plain
  }

  @inline(__always)
  private func endsField(_ byte: UInt8) -> Bool {
    byte == delimiter || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  /// A space, or a tab where tabs do not divide fields.
  @inline(__always)
  private func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (byte == UInt8(ascii: "\t") && delimiter != byte)
  }
}
