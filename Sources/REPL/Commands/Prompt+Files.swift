import Diagnostics
import Foundation
import Foundations
import Language
import Notebooks
import Outputs
import Rendering
import Runner
import Sessions

extension Prompt {
  func save(_ arguments: PromptArguments) throws -> Next {
    let path = try arguments.target("save", endings: [".nbs"], example: ":save xor.nbs")
    let worked = transcript.entries.filter(\.isDone)
    guard !worked.isEmpty else {
      throw Diagnostic(.noCell, "There is nothing to save yet: no cell has succeeded.")
    }
    var notebook = Notebook(header: NotebookHeader(title: PromptFile.stem(path)))
    notebook.cells = worked.map { Cell(.code, $0.source) }
    try OutputFile.write(NotebookFormat.write(notebook), to: PromptFile.expanded(path))
    let left = transcript.entries.count - worked.count
    say(
      .text(
        "\(path): \(worked.count.counted("cell"))"
          + (left == 0 ? "" : "; \(left) that failed \(left == 1 ? "is" : "are") left out")))
    say(differences: Dependencies(transcript.entries).differences)
    return .cell
  }

  private func say(differences: [String]) {
    guard !differences.isEmpty else { return }
    say(.text("running it from the start may give other results: " + differences.joined(separator: "; ")))
  }

  func load(_ arguments: PromptArguments) throws -> Next {
    guard let path = try arguments.only() else {
      throw Diagnostic(.missingArgument, "`:load` needs a notebook, as in `:load xor.nbs`.")
    }
    let bytes = try InputFile.bytes(of: PromptFile.expanded(path), neighbours: ".nbs")
    let reading = NotebookFormat.read(bytes, name: PromptFile.name(path))
    for diagnostic in reading.diagnostics { say(.error(diagnostic)) }
    guard let notebook = reading.notebook else { return .cell }
    let runnable = notebook.runnableCells
    let cells = notebook.cells.filter { runnable.contains($0.index) && !$0.source.isEmpty }
    session.files.notebookFolder =
      URL(fileURLWithPath: PromptFile.expanded(path)).deletingLastPathComponent()
      .path
    defer { session.files.notebookFolder = nil }
    for (place, cell) in cells.enumerated() {
      say(.text("In [\(number)]: \(cell.title ?? cell.source.firstLine)"))
      guard run(cell.source) == .done else {
        let left = cells.count - place - 1
        if left > 0 { say(.text("\(path): the \(left.counted("cell")) after it did not run")) }
        break
      }
    }
    return .cell
  }

  func export(_ arguments: PromptArguments) throws -> Next {
    let path = try arguments.target(
      "export", endings: [".md", ".html", ".htm", ".ipynb"], example: ":export report.md")
    guard !transcript.entries.isEmpty else {
      throw Diagnostic(.noCell, "There is nothing to export yet: no cell has run.")
    }
    let dependencies = Dependencies(transcript.entries)
    let report = Report(
      title: PromptFile.stem(path), facts: session.facts + facts(dependencies),
      entries: transcript.entries.map { entry in
        Report.Entry(
          cell: Cell(.code, entry.source, title: "In [\(entry.number)]"), outputs: entry.outputs,
          marks: Highlighter.marks(in: SourceText(entry.source, name: "")))
      })
    _ = try ReportFile(PromptFile.expanded(path)).write(report)
    say(.text("\(path): \(transcript.entries.count.counted("cell"))"))
    return .cell
  }

  /// Whether the results are those of a clean run, and which of them are stale.
  private func facts(_ dependencies: Dependencies) -> [(name: String, value: String)] {
    let failed = transcript.entries.filter { !$0.isDone }.map { "In [\($0.number)] did not complete" }
    let differences = dependencies.differences.isEmpty ? failed : dependencies.differences
    let verdict =
      differences.isEmpty
      ? "gives these results" : "may give other results: " + differences.joined(separator: "; ")
    let stale = dependencies.stale.map { "In [\($0.number)], since In [\($0.cause)] changed \($0.resource)" }
    return [("running it from the start", verdict)]
      + (stale.isEmpty ? [] : [("stale", stale.joined(separator: "; "))])
  }
}

extension PromptArguments {
  /// The file that a command is to write.
  ///
  /// - Throws: `missing-argument`, `bad-value`, or `file-exists` unless `replace` follows.
  func target(_ command: String, endings: [String], example: String) throws -> String {
    guard let path = words.first else {
      throw Diagnostic(.missingArgument, "`:\(command)` needs a file, as in `\(example)`.")
    }
    guard endings.contains(where: path.hasSuffix) else {
      throw Diagnostic(
        .badValue,
        "`:\(command)` writes a file with the extension \(endings.joined(separator: " or ")): \(example)")
    }
    guard words.count == 1 || words[1...] == ["replace"] else {
      throw Diagnostic(
        .unexpectedArgument,
        "`\(words[1])` is not expected here. Put a file name with spaces in quotes.")
    }
    if words.count == 1, PromptFile.exists(path) {
      throw Diagnostic(
        .fileExists, "\(path) already exists. To overwrite it: :\(command) \(path) replace",
        suggestion: ":\(command) \(path) replace")
    }
    return path
  }
}
