import CSQLite
import Foundation

/// The database within a transaction of ``Database``, which lends it to one thread at a time.
package final class Connection {
  private let handle: OpaquePointer
  /// What was compiled, by its SQL.
  private var statements: [String: Statement] = [:]
  /// As many are kept. A program has fewer, unless it makes them of what its user asks for.
  private static let mostStatements = 64
  /// Whether nothing may be written.
  private var onlyReads = false

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - patience: for how many seconds another program is waited for.
  ///   - setup: SQL that is run first, such as pragmas.
  init(path: String, for access: Database.Access, patience: Double, setup: String) throws {
    let (name, flags) =
      switch access {
      case .writing: (path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
      case .reading: (path, SQLITE_OPEN_READONLY)
      case .unchanging:
        (
          "file:\(path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path)?immutable=1",
          SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
        )
      }
    var opened: OpaquePointer?
    // Without SQLite's own lock, since `Database` has one.
    let result = sqlite3_open_v2(name, &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
    guard result == SQLITE_OK, let opened else {
      defer { sqlite3_close_v2(opened) }
      throw SQLiteError(result, of: opened)
    }
    handle = opened
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, Int32(patience * 1000))
    try run(script: "PRAGMA foreign_keys = ON;" + setup)
    // SQLite looks at a file only when it must; one that is no database is to be told of now.
    try execute("SELECT 1 FROM sqlite_master LIMIT 1")
  }

  deinit {
    statements = [:]
    sqlite3_close_v2(handle)
  }

  /// Takes over what another database holds, in place of what it held itself.
  func fill(with other: Connection) throws {
    guard let backup = sqlite3_backup_init(handle, "main", other.handle, "main") else {
      throw SQLiteError(sqlite3_extended_errcode(handle), of: handle)
    }
    sqlite3_backup_step(backup, -1)
    let result = sqlite3_backup_finish(backup)
    guard result == SQLITE_OK else { throw SQLiteError(result, of: handle) }
  }

  // MARK: - Statements

  /// Runs a statement; rows that it finds are passed over. SQLite obeys many pragmas when they are compiled, which is once: they
  /// belong into a script.
  ///
  /// - Throws: a ``SQLiteError`` where it fails, writes in a ``Database/read(_:)``, or has not one argument for each parameter.
  package func execute(_ sql: String, _ arguments: [any SQLiteConvertible] = []) throws {
    try run(sql, arguments) { _ in true }
  }

  /// Runs several statements without parameters, divided by semicolons. Nothing is kept of them.
  ///
  /// - Throws: a ``SQLiteError`` where one fails; those before it have taken effect.
  package func run(script: String) throws {
    guard !onlyReads else { throw SQLiteError(.readOnly, "a script may write", sql: script) }
    let result = sqlite3_exec(handle, script, nil, nil, nil)
    guard result == SQLITE_OK else { throw SQLiteError(result, of: handle, sql: script) }
  }

  /// The rows that a query finds.
  ///
  /// - Throws: a ``SQLiteError``, as ``execute(_:_:)`` does.
  package func rows(_ sql: String, _ arguments: [any SQLiteConvertible] = []) throws -> [Row] {
    var rows: [Row] = []
    try run(sql, arguments) { statement in
      rows.append(try statement.row())
      return true
    }
    return rows
  }

  /// The first row that a query finds; nil where it finds none.
  ///
  /// - Throws: a ``SQLiteError``, as ``execute(_:_:)`` does.
  package func row(_ sql: String, _ arguments: [any SQLiteConvertible] = []) throws -> Row? {
    var row: Row?
    try run(sql, arguments) { statement in
      row = try statement.row()
      return false
    }
    return row
  }

  /// The first columns of the rows that a query finds.
  ///
  /// - Throws: a ``SQLiteError``, as ``execute(_:_:)`` does, or where a value is not of that type.
  package func values<Value: SQLiteConvertible>(
    _ sql: String, _ arguments: [any SQLiteConvertible] = []
  ) throws -> [Value] {
    try rows(sql, arguments).map { try $0.first() }
  }

  /// The first column of the first row that a query finds; nil where it finds none, or NULL.
  ///
  /// - Throws: a ``SQLiteError``, as ``execute(_:_:)`` does, or where the value is not of that type.
  package func value<Value: SQLiteConvertible>(
    _ sql: String, _ arguments: [any SQLiteConvertible] = []
  ) throws -> Value? {
    guard let row = try row(sql, arguments) else { return nil }
    return try row.first()
  }

  /// The number of the row that was last inserted into a table.
  package var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

  /// Runs a statement for as long as `goesOn` says of its rows.
  private func run(
    _ sql: String, _ arguments: [any SQLiteConvertible], goesOn: (Statement) throws -> Bool
  ) throws {
    let statement = try statement(sql)
    defer { statement.reset() }
    guard !onlyReads || statement.onlyReads else {
      throw SQLiteError(.readOnly, "a transaction that reads may not write", sql: sql)
    }
    try statement.bind(arguments)
    while try statement.step(), try goesOn(statement) {}
  }

  private func statement(_ sql: String) throws -> Statement {
    if let known = statements[sql] { return known }
    let new = try Statement(sql, on: handle)
    if statements.count >= Connection.mostStatements { statements = [:] }
    statements[sql] = new
    return new
  }

  // MARK: - Transactions

  /// Does work in a transaction, which takes effect as a whole: where anything is thrown, nothing does.
  func transaction<Result>(
    onlyReads: Bool, _ work: (Connection) throws -> Result
  ) throws -> Result {
    // A transaction that writes has the lock from the beginning: one that finds out later, that it wants it, cannot wait for it.
    try execute(onlyReads ? "BEGIN DEFERRED" : "BEGIN IMMEDIATE")
    self.onlyReads = onlyReads
    defer { self.onlyReads = false }
    do {
      let result = try work(self)
      try execute("COMMIT")
      return result
    } catch {
      // After some errors, as on a full disk, SQLite has rolled it back itself.
      if sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") }
      throw error
    }
  }
}
