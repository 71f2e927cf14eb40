import CSQLite
import Foundation
import Testing

@testable import SQLite

/// What is written comes back, and what stands in a file otherwise is an error and never a trap.
@Suite struct ValueTests {
  private let database: Database

  init() throws { database = try Database(path: ":memory:") }

  /// A value that has gone through SQLite, and the type that SQLite says it has.
  private func stored(_ value: any SQLiteConvertible) throws -> (value: SQLiteValue, type: String) {
    let row = try database.read { try $0.row("SELECT ?1 AS value, typeof(?1) AS type", [value]) }
    let found = try #require(row)
    return (try found["value"], try found["type"])
  }

  @Test(
    arguments: [
      (Int.max, .integer(.max), "integer"), (Int64.min, .integer(.min), "integer"),
      (true, .integer(1), "integer"), (false, .integer(0), "integer"),
      (0.1, .real(0.1), "real"), (Double.greatestFiniteMagnitude, .real(.greatestFiniteMagnitude), "real"),
      (Double.leastNonzeroMagnitude, .real(.leastNonzeroMagnitude), "real"),
      (-Double.infinity, .real(-.infinity), "real"), (Double.nan, .null, "null"),
      ("é\u{1F600}", .text("é\u{1F600}"), "text"), ("", .text(""), "text"),
      ("a\0b\0", .text("a\0b\0"), "text"), (String(repeating: "x", count: 1 << 20), nil, "text"),
      (Data([0, 255, 0]), .blob(Data([0, 255, 0])), "blob"), (Data(), .blob(Data()), "blob"),
      (Data([1, 2, 3]).dropFirst(), .blob(Data([2, 3])), "blob"),
      (String?.none, .null, "null"), (Int?.some(7), .integer(7), "integer"),
    ] as [(any SQLiteConvertible & Sendable, SQLiteValue?, String)])
  func valuesComeBack(value: any SQLiteConvertible & Sendable, expected: SQLiteValue?, type: String) throws {
    let found = try stored(value)
    #expect(found.value == expected ?? value.sqliteValue && found.type == type)
  }

  @Test func numbersKeepTheirBits() throws {
    for number in [-0.0, 1 / 3.0, Double.pi, .ulpOfOne] {
      guard case .real(let found) = try stored(number).value else {
        Issue.record("\(number) is no number any more")
        continue
      }
      #expect(found.bitPattern == number.bitPattern)
    }
  }

  /// The row of a query without parameters.
  private func row(_ sql: String) throws -> Row { try #require(try database.read { try $0.row(sql) }) }

  @Test func valuesAreReadAsWhatTheyAre() throws {
    let row = try row("SELECT 3 AS three, 3.0 AS whole, 1.5 AS number, NULL AS missing, x'' AS bytes")
    #expect(try row["three"] as Int == 3 && row["whole"] as Int64 == 3 && row["three"] as Double == 3)
    #expect(try row["three"] as Int? == 3 && row["missing"] as Int? == nil && row["three"] as Bool)
    #expect(try row["missing"] as String? == nil && row["bytes"] as Data? == Data())
    #expect(try row["number"] ?? 7 == 1.5 && row["missing"] ?? 7 == 7)
  }

  @Test(
    arguments: [
      "NULL", "'text'", "x'FF'", "1.5", "9e999", "-9e999", "9.3e18", "9223372036854775807",
      "CAST(x'FF00' AS TEXT)",
    ])
  func aValueOfAnotherTypeIsAnError(sql: String) throws {
    let row = try row("SELECT \(sql) AS value")
    /// Whether it can be read as this; anything but a value or an error would be a trap.
    func reads<Value: SQLiteConvertible>(_: Value.Type) -> Bool {
      do {
        _ = try row["value"] as Value
        return true
      } catch let error as SQLiteError {
        #expect(error.code == .mismatch && error.message.contains("column value holds"))
      } catch { Issue.record("\(error)") }
      return false
    }
    let (isInteger, isNull) = (sql.hasPrefix("9223"), sql == "NULL")
    let isReal = !isInteger && "-19".contains(sql.prefix(1))
    let (isText, isBlob) = (sql == "'text'" || sql.hasPrefix("CAST"), sql.hasPrefix("x"))
    #expect(reads(Int.self) == isInteger && reads(Int64.self) == isInteger && reads(Bool.self) == isInteger)
    #expect(reads(Double.self) == (isInteger || isReal))
    #expect(reads(String.self) == isText && reads(Data.self) == isBlob)
    #expect(
      reads(Int?.self) == (isInteger || isNull) && reads(Double?.self) == (isInteger || isReal || isNull))
    #expect(reads(String?.self) == (isText || isNull) && reads(Data?.self) == (isBlob || isNull))
  }

  @Test func bytesThatAreNoTextAreRepaired() throws {
    let row = try row("SELECT CAST(x'61FF0062' AS TEXT) AS text, CAST(x'C3' AS TEXT) AS half")
    #expect(try row["text"] == "a\u{FFFD}\0b" && row["half"] == "\u{FFFD}")
  }

  @Test func aTextInUTF16IsRead() throws {
    let database = try Database(path: ":memory:", setup: "PRAGMA encoding = 'UTF-16le'")
    let text: String? = try database.write { db in
      try db.run(script: "CREATE TABLE t (a TEXT)")
      try db.execute("INSERT INTO t VALUES (?)", ["é\0\u{1F600}"])
      return try db.value("SELECT a FROM t")
    }
    #expect(text == "é\0\u{1F600}")
  }

  @Test func columnsAreFoundByName() throws {
    let row = try row("SELECT 1 AS a, 2 AS a, 3 AS b")
    #expect(try row["a"] == 1 && row["b"] == 3)
    let error = #expect(throws: SQLiteError.self) { try row["c"] as Int? }
    #expect(error?.code == .error && error?.message == "there is no column c")
  }

  @Test func theLibrarySaysItsVersion() { #expect(Database.libraryVersion.hasPrefix("3.")) }
}
