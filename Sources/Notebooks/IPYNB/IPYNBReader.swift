import Diagnostics
import Foundations
import JSON

/// Reads a `.ipynb` file.
struct IPYNBReader {
  private let file: FileText
  private var diagnostics: [Diagnostic] = []

  static func read(_ file: FileText, acceptingAnyLanguage: Bool) -> NotebookReading {
    var reader = IPYNBReader(file: file)
    let notebook = reader.document().flatMap { reader.notebook($0, acceptingAnyLanguage) }
    let failed = reader.diagnostics.contains { $0.severity == .error }
    return NotebookReading(notebook: failed ? nil : notebook, diagnostics: reader.diagnostics)
  }

  private mutating func document() -> JSONValue? {
    do throws(JSONError) {
      return try JSONReader.document(file.bytes)
    } catch {
      let end = min(error.offset + 1, file.bytes.count)
      report(IPYNBMistakes.badJSON(error).blaming(SourceSpan(min(error.offset, end), end)))
      return nil
    }
  }

  private mutating func notebook(_ document: JSONValue, _ acceptingAnyLanguage: Bool) -> Notebook? {
    if let mistake = IPYNBMistakes.version(of: document) {
      report(mistake)
      return nil
    }
    let metadata = document["metadata"] ?? .object([])
    IPYNBMetadata.mistakes(in: metadata).forEach { report($0) }
    if let language = IPYNBMetadata.otherLanguage(metadata) {
      report(IPYNBMistakes.otherLanguage(language, isAccepted: acceptingAnyLanguage))
    }
    let cells = (document["cells"]?.array ?? []).enumerated().compactMap { cell($0.element, $0.offset + 1) }
    return sound(Notebook(header: IPYNBMetadata.header(from: metadata), cells: cells))
  }

  private mutating func cell(_ json: JSONValue, _ number: Int) -> Cell? {
    guard let cell = IPYNBCell.cell(from: json) else {
      report(IPYNBMistakes.badCell(json, number))
      return nil
    }
    if let files = json["attachments"]?.members, !files.isEmpty {
      report(IPYNBMistakes.attachments(files.map(\.key), number))
    }
    return cell
  }

  /// The notebook, without the memory of its spelling where what is written from it would be read as another:
  /// the metadata of a file may hold anything.
  private func sound(_ notebook: Notebook) -> Notebook {
    let again = NotebookFormat.read(NotebookFormat.write(notebook), name: file.source.name).notebook
    let isSound = again.map { NotebookFormat.format($0).hasSameBytes(as: NotebookFormat.format(notebook)) }
    return isSound == true ? notebook : notebook.forgettingSpelling
  }

  private mutating func report(_ diagnostic: Diagnostic) {
    diagnostics.append(diagnostic.located(in: file.source))
  }
}

/// What can be wrong with a `.ipynb` file.
enum IPYNBMistakes {
  static func badJSON(_ error: JSONError) -> Diagnostic {
    Diagnostic(
      .badJSON,
      "This is not a Jupyter notebook, or a damaged one: a `.ipynb` file is JSON, and what is expected here is "
        + "\(error.message).")
  }

  /// What is wrong with the version: only nbformat 4 can be read.
  static func version(of document: JSONValue) -> Diagnostic? {
    guard let version = document["nbformat"]?.int else {
      return Diagnostic(.notANotebook, "This is JSON, but not a Jupyter notebook: it has no `nbformat`.")
    }
    if version < 4 {
      return Diagnostic(
        .oldNbformat,
        "This notebook is of nbformat \(version), from before 2015. Open and save it in Jupyter, or convert it: "
          + "`jupyter nbconvert --to notebook old.ipynb`.")
    }
    if version > 4 {
      return Diagnostic(
        .newerVersion, "This notebook is of nbformat \(version), and this program reads nbformat 4.")
    }
    guard document["cells"]?.array != nil else {
      return Diagnostic(.notANotebook, "This Jupyter notebook has no list of `cells`.")
    }
    return nil
  }

  static func otherLanguage(_ language: String, isAccepted: Bool) -> Diagnostic {
    let start = "This notebook is in \(language), and nbs only runs its own language."
    return Diagnostic(
      .otherLanguage,
      isAccepted
        ? start + " Its code is taken as it is, and has to be rewritten."
        : start + " To convert it with its code as it is, use `--any-language`.",
      severity: isAccepted ? .notice : .error)
  }

  static func badCell(_ json: JSONValue, _ number: Int) -> Diagnostic {
    guard let type = json["cell_type"]?.string, Cell.Kind(rawValue: type) == nil else {
      return Diagnostic(.badCell, "Cell \(number) has no kind, or no text.")
    }
    return Diagnostic(
      .badCell, "Cell \(number) has the kind `\(type)`, but nbformat 4 has only code, markdown and raw."
    )
  }

  static func attachments(_ names: [String], _ number: Int) -> Diagnostic {
    let files = names.map { "`\($0)`" }.joined(separator: ", ")
    return Diagnostic(
      .attachments,
      "Cell \(number) has attachments: \(files). They are kept in its `attachments={…}`, in one "
        + "long line. A separate file, as in `![plot](plot.png)`, is easier to read.", severity: .notice
    )
  }
}
