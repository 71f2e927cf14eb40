import ByteStreams
import Datasets
import Foundations
import JSON
import NeuralEngine

/// Reads a safetensors file. Whatever a header claims is held against the file's size before memory is taken.
struct ArrayFileReader {
  /// A longer header is refused: as JSON values it takes twenty times its size. A thousand arrays take 0.1 MB.
  static let longestHeader = 16 << 20

  private let file: ByteFile

  init(_ path: String) throws(CodedError) { file = try ByteFile(path: path) }

  init(_ bytes: [UInt8], called name: String) { file = ByteFile(name: name, bytes: bytes) }

  func read() throws(CodedError) -> ArrayFile {
    let start = try headerEnd()
    // Each byte of an array may become a double besides.
    guard file.size <= MemoryLimit.bytes / 4 else {
      throw CodedError(
        .tooLarge,
        "`\(file.name)` has \(file.size.byteText); at most \((MemoryLimit.bytes / 4).byteText) can be read here."
      )
    }
    let header = try HeaderReader(file: file.name, dataSize: file.size - start).read(
      try headerText(to: start))
    var result = ArrayFile()
    result.metadata = header.metadata
    for entry in header.entries {
      let bytes = try file.bytes(at: start + entry.range.lowerBound, count: entry.range.count)
      guard bytes.count == entry.range.count else { throw truncated("it shrank while it was read") }
      result.add(StoredArray(name: entry.name, element: entry.element, shape: entry.shape, bytes: bytes))
    }
    return result
  }

  /// Where the header ends and the arrays begin.
  private func headerEnd() throws(CodedError) -> Int {
    guard file.size > 0 else {
      throw CodedError(.emptyFile, "`\(file.name)` is empty. There is nothing to load.")
    }
    let start = try file.bytes(at: 0, count: 9)
    // The length of a header may be the bytes that another format begins with.
    if start.count < 9 || start[8] != UInt8(ascii: "{") { try refuseForeign(start) }
    guard start.count == 9 else { throw truncated("it ends within the first ten bytes") }
    let length = start[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard start[8] == UInt8(ascii: "{") else { throw foreign("not a safetensors file") }
    guard length <= UInt64(ArrayFileReader.longestHeader) else {
      throw CodedError(
        .badModelFile,
        "`\(file.name)` announces a header of \(length) bytes; at most "
          + "\(ArrayFileReader.longestHeader.byteText) are allowed. It is damaged, or not a safetensors file."
      )
    }
    guard Int(length) <= file.size - 8 else {
      throw truncated("its header should have \(length) bytes, and \(file.size - 8) are left")
    }
    return 8 + Int(length)
  }

  private func headerText(to end: Int) throws(CodedError) -> [UInt8] {
    let text = try file.bytes(at: 8, count: end - 8)
    guard text.count == end - 8 else { throw truncated("it shrank while it was read") }
    return text
  }

  private func truncated(_ reason: String) -> CodedError {
    CodedError(
      .truncatedFile,
      "`\(file.name)` is truncated: \(reason). Save it again, or copy it again from its source.")
  }

  /// Files that people have and that are something else, by how they begin.
  private static let foreignStarts: [(magic: [UInt8], what: String)] = [
    (
      [0x50, 0x4B, 3, 4],
      "a zip archive, as written by torch.save and Keras. Keras's weights go into a network that was described by `load weights`"
    ),
    (
      [0x89, 0x48, 0x44, 0x46],
      "an HDF5 file, as written by Keras. Its weights go into a network that was described by `load weights`"
    ),
    ([0x80, 2], "a Python pickle, as written by older versions of torch.save"),
    ([0x47, 0x47, 0x55, 0x46], "a GGUF file"),
    ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], "a NumPy array, which is data: data NAME from a file"),
  ]

  private func refuseForeign(_ start: [UInt8]) throws(CodedError) {
    for (magic, what) in Self.foreignStarts where start.starts(with: magic) { throw foreign(what) }
  }

  private func foreign(_ what: String) -> CodedError {
    CodedError(
      .notAModelFile,
      "`\(file.name)` is \(what). Only files written by `save net \"m.safetensors\"` can be loaded.")
  }
}
