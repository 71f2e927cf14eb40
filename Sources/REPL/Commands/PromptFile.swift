import Foundation
import Foundations

/// Files that a `:` command names.
package enum PromptFile {
  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: expanded(path)) }

  /// The path with the home folder for a `~`, as a shell would have it: that of `HOME` before that of the user's account.
  package static func expanded(_ path: String) -> String {
    guard path.hasPrefix("~") else { return path }
    if path == "~" || path.hasPrefix("~/"), let home = ProcessInfo.processInfo.environment["HOME"],
      !home.isEmpty
    {
      return home + path.dropFirst()
    }
    return NSString(string: path).expandingTildeInPath
  }

  /// The last part of a path.
  static func name(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }

  /// The last part without its ending.
  static func stem(_ path: String) -> String {
    URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
  }
}
