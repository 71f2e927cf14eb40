public import NeuralEngine

/// An array of a model file: numbers of one type in C order, little-endian as they stand in the file.
public struct StoredArray: Sendable, Equatable {
  /// The types of numbers that are read, as safetensors names them.
  public enum Element: String, Sendable, CaseIterable {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int64 = "I64"
    case int32 = "I32"
    case int16 = "I16"
    case int8 = "I8"
    case uint64 = "U64"
    case uint32 = "U32"
    case uint16 = "U16"
    case uint8 = "U8"
    case bool = "BOOL"

    /// Bytes each.
    public var width: Int {
      switch self {
      case .float64, .int64, .uint64: 8
      case .float32, .int32, .uint32: 4
      case .float16, .bfloat16, .int16, .uint16: 2
      case .int8, .uint8, .bool: 1
      }
    }
  }

  /// Its name, its own within the file.
  public let name: String
  /// What it is made of.
  public let element: Element
  /// The length of each axis; none for a single number.
  public let shape: [Int]
  /// The numbers as the file holds them.
  public let bytes: [UInt8]

  package init(name: String, element: Element, shape: [Int], bytes: [UInt8]) {
    self.name = name
    self.element = element
    self.shape = shape
    self.bytes = bytes
  }

  /// Numbers with 32 or 64 bits each. Those that come from a network in single precision lose nothing in 32.
  public init(_ name: String, shape: [Int], _ values: [Double], as precision: Precision = .double) {
    self.init(name, shape: shape, .doubles(values, as: precision))
  }

  /// An array of its numbers.
  public init(_ name: String, shape: [Int], _ content: ArrayContent) {
    self.init(
      name: name, element: content.element, shape: shape, bytes: content.bytes(of: 0..<content.count))
  }

  /// Bytes, such as those of images.
  public init(_ name: String, shape: [Int], bytes: [UInt8]) {
    self.init(name: name, element: .uint8, shape: shape, bytes: bytes)
  }

  /// How many numbers there are.
  public var count: Int { bytes.count / element.width }

  /// The numbers as doubles; whole ones of more than 53 bits are rounded.
  public var doubles: [Double] {
    switch element {
    case .float64: words(UInt64.self) { Double(bitPattern: $0) }
    case .float32: words(UInt32.self) { Double(Float(bitPattern: $0)) }
    case .float16: words(UInt16.self) { Double(Float16(bitPattern: $0)) }
    case .bfloat16: words(UInt16.self) { Double(Float(bitPattern: UInt32($0) << 16)) }
    case .int64: words(Int64.self) { Double($0) }
    case .int32: words(Int32.self) { Double($0) }
    case .int16: words(Int16.self) { Double($0) }
    case .int8: words(Int8.self) { Double($0) }
    case .uint64: words(UInt64.self) { Double($0) }
    case .uint32: words(UInt32.self) { Double($0) }
    case .uint16: words(UInt16.self) { Double($0) }
    case .uint8: words(UInt8.self) { Double($0) }
    case .bool: words(UInt8.self) { $0 == 0 ? 0 : 1 }
    }
  }

  private func words<Word: FixedWidthInteger & BitwiseCopyable>(
    _: Word.Type, _ value: (Word) -> Double
  ) -> [Double] {
    bytes.withUnsafeBytes { bytes in
      (0..<count).map { index in
        let word = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Word>.size, as: Word.self)
        return value(Word(littleEndian: word))
      }
    }
  }
}
