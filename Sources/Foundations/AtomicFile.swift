internal import SystemLibrary

/// Files that are written whole or not at all.
///
/// The bytes go to a new file beside the old one, are forced to the disk, and only then take its name: a reader
/// sees the old file or the new one, whenever the power fails. A symbolic link stays, and its target is written; an
/// existing file keeps its permissions. Into devices and pipes (`/dev/null`, `/dev/stdout`) the bytes are written as
/// they come.
public enum AtomicFile {
  /// Writes a text, as UTF-8.
  ///
  /// - Throws: `unwritable-file` or `disk-full`.
  public static func write(_ text: String, to path: String) throws(CodedError) {
    try write([Array(text.utf8)], to: path)
  }

  /// Writes bytes that come in parts.
  ///
  /// - Parameters:
  ///   - isForced: whether to wait until it is safe from a failure of power too.
  ///   - goesOn: asked before each part; false ends the writing with `interrupted`.
  /// - Throws: `unwritable-file`, `disk-full` or `interrupted`.
  public static func write(
    _ parts: some Sequence<[UInt8]>, to path: String, isForced: Bool = true,
    while goesOn: () -> Bool = { true }
  ) throws(CodedError) {
    func writeAll(to descriptor: Int32) throws(CodedError) {
      for part in parts {
        guard goesOn() else { throw CodedError(.interrupted, "`\(path)` was not written to its end.") }
        try write(part, to: descriptor, for: path)
      }
    }
    guard let target = try destination(path) else {
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw failure(path, errno) }
      defer { close(descriptor) }
      return try writeAll(to: descriptor)
    }
    let folder = folder(of: target)
    sweep(folder)
    let (descriptor, temporary) = try create(in: folder, for: path)
    do throws(CodedError) {
      defer { close(descriptor) }
      try writeAll(to: descriptor)
      if isForced, fsync(descriptor) != 0 { throw failure(path, errno) }
      keepMode(of: target, descriptor)
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, target) == 0 else {
      let code = errno
      unlink(temporary)
      throw failure(path, code)
    }
    if isForced { forceNames(in: folder) }
  }

  /// Makes sure that a file can be written, before the work is done whose result it is to hold.
  ///
  /// A file is made in its folder and dropped again, since permissions do not tell all.
  ///
  /// - Throws: `unwritable-file` or `disk-full`.
  public static func check(_ path: String) throws(CodedError) {
    guard let target = try destination(path) else { return }
    let (descriptor, temporary) = try create(in: folder(of: target), for: path)
    close(descriptor)
    unlink(temporary)
  }

  /// The file that a path leads to, links followed; nil for a device or a pipe, which is not replaced.
  private static func destination(_ path: String) throws(CodedError) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return linked(path) ?? path }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw CodedError(.unwritableFile, "`\(path)` is a folder. Name a file in it.")
    }
    // The folder may allow a new file where the old one is protected.
    guard access(path, W_OK) == 0 else {
      throw CodedError(
        .unwritableFile, "`\(path)` is read-only. Name another file, or make it writable: chmod u+w")
    }
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// The file that a link names which does not exist yet.
  private static func linked(_ path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.withMemoryRebound(to: CChar.self) { bytes in
        bytes.baseAddress.map { readlink(path, $0, bytes.count) } ?? -1
      }
    }
    guard count > 0 else { return nil }
    let target = String(decoding: buffer[..<count], as: UTF8.self)
    return target.hasPrefix("/") ? target : folder(of: path) + target
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
  }

  /// Drops the files of processes that were killed while they wrote. One that is younger than an hour may be that of a
  /// process in another container, whose number says nothing here.
  private static func sweep(_ folder: String) {
    guard let directory = opendir(folder) else { return }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        bytes.starts(with: temporaryPrefix.utf8)
          ? String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) : ""
      }
      let parts = name.split(separator: "-")
      guard parts.count == 3, let writer = pid_t(parts[1]), Int(parts[2]) != nil else { continue }
      var status = stat()
      guard kill(writer, 0) != 0, errno == ESRCH, lstat(folder + name, &status) == 0,
        status.st_mode & S_IFMT == S_IFREG, time(nil) - status.secondsOfChange > 3600
      else { continue }
      unlink(folder + name)
    }
  }

  private static let temporaryPrefix = ".nbs-"

  private static func create(in folder: String, for path: String) throws(CodedError) -> (Int32, String) {
    var attempt = 0
    while true {
      let name = "\(folder)\(temporaryPrefix)\(getpid())-\(attempt)"
      let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (descriptor, name) }
      // What a process of the same number left behind.
      guard errno == EEXIST, attempt < 1000 else { throw failure(path, errno) }
      attempt += 1
    }
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32, for path: String) throws(CodedError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
        return systemWrite(descriptor, rest.baseAddress, rest.count)
      }
      if count > 0 {
        done += count
      } else if count == 0 || errno != EINTR {
        throw failure(path, errno)
      }
    }
  }

  /// Keeps the permissions of an existing file.
  private static func keepMode(of target: String, _ descriptor: Int32) {
    var status = stat()
    if stat(target, &status) == 0 { fchmod(descriptor, status.st_mode & 0o7777) }
  }

  /// Forces the new name to the disk. Some file systems cannot; the file itself is safe there all the same.
  private static func forceNames(in folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func failure(_ path: String, _ code: Int32) -> CodedError {
    switch code {
    case ENOSPC, EDQUOT, EFBIG:
      CodedError(
        .diskFull,
        "The disk is full: `\(path)` was not written; an existing file is unchanged.")
    case ENOENT, ENOTDIR:
      CodedError(
        .unwritableFile,
        "`\(path)` cannot be written: its folder does not exist. Create it first: mkdir -p "
          + String(folder(of: path).dropLast()).shellWord)
    default:
      CodedError(.unwritableFile, "`\(path)` cannot be written: \(String(cString: strerror(code))).")
    }
  }
}

extension stat {
  /// When the file was last written, in seconds since 1970.
  fileprivate var secondsOfChange: Int {
    #if canImport(Darwin)
      st_mtimespec.tv_sec
    #else
      st_mtim.tv_sec
    #endif
  }
}

/// The system's call, which a method of the same name hides.
package func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, bytes, count)
}
