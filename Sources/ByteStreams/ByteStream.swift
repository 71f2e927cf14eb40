package import Foundations

/// Bytes that come one after the other.
package protocol ByteStream: AnyObject {
  /// The name in messages.
  var name: String { get }
  /// The most bytes that can still come, so that nobody makes room for what a header only claims.
  var mostBytesLeft: Int { get }
  /// Reads some bytes; 0 only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CodedError) -> Int
}

extension ByteStream {
  /// Fills a buffer; returns how many bytes there were before the end.
  package func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(CodedError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Fills an array of plain numbers; returns how many bytes there were before the end.
  package func fill<Value: BitwiseCopyable>(_ values: inout [Value]) throws(CodedError) -> Int {
    var result: Result<Int, CodedError> = .success(0)
    values.withUnsafeMutableBytes { buffer in
      do throws(CodedError) { result = .success(try fill(buffer)) } catch { result = .failure(error) }
    }
    return try result.get()
  }

  /// Up to `count` bytes, for headers.
  package func next(_ count: Int) throws(CodedError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = try fill(&bytes)
    bytes.removeLast(count - got)
    return bytes
  }

  /// Tells whether nothing follows.
  package func isAtEnd() throws(CodedError) -> Bool { try next(1).isEmpty }
}

/// A stretch of a file as it is.
package final class PlainStream: ByteStream {
  package let name: String
  private let file: ByteFile
  private var offset: Int
  private let end: Int

  /// A stretch of `count` bytes, or up to the end of the file.
  package init(_ file: ByteFile, offset: Int = 0, count: Int? = nil) {
    self.file = file
    name = file.name
    self.offset = min(max(0, offset), file.size)
    end =
      count.map { min(file.size, min(max(0, offset), file.size) + min(max(0, $0), file.size)) } ?? file.size
  }

  package var mostBytesLeft: Int { max(0, end - offset) }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(CodedError) -> Int {
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, mostBytesLeft)])
    let count = try file.read(at: offset, into: room)
    offset += count
    return count
  }
}
