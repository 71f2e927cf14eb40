package import Foundations
import SystemLibrary

/// The contents of folders.
package enum Folder {
  /// The names in a folder, sorted, without hidden ones.
  ///
  /// - Throws: `unreadable-file`.
  package static func names(in path: String) throws(CodedError) -> [String] {
    guard let directory = opendir(path) else {
      throw CodedError(.unreadableFile, "`\(path)` cannot be listed: \(String(cString: strerror(errno))).")
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  package static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Makes a folder and those above it.
  ///
  /// - Throws: `unwritable-folder`.
  package static func make(_ path: String) throws(CodedError) {
    var built = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      built += "/" + part
      guard mkdir(built, 0o755) == 0 || errno == EEXIST || isFolder(built) else {
        throw CodedError(
          .unwritableFolder, "The folder `\(built)` cannot be made: \(String(cString: strerror(errno))).")
      }
    }
  }
}
