import Diagnostics
import Foundations
public import Notebooks
import SQLite

/// A sweep as the store has it.
public struct StoredSweep: Sendable {
  /// What a list says of it.
  public let summary: RunEntry
  /// What it tries, as it was described.
  public let description: String
  /// What each trial is and came to, as it was described, in the order in which they ended.
  public let trials: [String]
  /// The notebook as it was, as a `.nbs` file; nil where none was kept.
  public let notebook: String?

  /// The notebook's header.
  public var header: NotebookHeader {
    notebook.flatMap { NotebookFormat.read(Array($0.utf8), name: "").notebook?.header } ?? NotebookHeader()
  }
}

extension RunStore {
  /// A sweep with its trials.
  ///
  /// - Throws: a ``Diagnostic`` where there is no such run, or it is no sweep.
  public func sweep(_ id: Int64) throws -> StoredSweep {
    try reading { db in
      let row = try RunStore.row(of: id, db)
      let entry = try RunStore.summary(row, db)
      guard entry.trials != nil, let description = try row["sweep"] as String? else {
        let last = try RunStore.lastSweep(db)
        throw Diagnostic(
          .unknownRun,
          entry.parent.map { "Run \(id) is a trial of sweep \($0), and no sweep itself." }
            ?? "Run \(id) is no sweep. " + (last.map { "The last sweep is \($0)." } ?? "There are none yet."))
      }
      return StoredSweep(
        summary: entry, description: description,
        trials: try db.values(
          "SELECT sweep FROM runs WHERE parent = ? AND sweep IS NOT NULL ORDER BY id", [id]),
        notebook: try row["notebook"])
    }
  }

  /// The number of the last sweep; nil where there is none.
  public func lastSweep() throws -> Int64? { try reading(RunStore.lastSweep) }

  private static func lastSweep(_ db: Connection) throws -> Int64? {
    try db.value("SELECT max(id) FROM runs WHERE \(sweepCondition)")
  }

  /// The condition for a sweep, in SQL: one by itself, or one of a cell, which stands below the run of that cell. Trials
  /// stand below sweeps.
  static let sweepCondition = """
    sweep IS NOT NULL AND NOT EXISTS
    (SELECT 1 FROM runs AS parents WHERE parents.id = runs.parent AND parents.sweep IS NOT NULL)
    """

  /// Whether a row is a sweep's.
  static func isSweep(_ row: Row, _ db: Connection) throws -> Bool {
    guard try row["sweep"] as String? != nil else { return false }
    guard let parent = try row["parent"] as Int64? else { return true }
    let sweep: String? = try db.value("SELECT sweep FROM runs WHERE id = ?", [parent])
    return sweep == nil
  }

  /// The sweep that a run is or is a trial of; nil for other runs.
  static func sweep(of run: RunEntry, _ db: Connection) throws -> RunEntry? {
    if run.trials != nil { return run }
    return try run.parent.flatMap { parent in
      try db.row("SELECT * FROM runs WHERE id = ?", [parent]).map { try summary($0, db) }
    }
  }
}
