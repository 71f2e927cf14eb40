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
    let bytes: Data
    do { bytes = try InputFile.bytesOrInput(path, neighbours: ".nbs") } catch { return (nil, [error]) }
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

extension InputFile {
  /// The bytes of a file, or of standard input for `-`.
  static func bytesOrInput(_ path: String, neighbours ending: String) throws(Diagnostic) -> Data {
    path == "-"
      ? try bytes(of: FileHandle.standardInput, named: "standard input")
      : try bytes(of: path, neighbours: ending)
  }
}

/// Writes messages, one below the other.
func show(_ diagnostics: [Diagnostic]) {
  let style = Terminal().style
  for diagnostic in diagnostics { Streams.writeError(Output.error(diagnostic).text(style) + "\n\n") }
}

/// Does what the user's files may not allow: a mistake is shown, and nothing more is done.
func showingMistakes<Result>(_ work: () throws(Diagnostic) -> Result) throws -> Result {
  do { return try work() } catch {
    show([error])
    throw ExitStatus.usage
  }
}

/// Says why nothing is done.
func refuse(_ message: String) -> ExitStatus {
  Streams.writeError("nbs: \(message)\n")
  return .usage
}
