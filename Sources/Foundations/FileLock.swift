internal import SystemLibrary

/// A lock that one program at a time holds, and that goes with the program that held it.
package enum FileLock {
  /// Does `work` while no other program does work under the same file.
  package static func holding<T>(_ path: String, _ work: () throws -> T) throws -> T {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0, take(descriptor) else {
      throw CodedError(.unwritableFile, "`\(path)` cannot be locked: \(String(cString: strerror(errno))).")
    }
    return try work()
  }

  /// Takes the lock of an open file, which closing it gives back.
  ///
  /// - Parameter waits: whether to wait for another program that has it.
  /// - Returns: whether it was had.
  package static func take(_ descriptor: Int32, waits: Bool = true) -> Bool {
    while flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
      guard errno == EINTR else { return false }
    }
    return true
  }
}
