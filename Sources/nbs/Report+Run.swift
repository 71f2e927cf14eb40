import Diagnostics
import Language
import Notebooks
import Rendering
import Sessions

extension Report {
  /// The report of a run.
  init(_ run: NotebookRun, of source: NotebookFile, session: Session) {
    var facts = [(name: "notebook", value: source.name)] + session.facts
    if let words = run.outcome.words { facts.append(("result", words)) }
    self.init(
      title: source.notebook.header.title ?? source.name, facts: facts,
      entries: run.results.map { result in
        let marks =
          result.cell.kind == .code ? Highlighter.marks(in: SourceText(result.cell.source, name: "")) : []
        return Entry(
          cell: result.cell, outputs: result.outputs, marks: marks, wasReached: result.outcome != nil)
      }, header: source.notebook.header)
  }
}

extension NotebookRun.Outcome {
  /// What a report says of it; nil when all went well.
  fileprivate var words: String? {
    switch self {
    case .done: nil
    case .failed: "a cell failed"
    case .timedOut: "stopped by a time limit"
    case .interrupted: "interrupted"
    }
  }
}
