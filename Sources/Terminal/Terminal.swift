import Foundation
public import Rendering

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
    TextStyle(width: width, usesColor: usesColor, usesUnicode: usesUnicode, namesFiles: true)
  }

  /// Where progress goes.
  public var progress: ProgressLine.Place {
    // Results may go to a file meanwhile, and then their width is another.
    let width = Self.columns(of: STDERR_FILENO) ?? width
    return showsProgress ? .terminal(width: width, usesUnicode: usesUnicode) : .log
  }
}
