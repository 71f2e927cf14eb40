import Diagnostics
import Foundation
import JSON
import Notebooks
import SQLite

/// Writes the events of one run. A batch of events is one transaction: all of it is kept or none.
struct RunWriter {
  /// Where the run is kept.
  let store: RunStore
  private let description: RunDescription
  private let started: Date
  private var progress = Progress()

  /// What later events build on; it moves on when a transaction is through.
  struct Progress {
    /// The run's number; 0 while it has none.
    var run: Int64 = 0
    /// The cell that runs.
    var cell = 0
    /// How many cells there are.
    var cells = 0
    /// How many outputs the cell has, and how many bytes they take.
    var outputs = 0
    var outputBytes = 0
    /// The series that go on.
    var series: [SeriesKey: Int64] = [:]
    var facts: [RunFact] = []
  }

  /// What tells a series from the others of its run.
  struct SeriesKey: Hashable {
    var subject: String?
    var name: String
  }

  init(store: RunStore, description: RunDescription, started: Date) {
    self.store = store
    self.description = description
    self.started = started
  }

  /// Goes on with a run that was kept by another process.
  init(store: RunStore, description: RunDescription, goingOnWith run: Int64) {
    self.init(store: store, description: description, started: Date())
    progress.run = run
  }

  /// Begins a run, with the first of its events, in a store that is opened for it.
  ///
  /// Damage shows when the store is opened, or only now, and is dealt with in the same way.
  static func begin(
    _ description: RunDescription, started: Date, with events: [RunEvent], seconds: Double,
    at location: StoreLocation
  ) throws -> (writer: RunWriter, notice: Diagnostic?) {
    func begun(in store: RunStore) throws -> RunWriter {
      var writer = RunWriter(store: store, description: description, started: started)
      try writer.write(events, seconds: seconds)
      return writer
    }
    let (store, notice) = try RunStore.open(at: location)
    do {
      return (try begun(in: store), notice)
    } catch let error as SQLiteError where error.meansDamage {
      // Closing it later, SQLite would delete the log of the new store.
      store.database.close()
      let (new, notice) = try RunStore.begunAnew(store.file)
      return (try begun(in: new), notice)
    }
  }

  /// The run's number, once it has one.
  var run: Int64? { progress.run > 0 ? progress.run : nil }

  /// Leaves the connection to the end of the process. Whoever closes the last one has SQLite move its log into the
  /// database and wait for the disk, and the end of a run should not wait; the next that writes much does it.
  func leaveOpen() { _ = Unmanaged.passRetained(store.database) }

  /// Keeps events.
  ///
  /// - Parameters:
  ///   - seconds: how long the run has lasted.
  ///   - sweepSeconds: how long the sweep has lasted that it is a trial of.
  mutating func write(_ events: [RunEvent], seconds: Double, sweepSeconds: Double? = nil) throws {
    let before = progress
    progress = try store.database.write { [self] db in
      var next = before
      if next.run == 0 { try begin(db, &next) }
      try db.execute("UPDATE runs SET seconds = ? WHERE id = ?", [seconds, next.run])
      if let sweepSeconds, let parent = description.parent {
        try db.execute("UPDATE runs SET seconds = ? WHERE id = ?", [sweepSeconds, parent])
      }
      for event in events.joiningText { try keep(event, db, &next) }
      return next
    }
  }

  private func begin(_ db: Connection, _ progress: inout Progress) throws {
    try db.execute(
      """
      INSERT INTO runs
        (title, path, origin, started, seconds, process, seed, versions, notebook, resumption, parent, sweep)
      VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        description.title, description.path, description.origin.rawValue, StoredDate.text(started),
        ProcessMark.current(), String(description.seed), StoredVersions.text(nbs: description.version),
        description.notebook.map(NotebookFormat.write), description.resumption?.text,
        description.parent, description.sweep,
      ])
    progress.run = db.lastInsertedRow
    try keepParameters(description.parameters, db, progress.run)
    for cell in (description.hasCells ? description.notebook?.cells : nil) ?? [] {
      try insert(cell, db, &progress)
    }
  }

  private func keep(_ event: RunEvent, _ db: Connection, _ progress: inout Progress) throws {
    switch event {
    case .cellBegan(let position, let cell):
      progress.cell = cell == nil ? position : progress.cells
      (progress.outputs, progress.outputBytes) = (0, 0)
      if let cell { try insert(cell, db, &progress) }
    case .output(let output): try keep(output, db, &progress)
    case .measured(let batch): try keep(batch, db, &progress)
    case .metrics(let metrics): try keep(metrics, db, progress)
    case .cellEnded(let ending, let seconds):
      try db.execute(
        "UPDATE cells SET ending = ?, seconds = ? WHERE run = ? AND position = ?",
        [ending.rawValue, seconds, progress.run, progress.cell])
    case .parameters(let parameters):
      try db.execute("DELETE FROM parameters WHERE run = ?", [progress.run])
      try keepParameters(parameters, db, progress.run)
    case .facts(let facts, let seed): try keep(facts, seed: seed, db, &progress)
    case .finished(let ending):
      try db.execute("UPDATE runs SET ending = ? WHERE id = ?", [ending.rawValue, progress.run])
    }
  }

  private func insert(_ cell: Cell, _ db: Connection, _ progress: inout Progress) throws {
    let attributes = JSONValue.object(cell.attributes.map { .init($0.key, $0.value) }).compact
    try db.execute(
      "INSERT INTO cells (run, position, kind, title, role, attributes, source) VALUES (?, ?, ?, ?, ?, ?, ?)",
      [
        progress.run, progress.cells, cell.kind.rawValue, cell.title, cell.role?.rawValue, attributes,
        cell.source,
      ])
    progress.cells += 1
  }

  private func keepParameters(_ parameters: [RunFact], _ db: Connection, _ run: Int64) throws {
    for (position, parameter) in parameters.enumerated() {
      try db.execute(
        "INSERT OR REPLACE INTO parameters (run, position, name, value, number) VALUES (?, ?, ?, ?, ?)",
        [run, position, parameter.name, parameter.value, Double(parameter.value)])
    }
  }

  private func keep(
    _ facts: [RunFact], seed: UInt64, _ db: Connection, _ progress: inout Progress
  ) throws {
    guard facts != progress.facts else { return }
    progress.facts = facts
    let run = progress.run
    try db.execute("UPDATE runs SET seed = ? WHERE id = ?", [String(seed), run])
    try db.execute("DELETE FROM facts WHERE run = ?", [run])
    for (position, fact) in facts.enumerated() {
      try db.execute(
        "INSERT INTO facts (run, position, name, value) VALUES (?, ?, ?, ?)",
        [run, position, fact.name, fact.value])
    }
  }
}
