import Diagnostics
import Foundation
import Outputs
import SQLite
import Testing

@testable import Runs

/// Stores that earlier versions made, in which GRDB kept the list of migrations.
@Suite struct EarlierStoreTests {
  private static let files = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Migration")
  private static let identifiers = [
    "1: runs, cells, outputs, metrics", "2: runs that can be taken up again", "3: sweeps and their trials",
  ]

  /// A store with a copy of the one of a version.
  private func store(of version: String) throws -> TestStore {
    let store = try TestStore()
    try FileManager.default.copyItem(
      atPath: Self.files.appending(path: "version-\(version)/runs.sqlite").path, toPath: store.location.file)
    return store
  }

  private func identifiers(in database: Database) throws -> [String] {
    try database.read { try $0.values("SELECT identifier FROM grdb_migrations ORDER BY rowid") }
  }

  /// What the tables were made with.
  private func schema(of database: Database) throws -> [String] {
    try database.read { db in
      try db.rows("SELECT name, sql FROM sqlite_master ORDER BY name").map {
        "\(try $0["name"] as String): \(try $0["sql"] ?? "-")"
      }
    }
  }

  @Test func aStoreThatGRDBMadeIsReadAndGoesOn() throws {
    let keeper = try store(of: "0.2")
    let before = try Database(path: keeper.location.file, for: .reading)
    #expect(try identifiers(in: before) == Self.identifiers)
    before.close()
    let store = try keeper.read()
    let (runs, count) = try store.runs()
    #expect(runs.map(\.id) == [6, 3, 2, 1] && count == 4)
    #expect(runs.map(\.status) == [.broken, .ended(.done), .ended(.done), .ended(.done)])
    #expect(runs.map(\.trials) == [nil, 2, nil, nil] && runs[3].seed == "18446744073709551615")
    #expect(runs[1].title == "XOR, kept by nbs 0.2" && runs[1].path == "/home/user/course/xor.nbs")
    let figures = Dictionary(uniqueKeysWithValues: runs[2].metrics.map { ($0.name, $0.value) })
    #expect(figures["nothing"]?.isNaN == true && figures["much"] == .infinity && figures["accuracy"] != nil)
    let run = try store.run(2)
    #expect(run.series.map(\.title).contains("loss of solver on xor"))
    #expect(run.series[0].steps == Array(1...100) && run.series[0].values.last == run.series[0].last)
    #expect(run.cells.flatMap(\.outputs).contains { $0.plain.contains("é") })
    let trials = try store.sweep(3)
    #expect(trials.trials.count == 2 && trials.summary.metrics.map(\.name) == ["loss"])
    #expect(try store.resumable(6).path == "/home/user/course/endless.nbs")

    #expect(try keeper.keep("new", figures: ["loss": [1, 0.5]]) == 7)
    try store.delete([1, 3])
    #expect(try store.runs().runs.map(\.id) == [7, 6, 2] && store.health().complaints.isEmpty)
    #expect(try store.health().runs == 3, "trials go with their sweep")
    #expect(try identifiers(in: store.database) == Self.identifiers)
  }

  /// What makes a store readable for the programs of before: the same tables, and the same list of migrations.
  @Test(arguments: ["0.1", "0.2"]) func aNewStoreIsWhatAnEarlierOneBecomes(version: String) throws {
    let (place, keeper) = (try TestStore(), try store(of: version))
    let new = try RunStore.prepared(place.location.file).database
    let earlier = try keeper.read().database
    #expect(try schema(of: new) == schema(of: earlier) && schema(of: new).count > 10)
    #expect(try identifiers(in: new) == Self.identifiers && identifiers(in: earlier) == Self.identifiers)
    #expect(try keeper.read().runs().count > 0)
  }

  /// The file stays as it is; what has to be done to it is done in memory.
  @Test(arguments: ["0.1", "0.2"]) func aStoreThatCannotBeWrittenIsRead(version: String) throws {
    let keeper = try store(of: version)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: keeper.location.file))
    let store = try RunStore.onlyToRead(keeper.location.file)
    let (runs, count) = try store.runs()
    #expect(count == (version == "0.1" ? 1 : 4) && runs.last?.id == 1)
    #expect(try !store.run(1).series.isEmpty && store.health().complaints.isEmpty && store.lastRun() != nil)
    let error = #expect(throws: Diagnostic.self) { try store.delete([1]) }
    #expect(error?.message.contains("readonly") == true, "\(error?.message ?? "")")
    #expect(try store.runs().count == count)
    #expect(try Data(contentsOf: URL(fileURLWithPath: keeper.location.file)) == bytes)
  }

  /// A program that stops between two migrations leaves the first of them done.
  @Test func aMigrationIsDoneAsAWholeOrNotAtAll() throws {
    let keeper = try store(of: "0.1")
    let database = try Database(path: keeper.location.file)
    // The third migration makes a table's column of this name.
    try database.write { try $0.execute("ALTER TABLE runs ADD COLUMN sweep TEXT") }
    #expect(throws: SQLiteError.self) { try Schema.migrate(database, besides: keeper.location.file) }
    #expect(try identifiers(in: database) == Array(Self.identifiers.prefix(2)))
    let columns = try database.read {
      try $0.values("SELECT name FROM pragma_table_info('runs')") as [String]
    }
    #expect(columns.contains("resumption") && !columns.contains("parent"))
    try database.write { try $0.execute("ALTER TABLE runs DROP COLUMN sweep") }
    try Schema.migrate(database, besides: keeper.location.file)
    #expect(try identifiers(in: database) == Self.identifiers)
  }
}
