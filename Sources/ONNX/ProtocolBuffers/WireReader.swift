import NeuralEngine

/// What is wrong with bytes that should be a message, and where.
struct WireError: Error, Equatable {
  /// The byte of the whole file.
  let offset: Int
  /// What is wrong there.
  let reason: String
}

/// Reads a message in the wire format of protocol buffers, field by field. Every length is held against the bytes that
/// are there before anything is taken, so whatever the bytes are, reading them costs no more than their number.
struct WireReader {
  /// The value of a field.
  enum Value {
    /// A whole number, a truth value or a place in an enumeration.
    case integer(UInt64)
    /// Four bytes.
    case word(UInt32)
    /// Eight bytes.
    case long(UInt64)
    /// Bytes, a text, a message or packed numbers: where they stand.
    case bytes(Range<Int>)
  }

  /// A field, and where it begins.
  struct Field {
    let number: Int
    let value: Value
    let offset: Int
  }

  private let bytes: [UInt8]
  private var place: Int
  private let end: Int

  /// Reads a message that stands somewhere within bytes.
  init(_ bytes: [UInt8], _ range: Range<Int>? = nil) {
    self.bytes = bytes
    place = range?.lowerBound ?? 0
    end = range?.upperBound ?? bytes.count
  }

  /// The next field; nil at the end of the message.
  mutating func next() throws(WireError) -> Field? {
    guard place < end else { return nil }
    let start = place
    let tag = try varint()
    guard let number = Int(exactly: tag >> 3), number > 0, number < 1 << 29 else {
      throw WireError(offset: start, reason: "a field has the number \(tag >> 3)")
    }
    let value: Value
    switch tag & 7 {
    case 0: value = .integer(try varint())
    case 1: value = .long(try fixed(8))
    case 2:
      let length = try varint()
      guard let count = Int(exactly: length), count <= end - place else {
        throw WireError(offset: start, reason: "a field of \(length) bytes goes beyond its message")
      }
      value = .bytes(place..<place + count)
      place += count
    case 5: value = .word(UInt32(truncatingIfNeeded: try fixed(4)))
    default: throw WireError(offset: start, reason: "a field is of the unknown type \(tag & 7)")
    }
    return Field(number: number, value: value, offset: start)
  }

  /// The next of whole numbers that stand one after the other, without tags; nil at their end.
  mutating func nextPacked() throws(WireError) -> UInt64? { place < end ? try varint() : nil }

  private mutating func varint() throws(WireError) -> UInt64 {
    let start = place
    var value: UInt64 = 0
    for shift in stride(from: 0, through: 63, by: 7) {
      guard place < end else { throw WireError(offset: start, reason: "a number is cut off") }
      let byte = bytes[place]
      place += 1
      value |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    throw WireError(offset: start, reason: "a number has more than ten bytes")
  }

  private mutating func fixed(_ count: Int) throws(WireError) -> UInt64 {
    guard count <= end - place else { throw WireError(offset: place, reason: "a number is cut off") }
    defer { place += count }
    return (0..<count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[place + $1]) }
  }
}

extension WireReader.Field {
  /// The value as a whole number.
  func integer() throws(WireError) -> Int {
    guard case .integer(let value) = value else { throw unexpected("a whole number") }
    return Int(Int64(bitPattern: value))
  }

  /// Where a message, a text or bytes stand.
  func range() throws(WireError) -> Range<Int> {
    guard case .bytes(let range) = value else { throw unexpected("bytes") }
    return range
  }

  /// The value as a text.
  func text(_ bytes: [UInt8]) throws(WireError) -> String {
    let range = try range()
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw unexpected("a text in UTF-8")
    }
    return text
  }

  /// A number of 32 bits.
  func float() throws(WireError) -> Float {
    guard case .word(let bits) = value else { throw unexpected("a number of 32 bits") }
    return Float(bitPattern: bits)
  }

  /// Whole numbers: one, or many packed.
  func integers(_ bytes: [UInt8]) throws(WireError) -> [Int] {
    guard case .bytes(let range) = value else { return [try integer()] }
    var numbers: [Int] = []
    var reader = WireReader(bytes, range)
    while let number = try reader.nextPacked() { numbers.append(Int(Int64(bitPattern: number))) }
    return numbers
  }

  /// Numbers of 32 bits: one, or many packed.
  func floats(_ bytes: [UInt8]) throws(WireError) -> [Double] {
    guard case .bytes(let range) = value else { return [Double(try float())] }
    guard range.count.isMultiple(of: 4) else { throw unexpected("numbers of 32 bits") }
    return stride(from: range.lowerBound, to: range.upperBound, by: 4).map { place in
      Double(Float(bitPattern: (0..<4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[place + $1]) }))
    }
  }

  /// Numbers of 64 bits: one, or many packed.
  func doubles(_ bytes: [UInt8]) throws(WireError) -> [Double] {
    switch value {
    case .long(let bits): return [Double(bitPattern: bits)]
    case .bytes(let range) where range.count.isMultiple(of: 8):
      return stride(from: range.lowerBound, to: range.upperBound, by: 8).map { place in
        Double(bitPattern: (0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[place + $1]) })
      }
    default: throw unexpected("numbers of 64 bits")
    }
  }

  private func unexpected(_ what: String) -> WireError {
    WireError(offset: offset, reason: "field \(number) is not \(what)")
  }
}
