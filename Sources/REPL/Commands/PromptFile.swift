import Foundation
import Foundations

/// Files that a `:` command names.
enum PromptFile {
  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: expanded(path)) }

  /// The path with the home folder for a `~`, as a shell would have it.
  static func expanded(_ path: String) -> String {
    path.hasPrefix("~") ? NSString(string: path).expandingTildeInPath : path
  }

  /// The last part of a path.
  static func name(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }

  /// The last part without its ending.
  static func stem(_ path: String) -> String {
    URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
  }
}
