import ByteStreams
internal import Foundations

/// The size of an image in pixels.
struct ImageSize: Equatable {
  let width: Int
  let height: Int

  var words: String { "\(width)x\(height)" }
}

/// A decoder of one format, which holds an image's file and has read its header.
protocol ImageDecoder {
  var size: ImageSize { get }
  var hasColor: Bool { get }

  /// Writes the pixels, row by row: one byte each, or red, green and blue.
  ///
  /// - Throws: what is wrong with the file.
  func decode(color: Bool, into pixels: UnsafeMutableBufferPointer<UInt8>) throws(CodedError)
}

/// An image file, read whole, decoded when asked. Its content tells the format, whatever its name says.
struct ImageFile {
  let path: String
  private let decoder: any ImageDecoder

  var size: ImageSize { decoder.size }
  var hasColor: Bool { decoder.hasColor }

  /// - Throws: `bad-png`, `bad-jpeg`, `missing-library`, `too-large`, or what the file throws.
  init(path: String) throws(CodedError) { try self.init(try ByteFile(path: path)) }

  /// - Throws: `bad-png`, `bad-jpeg`, `missing-library` or `too-large`.
  init(_ file: ByteFile) throws(CodedError) {
    path = file.name
    guard file.size <= 1 << 28 else {
      throw CodedError(.tooLarge, "`\(file.name)` takes \(file.size.byteText), too much for an image.")
    }
    let bytes = try file.bytes(at: 0, count: file.size)
    let isJPEG = bytes.starts(with: [0xFF, 0xD8])
    decoder = isJPEG ? try JPEGImage(bytes, file.name) : try PNGImage(bytes, file.name)
    _ = try SizeCheck(name: file.name, limit: 1 << 28).bytes([size.width, size.height, 4], each: 1)
  }

  /// Writes the pixels, row by row; what is transparent is laid on white.
  ///
  /// - Throws: `bad-png` or `bad-jpeg`.
  func decode(color: Bool, into pixels: inout ArraySlice<UInt8>) throws(CodedError) {
    guard pixels.count == size.width * size.height * (color ? 3 : 1) else {
      throw CodedError(.imageSizesDiffer, "`\(path)` has changed its size while it was read.")
    }
    try pixels.withUnsafeMutableBufferPointer { pixels throws(CodedError) in
      try decoder.decode(color: color, into: pixels)
    }
  }
}
