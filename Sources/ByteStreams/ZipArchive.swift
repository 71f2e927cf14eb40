internal import CZlib
package import Foundations

/// The entries of a zip archive, as far as `.npz` and `.keras` need: stored or deflated, with sizes beyond 4 GB.
package struct ZipArchive {
  /// A file in the archive.
  package struct Entry {
    /// Its name, with the folders above it.
    package var name: String
    var method: Int
    var checksum: UInt32
    var packedSize: Int
    var size: Int
    /// The place of its local header.
    var offset: Int
  }

  package let file: ByteFile
  package private(set) var entries: [Entry] = []
  /// Those that are files of the user: no folders, and not what macOS adds.
  package var files: [Entry] { entries.filter { !$0.name.hasPrefix("__MACOSX/") && !$0.name.hasSuffix("/") } }

  /// Reads the directory, which stands at the end.
  ///
  /// - Throws: `bad-zip`.
  package init(_ file: ByteFile) throws(CodedError) {
    self.file = file
    let tail = try file.bytes(at: max(0, file.size - 65_557), count: 65_557)
    guard let end = ZipArchive.endRecord(tail) else {
      throw bad("its directory is not there: it was cut off")
    }
    let record = ZipFields(bytes: tail, start: end)
    var count = record.number(10, 2)
    var size = record.number(12, 4)
    var offset = record.number(16, 4)
    if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF, end >= 20 {
      let place = ZipFields(bytes: tail, start: end - 20).number(8, 8)
      let bytes = try file.bytes(at: place, count: 56)
      guard bytes.count == 56, bytes.starts(with: [0x50, 0x4B, 6, 6]) else {
        throw bad("its directory is damaged")
      }
      let large = ZipFields(bytes: bytes, start: 0)
      (count, size, offset) = (large.number(32, 8), large.number(40, 8), large.number(48, 8))
    }
    // An entry takes 46 bytes of the directory, and the directory is within the file.
    guard count >= 0, size >= 0, size <= file.size, count <= size / 46 else {
      throw bad("its directory is damaged")
    }
    try readDirectory(try file.bytes(at: offset, count: size), count: count)
  }

  private static func endRecord(_ tail: [UInt8]) -> Int? {
    guard tail.count >= 22 else { return nil }
    return stride(from: tail.count - 22, through: 0, by: -1).first { place in
      tail[place..<place + 4].elementsEqual([0x50, 0x4B, 5, 6])
        && place + 22 + ZipFields(bytes: tail, start: place).number(20, 2) == tail.count
    }
  }

  private mutating func readDirectory(_ bytes: [UInt8], count: Int) throws(CodedError) {
    var place = 0
    for _ in 0..<count {
      guard place + 46 <= bytes.count, bytes[place..<place + 4].elementsEqual([0x50, 0x4B, 1, 2]) else {
        throw bad("its directory is damaged")
      }
      let fields = ZipFields(bytes: bytes, start: place)
      let nameEnd = place + 46 + fields.number(28, 2)
      let extraEnd = nameEnd + fields.number(30, 2)
      guard extraEnd <= bytes.count else { throw bad("its directory is damaged") }
      var entry = Entry(
        name: String(decoding: bytes[place + 46..<nameEnd], as: UTF8.self), method: fields.number(10, 2),
        checksum: UInt32(fields.number(16, 4)), packedSize: fields.number(20, 4), size: fields.number(24, 4),
        offset: fields.number(42, 4))
      ZipFields(bytes: bytes, start: nameEnd).widen(&entry, end: extraEnd)
      guard entry.size >= 0, entry.packedSize >= 0, entry.offset >= 0, fields.number(8, 2) & 1 == 0 else {
        throw bad("`\(entry.name)` is encrypted or its sizes are damaged")
      }
      _ = try start(of: entry)
      entries.append(entry)
      place = extraEnd + fields.number(32, 2)
    }
  }

  /// The place where the packed bytes of an entry begin, behind a header that must say the same as the directory.
  private func start(of entry: Entry) throws(CodedError) -> Int {
    let header = try file.bytes(at: entry.offset, count: 30)
    guard header.count == 30, header.starts(with: [0x50, 0x4B, 3, 4]) else {
      throw bad("`\(entry.name)` is not where the directory says")
    }
    let fields = ZipFields(bytes: header, start: 0)
    let name = try file.bytes(at: entry.offset + 30, count: fields.number(26, 2))
    guard String(decoding: name, as: UTF8.self) == entry.name else {
      throw bad("`\(entry.name)` is called otherwise where it stands")
    }
    let start = entry.offset + 30 + fields.number(26, 2) + fields.number(28, 2)
    guard start <= file.size, entry.packedSize <= file.size - start else {
      throw bad("`\(entry.name)` goes beyond the end of the file: it was cut off")
    }
    return start
  }

  /// The unpacked bytes of an entry, checked against its checksum at the end.
  ///
  /// - Throws: `bad-zip`.
  package func stream(of entry: Entry) throws(CodedError) -> any ByteStream {
    let start = try start(of: entry)
    let packed = PlainStream(file, offset: start, count: entry.packedSize)
    switch entry.method {
    case 0 where entry.size == entry.packedSize: return ZipEntryStream(packed, entry, of: file.name)
    case 8: return ZipEntryStream(try InflateStream(packed, .none), entry, of: file.name)
    default: throw bad("`\(entry.name)` is packed in a way other than stored or deflated")
    }
  }

  /// All bytes of an entry.
  ///
  /// - Throws: `bad-zip`, `damaged-file`, `truncated-file`, or `too-large` for one that unpacks to more than `limit` bytes.
  package func bytes(of entry: Entry, atMost limit: Int) throws(CodedError) -> [UInt8] {
    guard entry.size <= limit else {
      throw CodedError(
        .tooLarge,
        "`\(entry.name)` of `\(file.name)` unpacks to \(entry.size.byteText); at most \(limit.byteText) can be read here."
      )
    }
    let stream = try stream(of: entry)
    try SizeCheck(name: file.name, limit: limit).claim(entry.size, by: stream)
    let bytes = try stream.next(entry.size)
    guard bytes.count == entry.size, try stream.isAtEnd() else {
      throw bad("`\(entry.name)` is not as long as the directory says")
    }
    return bytes
  }

  private func bad(_ reason: String) -> CodedError {
    CodedError(
      .badZip, "`\(file.name)` cannot be read as a zip archive: \(reason). Save or download it again.")
  }
}

