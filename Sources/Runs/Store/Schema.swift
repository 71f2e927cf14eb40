import Foundations
import SQLite

/// The tables, and every change that was ever made to them.
///
/// A migration that has been released is never edited: stores out there have been through it. A change is a new
/// migration below the others.
enum Schema {
  private struct Migration {
    /// Its name in the store.
    let identifier: String
    let sql: String
  }

  private static let migrations = [
    Migration(identifier: "1: runs, cells, outputs, metrics", sql: first),
    Migration(identifier: "2: runs that can be taken up again", sql: second),
    Migration(identifier: "3: sweeps and their trials", sql: third),
  ]

  /// Brings the tables up to date; waits while another program does so.
  ///
  /// - Throws: ``SupersededStore`` where a newer nbs has been here.
  static func migrate(_ database: Database, besides file: String) throws {
    if try isCurrent(database) { return }
    // Several that begin a store at once take turns here, for longer than SQLite would have them wait.
    try FileLock.holding(file + ".lock") { try migrate(database) }
  }

  /// Brings the tables up to date, each migration as a whole.
  static func migrate(_ database: Database) throws {
    for migration in try database.read(pending) {
      try database.write { db in
        // A program that knows nothing of the lock's file may have come first.
        guard try pending(db).contains(where: { $0.identifier == migration.identifier }) else { return }
        try db.execute("CREATE TABLE IF NOT EXISTS grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        try db.run(script: migration.sql)
        try db.execute("INSERT INTO grdb_migrations (identifier) VALUES (?)", [migration.identifier])
      }
    }
  }

  /// Whether the tables are those of this version.
  ///
  /// - Throws: ``SupersededStore`` where they are those of a newer one.
  static func isCurrent(_ database: Database) throws -> Bool { try database.read(pending).isEmpty }

  /// The migrations that a store has not been through. Those that it has been through stand in a table of this name since the
  /// days in which nbs used GRDB, which made it.
  private static func pending(_ db: Connection) throws -> [Migration] {
    let tables: [String] = try db.values(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'grdb_migrations'")
    let done: [String] = tables.isEmpty ? [] : try db.values("SELECT identifier FROM grdb_migrations")
    guard Set(done).isSubset(of: migrations.map(\.identifier)) else { throw SupersededStore() }
    return migrations.filter { !done.contains($0.identifier) }
  }

  /// What it takes to take a run up again, as JSON; null for one that cannot be.
  private static let second = "ALTER TABLE runs ADD COLUMN resumption TEXT"

  /// - `runs.parent` is the sweep that a trial belongs to, or the run whose cell a sweep stands in; it is deleted with that.
  /// - `runs.sweep` is JSON: of a sweep what it tries, of a trial which one it is and what it came to; null for other runs.
  private static let third = """
    ALTER TABLE runs ADD COLUMN parent INTEGER REFERENCES runs(id) ON DELETE CASCADE;
    ALTER TABLE runs ADD COLUMN sweep TEXT;
    CREATE INDEX runs_of_parent ON runs(parent);
    """

  /// - `runs.ending` is null until the run ends; `process` tells a run that goes on from one that was killed.
  /// - `runs.seconds` is measured by a clock that does not jump, and is brought up to date with every write.
  /// - `seed` is text, since an unsigned 64-bit number does not fit SQLite's integers.
  /// - `notebook` is a `.nbs` file as it was, `cells` what a run makes of it or a prompt brings.
  /// - `outputs.content` is JSON, as ``StoredOutput`` has it.
  /// - `points."values"` are little-endian doubles, at steps `first`, `first + stride`, and so on.
  private static let first = """
    CREATE TABLE runs (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      title TEXT NOT NULL,
      path TEXT,
      origin TEXT NOT NULL,
      started TEXT NOT NULL,
      seconds REAL NOT NULL,
      ending TEXT,
      process TEXT NOT NULL,
      seed TEXT NOT NULL,
      versions TEXT NOT NULL,
      notebook TEXT
    );
    CREATE TABLE parameters (
      run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      name TEXT NOT NULL,
      value TEXT NOT NULL,
      number REAL,
      PRIMARY KEY (run, name)
    ) WITHOUT ROWID;
    CREATE TABLE facts (
      run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      name TEXT NOT NULL,
      value TEXT NOT NULL,
      PRIMARY KEY (run, position)
    ) WITHOUT ROWID;
    CREATE TABLE cells (
      run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      kind TEXT NOT NULL,
      title TEXT,
      role TEXT,
      attributes TEXT NOT NULL,
      source TEXT NOT NULL,
      ending TEXT,
      seconds REAL,
      PRIMARY KEY (run, position)
    ) WITHOUT ROWID;
    CREATE TABLE outputs (
      run INTEGER NOT NULL,
      cell INTEGER NOT NULL,
      position INTEGER NOT NULL,
      content TEXT NOT NULL,
      PRIMARY KEY (run, cell, position),
      FOREIGN KEY (run, cell) REFERENCES cells(run, position) ON DELETE CASCADE
    );
    CREATE TABLE metrics (
      run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      value REAL,
      PRIMARY KEY (run, name)
    ) WITHOUT ROWID;
    CREATE TABLE series (
      id INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
      cell INTEGER NOT NULL,
      subject TEXT,
      name TEXT NOT NULL,
      steps INTEGER NOT NULL,
      last REAL,
      least REAL,
      greatest REAL
    );
    CREATE INDEX series_of_run ON series(run);
    CREATE TABLE points (
      series INTEGER NOT NULL REFERENCES series(id) ON DELETE CASCADE,
      first INTEGER NOT NULL,
      stride INTEGER NOT NULL,
      "values" BLOB NOT NULL,
      PRIMARY KEY (series, first)
    ) WITHOUT ROWID;
    CREATE INDEX metrics_by_name ON metrics(name, value);
    CREATE INDEX parameters_by_name ON parameters(name, number);
    """
}

/// A newer nbs has changed the tables.
struct SupersededStore: Error {}
