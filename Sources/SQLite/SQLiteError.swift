import CSQLite

/// Why SQLite did not do what it was asked to.
package struct SQLiteError: Error, Sendable, CustomStringConvertible {
  /// One of SQLite's primary result codes, by which errors are told apart.
  package struct Code: RawRepresentable, Hashable, Sendable {
    /// The number in `sqlite3.h`.
    package let rawValue: Int32

    /// The code of a number; of an extended code its primary one.
    package init(rawValue: Int32) { self.rawValue = rawValue & 0xFF }

    /// The SQL is wrong, or names what is not there.
    package static let error = Code(rawValue: SQLITE_ERROR)
    /// The system denies access.
    package static let permission = Code(rawValue: SQLITE_PERM)
    /// Another connection has a lock, and kept it for longer than was waited.
    package static let busy = Code(rawValue: SQLITE_BUSY)
    /// This connection has the lock itself.
    package static let locked = Code(rawValue: SQLITE_LOCKED)
    /// There is not enough memory.
    package static let noMemory = Code(rawValue: SQLITE_NOMEM)
    /// The database, or the transaction, is only to be read.
    package static let readOnly = Code(rawValue: SQLITE_READONLY)
    /// Reading or writing the file failed.
    package static let inputOutput = Code(rawValue: SQLITE_IOERR)
    /// The file is damaged.
    package static let corrupt = Code(rawValue: SQLITE_CORRUPT)
    /// The disk is full.
    package static let full = Code(rawValue: SQLITE_FULL)
    /// The file cannot be opened.
    package static let cannotOpen = Code(rawValue: SQLITE_CANTOPEN)
    /// A constraint of a table forbids it.
    package static let constraint = Code(rawValue: SQLITE_CONSTRAINT)
    /// A value has another type than was expected of it: the file was not written by who reads it, or is damaged.
    package static let mismatch = Code(rawValue: SQLITE_MISMATCH)
    /// The program makes a mistake: too few arguments, or a connection that is closed.
    package static let misuse = Code(rawValue: SQLITE_MISUSE)
    /// The file is no database.
    package static let notADatabase = Code(rawValue: SQLITE_NOTADB)
  }

  /// SQLite's extended result code, which says more than the primary one.
  package let extendedCode: Int32
  /// What went wrong, in SQLite's words.
  package let message: String
  /// The statement that failed; nil where none did.
  package let sql: String?

  /// The primary result code.
  package var code: Code { Code(rawValue: extendedCode) }

  /// The error with its code and its statement, for whoever looks for a mistake in a program.
  package var description: String {
    "SQLite error \(extendedCode): \(message)" + (sql.map { ", in `\($0)`" } ?? "")
  }

  /// Creates an error that SQLite itself does not find.
  package init(_ code: Code, _ message: String, sql: String? = nil) {
    extendedCode = code.rawValue
    self.message = message
    self.sql = sql
  }

  /// The error that a call of SQLite's has just answered with.
  init(_ result: Int32, of connection: OpaquePointer?, sql: String? = nil) {
    extendedCode = result
    // Without a connection there is only what is said of the code in general.
    message = String(cString: connection.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(result))
    self.sql = sql
  }
}
