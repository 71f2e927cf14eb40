public import Diagnostics
public import Foundation
import Foundations
import Notebooks

/// A file that the user names to be read.
public enum InputFile {
  /// The bytes of a file, no more than tell that it holds more than a notebook may.
  ///
  /// - Parameter ending: the ending of files that may have been meant where there is none of that name.
  public static func bytes(of path: String, neighbours ending: String) throws(Diagnostic) -> Data {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      let near = neighbour(of: path, ending: ending)
      throw Diagnostic(
        .noSuchFile, "There is no file \(path)." + DidYouMean.sentence(near), suggestion: near)
    }
    guard !isFolder.boolValue else {
      throw Diagnostic(.notAFile, "\(path) is a folder. Name a file in it.")
    }
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw Diagnostic(.unreadableFile, "\(path) cannot be read: permission denied.")
    }
    return try bytes(of: file, named: path)
  }

  /// The bytes of a file that is open, such as standard input.
  ///
  /// - Parameter name: what a message calls it.
  public static func bytes(of file: FileHandle, named name: String) throws(Diagnostic) -> Data {
    do { return try file.read(upToCount: NotebookFormat.maximumBytes + 1) ?? Data() } catch {
      throw Diagnostic(
        .unreadableFile,
        "\(name) cannot be read completely. Copy it elsewhere, and use the copy.")
    }
  }

  /// The bytes of a file, or of standard input for `-`.
  public static func bytesOrInput(_ path: String, neighbours ending: String) throws(Diagnostic) -> Data {
    path == "-"
      ? try bytes(of: FileHandle.standardInput, named: "standard input")
      : try bytes(of: path, neighbours: ending)
  }

  /// The file next to it that was meant, if one is near.
  private static func neighbour(of path: String, ending: String) -> String? {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent().path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return DidYouMean.nearest(
      to: url.lastPathComponent, among: names.filter { $0.hasSuffix(ending) }.sorted())
  }
}
