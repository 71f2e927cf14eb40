import Diagnostics
import Foundation
import Foundations
import Notebooks
import Outputs
import SQLite

extension RunStore {
  /// The runs that a query asks for, the newest first, and how many there are without its limit.
  public func runs(_ query: RunQuery = RunQuery()) throws -> (runs: [RunEntry], count: Int) {
    try reading { db in
      let condition = try query.condition(in: db)
      let count: Int? = try db.value(
        "SELECT count(*) FROM runs WHERE \(condition.sql)", condition.arguments)
      let order = try query.order.map { try RunCondition.order(by: $0, in: db) }
      let direction = query.isDescending ? "DESC" : "ASC"
      // Trials are read in the order in which they were begun.
      let newestFirst = if case .trials = query.scope { "id" } else { "id DESC" }
      let ordering = order.map { "\($0.sql) \(direction) NULLS LAST, " } ?? ""
      let rows = try db.rows(
        "SELECT * FROM runs WHERE \(condition.sql) ORDER BY \(ordering)\(newestFirst) LIMIT ?",
        condition.arguments + (order?.arguments ?? []) + [query.limit ?? -1])
      return (try rows.map { try RunStore.summary($0, db) }, count ?? 0)
    }
  }

  /// A run with all that is kept of it.
  ///
  /// - Throws: a ``Diagnostic`` where there is no such run.
  public func run(_ id: Int64) throws -> StoredRun {
    try reading { db in
      let row = try RunStore.row(of: id, db)
      return try RunStore.tellingDamage(of: id) {
        let notebook = (try row["notebook"] as String?).flatMap {
          NotebookFormat.read(Array($0.utf8), name: "").notebook
        }
        return StoredRun(
          summary: try RunStore.summary(row, db), versions: StoredVersions.facts(try row["versions"]),
          header: notebook?.header ?? NotebookHeader(), facts: try RunStore.facts("facts", of: id, db),
          cells: try RunStore.cells(of: id, notebook, db), series: try RunStore.series(of: id, db))
      }
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
      guard let path = entry.path, let notebook = try row["notebook"] as String?,
        let resumption = (try row["resumption"] as String?).flatMap(RunResumption.init)
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
    try reading { try $0.value("SELECT max(id) FROM runs WHERE parent IS NULL") }
  }

  /// Deletes runs: all of them, or none where one is not there or goes on.
  ///
  /// On a full disk there is no room for the log of the change either: it is then made without one.
  public func delete(_ ids: [Int64]) throws {
    do {
      do { try delete(ids, in: database) } catch let error as SQLiteError where error.meansFullDisk {
        database.close()
        StoreReserve(besides: file).giveBack()
        try delete(ids, in: RunStore.withoutLog(file))
      }
    } catch { throw Diagnostic.unreadableStore(error, file: file) }
  }

  func delete(_ ids: [Int64], in database: Database) throws {
    let folders = try database.write { db in
      var folders: [String] = []
      for id in ids {
        let row = try RunStore.row(of: id, db)
        // Of a damaged run no more is looked at than this; what cannot be read there goes with it.
        guard (try? RunStore.status(row)) != .running else {
          throw Diagnostic(
            .runGoesOn,
            "Run \(id) is still in progress: nothing is deleted. Stop it first, or wait until it ends.")
        }
        if let text = try? row["resumption"] as String?, let resumption = RunResumption(text: text) {
          folders.append(resumption.folder)
        }
        try db.execute("DELETE FROM runs WHERE id = ?", [id])
      }
      return folders
    }
    // A run that was taken up again shares its folder with the one before.
    let location = StoreLocation(folder: URL(fileURLWithPath: file).deletingLastPathComponent().path)
    for folder in folders {
      let others: Int? = try database.read { db in
        try db.value("SELECT count(*) FROM runs WHERE resumption LIKE ?", ["%\(folder)%"])
      }
      if others == 0 { try? FileManager.default.removeItem(atPath: location.checkpoints(folder)) }
    }
  }

  func reading<T: Sendable>(_ work: (Connection) throws -> T) throws -> T {
    do { return try database.read(work) } catch { throw Diagnostic.unreadableStore(error, file: file) }
  }

  /// Does work with what is kept of a run; says which it is that holds values that nbs did not write.
  private static func tellingDamage<T>(of id: Int64, _ work: () throws -> T) throws -> T {
    do { return try work() } catch let error as SQLiteError where error.code == .mismatch {
      throw Diagnostic.damagedRun(id, error)
    }
  }

  /// The row of a run.
  ///
  /// - Throws: a ``Diagnostic`` where there is no such run.
  static func row(of id: Int64, _ db: Connection) throws -> Row {
    if let row = try db.row("SELECT * FROM runs WHERE id = ?", [id]) { return row }
    guard let last: Int64 = try db.value("SELECT max(id) FROM runs") else {
      throw Diagnostic(.unknownRun, "There are no runs yet. `nbs run NOTEBOOK` records one.")
    }
    throw Diagnostic(
      .unknownRun, "There is no run \(id). The last is \(last); `nbs runs list` lists all.")
  }
}

// MARK: - Rows

extension RunStore {
  static func summary(_ row: Row, _ db: Connection) throws -> RunEntry {
    let id: Int64 = try row["id"]
    return try tellingDamage(of: id) {
      let metrics = try db.rows("SELECT name, value FROM metrics WHERE run = ? ORDER BY name", [id])
      return RunEntry(
        id: id, title: try row["title"], path: try row["path"],
        origin: RunDescription.Origin(rawValue: try row["origin"]) ?? .file,
        started: StoredDate.date(try row["started"]) ?? .distantPast, seconds: max(try row["seconds"], 0),
        status: try status(row), seed: try row["seed"], parent: try row["parent"],
        trials: try isSweep(row, db) ? db.value("SELECT count(*) FROM runs WHERE parent = ?", [id]) : nil,
        parameters: try facts("parameters", of: id, db),
        metrics: try metrics.map { .init(name: try $0["name"], value: try $0["value"] ?? .nan) })
    }
  }

