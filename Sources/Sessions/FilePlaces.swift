import Foundation

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

  /// Creates places.
  public init(notebookFolder: String? = nil, scratchFolder: String? = nil) {
    self.notebookFolder = notebookFolder
    self.scratchFolder = scratchFolder
  }

  /// The file that is read where a cell names `path`: the path itself where there is none.
  func reading(_ path: String) -> String {
    for place in places(of: path) {
      let found = [scratch(place), place].compactMap(\.self).first(where: FileManager.default.fileExists)
      if let found { return found }
    }
    return path
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
