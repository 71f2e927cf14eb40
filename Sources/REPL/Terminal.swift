import Foundation
import Glibc
public import Rendering
import Synchronization

/// What the program's terminal can do, asked of the environment once and of the terminal each time.
public struct Terminal: Sendable {
  /// Whether standard output goes to a terminal.
  public let isInteractive: Bool
  /// Whether standard error goes to a terminal.
  public let showsProgress: Bool
  private let usesColor: Bool
  private let usesUnicode: Bool
  private let columns: Int?

  /// Looks at the process's environment and streams.
  public init() {
    let environment = ProcessInfo.processInfo.environment
    isInteractive = isatty(STDOUT_FILENO) == 1
    showsProgress = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    let isPlain = environment["TERM"] == "dumb" || !(environment["NO_COLOR"] ?? "").isEmpty
    usesColor = isInteractive && !isPlain
    let locale = [environment["LC_ALL"], environment["LC_CTYPE"], environment["LANG"]].compactMap(\.self)
      .first { !$0.isEmpty }
    usesUnicode =
      isInteractive && environment["TERM"] != "dumb" && (locale ?? "").uppercased().contains("UTF")
    columns = environment["COLUMNS"].flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil }
  }

  /// The columns of a page: the terminal's, else `COLUMNS`, else 80.
  public var width: Int { (isInteractive ? Self.columns(of: STDOUT_FILENO) : nil) ?? columns ?? 80 }

  private static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// How outputs are to be shown.
  public var style: TextStyle {
    TextStyle(width: width, usesColor: usesColor, usesUnicode: usesUnicode)
  }

  /// Where progress goes.
  public var progress: ProgressLine.Place {
    // Results may go to a file meanwhile, and then their width is another.
    let width = Self.columns(of: STDERR_FILENO) ?? width
    return showsProgress ? .terminal(width: width, usesUnicode: usesUnicode) : .log
  }
}

/// The two streams that the program writes to.
public enum Streams {
  private static let farewell = Mutex<(@Sendable () -> Void)?>(nil)

  /// Sets what is still to be done when the program ends because its results cannot be written.
  public static func beforeEnding(_ action: (@Sendable () -> Void)?) { farewell.withLock { $0 = action } }

  /// Writes results. When nobody reads them any more the program ends quietly, as `head` expects; when they cannot
  /// be written, as on a full disk, it says so and fails.
  public static func write(_ text: String) {
    guard let failure = put(text, to: STDOUT_FILENO) else { return }
    farewell.withLock { $0 }?()
    guard failure != EPIPE else { exit(0) }
    writeError("The output cannot be written: \(String(cString: strerror(failure))).\n")
    exit(2)
  }

  /// Writes messages.
  public static func writeError(_ text: String) { _ = put(text, to: STDERR_FILENO) }

  /// Why it could not be written, as the system's number; nil when it was.
  private static func put(_ text: String, to descriptor: Int32) -> Int32? {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written > 0 {
        bytes = bytes.dropFirst(written)
      } else if errno != EINTR, errno != EAGAIN {
        return errno
      }
    }
    return nil
  }
}
