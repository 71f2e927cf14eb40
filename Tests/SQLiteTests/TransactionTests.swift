import Foundation
import Synchronization
import Testing

@testable import SQLite

/// Transactions of one connection and of several, and files that are not as they should be.
@Suite struct TransactionTests {
  /// A folder that goes with the test.
  private final class Folder: Sendable {
    let url = FileManager.default.temporaryDirectory.appending(path: "nbs-sqlite-\(UUID().uuidString)")
    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }
  }

  private struct Stop: Error {}

  private let folder: Folder
  private var path: String { folder.url.appending(path: "test.sqlite").path }

  init() throws { folder = try Folder() }

  /// A file with a table of one number.
  private func open(patience: Double = 0) throws -> Database {
    let database = try Database(path: path, patience: patience, setup: "PRAGMA journal_mode = WAL")
    try database.write { db in
      try db.execute("CREATE TABLE IF NOT EXISTS t (a)")
      if try db.value("SELECT count(*) FROM t") == 0 { try db.execute("INSERT INTO t VALUES (1)") }
    }
    return database
  }

  private func number(in database: Database) throws -> Int? {
    try database.read { try $0.value("SELECT a FROM t") }
  }

  @Test func whatThrowsTakesNoEffect() throws {
    let database = try open()
    #expect(throws: Stop.self) {
      try database.write { db in
        try db.execute("UPDATE t SET a = 2")
        try db.execute("CREATE TABLE u (a)")
        throw Stop()
      }
    }
    #expect(throws: SQLiteError.self) {
      try database.write { db in
        try db.execute("UPDATE t SET a = 3")
        try db.execute("INSERT INTO u VALUES (1)")
      }
    }
    // What fails when it is to take effect takes none, and leaves no transaction open either.
    #expect(throws: SQLiteError.self) {
      try database.write { db in
        try db.run(script: "CREATE TABLE v (a PRIMARY KEY, b REFERENCES v DEFERRABLE INITIALLY DEFERRED)")
        try db.execute("INSERT INTO v VALUES (1, 7)")
      }
    }
    #expect(try number(in: database) == 1)
    #expect(try database.read { try $0.values("SELECT name FROM sqlite_master") } == ["t"])
    try database.write { try $0.execute("UPDATE t SET a = 4") }
    #expect(try number(in: database) == 4)
  }

  @Test(arguments: ["UPDATE t SET a = 2", "CREATE TABLE u (a)", "PRAGMA user_version = 7"])
  func whatReadsDoesNotWrite(sql: String) throws {
    let database = try open()
    for _ in 1...2 {
      let error = #expect(throws: SQLiteError.self) { try database.read { try $0.execute(sql) } }
      #expect(error?.code == .readOnly && error?.sql == sql)
    }
    let script = #expect(throws: SQLiteError.self) { try database.read { try $0.run(script: sql) } }
    #expect(script?.code == .readOnly)
    #expect(throws: Stop.self) { try database.read { _ in throw Stop() } }
    try database.write { try $0.execute(sql) }
    #expect(try database.read { try $0.values("PRAGMA quick_check") } == ["ok"])
  }

  @Test func oneWritesAtATime() throws {
    let (first, second) = (try open(), try open())
    try first.write { db in
      try db.execute("UPDATE t SET a = 2")
      let error = #expect(throws: SQLiteError.self) { try second.write { _ in } }
      #expect(error?.code == .busy)
      #expect(try number(in: second) == 1, "readers do not wait, and see what was there")
    }
    #expect(try number(in: second) == 2)
  }

  @Test func anotherThatWritesIsWaitedFor() throws {
    let (first, second) = (try open(), try open(patience: 60))
    let order = Mutex<[String]>([])
    let group = DispatchGroup()
    try first.write { db in
      DispatchQueue.global().async(group: group) {
        do {
          try second.write { db in
            try db.execute("UPDATE t SET a = a + 1")
            order.withLock { $0.append("second") }
          }
        } catch { order.withLock { $0.append("\(error)") } }
      }
      Thread.sleep(forTimeInterval: 0.1)
      try db.execute("UPDATE t SET a = 10")
      order.withLock { $0.append("first") }
    }
    group.wait()
    #expect(order.withLock { $0 } == ["first", "second"])
    #expect(try number(in: first) == 11)
  }

  @Test func aReadSeesOneState() throws {
    let (reader, writer) = (try open(), try open())
    try reader.read { db throws in
      #expect(try db.value("SELECT a FROM t") == 1)
      try writer.write { try $0.execute("UPDATE t SET a = 2") }
      #expect(try db.value("SELECT a FROM t") == 1)
      #expect(try number(in: writer) == 2)
    }
    #expect(try number(in: reader) == 2)
  }

  @Test func threadsTakeTurns() throws {
    let database = try open()
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      do {
        for _ in 1...25 {
          try database.write { db in
            let a: Int? = try db.value("SELECT a FROM t")
            try db.execute("UPDATE t SET a = ?", [(a ?? 0) + 1])
          }
        }
      } catch { failures.withLock { $0.append("\(error)") } }
    }
    #expect(failures.withLock { $0 } == [])
    #expect(try number(in: database) == 201)
  }

  @Test func aFileThatIsOnlyToBeReadIsNotWritten() throws {
    _ = try open()
    let database = try Database(path: path, for: .reading)
    #expect(try number(in: database) == 1)
    let error = #expect(throws: SQLiteError.self) {
      try database.write { try $0.execute("UPDATE t SET a = 2") }
    }
    #expect(error?.code == .readOnly)
    let missing = #expect(throws: SQLiteError.self) { try Database(path: path + ".none", for: .reading) }
    #expect(missing?.code == .cannotOpen)
    #expect(!FileManager.default.fileExists(atPath: path + ".none"))
  }

  /// In WAL mode SQLite has files beside the database, also for a reader; not for one that says that nobody writes.
  @Test func aFileThatNobodyWritesIsReadAlone() throws {
    _ = try open()
    let place = folder.url.appending(path: "a ?#%41é.sqlite").path
    try FileManager.default.copyItem(atPath: path, toPath: place)
    let database = try Database(path: place, for: .unchanging)
    #expect(try number(in: database) == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).count == 2)
    let error = #expect(throws: SQLiteError.self) {
      try database.write { try $0.execute("UPDATE t SET a = 2") }
    }
    #expect(error?.code == .readOnly)
    #expect(throws: SQLiteError.self) { try Database(path: place + "x", for: .unchanging) }
  }

  @Test func aCopyIsOnItsOwn() throws {
    let database = try open()
    let copy = try Database(copying: database)
    try copy.write { try $0.execute("UPDATE t SET a = 2") }
    try database.write { try $0.execute("UPDATE t SET a = 3") }
    #expect(try number(in: copy) == 2 && number(in: database) == 3)
    database.close()
    #expect(throws: SQLiteError.self) { try Database(copying: database) }
  }

  @Test func aClosedDatabaseSaysSo() throws {
    let database = try open()
    database.close()
    database.close()
    let error = #expect(throws: SQLiteError.self) { try number(in: database) }
    #expect(error?.code == .misuse && error?.message == "the database is closed")
    #expect(try number(in: open()) == 1)
  }

  /// Its last owner closes the file: what SQLite keeps beside it is gone.
  @Test func aDatabaseIsClosedWithItsLastOwner() throws {
    do {
      let database = try open()
      #expect(try number(in: database) == 1)
      #expect(FileManager.default.fileExists(atPath: path + "-wal"))
    }
    #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
  }

  @Test(arguments: ["this is no database, and long enough to be taken for one", ""])
  func aFileThatIsNoDatabase(text: String) throws {
    let bytes = Data(String(repeating: text, count: 100).utf8)
    try bytes.write(to: URL(fileURLWithPath: path))
    if text.isEmpty {
      #expect(try number(in: open()) == 1, "an empty file is a database without tables")
    } else {
      let error = #expect(throws: SQLiteError.self) { try Database(path: path) }
      #expect(error?.code == .notADatabase)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
    }
  }

  /// Every page of it is damaged in turn: a value, or an error, and nothing else.
  @Test func aDamagedFileIsAnErrorOrAValue() throws {
    do {
      let database = try Database(path: path, setup: "PRAGMA page_size = 512")
      try database.write { db in
        try db.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL, c REAL, d BLOB)")
        for a in 1...60 {
          try db.execute("INSERT INTO t VALUES (?, ?, ?, ?)", [a, "text \(a)", Double(a), Data(count: a)])
        }
      }
    }
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    var failures = 0
    for place in stride(from: 100, to: whole.count, by: 37) {
      var bytes = whole
      for offset in place..<min(place + 9, bytes.count) {
        bytes[offset] = UInt8(truncatingIfNeeded: offset &* 89)
      }
      try bytes.write(to: URL(fileURLWithPath: path))
      do {
        let database = try Database(path: path)
        try database.read { db in
          for row in try db.rows("SELECT * FROM t") {
            _ = (try row["a"] as Int, try row["b"] as String, try row["c"] as Double?, try row["d"] as Data)
          }
        }
      } catch is SQLiteError { failures += 1 }
    }
    #expect(failures > 10)
  }
}
