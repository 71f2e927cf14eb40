import Diagnostics
import Foundation
import Foundations
import GRDB
import Notebooks
import Outputs

extension RunStore {
  /// The runs that a query asks for, the newest first, and how many there are without its limit.
  public func runs(_ query: RunQuery = RunQuery()) throws -> (runs: [RunEntry], count: Int) {
    try reading { db in
      let condition = try query.condition(in: db)
      let count = try Int.fetchOne(
        db, sql: "SELECT count(*) FROM runs WHERE \(condition.sql)", arguments: condition.arguments)
      let order = try query.order.map { try RunCondition.order(by: $0, in: db) }
      let direction = query.isDescending ? "DESC" : "ASC"
      // Trials are read in the order in which they were begun.
      let newestFirst = if case .trials = query.scope { "id" } else { "id DESC" }
      let ordering = order.map { "\($0.sql) \(direction) NULLS LAST, " } ?? ""
      let rows = try Row.fetchAll(
        db, sql: "SELECT * FROM runs WHERE \(condition.sql) ORDER BY \(ordering)\(newestFirst) LIMIT ?",
        arguments: condition.arguments + (order?.arguments ?? []) + [query.limit ?? -1])
      return (try rows.map { try RunStore.summary($0, db) }, count ?? 0)
    }
  }

  /// A run with all that is kept of it.
  ///
  /// - Throws: a ``Diagnostic`` where there is no such run.
  public func run(_ id: Int64) throws -> StoredRun {
    try reading { db in
      let row = try RunStore.row(of: id, db)
      let notebook = (row["notebook"] as String?).flatMap {
        NotebookFormat.read(Array($0.utf8), name: "").notebook
      }
      return StoredRun(
        summary: try RunStore.summary(row, db), versions: StoredVersions.facts(row["versions"]),
        header: notebook?.header ?? NotebookHeader(), facts: try RunStore.facts("facts", of: id, db),
        cells: try RunStore.cells(of: id, notebook, db), series: try RunStore.series(of: id, db))
    }
  }

  /// What it takes to take a run up again.
  ///
  /// - Throws: a ``Diagnostic`` where there is no such run, or it cannot be taken up.
  public func resumable(_ id: Int64) throws -> ResumableRun {
    try reading { db in
      let row = try RunStore.row(of: id, db)
      let entry = try RunStore.summary(row, db)
      if let sweep = try RunStore.sweep(of: entry, db), let run = sweep.parent {
        throw Diagnostic(
          .runIsOver,
          "Run \(id) belongs to a sweep in a cell of run \(run), which is taken up as a whole: nbs run --resume \(run)",
          suggestion: "nbs run --resume \(run)")
      }
      if entry.trials != nil {
        throw Diagnostic(
          .runIsOver, "Run \(id) is a sweep. Take it up with its own command: nbs sweep --resume \(id)",
          suggestion: "nbs sweep --resume \(id)")
      }
      if let sweep = entry.parent {
        throw Diagnostic(
          .runIsOver,
          "Run \(id) is a trial of sweep \(sweep), which is taken up as a whole: nbs sweep --resume \(sweep)",
          suggestion: "nbs sweep --resume \(sweep)")
      }
      if entry.status == .running {
        throw Diagnostic(
          .runGoesOn, "Run \(id) is still in progress. Stop it first, or wait until it ends.")
      }
      if entry.status == .ended(.done) {
        throw Diagnostic(
          .runIsOver,
          "Run \(id) came to its end, so there is nothing to take up. Run its notebook again: nbs run \(entry.path ?? "NOTEBOOK")"
        )
      }
      guard let path = entry.path, let notebook = row["notebook"] as String?,
        let resumption = (row["resumption"] as String?).flatMap(RunResumption.init)
      else {
        throw Diagnostic(
          .runIsOver,
          "Run \(id) cannot be taken up again: only those of notebooks in files can, and those of this version of nbs or a newer one."
        )
      }
      return ResumableRun(path: path, notebook: notebook, resumption: resumption)
    }
  }

  /// The number of the last run; nil where there is none.
  public func lastRun() throws -> Int64? {
    try reading { try Int64.fetchOne($0, sql: "SELECT max(id) FROM runs WHERE parent IS NULL") }
  }

  /// Deletes runs: all of them, or none where one is not there or goes on.
  ///
  /// On a full disk there is no room for the log of the change either: it is then made without one.
  public func delete(_ ids: [Int64]) throws {
    do {
      do { try delete(ids, in: database) } catch let error as DatabaseError where error.meansFullDisk {
        try database.close()
        StoreReserve(besides: file).giveBack()
        try delete(ids, in: RunStore.withoutLog(file))
      }
    } catch { throw Diagnostic.unreadableStore(error, file: file) }
  }

