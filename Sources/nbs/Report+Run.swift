import Diagnostics
import Language
import Notebooks
import Rendering
import Sessions

extension Report {
  /// The report of a run.
  init(_ run: NotebookRun, of source: NotebookFile, session: Session) {
    var facts = [(name: "notebook", value: source.name)] + session.facts
    if run.outcome != .done {
      facts.append(("result", run.outcome == .interrupted ? "interrupted" : "a cell failed"))
    }
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
