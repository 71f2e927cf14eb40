import Diagnostics
import Foundation

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

  /// Writes a file whole or not at all.
  static func write(_ text: String, to path: String) throws {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: expanded(path)), options: .atomic)
    } catch {
      throw Diagnostic(
        "unwritable-file",
        "\(path) could not be written: \(error.localizedDescription) Name a file in a folder that is yours.")
    }
  }
}