  private static func status(_ row: Row) throws -> RunEntry.Status {
    if let ending = (try row["ending"] as String?).flatMap(RunEnding.init) { return .ended(ending) }
    return ProcessMark.isAlive(try row["process"]) ? .running : .broken
  }

  private static func facts(_ table: String, of run: Int64, _ db: Connection) throws -> [RunFact] {
    try db.rows("SELECT name, value FROM \(table) WHERE run = ? ORDER BY position", [run]).map {
      RunFact(try $0["name"], try $0["value"])
    }
  }

  /// The cells with their outputs; those of a notebook as they stood in it, so that it is written as it was.
  private static func cells(
    of run: Int64, _ notebook: Notebook?, _ db: Connection
  ) throws -> [StoredRun.StoredCell] {
    var outputs: [Int: [String]] = [:]
    for row in try db.rows("SELECT cell, content FROM outputs WHERE run = ? ORDER BY cell, position", [run]) {
      outputs[try row["cell"], default: []].append(try row["content"])
    }
    let rows = try db.rows("SELECT * FROM cells WHERE run = ? ORDER BY position", [run])
    let written = notebook?.cells.count == rows.count ? notebook?.cells : nil
    return try rows.enumerated().map { index, row in
      StoredRun.StoredCell(
        cell: try written?[index] ?? cell(row),
        outputs: (outputs[try row["position"]] ?? []).compactMap(StoredOutput.output).joiningText,
        ending: (try row["ending"] as String?).flatMap(RunEnding.init),
        seconds: (try row["seconds"] as Double?).map { max($0, 0) })
    }
  }

  private static func cell(_ row: Row) throws -> Cell {
    Cell(
      Cell.Kind(rawValue: try row["kind"]) ?? .code, try row["source"], title: try row["title"],
      role: (try row["role"] as String?).flatMap(Cell.Role.init),
      attributes: Cell.attributes(storedText: try row["attributes"]))
  }

  private static func series(of run: Int64, _ db: Connection) throws -> [StoredRun.Series] {
    try db.rows("SELECT * FROM series WHERE run = ? ORDER BY id", [run]).map { row in
      var series = StoredRun.Series(
        subject: try row["subject"], name: try row["name"], cell: try place(row, "cell"),
        count: try place(row, "steps"), last: number(try row["last"]), least: number(try row["least"]),
        greatest: number(try row["greatest"]), steps: [], values: [])
      for stretch in try db.rows("SELECT * FROM points WHERE series = ? ORDER BY first", [row["id"] as Int64])
      {
        let values = PackedNumbers.unpack(try stretch["values"])
        let (first, stride) = (try place(stretch, "first"), try place(stretch, "stride", most: 1 << 32))
        series.steps += values.indices.map { first + $0 * stride }
        series.values += values
      }
      return series
    }
  }

  /// A number that counts cells or steps. With one that is larger than any of these the program could not calculate.
  private static func place(_ row: Row, _ name: String, most: Int = 1 << 53) throws -> Int {
    let place: Int = try row[name]
    guard (0...most).contains(place) else {
      throw SQLiteError(.mismatch, "column \(name) holds \(place), which counts nothing")
    }
    return place
  }

  private static func number(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
}
