import Diagnostics
import Foundation
public import Outputs

/// What a list of runs shows.
public enum RunList {
  /// The most metrics of a run that a list shows, so that a run takes few lines; `nbs runs show` shows all.
  private static let mostMetrics = 2

  /// Runs as a table, a line each where there is room for it. A parameter that all of them share is said once below.
  ///
  /// - Parameters:
  ///   - count: how many there are, those that are not shown among them.
  ///   - metric: the metric that is shown first, such as the one that the runs are ordered by.
  public static func table(of runs: [RunEntry], count: Int, first metric: String? = nil) -> Table {
    let shared = runs.count > 1 ? sharedParameters(of: runs) : []
    func own(_ run: RunEntry) -> String {
      run.parameters.filter { !shared.contains($0) }.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    }
    // Of a sweep's trials some differ by the seed alone.
    let hasSeeds = runs.contains { $0.parent != nil && $0.trials == nil }
    let hasSweeps = runs.contains { $0.trials != nil }
    let hasOwn = runs.contains { !own($0).isEmpty }
    let rows = runs.map { run in
      var row = [
        String(run.id), run.notebook, RunWords.shortTime(run.started), run.seconds.durationText,
        run.status.words, run.metricText(most: mostMetrics, first: metric),
      ]
      if hasSweeps { row.append(run.trials.map { String($0) } ?? "") }
      if hasSeeds { row.append(run.seed) }
      if hasOwn { row.append(own(run)) }
      return row
    }
    var columns: [Table.Column] = [
      .numbers("run"), .words("notebook"), .words("started"), .numbers("took"), .words("ended"),
      .words("metrics"),
    ]
    if hasSweeps { columns.append(.numbers("trials")) }
    if hasSeeds { columns.append(.numbers("seed")) }
    if hasOwn { columns.append(.words("parameters")) }
    var footer: [String] = []
    if !shared.isEmpty {
      let facts = shared.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
      footer.append("parameters of all: \(facts)")
    }
    if runs.count < count { footer.append("\(runs.count) of \(count) runs; --all shows all") }
    return Table(columns: columns, rows: rows, footer: footer)
  }

  private static func sharedParameters(of runs: [RunEntry]) -> [RunFact] {
    runs.first?.parameters.filter { fact in runs.allSatisfy { $0.parameters.contains(fact) } } ?? []
  }

  /// The last runs, for a prompt: `:runs` shows this.
  ///
  /// - Parameter limit: how many at most.
  /// - Throws: a ``Diagnostic`` that says why they cannot be read.
  public static func recent(at location: StoreLocation, limit: Int = 10) throws -> Output {
    guard let store = try RunStore.openToRead(at: location) else { return .text(none) }
    let (runs, count) = try store.runs(RunQuery(limit: limit))
    return runs.isEmpty ? .text(none) : .table(table(of: runs, count: count))
  }

  /// What there is to say where no run is kept.
  public static let none = "There are no runs yet. `nbs run NOTEBOOK` records one."
}
