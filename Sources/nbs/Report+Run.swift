import Diagnostics
import Language
import Notebooks
import Rendering
import Runs
import Sessions

extension Report {
  /// What a report says of a run at its top.
  static func facts(
    of run: NotebookRun, _ source: NotebookFile, session: Session
  ) -> [(name: String, value: String)] {
    let result = run.outcome.words.map { [(name: "result", value: $0)] } ?? []
    return facts(of: source, session: session) + result
  }

  /// What a report says at its top of a run that goes on.
  static func facts(of source: NotebookFile, session: Session) -> [(name: String, value: String)] {
    [(name: "notebook", value: source.name), (name: "nbs", value: NBS.version)] + session.facts
  }

  /// The report of a run.
  init(_ run: NotebookRun, of source: NotebookFile, session: Session) {
    let facts = Report.facts(of: run, source, session: session)
    self.init(
      title: source.notebook.header.title ?? source.name, facts: facts,
      entries: run.results.map { result in
        Entry(
          cell: result.cell, outputs: result.outputs, marks: Report.marks(in: result.cell),
          wasReached: result.outcome != nil)
      }, header: source.notebook.header)
  }

  /// The report of a past run.
  init(_ run: StoredRun) { self = run.report(marks: Report.marks) }

  private static func marks(in cell: Cell) -> [SourceMark] {
    cell.kind == .code ? Highlighter.marks(in: SourceText(cell.source, name: "")) : []
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
