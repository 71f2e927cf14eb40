/// Writes messages in the wire format of protocol buffers (protobuf.dev/programming-guides/encoding), field by field.
struct WireWriter {
  /// What has been written.
  private(set) var bytes: [UInt8] = []

  /// Writes a whole number; negative ones as two's complement of 64 bits.
  mutating func integer(_ field: Int, _ value: Int) {
    tag(field, 0)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// Writes a number of 32 bits.
  mutating func float(_ field: Int, _ value: Float) {
    tag(field, 5)
    append(value.bitPattern)
  }

  /// Writes a text; none for an empty one, which is what a reader takes for what is not there.
  mutating func text(_ field: Int, _ value: String) {
    if !value.isEmpty { data(field, Array(value.utf8)) }
  }

  /// Writes bytes.
  mutating func data(_ field: Int, _ value: [UInt8]) {
    tag(field, 2)
    varint(UInt64(value.count))
    bytes += value
  }

  /// Writes whole numbers, packed.
  mutating func integers(_ field: Int, _ values: [Int]) {
    message(field) { inner in
      for value in values { inner.varint(UInt64(bitPattern: Int64(value))) }
    }
  }

  /// Writes numbers of 32 bits, packed.
  mutating func floats(_ field: Int, _ values: [Float]) {
    message(field) { inner in
      for value in values { inner.append(value.bitPattern) }
    }
  }

  /// Writes a message within this one.
  mutating func message(_ field: Int, _ body: (inout WireWriter) -> Void) {
    var inner = WireWriter()
    body(&inner)
    data(field, inner.bytes)
  }

  private mutating func tag(_ field: Int, _ type: Int) { varint(UInt64(field << 3 | type)) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func append(_ word: UInt32) {
    for shift in stride(from: 0, to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(shift)))
    }
  }
}
