import Diagnostics
import Synchronization
import SystemLibrary

/// The two streams that the program writes to.
public enum Streams {
  private struct State {
    /// Why results can no longer be written, as the system's number; nil while they can.
    var failure: Int32?
    /// Told of the failure in place of the program's end.
    var outliving: (@Sendable () -> Void)?
  }

  private static let state = Mutex(State())

  /// Lets the program go on when its results cannot be written any more, because whoever read them is gone or the disk
  /// is full: what comes after is dropped.
  ///
  /// - Parameter action: told once, when it happens.
  public static func outlive(_ action: @escaping @Sendable () -> Void) {
    state.withLock { $0.outliving = action }
  }

  /// Writes results. When nobody reads them any more the program ends quietly, as `head` expects; when they cannot
  /// be written, as on a full disk, it says so and fails. A program that ``outlive(_:)``s either goes on.
  public static func write(_ text: String) {
    guard state.withLock({ $0.failure == nil }), let failure = put(text, to: STDOUT_FILENO) else { return }
    let outliving = state.withLock { state in
      state.failure = failure
      return state.outliving
    }
    if let outliving { return outliving() }
    exit(tellFailure() ?? 0)
  }

  /// Writes lines that hold names out of files and what users wrote: a terminal shows them and does not obey them.
  public static func say(_ text: String) { write(text.sanitized(keepsTabs: true)) }

  /// Says that results could not be written, unless nobody wanted them any more.
  ///
  /// - Returns: the exit code for that; nil where all was written.
  public static func tellFailure() -> Int32? {
    guard let failure = state.withLock(\.failure) else { return nil }
    guard failure != EPIPE else { return 0 }
    writeError("The output cannot be written: \(String(cString: strerror(failure))).\n")
    return 2
  }

  /// Writes messages.
  public static func writeError(_ text: String) { _ = put(text, to: STDERR_FILENO) }

  /// Why it could not be written, as the system's number; nil when it was.
  private static func put(_ text: String, to descriptor: Int32) -> Int32? {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if written > 0 {
        bytes = bytes.dropFirst(written)
      } else if errno != EINTR, errno != EAGAIN {
        return errno
      }
    }
    return nil
  }
}

/// The system's call, which a method of the same name hides.
private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, bytes, count)
}
