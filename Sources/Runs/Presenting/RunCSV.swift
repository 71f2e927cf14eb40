import Diagnostics
import Foundation

// What `--csv` prints: RFC 4180, numbers in full, a line of names first.

extension RunList {
  /// Runs as rows, a column for every parameter and metric that any of them has.
  public static func csv(of runs: [RunEntry]) -> String {
    let parameters = Set(runs.flatMap { $0.parameters.map(\.name) }).sorted()
    let metrics = Set(runs.flatMap { $0.metrics.map(\.name) }).sorted()
    var csv = CSVText()
    csv.add(["run", "notebook", "title", "started", "seconds", "ended", "seed"] + parameters + metrics)
    for run in runs {
      csv.add(
        [
          String(run.id), run.notebook, run.title, StoredDate.text(run.started), CSVText.number(run.seconds),
          run.status.words, run.seed,
        ] + parameters.map { name in run.parameters.first { $0.name == name }?.value ?? "" }
          + metrics.map { name in CSVText.number(run.metrics.first { $0.name == name }?.value) })
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
