import ByteStreams
internal import Foundations
internal import NeuralEngine
internal import SystemLibrary

/// The part of a CSV file that is in memory: from the first row that is not read yet.
///
/// Behind its bytes stand sixteen zeros, so that a number at the very end is read without a check a byte.
/// No text has a zero byte, and one in the file is an error.
final class CSVBuffer {
  private let stream: any ByteStream
  private var memory: UnsafeMutableRawBufferPointer
  private var count = 0
  /// The place of the first byte that no row has taken.
  var start = 0
  /// The number of its line, from 1.
  var line = 1
  /// True if the stream has nothing more.
  private(set) var isLast = false
  /// A row longer than this is taken for an unclosed quote or for no CSV file at all.
  private let longestRow: Int

  init(_ stream: any ByteStream, capacity: Int = 1 << 20, longestRow: Int = 64 << 20) {
    self.stream = stream
    self.longestRow = longestRow
    memory = .allocate(byteCount: capacity + 16, alignment: 64)
  }

  deinit { memory.deallocate() }

  /// The bytes that are not taken yet; valid until the next `refill`.
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: UnsafeRawBufferPointer(memory).bindMemory(to: UInt8.self)[start..<count])
  }

  /// Moves behind the mark that some programs begin UTF-8 files with.
  func skipByteOrderMark() {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start += 3 }
  }

  /// Moves the bytes that are left to the front and fetches more.
  ///
  /// - Throws: `nul-byte`, `row-too-long`, or what the stream throws.
  func refill() throws(CodedError) {
    guard !isLast else { return }
    let left = count - start
    if start > 0, left > 0, let base = memory.baseAddress { memmove(base, base + start, left) }
    count = left
    start = 0
    // Rows that take half of the buffer and more would be read again and again, a few bytes at a time.
    if count > memory.count / 2 { try grow() }
    let room = UnsafeMutableRawBufferPointer(rebasing: memory[count..<memory.count - 16])
    let got = try stream.fill(room)
    isLast = got < room.count
    try refuseZeros(UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + got]))
    count += got
    _ = UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + 16]).initializeMemory(
      as: UInt8.self, repeating: 0)
  }

  private func grow() throws(CodedError) {
    guard memory.count < longestRow else {
      throw CodedError(
        .rowTooLong,
        "The row at line \(line) of `\(stream.name)` is longer than \(longestRow.byteText). Either a quote "
          + "is not closed, or this is not a CSV file.")
    }
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: memory.count * 2, alignment: 64)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
    memory.deallocate()
    memory = larger
  }

  private func refuseZeros(_ fresh: UnsafeMutableRawBufferPointer) throws(CodedError) {
    guard let base = fresh.baseAddress, let zero = memchr(base, 0, fresh.count) else { return }
    let before = UnsafeRawBufferPointer(memory)[..<(count + (zero - base))]
    let lines = before.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
    throw CodedError(
      .nulByte,
      "Line \(line + lines) of `\(stream.name)` has a zero byte. The file is not text, is damaged, or "
        + "is in UTF-16: save it as UTF-8.")
  }
}
