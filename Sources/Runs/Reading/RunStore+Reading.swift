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
      let ordering = order.map { "\($0.sql) \(direction) NULLS LAST, " } ?? ""
      let rows = try Row.fetchAll(
        db, sql: "SELECT * FROM runs WHERE \(condition.sql) ORDER BY \(ordering)id DESC LIMIT ?",
        arguments: condition.arguments + (order?.arguments ?? []) + [query.limit ?? -1])
      return (try rows.map { try RunStore.summary($0, db) }, count ?? 0)
    }
  }

  /// A run with all that is kept of it.
  ///
  /// - Throws: a ``Diagnostic`` where there is no such run.
  public func run(_ id: Int64) throws -> StoredRun {
    try reading { db in
      guard let row = try Row.fetchOne(db, sql: "SELECT * FROM runs WHERE id = ?", arguments: [id]) else {
        throw try RunStore.noRun(id, db)
      }
      let notebook = (row["notebook"] as String?).flatMap {
        NotebookFormat.read(Array($0.utf8), name: "").notebook
      }
      return StoredRun(
        summary: try RunStore.summary(row, db), versions: StoredVersions.facts(row["versions"]),
        header: notebook?.header ?? NotebookHeader(), facts: try RunStore.facts("facts", of: id, db),
        cells: try RunStore.cells(of: id, notebook, db), series: try RunStore.series(of: id, db))
    }
  }

  /// The number of the last run; nil where there is none.
  public func lastRun() throws -> Int64? {
    try reading { try Int64.fetchOne($0, sql: "SELECT max(id) FROM runs") }
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
    try database.write { db in
      for id in ids {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM runs WHERE id = ?", arguments: [id]) else {
          throw try RunStore.noRun(id, db)
        }
        guard try RunStore.summary(row, db).status != .running else {
          throw Diagnostic(
            .runGoesOn,
            "Run \(id) is still in progress: nothing is deleted. Stop it first, or wait until it ends.")
        }
        try db.execute(sql: "DELETE FROM runs WHERE id = ?", arguments: [id])
      }
    }
  }

  func reading<T>(_ work: (Database) throws -> T) throws -> T {
    do { return try database.read(work) } catch { throw Diagnostic.unreadableStore(error, file: file) }
  }

  private static func noRun(_ id: Int64, _ db: Database) throws -> Diagnostic {
    guard let last = try Int64.fetchOne(db, sql: "SELECT max(id) FROM runs") else {
      return Diagnostic(.unknownRun, "There are no runs yet. `nbs run NOTEBOOK` records one.")
    }
    return Diagnostic(
      .unknownRun, "There is no run \(id). The last is \(last); `nbs runs list` lists all.")
  }
}

// MARK: - Rows

extension RunStore {
  private static func summary(_ row: Row, _ db: Database) throws -> RunEntry {
    let id: Int64 = row["id"]
    let ending = (row["ending"] as String?).flatMap(RunEnding.init)
    let metrics = try Row.fetchAll(
      db, sql: "SELECT name, value FROM metrics WHERE run = ? ORDER BY name", arguments: [id])
    return RunEntry(
      id: id, title: row["title"], path: row["path"],
      origin: RunDescription.Origin(rawValue: row["origin"]) ?? .file,
      started: StoredDate.date(row["started"]) ?? .distantPast, seconds: row["seconds"],
      status: ending.map { .ended($0) } ?? (ProcessMark.isAlive(row["process"]) ? .running : .broken),
      seed: row["seed"], parameters: try facts("parameters", of: id, db),
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
