package import Foundations
internal import SystemLibrary

/// Bytes that can be read from any place: a file, or bytes in memory.
///
/// Files are read with `pread` and not mapped: a mapped file that shrinks under its reader ends the process.
package final class ByteFile {
  /// The name in messages: the path as it was given.
  package let name: String
  /// The number of bytes.
  package let size: Int
  private let descriptor: Int32
  private let bytes: [UInt8]
  private let watch: FileWatch?

  /// Bytes in memory.
  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    size = bytes.count
    descriptor = -1
    watch = nil
  }

  /// Opens a file.
  ///
  /// - Parameter watch: told of every stretch that is read.
  /// - Throws: `no-such-file`, `unreadable-file` or `not-a-file`.
  package init(path: String, watch: FileWatch? = nil) throws(CodedError) {
    // Without O_NONBLOCK a pipe would be waited for here, for ever if nobody writes to it.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw ByteFile.cannotOpen(path, errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw CodedError(
        .notAFile,
        Folder.isFolder(path)
          ? "`\(path)` is a folder. Name a file in it." : "`\(path)` is not a regular file.")
    }
    self.descriptor = descriptor
    name = path
    size = Int(status.st_size)
    bytes = []
    self.watch = watch
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  private static func cannotOpen(_ path: String, _ code: Int32) -> CodedError {
    guard code == ENOENT || code == ENOTDIR else {
      return CodedError(
        .unreadableFile, "`\(path)` cannot be opened: \(String(cString: strerror(code))).")
    }
    return CodedError(
      .noSuchFile,
      "There is no file `\(path)`. A relative path is looked up beside the notebook, then in the current folder."
    )
  }

  /// The most that is read between two words to the one who watches.
  private static let stretch = 1 << 22

  /// Reads what fits from some place on, or a stretch of it; 0 bytes at the end.
  ///
  /// - Throws: `unreadable-file`, or `interrupted` when the one who watches says so.
  package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(CodedError) -> Int {
    guard offset < size, buffer.count > 0 else { return 0 }
    if descriptor < 0 {
      let part = bytes[offset..<min(size, offset + buffer.count)]
      buffer.copyBytes(from: part)
      return part.count
    }
    while true {
      let count = pread(
        descriptor, buffer.baseAddress, min(buffer.count, ByteFile.stretch), off_t(offset))
      if count >= 0 {
        try tell(offset + count)
        return count
      }
      if errno != EINTR {
        throw CodedError(.unreadableFile, "`\(name)` cannot be read: \(String(cString: strerror(errno))).")
      }
    }
  }

  private func tell(_ end: Int) throws(CodedError) {
    guard let watch, !watch(.bytes(end, of: size, .read, name)) else { return }
    throw CodedError.stopped(reading: name)
  }

  /// Up to `count` bytes from some place on; fewer at the end.
  ///
  /// - Throws: `unreadable-file`.
  package func bytes(at offset: Int, count: Int) throws(CodedError) -> [UInt8] {
    let stream = PlainStream(self, offset: offset, count: count)
    var bytes = [UInt8](repeating: 0, count: max(0, min(count, size - min(offset, size))))
    let got = try stream.fill(&bytes)
    bytes.removeLast(bytes.count - got)
    return bytes
  }
}

extension CodedError {
  package static func stopped(reading name: String) -> CodedError {
    CodedError(.interrupted, "The reading of `\(name)` was stopped.")
  }
}
