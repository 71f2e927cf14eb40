import Diagnostics
import Foundation
import Language
import Localization
import Notebooks
public import Rendering
public import Runs
import Sessions

/// This program.
public enum Release {
  /// Its version.
  public static let version = "0.2.0"
}

/// What a report says of a run at its top.
enum RunReport {
  static func facts(
    of run: NotebookRun, _ source: NotebookFile, session: Session
  ) -> [(name: String, value: String)] {
    let result = run.outcome.result.map { [(name: "result", value: $0)] } ?? []
    return facts(of: source, session: session) + result
  }

  /// The facts of a run that goes on.
  static func facts(of source: NotebookFile, session: Session) -> [(name: String, value: String)] {
    [(name: "notebook", value: source.name), (name: "nbs", value: Release.version)] + session.facts
  }

  /// What a page sets apart in a cell's source.
  static func marks(in cell: Cell) -> [SourceMark] {
    cell.kind == .code ? Highlighter.marks(in: SourceText(cell.source, name: "")) : []
  }
}

extension Report {
  /// The report of a run that has just been.
  init(_ run: NotebookRun, of source: NotebookFile, session: Session) {
    self.init(
      title: source.notebook.header.title ?? source.name,
      facts: RunReport.facts(of: run, source, session: session),
      entries: run.results.map { result in
        Entry(
          cell: result.cell, outputs: result.outputs, marks: RunReport.marks(in: result.cell),
          wasReached: result.outcome != nil)
      }, header: source.notebook.header)
  }

  /// The report of a past run, as it was or would have been written at its end.
  public init(_ run: StoredRun) {
    var facts = run.facts.map { (name: $0.name, value: $0.value) }
    switch run.summary.status {
    case .ended: break
    case .running: facts.append(("result", localized("the run is in progress")))
    case .broken:
      let course = run.lastCourse.map { ", \($0)" } ?? ""
      facts.append(
        ("result", localized("the run was killed after \(run.summary.seconds.durationText)\(course)")))
    }
    self.init(
      title: run.header.title ?? run.summary.title, facts: facts,
      entries: run.cells.map { cell in
        Entry(
          cell: cell.cell, rendered: cell.outputs, marks: RunReport.marks(in: cell.cell),
          wasReached: cell.ending != nil || !cell.outputs.isEmpty)
      }, header: run.header)
  }
}

extension StoredRun {
  /// How far the last training came: `at epoch 120 of net on xor with loss 0.02`; nil where there was none.
  fileprivate var lastCourse: String? {
    guard let first = series.last(where: { $0.subject != nil }), let subject = first.subject else {
      return nil
    }
    let course = series.filter { $0.subject == subject && $0.cell == first.cell }
    let metrics = course.compactMap { series in
      series.last.map { "\(series.name) \($0.metricText(series.name))" }
    }
    return "at epoch \(course.map(\.count).max() ?? 0) of \(subject)"
      + (metrics.isEmpty ? "" : " with " + metrics.joined(separator: ", "))
  }
}

extension NotebookRun.Outcome {
  /// What a report says of it; nil when all went well.
  fileprivate var result: String? {
    switch self {
    case .done: nil
    case .failed: localized("a cell failed")
    case .timedOut: localized("stopped by a time limit")
    case .interrupted: localized("interrupted")
    }
  }
}
