import CSQLite
import Foundation

/// A statement that SQLite has compiled. It is used again and again: between two uses it is reset, and bound to nothing.
final class Statement {
  let sql: String
  private let handle: OpaquePointer
  /// Where the columns of the rows are; nil until there is a row.
  private var places: [String: Int]?

  /// Compiles a statement.
  ///
  /// - Throws: a ``SQLiteError`` where it is wrong, or not a single one.
  init(_ sql: String, on connection: OpaquePointer) throws {
    var handle: OpaquePointer?
    let (result, rest) = sql.withCString { start in
      var end: UnsafePointer<CChar>?
      let result = sqlite3_prepare_v2(connection, start, -1, &handle, &end)
      return (result, end.map { String(cString: $0) } ?? "")
    }
    guard result == SQLITE_OK else { throw SQLiteError(result, of: connection, sql: sql) }
    guard let handle, rest.allSatisfy({ $0.isWhitespace || $0 == ";" }) else {
      sqlite3_finalize(handle)
      throw SQLiteError(.misuse, "this is not one statement", sql: sql)
    }
    self.sql = sql
    self.handle = handle
  }

  deinit { sqlite3_finalize(handle) }

  /// Whether it leaves the database as it is.
  var onlyReads: Bool { sqlite3_stmt_readonly(handle) != 0 }

  /// Gives the parameters their values, each of them one.
  func bind(_ arguments: [any SQLiteConvertible]) throws {
    let count = Int(sqlite3_bind_parameter_count(handle))
    guard arguments.count == count else {
      throw SQLiteError(.misuse, "\(arguments.count) arguments for \(count) parameters", sql: sql)
    }
    for (argument, place) in zip(arguments, Int32(1)...) {
      let result =
        switch argument.sqliteValue {
        case .null: sqlite3_bind_null(handle, place)
        case .integer(let integer): sqlite3_bind_int64(handle, place, integer)
        case .real(let number): sqlite3_bind_double(handle, place, number)
        case .text(var text):
          text.withUTF8 { csqlite_bind_text(handle, place, $0.baseAddress, UInt64($0.count)) }
        case .blob(let bytes):
          bytes.withUnsafeBytes { csqlite_bind_blob(handle, place, $0.baseAddress, UInt64($0.count)) }
        }
      guard result == SQLITE_OK else { throw failure(result) }
    }
  }

  /// Goes to the next row; false where there is none.
  func step() throws -> Bool {
    let result = sqlite3_step(handle)
    guard result == SQLITE_ROW || result == SQLITE_DONE else { throw failure(result) }
    return result == SQLITE_ROW
  }

  /// The row that it has come to.
  func row() throws -> Row {
    let columns = 0..<sqlite3_data_count(handle)
    let values = try columns.map(value)
    let places = self.places ?? columnPlaces(columns)
    self.places = places
    return Row(places: places, values: values)
  }

  /// Makes it ready for the next use, also after one that failed.
  func reset() {
    // The answer is the error that the use has ended with, which was thrown already.
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
    // Another program may have added columns by the next time.
    places = nil
  }

  private func columnPlaces(_ columns: Range<Int32>) -> [String: Int] {
    let names = columns.map { sqlite3_column_name(handle, $0).map { String(cString: $0) } ?? "" }
    return Dictionary(zip(names, names.indices)) { first, _ in first }
  }

  /// The value of a column; SQLite converts nothing, since it is asked for the type that stands there.
  private func value(_ column: Int32) throws -> SQLiteValue {
    switch sqlite3_column_type(handle, column) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, column))
    case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, column))
    case SQLITE_TEXT:
      guard let start = sqlite3_column_text(handle, column) else { throw failure(SQLITE_NOMEM) }
      let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
      return .text(String(decoding: bytes, as: UTF8.self))
    case SQLITE_BLOB:
      let start = sqlite3_column_blob(handle, column)
      let count = Int(sqlite3_column_bytes(handle, column))
      guard let start else {
        guard count == 0 else { throw failure(SQLITE_NOMEM) }
        return .blob(Data())
      }
      return .blob(Data(bytes: start, count: count))
    default: return .null
    }
  }

  private func failure(_ result: Int32) -> SQLiteError {
    SQLiteError(result, of: sqlite3_db_handle(handle), sql: sql)
  }
}