/// Numbers at fixed places of a record, little-endian. Places outside count as 0: what they lead to is checked.
struct ZipFields {
  let bytes: [UInt8]
  let start: Int

  func number(_ offset: Int, _ width: Int) -> Int {
    guard start + offset + width <= bytes.count else { return 0 }
    let word = (0..<width).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[start + offset + $1]) }
    return Int(exactly: word) ?? -1
  }

  /// Takes sizes of 8 bytes from the extra field, where those of 4 say that they are there.
  func widen(_ entry: inout ZipArchive.Entry, end: Int) {
    var offset = 0
    while start + offset + 4 <= end {
      let size = number(offset + 2, 2)
      var next = offset + 4
      if number(offset, 2) == 1 {
        let places = [\ZipArchive.Entry.size, \.packedSize, \.offset]
        for place in places where entry[keyPath: place] == 0xFFFF_FFFF && next + 8 <= offset + 4 + size {
          entry[keyPath: place] = number(next, 8)
          next += 8
        }
      }
      offset += 4 + size
    }
  }
}

/// The bytes of an entry of a zip; at their end the size and the checksum must be those of the directory.
final class ZipEntryStream: ByteStream {
  let name: String
  private let packed: any ByteStream
  private let entry: ZipArchive.Entry
  private var left: Int
  private var checksum: UInt = 0

  init(_ packed: any ByteStream, _ entry: ZipArchive.Entry, of archive: String) {
    self.packed = packed
    self.entry = entry
    name = "\(entry.name) of \(archive)"
    left = entry.size
  }

  var mostBytesLeft: Int { min(left, packed.mostBytesLeft) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CodedError) -> Int {
    let count = try packed.read(
      into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, 1 << 30)]))
    let bytes = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    if count > 0 { checksum = crc32(checksum, bytes, UInt32(count)) }
    left -= count
    guard left >= 0, count > 0 || buffer.isEmpty || (left == 0 && checksum == entry.checksum) else {
      throw CodedError(
        .damagedFile,
        "`\(name)` is damaged: its size or its checksum differs from the archive's directory. Download it again."
      )
    }
    return count
  }
}
