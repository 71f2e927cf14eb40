public import Diagnostics
import Foundation
import Foundations
import Localization
public import Notebooks
import Rendering

/// A notebook read from a file or from standard input.
public struct NotebookFile: Sendable {
  /// Where it was read: a path, or `-`.
  public let path: String
  /// What messages call it: the file's last part.
  public let name: String
  /// What stands in it.
  public let notebook: Notebook

  /// Reads a notebook, `.ipynb` by its ending, anything else as `.nbs`.
  ///
  /// - Parameters:
  ///   - name: what messages call it, if not by the last part of the path.
  ///   - acceptingAnyLanguage: takes a Jupyter notebook of another language too.
  /// - Returns: the notebook, unless there were errors, and all that there is to say.
  public static func load(
    _ path: String, name: String? = nil, acceptingAnyLanguage: Bool = false
  ) -> (file: NotebookFile?, diagnostics: [Diagnostic]) {
    let name =
      name ?? (path == "-" ? localized("standard input") : URL(fileURLWithPath: path).lastPathComponent)
    let bytes: Data
    do { bytes = try InputFile.bytesOrInput(path, neighbours: ".nbs") } catch { return (nil, [error]) }
    let reading =
      switch NotebookForm(path: path) {
      case .jupyter: IPYNB.read(bytes, name: name, acceptingAnyLanguage: acceptingAnyLanguage)
      case .markdown: NotebookFormat.readMarkdown(bytes, name: name)
      case .percent, nil: NotebookFormat.read(bytes, name: name)
      }
    let file = reading.notebook.map { NotebookFile(path: path, name: name, notebook: $0) }
    let diagnostics =
      path == "-" ? reading.diagnostics : reading.diagnostics.map { $0.placed(in: path) }
    return (file, diagnostics + (file?.formulaNotices ?? []))
  }

  /// The folder that it stands in; nil where that is the current one.
  public var folder: String? { path.lastIndex(of: "/").map { String(path[...$0]) } }

  /// The path by which an editor finds the cells' lines; nil where the cells are no lines of a file.
  public var textFile: String? {
    path == "-" || [.jupyter, .markdown].contains(NotebookForm(path: path)) ? nil : path
  }
}

extension NotebookFile {
  /// A notice for each formula in prose that no report can draw.
  private var formulaNotices: [Diagnostic] {
    notebook.cells.filter { $0.kind == .markdown }.flatMap { cell -> [Diagnostic] in
      let source = cell.source(in: name, file: textFile)
      return FormulaMistake.all(in: cell.source).map { mistake in
        let lines = cell.source.split(separator: "\n", omittingEmptySubsequences: false)
        let start = lines.prefix(mistake.line - 1).reduce(0) { $0 + $1.utf8.count + 1 }
        let span = SourceSpan(start, start + lines[mistake.line - 1].utf8.count)
        return Diagnostic(.badFormula, mistake.message, at: span, severity: .notice).located(in: source)
      }
    }
  }
}

extension Diagnostic {
  /// The same diagnostic with the path of the file that its source is the whole of.
  public func placed(in path: String) -> Diagnostic {
    var placed = self
    placed.source = source.map { SourceText($0.text, name: $0.name, file: path) }
    return placed
  }
}

/// What a notebook can be written as.
public enum NotebookForm: CaseIterable, Sendable {
  /// Plain text with `# %%` between the cells: `.nbs`.
  case percent
  /// Jupyter's: `.ipynb`.
  case jupyter
  /// Prose with fenced code: `.md`.
  case markdown

  /// What such a file's name ends in.
  public var ending: String {
    switch self {
    case .percent: ".nbs"
    case .jupyter: ".ipynb"
    case .markdown: ".md"
    }
  }

  /// The form that the ending of a path tells; nil for any other.
  public init?(path: String) {
    guard let form = NotebookForm.allCases.first(where: { path.hasSuffix($0.ending) }) else { return nil }
    self = form
  }
}

// MARK: - Folders

extension NotebookFile {
  /// The notebooks that a command is to look at: files, and whatever `.nbs` files stand in folders and below them, a
  /// folder's in the order of their names.
  ///
  /// - Throws: a diagnostic for a path that is not there or a folder without notebooks.
  public static func expand(_ paths: [String]) throws(Diagnostic) -> [String] {
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
      throw Diagnostic(.noNotebook, "There is no notebook (.nbs) in \(path).")
    }
    return notebooks.sorted().map { folder + "/" + $0 }
  }
}
