import Diagnostics
import Foundation
import Notebooks

/// The notebooks that a command is to look at: files, and whatever `.nbs` files stand in folders and below them.
enum NotebookPaths {
  /// The files, a folder's in the order of their names.
  ///
  /// - Throws: a diagnostic for a path that is not there or a folder without notebooks.
  static func expand(_ paths: [String]) throws(Diagnostic) -> [String] {
    var files: [String] = []
    for path in paths { files += try expand(path) }
    // The same file by two ways is one file.
    var seen: Set<String> = []
    return files.filter { seen.insert(URL(fileURLWithPath: $0).standardizedFileURL.path).inserted }
  }

  private static func expand(_ path: String) throws(Diagnostic) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      return [path]
    }
    let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
    let names = (FileManager.default.enumerator(atPath: path)?.allObjects ?? []).compactMap { $0 as? String }
    let notebooks = names.filter { name in
      name.hasSuffix(NotebookForm.percent.ending)
        && !name.split(separator: "/").contains { $0.hasPrefix(".") }
    }
    guard !notebooks.isEmpty else {
      throw Diagnostic("no-file", "There is no notebook in \(path): no file that ends in .nbs.")
    }
    return notebooks.sorted().map { folder + "/" + $0 }
  }
}
