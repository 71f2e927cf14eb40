public import Diagnostics
public import Notebooks
public import Rendering

extension StoredRun {
  /// The run's report, as it was or would have been written at its end.
  ///
  /// - Parameter marks: what a page sets apart in a cell's source.
  public func report(marks: (Cell) -> [SourceMark]) -> Report {
    var facts = facts.map { (name: $0.name, value: $0.value) }
    switch summary.status {
    case .ended: break
    case .running: facts.append(("result", "the run goes on"))
    case .broken:
      facts.append(("result", "the run was broken off after \(RunWords.duration(summary.seconds))"))
    }
    return Report(
      title: header.title ?? summary.title, facts: facts,
      entries: cells.map { cell in
        Report.Entry(
          cell: cell.cell, rendered: cell.outputs, marks: marks(cell.cell),
          wasReached: cell.ending != nil || !cell.outputs.isEmpty)
      }, header: header)
  }
}
