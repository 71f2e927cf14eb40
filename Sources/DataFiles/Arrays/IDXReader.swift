import ByteStreams
internal import Foundations
internal import NeuralEngine

/// Reads IDX, the format of MNIST: two zeros, a type, the number of axes, their lengths, the values; all
/// big-endian (yann.lecun.com/exdb/mnist).
enum IDXReader {
  /// Tells whether these are the first bytes of an IDX file.
  static func recognizes(_ head: [UInt8]) -> Bool {
    head.count >= 4 && head[0] == 0 && head[1] == 0 && kind(head[2]) != nil && head[3] > 0 && head[3] <= 8
  }

  private static func kind(_ code: UInt8) -> ElementKind? {
    switch code {
    case 0x08: .uint8
    case 0x09: .int8
    case 0x0B: .int16
    case 0x0C: .int32
    case 0x0D: .float32
    case 0x0E: .float64
    default: nil
    }
  }

  /// - Throws: `not-idx`, `too-large`, `truncated-file` or `extra-bytes`.
  static func read(_ stream: any ByteStream, limit: Int) throws(CodedError) -> RawArray {
    let head = try stream.next(4)
    guard recognizes(head), let kind = kind(head[2]) else {
      throw CodedError(
        .notIDX,
        "`\(stream.name)` does not begin like an IDX file, with two zeros, a type from 8 to 14 and the number of axes."
      )
    }
    let lengths = try stream.next(4 * Int(head[3]))
    let check = SizeCheck(name: stream.name, limit: limit)
    guard lengths.count == 4 * Int(head[3]) else {
      throw CodedError(
        .truncatedFile, "`\(stream.name)` ends within its header. Download or copy it again.")
    }
    let shape = stride(from: 0, to: lengths.count, by: 4).map { start in
      lengths[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    let reader = ElementReader(kind: kind, isBigEndian: true, check: check)
    let values = try reader.read(shape: shape, from: stream)
    guard try stream.isAtEnd() else {
      throw CodedError(
        .extraBytes,
        "`\(stream.name)` goes on after the \(shape.sizesText) values of its header. "
          + "Is it damaged?")
    }
    return RawArray(name: stream.name, shape: shape, values: values, isWhole: kind.isWhole)
  }
}
