import Diagnostics
import Foundation
import Notebooks
import Outputs
import REPL
import Rendering

/// A notebook read from a file or from standard input.
struct NotebookFile {
  /// Where it was read: a path, or `-`.
  let path: String
  /// What messages call it: the file's last part.
  let name: String
  let notebook: Notebook

  /// Reads a notebook, `.ipynb` by its ending, anything else as `.nbs`.
  ///
  /// - Parameters:
  ///   - name: what messages call it, if not by the last part of the path.
  ///   - acceptingAnyLanguage: takes a Jupyter notebook of another language too.
  /// - Returns: the notebook, unless there were errors, and all that there is to say.
  static func load(
    _ path: String, name: String? = nil, acceptingAnyLanguage: Bool = false
  ) -> (file: NotebookFile?, diagnostics: [Diagnostic]) {
    let name = name ?? (path == "-" ? "standard input" : URL(fileURLWithPath: path).lastPathComponent)
    switch InputFile.bytes(of: path, neighbours: ".nbs") {
    case .failure(let diagnostic): return (nil, [diagnostic])
    case .success(let bytes):
      let reading =
        switch NotebookForm(path: path) {
        case .jupyter: IPYNB.read(bytes, name: name, acceptingAnyLanguage: acceptingAnyLanguage)
        case .markdown: NotebookFormat.readMarkdown(bytes, name: name)
        case .percent, nil: NotebookFormat.read(bytes, name: name)
        }
      let file = reading.notebook.map { NotebookFile(path: path, name: name, notebook: $0) }
      return (file, reading.diagnostics)
    }
  }
}

/// What a notebook can be written as.
enum NotebookForm: CaseIterable {
  case percent, jupyter, markdown

  /// What such a file's name ends in.
  var ending: String {
    switch self {
    case .percent: ".nbs"
    case .jupyter: ".ipynb"
    case .markdown: ".md"
    }
  }

  /// The form that the ending of a path tells; nil for any other.
  init?(path: String) {
    guard let form = NotebookForm.allCases.first(where: { path.hasSuffix($0.ending) }) else { return nil }
    self = form
  }
}

/// A file that a command reads.
enum InputFile {
  /// The bytes of a file, or of standard input for `-`.
  ///
  /// - Parameter ending: the ending of files that may have been meant where there is none of that name.
  static func bytes(of path: String, neighbours ending: String) -> Result<Data, Diagnostic> {
    // One byte more than a notebook may hold tells that it holds too many.
    let limit = NotebookFormat.maximumBytes + 1
    if path == "-" { return .success(read(FileHandle.standardInput, upTo: limit)) }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return .failure(
        Diagnostic("no-file", "There is no file \(path).\(neighbour(of: path, ending: ending))"))
    }
    guard !isFolder.boolValue else {
      return .failure(Diagnostic("no-file", "\(path) is a folder. Name a file in it."))
    }
    guard let file = FileHandle(forReadingAtPath: path) else {
      return .failure(Diagnostic("unreadable-file", "\(path) cannot be read: is it allowed?"))
    }
    return .success(read(file, upTo: limit))
  }

  private static func read(_ file: FileHandle, upTo limit: Int) -> Data {
    (try? file.read(upToCount: limit)) ?? Data()
  }

  /// The file next to it that was meant, if one is near.
  private static func neighbour(of path: String, ending: String) -> String {
    let url = URL(fileURLWithPath: path)
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path)) ?? []
    let nearest = DidYouMean.nearest(
      to: url.lastPathComponent, among: names.filter { $0.hasSuffix(ending) }.sorted())
    return nearest.map { " Did you mean \($0)?" } ?? ""
  }
}

/// Writes messages, one below the other.
func show(_ diagnostics: [Diagnostic]) {
  let style = Terminal().style
  for diagnostic in diagnostics { Streams.writeError(Output.error(diagnostic).text(style) + "\n\n") }
}

/// Says why nothing is done.
func refuse(_ message: String) -> ExitStatus {
  Streams.writeError("nbs: \(message)\n")
  return .usage
}
