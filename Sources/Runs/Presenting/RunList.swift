import Diagnostics
public import Outputs

/// What a list of runs shows.
public enum RunList {
  /// Runs as a table, the newest first.
  ///
  /// - Parameter count: how many there are, those that are not shown among them.
  public static func table(of runs: [RunEntry], count: Int) -> Table {
    let hasParameters = runs.contains { !$0.parameters.isEmpty }
    let rows = runs.map { run in
      [
        String(run.id), run.notebook, RunWords.time(run.started), RunWords.duration(run.seconds),
        run.status.words, run.metricText,
      ] + (hasParameters ? [run.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: " ")] : [])
    }
    return Table(
      columns: [
        .numbers("run"), .words("notebook"), .words("started"), .numbers("took"), .words("ended"),
        .words("metrics"),
      ] + (hasParameters ? [.words("parameters")] : []), rows: rows,
      footer: runs.count < count ? ["\(runs.count) of \(count) runs; --all shows all"] : [])
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
