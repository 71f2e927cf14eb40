public import Foundations
public import NeuralEngine

/// The numbers of an array that is to be written, as a program holds them.
public enum ArrayContent: Sendable {
  /// Numbers, each in as many bits as a precision has.
  case doubles([Double], as: Precision)
  /// Whole numbers of 64 bits.
  case integers([Int])
  /// Bytes, such as those of images.
  case bytes([UInt8])

  /// How many numbers there are.
  public var count: Int {
    switch self {
    case .doubles(let values, _): values.count
    case .integers(let values): values.count
    case .bytes(let values): values.count
    }
  }

  /// What they are in a file.
  public var element: StoredArray.Element {
    switch self {
    case .doubles(_, as: .single): .float32
    case .doubles(_, as: .double): .float64
    case .integers: .int64
    case .bytes: .uint8
    }
  }

  /// How many bytes they take in a file.
  public var byteCount: Int { count * element.width }

  /// Some of the numbers as they stand in a file.
  func bytes(of range: Range<Int>) -> [UInt8] {
    switch self {
    case .doubles(let values, as: .single): words(values[range]) { Float($0).bitPattern }
    case .doubles(let values, as: .double): words(values[range]) { $0.bitPattern }
    case .integers(let values): words(values[range]) { Int64($0) }
    case .bytes(let values): range.count == values.count ? values : Array(values[range])
    }
  }

  private func words<Value, Word: FixedWidthInteger & BitwiseCopyable>(
    _ values: ArraySlice<Value>, _ word: (Value) -> Word
  ) -> [UInt8] {
    let size = MemoryLayout<Word>.size
    return [UInt8](unsafeUninitializedCapacity: values.count * size) { buffer, count in
      let raw = UnsafeMutableRawBufferPointer(buffer)
      for (index, value) in values.enumerated() {
        raw.storeBytes(of: word(value).littleEndian, toByteOffset: index * size, as: Word.self)
      }
      count = values.count * size
    }
  }
}

extension ArrayFile {
  /// How many numbers are turned to bytes at a time.
  private static let piece = 1 << 19

  /// Writes a file of one array, whole or not at all, without its bytes ever being in memory together.
  ///
  /// It is not forced to the disk, which for a large array takes longer than all the rest: it outlives the program,
  /// and a failure of power a few seconds later. A file that is cut off then is refused by its reader.
  ///
  /// - Parameter goesOn: asked between two pieces; false ends the writing.
  /// - Throws: as ``write(to:)``, and `interrupted`.
  public static func write(
    _ content: ArrayContent, named name: String, to path: String, while goesOn: () -> Bool
  ) throws(CodedError) {
    let header = ArrayFile().header(of: [Entry(name, content.element, [content.count], content.byteCount)])
    let starts = stride(from: -piece, to: content.count, by: piece)
    let pieces = starts.lazy.map { start in
      start < 0 ? header : content.bytes(of: start..<min(start + piece, content.count))
    }
    try AtomicFile.write(pieces, to: path, isForced: false, while: goesOn)
  }
}
