import ByteStreams
internal import Foundations
internal import NeuralEngine

/// An array as a file holds it, in C order: bytes stay bytes, all else becomes doubles.
struct RawArray: Equatable {
  /// The name in messages: `y_train of mnist.npz`.
  var name: String
  /// The length of each axis, the rows first.
  var shape: [Int]
  /// The values.
  var values: ExampleInputs
  /// True if they are whole numbers by their type.
  var isWhole: Bool

  /// The number of values in a row.
  var width: Int { shape.dropFirst().reduce(1, *) }
}

/// The kinds of numbers that arrays are made of.
enum ElementKind: String {
  case bool = "b1"
  case int8 = "i1"
  case int16 = "i2"
  case int32 = "i4"
  case int64 = "i8"
  case uint8 = "u1"
  case uint16 = "u2"
  case uint32 = "u4"
  case uint64 = "u8"
  case float16 = "f2"
  case float32 = "f4"
  case float64 = "f8"

  /// Bytes each.
  var width: Int { Int(rawValue.suffix(1)) ?? 1 }
  var isWhole: Bool { !rawValue.hasPrefix("f") }
}

/// Reads the values of an array, a stretch at a time.
struct ElementReader {
  let kind: ElementKind
  let isBigEndian: Bool
  let check: SizeCheck

  /// Reads all values of an array of some shape.
  ///
  /// - Throws: `too-large` or `truncated-file`, before memory is taken where the header lies.
  func read(shape: [Int], from stream: any ByteStream) throws(CodedError) -> ExampleInputs {
    let needed = try check.bytes(shape, each: kind.width)
    _ = try check.bytes(shape, each: kind == .uint8 ? 1 : 8)
    try check.claim(needed, by: stream)
    if kind == .uint8 {
      var bytes = [UInt8](repeating: 0, count: needed)
      let got = try stream.fill(&bytes)
      guard got == needed else { throw check.truncated(needed: needed, found: got) }
      return .bytes(ByteInputs(bytes))
    }
    return .doubles(try doubles(count: needed / kind.width, from: stream))
  }

  private func doubles(count: Int, from stream: any ByteStream) throws(CodedError) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(count)
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while values.count < count {
      let wanted = min(chunk.count / kind.width, count - values.count) * kind.width
      if wanted < chunk.count { chunk.removeLast(chunk.count - wanted) }
      let got = try stream.fill(&chunk)
      guard got == wanted else {
        throw check.truncated(needed: count * kind.width, found: values.count * kind.width + got)
      }
      append(chunk, to: &values)
    }
    return values
  }

  private func append(_ chunk: [UInt8], to values: inout [Double]) {
    switch kind {
    case .bool: for byte in chunk { values.append(byte == 0 ? 0 : 1) }
    case .uint8: for byte in chunk { values.append(Double(byte)) }
    case .int8: for byte in chunk { values.append(Double(Int8(bitPattern: byte))) }
    case .uint16: words(chunk, UInt16.self) { values.append(Double($0)) }
    case .int16: words(chunk, UInt16.self) { values.append(Double(Int16(bitPattern: $0))) }
    case .uint32: words(chunk, UInt32.self) { values.append(Double($0)) }
    case .int32: words(chunk, UInt32.self) { values.append(Double(Int32(bitPattern: $0))) }
    case .uint64: words(chunk, UInt64.self) { values.append(Double($0)) }
    case .int64: words(chunk, UInt64.self) { values.append(Double(Int64(bitPattern: $0))) }
    case .float16: words(chunk, UInt16.self) { values.append(ElementReader.half($0)) }
    case .float32: words(chunk, UInt32.self) { values.append(Double(Float(bitPattern: $0))) }
    case .float64: words(chunk, UInt64.self) { values.append(Double(bitPattern: $0)) }
    }
  }

  /// The value of a number of 16 bits: sign, 5 bits of exponent, 10 of fraction (IEEE 754-2008).
  static func half(_ bits: UInt16) -> Double {
    let fraction = Double(bits & 0x3FF)
    let exponent = Int(bits >> 10 & 0x1F)
    let size: Double =
      switch exponent {
      case 0: fraction * 0x1p-24
      case 31: fraction == 0 ? .infinity : .nan
      default: Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
      }
    return bits >> 15 == 0 ? size : -size
  }

  private func words<Word: FixedWidthInteger>(_ chunk: [UInt8], _: Word.Type, _ body: (Word) -> Void) {
    chunk.withUnsafeBytes { bytes in
      for offset in stride(from: 0, to: bytes.count, by: MemoryLayout<Word>.size) {
        let word = bytes.loadUnaligned(fromByteOffset: offset, as: Word.self)
        body(isBigEndian ? Word(bigEndian: word) : Word(littleEndian: word))
      }
    }
  }
}

extension ExampleInputs {
  /// Values in Fortran order put in C order.
  func inCOrder(shape: [Int]) -> ExampleInputs {
    switch self {
    case .doubles(let values): .doubles(ExampleInputs.transposed(values, shape))
    case .bytes(let bytes): .bytes(ByteInputs(ExampleInputs.transposed(bytes.values, shape)))
    }
  }

  private static func transposed<Value>(_ values: [Value], _ shape: [Int]) -> [Value] {
    var strides: [Int] = []
    var stride = 1
    for length in shape {
      strides.append(stride)
      stride *= length
    }
    var index = [Int](repeating: 0, count: shape.count)
    var place = 0
    return values.indices.map { _ in
      let value = values[place]
      for axis in shape.indices.reversed() {
        index[axis] += 1
        place += strides[axis]
        if index[axis] < shape[axis] { break }
        place -= index[axis] * strides[axis]
        index[axis] = 0
      }
      return value
    }
  }
}
