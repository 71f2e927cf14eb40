/// What keeps a text from being JSON, and where.
package struct JSONError: Error {
  /// The byte where reading stopped.
  package let offset: Int
  /// What was expected there, in a few words.
  package let message: String
}

/// Reads one JSON value (RFC 8259) out of bytes that are known to be UTF-8.
package struct JSONReader {
  /// A text nested deeper is refused: each level takes a stack frame, and a stack has an end. A session's file takes two levels for
  /// each of the 100 lists that the language lets stand within each other, and a few around them.
  private static let maximumDepth = 256

  private let bytes: [UInt8]
  private let end: Int
  package private(set) var position: Int
  private var depth = 0

  package init(_ bytes: [UInt8], from start: Int = 0, to end: Int? = nil) {
    self.bytes = bytes
    self.end = end ?? bytes.count
    position = start
  }

  /// The one value that a whole text holds.
  package static func document(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    var reader = JSONReader(bytes)
    reader.skipSpace()
    let value = try reader.value()
    reader.skipSpace()
    guard reader.position == reader.end else { throw reader.error("nothing more after the value") }
    return value
  }

  /// The value that a text is, or nil.
  package static func document(_ text: String) -> JSONValue? { try? document(Array(text.utf8)) }

  /// Reads the value at ``position`` and stops right behind it.
  package mutating func value() throws(JSONError) -> JSONValue {
    switch peek {
    case UInt8(ascii: "{"): return try nested { (reader) throws(JSONError) in try reader.object() }
    case UInt8(ascii: "["): return try nested { (reader) throws(JSONError) in try reader.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try number()
    default: break
    }
    for (word, value) in [("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null)]
    where take(word) {
      return value
    }
    throw error("a value: a number, a text in double quotes, `true`, `false`, `null`, `[…]` or `{…}`")
  }

  private mutating func nested(
    _ body: (inout JSONReader) throws(JSONError) -> JSONValue
  ) throws(JSONError) -> JSONValue {
    guard depth < Self.maximumDepth else { throw error("at most \(Self.maximumDepth) levels of nesting") }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  private mutating func object() throws(JSONError) -> JSONValue {
    var members: [JSONValue.Member] = []
    position += 1
    skipSpace()
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw error("a name in double quotes") }
      let key = try string()
      skipSpace()
      guard take(":") else { throw error("`:` after the name") }
      skipSpace()
      members.append(JSONValue.Member(key, try value()))
      skipSpace()
    } while take(",")
    guard take("}") else { throw error("`,` or `}`") }
    return .object(members)
  }

  private mutating func array() throws(JSONError) -> JSONValue {
    var elements: [JSONValue] = []
    position += 1
    skipSpace()
    if take("]") { return .array(elements) }
    repeat {
      skipSpace()
      elements.append(try value())
      skipSpace()
    } while take(",")
    guard take("]") else { throw error("`,` or `]`") }
    return .array(elements)
  }

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      _ = take("+") || take("-")
      try digits()
    }
    return .number(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    if position == start { throw error("a digit") }
  }
}

extension JSONReader {
  /// The byte to read next; nil at the end.
  package var peek: UInt8? { position < end ? bytes[position] : nil }

  package func error(_ message: String) -> JSONError { JSONError(offset: position, message: message) }

  package mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
  }

  package mutating func take(_ word: String) -> Bool {
    let utf8 = word.utf8
    guard position + utf8.count <= end, bytes[position..<position + utf8.count].elementsEqual(utf8) else {
      return false
    }
    position += utf8.count
    return true
  }

  /// Reads the string at ``position``, from its opening quote to behind its closing one.
  package mutating func string() throws(JSONError) -> String {
    let start = position
    position += 1
    var text: [UInt8] = []
    while let byte = peek {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += try escape()
      case 0..<0x20:
        position -= 1
        throw error("`\\n`, `\\t` or `\\u…` in place of a control character")
      default: text.append(byte)
      }
    }
    throw JSONError(offset: start, message: "a `\"` that ends the text")
  }

  private mutating func escape() throws(JSONError) -> [UInt8] {
    guard let byte = peek else { throw error("an escape") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return Array(String(try codePoint()).utf8)
    default:
      position -= 1
      throw error("one of `\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u`")
    }
  }

  /// The scalar behind `\u`. Half a surrogate pair, which Python writes without a word, stands for nothing
  /// that a text can hold: it becomes U+FFFD, for a stray one must not cost the whole notebook.
  private mutating func codePoint() throws(JSONError) -> Character {
    let first = try unit()
    guard first & 0xFC00 == 0xD800 else { return character(first) }
    let start = position
    guard take("\\u") else { return "\u{FFFD}" }
    let second = try unit()
    guard second & 0xFC00 == 0xDC00 else {
      position = start
      return "\u{FFFD}"
    }
    return character(0x10000 + ((first & 0x3FF) << 10) + (second & 0x3FF))
  }

  private func character(_ value: UInt32) -> Character { Character(Unicode.Scalar(value) ?? "\u{FFFD}") }

  private mutating func unit() throws(JSONError) -> UInt32 {
    let digits = bytes[position..<min(position + 4, end)]
    let text = String(decoding: digits, as: UTF8.self)
    guard digits.count == 4, text.allSatisfy(\.isHexDigit), let value = UInt32(text, radix: 16) else {
      throw error("four hexadecimal digits")
    }
    position += 4
    return value
  }
}
