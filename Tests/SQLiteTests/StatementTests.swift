import Foundation
import Testing

@testable import SQLite

/// Statements are used again, also after an error.
@Suite struct StatementTests {
  private let database: Database

  init() throws {
    database = try Database(path: ":memory:")
    try database.write {
      try $0.run(
        script: "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL); CREATE TABLE u (a REFERENCES t(a))")
    }
  }

  private func insert(_ a: Int?, _ b: String?, _ db: Connection) throws {
    try db.execute("INSERT INTO t VALUES (?, ?)", [a, b])
  }

  @Test func aStatementIsUsedAgainAfterItFailed() throws {
    try database.write { db in
      try insert(1, "one", db)
      let twice = #expect(throws: SQLiteError.self) { try insert(1, "again", db) }
      #expect(
        twice?.code == .constraint && twice?.extendedCode == 1555 && twice?.sql?.hasPrefix("INSERT") == true)
      #expect(twice?.message == "UNIQUE constraint failed: t.a")
      #expect(twice.map { "\($0)" }?.hasPrefix("SQLite error 1555: UNIQUE") == true)
      #expect(throws: SQLiteError.self) { try insert(2, nil, db) }
      try insert(3, "three", db)
      #expect(db.lastInsertedRow == 3)
      #expect(try db.values("SELECT b FROM t ORDER BY a") == ["one", "three"])
    }
  }

  /// What was bound before does not stay.
  @Test func eachUseBindsAnew() throws {
    try database.write { db throws in
      #expect(try db.value("SELECT ?", ["text"]) == "text")
      let error = #expect(throws: SQLiteError.self) { try db.execute("SELECT ?") }
      #expect(error?.code == .misuse && error?.message == "0 arguments for 1 parameters")
      #expect(throws: SQLiteError.self) { try db.execute("SELECT ?", [1, 2]) }
      #expect(try db.value("SELECT ?", [String?.none]) as String? == nil)
      #expect(try db.value("SELECT ?2 - ?1", [1, 3]) == 2)
    }
  }

  /// A query that stops at its first row gives its lock back, and begins with the first row again.
  @Test func aQueryBeginsAgain() throws {
    try database.write { db in
      for a in 1...3 { try insert(a, "\(a)", db) }
      for _ in 1...2 { #expect(try db.row("SELECT a FROM t ORDER BY a")?["a"] == 1) }
      try db.execute("DELETE FROM t WHERE a = 1")
      #expect(try db.row("SELECT a FROM t ORDER BY a")?["a"] == 2)
      #expect(try db.value("SELECT a FROM t WHERE a = 9") as Int? == nil)
      try db.execute("DROP TABLE u")
    }
  }

  /// More than are kept compiled.
  @Test func manyStatementsAreCompiledAgain() throws {
    try database.read { db throws in
      for number in 0..<300 { #expect(try db.value("SELECT \(number)") == number) }
      for number in 0..<300 { #expect(try db.value("SELECT \(number)") == number) }
    }
  }

  @Test func columnsThatCameMeanwhileAreSeen() throws {
    try database.write { try insert(1, "one", $0) }
    #expect(try database.read { try $0.row("SELECT * FROM t") }?.values.count == 2)
    try database.write { try $0.run(script: "ALTER TABLE t ADD COLUMN c TEXT DEFAULT 'new'") }
    let row = try database.read { try $0.row("SELECT * FROM t") }
    #expect(try row?["c"] == "new" && row?["b"] == "one")
  }

  @Test(arguments: [
    "", " ;", "SELECT", "SELECT 1; SELECT 2", "DELETE FROM t; DELETE FROM u", "SELECT x FROM t", "\0",
  ])
  func whatIsNotOneStatementIsRefused(sql: String) throws {
    try database.write { try insert(1, "one", $0) }
    #expect(throws: SQLiteError.self) { try database.write { try $0.execute(sql) } }
    #expect(try database.read { try $0.value("SELECT count(*) FROM t") } == 1)
    #expect(try database.read { try $0.value("SELECT 5 ;  ") } == 5)
  }

  @Test func aScriptStopsAtItsFirstMistake() throws {
    try database.write { db throws in
      let script =
        "INSERT INTO t VALUES (1, 'a'); INSERT INTO nowhere VALUES (1); INSERT INTO t VALUES (2, 'b')"
      let error = #expect(throws: SQLiteError.self) { try db.run(script: script) }
      #expect(error?.code == .error && error?.message == "no such table: nowhere")
      #expect(try db.values("SELECT a FROM t") == [1])
    }
  }

  @Test func foreignKeysAreEnforced() throws {
    #expect(throws: SQLiteError.self) { try database.write { try $0.execute("INSERT INTO u VALUES (77)") } }
  }
}
