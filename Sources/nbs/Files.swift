import Diagnostics
import Foundation
import Notebooks
import Outputs
import REPL
import Rendering

/// A notebook read from a file or from standard input.
struct NotebookFile {
  /// What messages call it: the file's last part.
  let name: String
  let notebook: Notebook

  /// Reads a notebook.
  ///
  /// - Throws: ``ExitStatus/usage``, its message already written.
  static func read(_ path: String) throws -> NotebookFile {
    let name = path == "-" ? "standard input" : URL(fileURLWithPath: path).lastPathComponent
    let bytes = path == "-" ? FileHandle.standardInput.readDataToEndOfFile() : try data(of: path)
    let result = NotebookFormat.read(bytes, name: name)
    for diagnostic in result.diagnostics {
      Streams.writeError(Output.error(diagnostic).text(Terminal().style) + "\n")
    }
    guard let notebook = result.notebook else { throw ExitStatus.usage }
    return NotebookFile(name: name, notebook: notebook)
  }

  private static func data(of path: String) throws -> Data {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw refuse("There is no file \(path).\(neighbour(of: path))")
    }
    guard !isFolder.boolValue else { throw refuse("\(path) is a folder. Name a notebook in it.") }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw refuse("\(path) cannot be read: is it allowed?")
    }
    return data
  }

  /// The file next to it that was meant, if one is near.
  private static func neighbour(of path: String) -> String {
    let url = URL(fileURLWithPath: path)
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path)) ?? []
    let nearest = DidYouMean.nearest(
      to: url.lastPathComponent, among: names.filter { $0.hasSuffix(".nbs") }.sorted())
    return nearest.map { " Did you mean \($0)?" } ?? ""
  }
}

/// Says why nothing is done.
func refuse(_ message: String) -> ExitStatus {
  Streams.writeError("nbs: \(message)\n")
  return .usage
}
