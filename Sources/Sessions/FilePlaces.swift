import Foundation
import Foundations

/// The folders in which a session finds the files that its cells name.
///
/// A relative path is looked up beside the notebook, from wherever the program was started, and then in the current
/// folder. What is written goes beside the notebook.
public struct FilePlaces: Sendable, Equatable {
  /// The notebook's folder; nil where that is the current folder, or there is no notebook.
  public var notebookFolder: String?
  /// A folder that takes all that cells write, as tests want it: no other file changes, and what was written is read
  /// from there.
  public var scratchFolder: String?
  /// The only files and folders that may be read besides what was written, as a cell would name them; nil for any.
  public var readableFiles: Set<String>?
  /// Whether built-in sets may be fetched from the network.
  public var mayDownload = true

  /// Creates places.
  public init(
    notebookFolder: String? = nil, scratchFolder: String? = nil, readableFiles: Set<String>? = nil
  ) {
    self.notebookFolder = notebookFolder
    self.scratchFolder = scratchFolder
    self.readableFiles = readableFiles
  }

  /// The file that is read where a cell names `path`: the path itself where there is none.
  ///
  /// - Throws: `unreadable-file` for one that may not be read.
  func reading(_ path: String) throws(CodedError) -> String {
    for place in places(of: path) {
      if let scratch = scratch(place), FileManager.default.fileExists(atPath: scratch) { return scratch }
      guard FileManager.default.fileExists(atPath: place) else { continue }
      guard mayRead(place) else {
        throw CodedError(
          .unreadableFile,
          "`\(path)` cannot be read here: only the files that the lesson itself names can be read, and those that the "
            + "answer has saved.")
      }
      return place
    }
    return path
  }

  /// The files and folders that are there of those that may be read; empty where any may.
  public var readablePaths: [String] {
    (readableFiles ?? []).flatMap(places).filter { FileManager.default.fileExists(atPath: $0) }
  }

  /// Whether a file that may be read is where a cell that names `path` looks for it.
  func holds(_ path: String) -> Bool {
    (try? reading(path)).map { FileManager.default.fileExists(atPath: $0) } ?? false
  }

  private func mayRead(_ place: String) -> Bool {
    guard let readableFiles else { return true }
    func full(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
    let place = full(place)
    return readableFiles.contains { name in places(of: name).contains { full($0) == place } }
  }

  /// The file that is written where a cell names `path`.
  func writing(_ path: String) -> String {
    let place = places(of: path)[0]
    guard let scratch = scratch(place) else { return place }
    func folder(_ path: String) -> String { URL(fileURLWithPath: path).deletingLastPathComponent().path }
    // Where the folder is not there, the notebook itself could not write either.
    guard FileManager.default.fileExists(atPath: folder(place)) else { return place }
    try? FileManager.default.createDirectory(atPath: folder(scratch), withIntermediateDirectories: true)
    return scratch
  }

  /// The paths that a name may mean, the first that exists counts.
  func places(of path: String) -> [String] {
    guard let notebookFolder, !path.hasPrefix("/") else { return [path] }
    let folder = notebookFolder.hasSuffix("/") ? notebookFolder : notebookFolder + "/"
    return [folder + path, path]
  }

  /// The place of a file in the scratch folder.
  private func scratch(_ path: String) -> String? {
    scratchFolder.map { $0 + URL(fileURLWithPath: path).standardizedFileURL.path }
  }
}
