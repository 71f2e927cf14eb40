/// A digest by which processes compare what they hold: the 64-bit FNV-1a hash, taken eight bytes at a time. It finds what
/// has come apart by accident, and is no protection against intent.
public struct BitDigest: Sendable {
  /// The digest of what has been added.
  public private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// Creates the digest of nothing.
  public init() {}

  /// Adds a number.
  public mutating func add(_ number: UInt64) { value = (value ^ number) &* 0x100_0000_01b3 }

  /// Adds bytes.
  public mutating func add(_ bytes: UnsafeRawBufferPointer) {
    let words = bytes.count / 8 * 8
    for place in stride(from: 0, to: words, by: 8) {
      add(bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }
    for byte in bytes[words...] { add(UInt64(byte)) }
    add(UInt64(bytes.count))
  }

  /// Adds a text.
  public mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }
}
