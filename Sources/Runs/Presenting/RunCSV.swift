import Diagnostics
import Foundation

// What `--csv` prints: RFC 4180, numbers in full, a line of names first.

extension RunList {
  /// Runs as rows, with the sweep of trials and the number of trials of sweeps where there are such, a column for every parameter and metric that any of them has.
  public static func csv(of runs: [RunEntry]) -> String {
    let parameters = Set(runs.flatMap { $0.parameters.map(\.name) }).sorted()
    let metrics = Set(runs.flatMap { $0.metrics.map(\.name) }).sorted()
    let (hasParents, hasSweeps) = (runs.contains { $0.parent != nil }, runs.contains { $0.trials != nil })
    let sweeping = (hasParents ? ["parent"] : []) + (hasSweeps ? ["trials"] : [])
    var csv = CSVText()
    csv.add(
      ["run", "notebook", "title", "started", "seconds", "ended", "seed"] + sweeping + parameters + metrics)
    for run in runs {
      var row = [
        String(run.id), run.notebook, run.title, StoredDate.text(run.started), CSVText.number(run.seconds),
        run.status.words, run.seed,
      ]
      if hasParents { row.append(run.parent.map { String($0) } ?? "") }
      if hasSweeps { row.append(run.trials.map { String($0) } ?? "") }
      row += parameters.map { name in run.parameters.first { $0.name == name }?.value ?? "" }
      row += metrics.map { name in CSVText.number(run.metrics.first { $0.name == name }?.value) }
      csv.add(row)
    }
    return csv.text
  }
}

extension StoredRun {
  /// Every point that is kept, a row each.
  public var csv: String {
    var csv = CSVText()
    csv.add(["cell", "subject", "name", "step", "value"])
    for series in series {
      for (step, value) in zip(series.steps, series.values) {
        csv.add([
          String(series.cell + 1), series.subject ?? "", series.name, String(step), CSVText.number(value),
        ])
      }
    }
    return csv.text
  }
}

extension RunComparison {
  /// The lines of the comparison, numbers in full.
  public var csv: String {
    var csv = CSVText()
    csv.add(["kind", "name"] + runs.map { "run \($0.summary.id)" })
    for line in lines {
      let values = zip(line.values, line.numbers).map { $1.map { CSVText.number($0) } ?? $0 }
      csv.add([line.kind.rawValue, line.name] + values)
    }
    return csv.text
  }
}