  func delete(_ ids: [Int64], in database: DatabaseQueue) throws {
    var folders: [String] = []
    try database.write { db in
      folders = []
      for id in ids {
        let row = try RunStore.row(of: id, db)
        guard try RunStore.summary(row, db).status != .running else {
          throw Diagnostic(
            .runGoesOn,
            "Run \(id) is still in progress: nothing is deleted. Stop it first, or wait until it ends.")
        }
        if let text = row["resumption"] as String?, let resumption = RunResumption(text: text) {
          folders.append(resumption.folder)
        }
        try db.execute(sql: "DELETE FROM runs WHERE id = ?", arguments: [id])
      }
    }
    // A run that was taken up again shares its folder with the one before.
    let location = StoreLocation(folder: URL(fileURLWithPath: file).deletingLastPathComponent().path)
    for folder in folders {
      let others = try database.read { db in
        try Int.fetchOne(
          db, sql: "SELECT count(*) FROM runs WHERE resumption LIKE ?", arguments: ["%\(folder)%"])
      }
      if others == 0 { try? FileManager.default.removeItem(atPath: location.checkpoints(folder)) }
    }
  }

  func reading<T>(_ work: (Database) throws -> T) throws -> T {
    do { return try database.read(work) } catch { throw Diagnostic.unreadableStore(error, file: file) }
  }

  /// The row of a run.
  ///
  /// - Throws: a ``Diagnostic`` where there is no such run.
  static func row(of id: Int64, _ db: Database) throws -> Row {
    if let row = try Row.fetchOne(db, sql: "SELECT * FROM runs WHERE id = ?", arguments: [id]) { return row }
    guard let last = try Int64.fetchOne(db, sql: "SELECT max(id) FROM runs") else {
      throw Diagnostic(.unknownRun, "There are no runs yet. `nbs run NOTEBOOK` records one.")
    }
    throw Diagnostic(
      .unknownRun, "There is no run \(id). The last is \(last); `nbs runs list` lists all.")
  }
}

// MARK: - Rows

extension RunStore {
  static func summary(_ row: Row, _ db: Database) throws -> RunEntry {
    let id: Int64 = row["id"]
    let ending = (row["ending"] as String?).flatMap(RunEnding.init)
    let metrics = try Row.fetchAll(
      db, sql: "SELECT name, value FROM metrics WHERE run = ? ORDER BY name", arguments: [id])
    return RunEntry(
      id: id, title: row["title"], path: row["path"],
      origin: RunDescription.Origin(rawValue: row["origin"]) ?? .file,
      started: StoredDate.date(row["started"]) ?? .distantPast, seconds: row["seconds"],
      status: ending.map { .ended($0) } ?? (ProcessMark.isAlive(row["process"]) ? .running : .broken),
      seed: row["seed"], parent: row["parent"],
      trials: try isSweep(row, db)
        ? Int.fetchOne(db, sql: "SELECT count(*) FROM runs WHERE parent = ?", arguments: [id]) : nil,
      parameters: try facts("parameters", of: id, db),
      metrics: metrics.map { .init(name: $0["name"], value: $0["value"] ?? .nan) })
  }

  private static func facts(_ table: String, of run: Int64, _ db: Database) throws -> [RunFact] {
    try Row.fetchAll(
      db, sql: "SELECT name, value FROM \(table) WHERE run = ? ORDER BY position", arguments: [run]
    ).map { RunFact($0["name"], $0["value"]) }
  }

  /// The cells with their outputs; those of a notebook as they stood in it, so that it is written as it was.
  private static func cells(
    of run: Int64, _ notebook: Notebook?, _ db: Database
  ) throws -> [StoredRun.StoredCell] {
    var outputs: [Int: [String]] = [:]
    for row in try Row.fetchAll(
      db, sql: "SELECT cell, content FROM outputs WHERE run = ? ORDER BY cell, position", arguments: [run])
    {
      outputs[row["cell"], default: []].append(row["content"])
    }
    let rows = try Row.fetchAll(
      db, sql: "SELECT * FROM cells WHERE run = ? ORDER BY position", arguments: [run])
    let written = notebook?.cells.count == rows.count ? notebook?.cells : nil
    return rows.enumerated().map { index, row in
      StoredRun.StoredCell(
        cell: written?[index] ?? cell(row),
        outputs: (outputs[row["position"]] ?? []).compactMap(StoredOutput.output).joiningText,
        ending: (row["ending"] as String?).flatMap(RunEnding.init), seconds: row["seconds"])
    }
  }

  private static func cell(_ row: Row) -> Cell {
    Cell(
      Cell.Kind(rawValue: row["kind"]) ?? .code, row["source"], title: row["title"],
      role: (row["role"] as String?).flatMap(Cell.Role.init),
      attributes: Cell.attributes(storedText: row["attributes"]))
  }

  private static func series(of run: Int64, _ db: Database) throws -> [StoredRun.Series] {
    try Row.fetchAll(db, sql: "SELECT * FROM series WHERE run = ? ORDER BY id", arguments: [run]).map { row in
      var series = StoredRun.Series(
        subject: row["subject"], name: row["name"], cell: row["cell"], count: row["steps"],
        last: number(row["last"]), least: number(row["least"]), greatest: number(row["greatest"]), steps: [],
        values: [])
      let points = try Row.fetchCursor(
        db, sql: "SELECT * FROM points WHERE series = ? ORDER BY first", arguments: [row["id"] as Int64])
      while let stretch = try points.next() {
        let values = PackedNumbers.unpack(stretch["values"])
        let (first, stride): (Int, Int) = (stretch["first"], stretch["stride"])
        series.steps += values.indices.map { first + $0 * stride }
        series.values += values
      }
      return series
    }
  }

  private static func number(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
}
