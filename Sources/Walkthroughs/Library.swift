public import Diagnostics
import Foundation
import Foundations
import Localization
public import Notebooks

/// Where walkthroughs come from: the program itself, or a teacher's folder.
///
/// ```swift
/// let names = Library.names
/// let walkthrough = names.first.flatMap { Library.builtIn($0) }
/// ```
public enum Library {
  /// The walkthroughs that come with the program, in the order of their headers' `order`.
  public static func builtIn() -> [Walkthrough] {
    inOrder(
      builtInNotebooks.compactMap { name, text in
        NotebookFormat.read(text, name: name + ".nbs").notebook.map { Walkthrough(name: name, notebook: $0) }
      })
  }

  /// The walkthrough of this name that comes with the program.
  public static func builtIn(_ name: String) -> Walkthrough? {
    let wanted = name.hasSuffix(".nbs") ? String(name.dropLast(4)) : name
    guard let found = builtInNotebooks.first(where: { $0.name == wanted }) else { return nil }
    return NotebookFormat.read(found.text, name: wanted + ".nbs").notebook
      .map { Walkthrough(name: wanted, notebook: $0) }
  }

  /// The names of those that come with the program.
  public static var names: [String] { builtInNotebooks.map(\.name) }

  /// The notebooks in a folder, and what is wrong with those that cannot be read.
  public static func course(in folder: String) -> (walkthroughs: [Walkthrough], mistakes: [Diagnostic]) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let files = names.filter { $0.hasSuffix(".nbs") && !$0.hasPrefix(".") }
      .sorted { $0.localizedStandardCompare($1) == .orderedAscending }
    let base = folder.hasSuffix("/") ? folder : folder + "/"
    var walkthroughs: [Walkthrough] = []
    var mistakes: [Diagnostic] = []
    for file in files {
      switch read(base + file) {
      case .success(let notebook): walkthroughs.append(Walkthrough(name: base + file, notebook: notebook))
      case .failure(let mistake): mistakes.append(mistake)
      }
    }
    return (inOrder(walkthroughs), mistakes)
  }

  /// The notebooks that were handed in: files, and those in folders and below them, as learning platforms hand them out.
  ///
  /// - Throws: `no-notebook` for a folder without any.
  public static func handedIn(_ paths: [String]) throws(Diagnostic) -> [String] {
    var files: [String] = []
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
        files.append(path)
        continue
      }
      let names = (FileManager.default.enumerator(atPath: path)?.allObjects ?? []).compactMap {
        $0 as? String
      }
      let found = names.filter { name in
        (name.hasSuffix(".nbs") || name.hasSuffix(".ipynb"))
          && !name.split(separator: "/").contains { $0.hasPrefix(".") }
      }
      guard !found.isEmpty else {
        throw Diagnostic(.noNotebook, "There is no notebook (.nbs or .ipynb) in \(path).")
      }
      let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
      files += found.sorted { $0.localizedStandardCompare($1) == .orderedAscending }.map { folder + "/" + $0 }
    }
    return files
  }

  /// Reads a notebook of either format, whatever stands at the path.
  public static func read(_ path: String) -> Result<Notebook, Diagnostic> {
    contents(of: path).flatMap { notebook($0, path) }
  }

  /// What a notebook's file holds.
  static func contents(of path: String) -> Result<Data, Diagnostic> {
    let url = URL(fileURLWithPath: path)
    let attributes = try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)
    guard let attributes else { return refuse("There is no file \(path).") }
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      return refuse("\(path) is not a regular file.")
    }
    guard (attributes[.size] as? Int ?? 0) <= NotebookFormat.maximumBytes else {
      return refuse("\(path) is too large for a notebook.")
    }
    return FileManager.default.contents(atPath: path).map(Result.success)
      ?? refuse("\(path) cannot be read: permission denied.")
  }

  /// The notebook that a file of this name holds.
  static func notebook(_ data: Data, _ path: String) -> Result<Notebook, Diagnostic> {
    let name = URL(fileURLWithPath: path).lastPathComponent
    let reading =
      path.hasSuffix(".ipynb") ? IPYNB.read(data, name: name) : NotebookFormat.read(data, name: name)
    if let notebook = reading.notebook { return .success(notebook) }
    return reading.diagnostics.first { $0.severity == .error }.map(Result.failure)
      ?? refuse("\(path) is not a notebook.")
  }

  private static func refuse<Found>(_ message: String) -> Result<Found, Diagnostic> {
    .failure(Diagnostic(.noNotebook, message))
  }

  /// Those in the language of the user first, then by the number that a header gives, then as they came.
  private static func inOrder(_ walkthroughs: [Walkthrough]) -> [Walkthrough] {
    func order(_ walkthrough: Walkthrough) -> Int {
      walkthrough.notebook.header["order"].flatMap { Int($0) } ?? .max
    }
    func language(_ walkthrough: Walkthrough) -> Int { walkthrough.language == .current ? 0 : 1 }
    return walkthroughs.enumerated().sorted {
      (language($0.element), order($0.element), $0.offset) < (
        language($1.element), order($1.element), $1.offset
      )
    }
    .map(\.element)
  }
}
