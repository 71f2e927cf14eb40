import Foundation

/// A lock that one program at a time holds, and that goes with the program that held it.
enum FileLock {
  /// Does `work` while no other program does work under the same file.
  static func holding<T>(_ path: String, _ work: () throws -> T) throws -> T {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }
    return try work()
  }
}
