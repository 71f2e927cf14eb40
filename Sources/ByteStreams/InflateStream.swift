internal import CZlib
package import Foundations

/// The bytes that zlib unpacks of a stretch of a file: a gzip file of one or several members, or an entry of a zip.
package final class InflateStream: ByteStream {
  /// The forms in which packed bytes begin.
  package enum Wrapping: Int32 {
    /// With gzip's header, and a checksum at the end.
    case gzip = 31
    /// With zlib's own two bytes.
    case zlib = 15
    /// With nothing, as in a zip.
    case none = -15
  }

  /// Deflate packs at most 1032 bytes into one: what claims more is a lie.
  package static let highestRatio = 1032

  package let name: String
  private let source: PlainStream
  private let wrapping: Wrapping
  private var zlib = z_stream()
  private var packed = [UInt8](repeating: 0, count: 1 << 16)
  private var packedStart = 0
  private var packedEnd = 0
  private var isDone = false
  /// False before the first byte of a member, where a gzip file may end.
  private var isInsideMember = true

  /// - Throws: `out-of-memory` when zlib cannot start.
  package init(_ source: PlainStream, _ wrapping: Wrapping) throws(CodedError) {
    self.source = source
    self.wrapping = wrapping
    name = source.name
    guard czlib_inflate_init(&zlib, wrapping.rawValue) == Z_OK else {
      throw CodedError(.outOfMemory, "There is no memory left to unpack `\(name)`.")
    }
  }

  deinit { inflateEnd(&zlib) }

  package var mostBytesLeft: Int {
    let packedLeft = packedEnd - packedStart + source.mostBytesLeft
    // What zlib holds in its window still comes, however few packed bytes are left.
    return packedLeft.multipliedReportingOverflow(by: InflateStream.highestRatio).partialValue + (1 << 16)
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(CodedError) -> Int {
    guard let target = buffer.baseAddress, !isDone else { return 0 }
    let room = min(buffer.count, 1 << 30)
    while true {
      if packedStart == packedEnd { try refill() }
      if isDone { return 0 }
      let written = try inflateOnce(to: target, room: room)
      if written > 0 || isDone { return written }
    }
  }

  /// Fetches packed bytes; at the end of the file a gzip file must be between two members.
  private func refill() throws(CodedError) {
    packedStart = 0
    packedEnd = try source.fill(&packed)
    guard packedEnd == 0 else { return }
    guard !isInsideMember else {
      throw CodedError(
        .truncatedFile, "`\(name)` ends in the middle of its compressed data. Download or copy it again.")
    }
    isDone = true
  }

  private func inflateOnce(to target: UnsafeMutableRawPointer, room: Int) throws(CodedError) -> Int {
    var code: Int32 = Z_OK
    var written = 0
    packed.withUnsafeMutableBufferPointer { packed in
      zlib.next_in = packed.baseAddress.map { $0 + packedStart }
      zlib.avail_in = UInt32(packedEnd - packedStart)
      zlib.next_out = target.assumingMemoryBound(to: UInt8.self)
      zlib.avail_out = UInt32(room)
      code = inflate(&zlib, Z_NO_FLUSH)
      packedStart = packedEnd - Int(zlib.avail_in)
      written = room - Int(zlib.avail_out)
    }
    isInsideMember = true
    switch code {
    case Z_OK, Z_BUF_ERROR: return written
    case Z_STREAM_END:
      try endMember()
      return written
    default: throw damaged()
    }
  }

  /// A gzip file may go on with another member; everything else is over.
  private func endMember() throws(CodedError) {
    isInsideMember = false
    guard wrapping == .gzip else {
      isDone = true
      return
    }
    guard inflateReset(&zlib) == Z_OK else { throw damaged() }
  }

  private func damaged() -> CodedError {
    let reason = zlib.msg.map { String(cString: $0) } ?? "wrong bytes"
    return CodedError(
      .damagedFile,
      "The compressed data of `\(name)` is damaged (zlib: \(reason)). Download or copy it again.")
  }
}
