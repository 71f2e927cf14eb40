import CSQLite
import Synchronization

/// A SQLite database in a file, or in memory under the path `:memory:`.
///
/// It is one connection, which threads take in turns; other programs, and other connections, may have the file open too.
/// Foreign keys are enforced.
///
/// ```swift
/// let database = try Database(path: ":memory:")
/// try database.write { db in
///   try db.execute("CREATE TABLE runs (id INTEGER PRIMARY KEY, title TEXT NOT NULL)")
///   try db.execute("INSERT INTO runs (title) VALUES (?)", ["xor"])
/// }
/// let titles: [String] = try database.read { try $0.values("SELECT title FROM runs") }  // xor
/// ```
package final class Database: Sendable {
  private let lock = Mutex<Void>(())
  // Used under the lock alone. A Mutex that held it would lend it only to work that keeps nothing in variables of its caller.
  nonisolated(unsafe) private var connection: Connection?

  /// What may become of the file.
  package enum Access: Sendable {
    /// It is read and written, and made where it is not there.
    case writing
    /// It is read. Others may write it meanwhile, and for that SQLite may want files beside it.
    case reading
    /// It is read, and nobody writes it: SQLite makes no files beside it, and takes no locks.
    case unchanging
  }

  /// Opens a database.
  ///
  /// - Parameters:
  ///   - patience: for how many seconds another connection that has a lock is waited for.
  ///   - setup: SQL that is run first, such as pragmas.
  /// - Throws: a ``SQLiteError``, also where the file is no database.
  package init(path: String, for access: Access = .writing, patience: Double = 0, setup: String = "") throws {
    connection = try Connection(path: path, for: access, patience: patience, setup: setup)
  }

  /// A database in memory that holds what another does now.
  ///
  /// - Throws: a ``SQLiteError``, also where it does not fit into memory.
  package convenience init(copying other: Database) throws {
    try self.init(path: ":memory:")
    try withConnection { own in try other.withConnection { try own.fill(with: $0) } }
  }

  /// The version of SQLite's library.
  package static var libraryVersion: String { String(cString: sqlite3_libversion()) }

  /// Closes the file before the database's last owner goes. What is asked of it later is an error.
  package func close() { lock.withLock { _ in connection = nil } }

  /// Reads in one transaction: all queries see the same state, whatever others write meanwhile. A statement that would write is
  /// refused.
  ///
  /// - Parameter work: must not use the database other than by its argument.
  /// - Throws: a ``SQLiteError``, or what `work` throws.
  package func read<Result: Sendable>(_ work: (Connection) throws -> Result) throws -> Result {
    try transaction(onlyReads: true, work)
  }

  /// Writes in one transaction, which takes effect when `work` is done, and not at all where it throws. No other connection
  /// writes meanwhile.
  ///
  /// - Parameter work: must not use the database other than by its argument.
  /// - Throws: a ``SQLiteError``, or what `work` throws.
  package func write<Result: Sendable>(_ work: (Connection) throws -> Result) throws -> Result {
    try transaction(onlyReads: false, work)
  }

  private func transaction<Result: Sendable>(
    onlyReads: Bool, _ work: (Connection) throws -> Result
  ) throws -> Result {
    try withConnection { try $0.transaction(onlyReads: onlyReads, work) }
  }

  private func withConnection<Result: Sendable>(_ work: (Connection) throws -> Result) throws -> Result {
    try lock.withLock { _ in
      guard let connection else { throw SQLiteError(.misuse, "the database is closed") }
      return try work(connection)
    }
  }
}
