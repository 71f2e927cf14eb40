import Diagnostics
import Foundation

/// Files that a `:` command reads and writes, with messages for what goes wrong.
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

  /// Reads a whole file.
  static func read(_ path: String, atMost limit: Int) throws -> Data {
    let url = URL(fileURLWithPath: expanded(path))
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      let neighbours =
        (try? FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path)) ?? []
      let nearest = DidYouMean.nearest(to: url.lastPathComponent, among: neighbours.sorted())
      throw Diagnostic(
        "no-file", "There is no file \(path)." + (nearest.map { " Did you mean \($0)?" } ?? ""),
        suggestion: nearest)
    }
    guard !isFolder.boolValue else { throw Diagnostic("no-file", "\(path) is a folder, not a file.") }
    let size = (try? FileManager.default.attributesOfItem(atPath: url.path))?[.size] as? Int
    guard size ?? 0 <= limit else {
      throw Diagnostic(
        "too-large", "\(path) has \((size ?? 0) >> 20) MB, and \(limit >> 20) MB is the most that is read.")
    }
    do { return try Data(contentsOf: url) } catch {
      throw Diagnostic("unreadable-file", "\(path) cannot be read: \(error.localizedDescription)")
    }
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
