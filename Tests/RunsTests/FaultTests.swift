import Diagnostics
import Foundation
import Foundations
import Outputs
import Rendering
import SQLite
import Synchronization
import Testing

@testable import Runs

/// What is wrong with a store costs a warning.
@Suite struct FaultTests {
  @Test func aFileThatIsNoDatabaseIsMovedAside() throws {
    let store = try TestStore()
    try Data(String(repeating: "this is no database\n", count: 500).utf8).write(
      to: URL(fileURLWithPath: store.location.file))
    let recorder = store.recorder()
    recorder.cellBegan(at: 0)
    recorder.finish(.done)
    #expect(recorder.takeWarning()?.code == .damagedStore)
    #expect(recorder.takeWarning() == nil, "told once")
    #expect(try store.read().run(1).summary.status == .ended(.done), "the run is kept in a new store")
    let moved = try #require(store.files.first { $0.hasPrefix("runs-damaged-") && $0.hasSuffix(".sqlite") })
    let folder = URL(fileURLWithPath: store.location.folder)
    #expect(
      try String(contentsOf: folder.appending(path: moved), encoding: .utf8).hasPrefix("this is no database"))
  }

  /// The tables can be found, and what stands in them cannot be read.
  @Test(arguments: [false, true]) func damageThatShowsOnlyWhenARunBeginsIsMovedAsideToo(isSweep: Bool) throws
  {
    // The recorders of this process have the store open still, and what they know of its pages is sound.
    let (keeper, store) = (try TestStore(), try TestStore())
    for number in 1...30 { try keeper.keep("\(number)", figures: ["loss": (1...200).map { 1 / Double($0) }]) }
    for ending in ["", "-wal"] {
      try FileManager.default.copyItem(
        atPath: keeper.location.file + ending, toPath: store.location.file + ending)
    }
    // Who closes a store last moves its log into it.
    try RunStore.prepared(store.location.file).database.close()
    let url = URL(fileURLWithPath: store.location.file)
    var bytes = try Data(contentsOf: url)
    // The first page has the schema, and the next two have the list of migrations.
    for offset in stride(from: 3 * 4096, to: bytes.count, by: 7) { bytes[offset] ^= 0x5A }
    try bytes.write(to: url)
    #expect(throws: Diagnostic.self) { try store.read().runs() }
    #expect(!store.files.contains { $0.hasPrefix("runs-damaged-") }, "looking moves nothing")

    let warnings: [Diagnostic?]
    if isSweep {
      var description = RunDescription.small
      description.sweep = "{}"
      let recorder = SweepRecorder(description, location: { [location = store.location] in location })
      recorder.begin()
      recorder.finish(.done, metrics: [:])
      warnings = [recorder.takeWarning(), recorder.takeWarning()]
    } else {
      let recorder = store.recorder()
      recorder.cellBegan(at: 0)
      recorder.finish(.done)
      warnings = [recorder.takeWarning(), recorder.takeWarning()]
    }
    #expect(warnings[0]?.message.contains("was renamed to") == true, "\(warnings[0]?.message ?? "")")
    #expect(warnings[1] == nil && store.files.count { $0.hasPrefix("runs-damaged-") } == 1)
    #expect(try store.read().run(1).summary.status == .ended(.done) && store.read().runs().count == 1)
  }

  @Test func aNewStoreIsItsUsersAlone() throws {
    let store = try TestStore()
    try store.keep("private")
    let open = try store.read()
    let folder = URL(fileURLWithPath: store.location.folder)
    for file in store.files where file.hasPrefix("runs.sqlite") {
      let path = folder.appending(path: file).path
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600, "\(file)")
    }
    #expect(try open.runs().count == 1)
  }

  @Test func severalThatBeginAStoreAtOnceAllHaveIt() throws {
    for _ in 0..<60 {
      let store = try TestStore()
      let failures = Mutex<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 6) { [location = store.location] _ in
        do { _ = try RunStore.open(at: location) } catch { failures.withLock { $0.append("\(error)") } }
      }
      #expect(failures.withLock { $0 } == [])
    }
  }

  @Test func twoThatMeetTheSameDamageMoveItOnce() throws {
    let store = try TestStore()
    try Data(repeating: 7, count: 9000).write(to: URL(fileURLWithPath: store.location.file))
    #expect(try DamagedStore.moveAside(store.location.file) != nil)
    try store.keep("after")
    #expect(try DamagedStore.moveAside(store.location.file) == nil)
    #expect(try store.read().runs().count == 1)
  }

  @Test func namesOfDamagedStoresDoNotCollide() throws {
    let store = try TestStore()
    let now = Date()
    for _ in 1...3 {
      try Data(repeating: 7, count: 9000).write(to: URL(fileURLWithPath: store.location.file))
      #expect(try DamagedStore.moveAside(store.location.file, now: now) != nil)
    }
    #expect(store.files.count { $0.hasPrefix("runs-damaged-") } == 3)
  }

  @Test func aStoreOfANewerVersionIsLeftAlone() throws {
    let store = try TestStore()
    try store.keep("old")
    try RunStore.prepared(store.location.file).database.write {
      try $0.execute("INSERT INTO grdb_migrations VALUES ('2: from the future')")
    }
    let recorder = store.recorder()
    recorder.cellBegan(at: 0)
    recorder.finish(.done)
    #expect(recorder.takeWarning()?.message.contains("newer nbs") == true)
    #expect(throws: Diagnostic.self) { try store.read() }
  }

  @Test func aPlaceThatCannotBeWrittenIsToldOnce() throws {
    let recorder = RunRecorder(
      .small, location: { StoreLocation(folder: "/proc/none/nbs") }, render: { RenderedOutput($0) })
    for _ in 1...3 {
      recorder.cellBegan(at: 0)
      recorder.cellEnded(.done)
    }
    recorder.finish(.done)
    #expect(recorder.takeWarning()?.message.contains("XDG_DATA_HOME") == true)
    #expect(recorder.takeWarning() == nil)
  }

  @Test func withoutAHomeThereIsNoPlace() throws {
    #expect(throws: Diagnostic.self) { try StoreLocation(environment: ["HOME": ""]) }
    let relative = try StoreLocation(environment: ["XDG_DATA_HOME": "data", "HOME": "/home/a"])
    #expect(relative.folder == "/home/a/.local/share/nbs", "the XDG specification ignores relative paths")
    #expect(try StoreLocation(environment: ["XDG_DATA_HOME": "/data"]).file == "/data/nbs/runs.sqlite")
  }

  @Test func anotherThatWritesIsWaitedFor() throws {
    let store = try TestStore()
    try store.keep("first")
    let other = try RunStore.prepared(store.location.file).database
    let recorder = store.recorder()
    try other.write { db in
      try db.execute("UPDATE runs SET title = 'locked'")
      recorder.cellBegan(at: 0)
      Thread.sleep(forTimeInterval: 0.3)
    }
    recorder.finish(.done)
    #expect(recorder.takeWarning() == nil)
    #expect(try store.read().runs().count == 2)
  }

  /// Values that nbs never writes, as damage or another program leaves them, are told with the run that they belong to.
  @Test(
    arguments: [
      "UPDATE runs SET title = x'00'", "UPDATE runs SET seconds = 'long'", "UPDATE runs SET seed = NULL",
      "UPDATE runs SET sweep = x'FF'", "UPDATE runs SET process = x'01', ending = NULL",
      "UPDATE metrics SET value = 'low'", "UPDATE parameters SET value = x'02'",
      "UPDATE cells SET ending = 1.5", "UPDATE cells SET seconds = 'short'",
      "UPDATE outputs SET content = x'00'", "UPDATE series SET steps = 'many'", "UPDATE series SET cell = -1",
      "UPDATE points SET first = 9223372036854775807", "UPDATE points SET stride = 9e18",
      "UPDATE points SET \"values\" = 'text'", "UPDATE points SET stride = -9223372036854775807",
    ])
  func aValueThatNobodyWroteIsNamed(sql: String) throws {
    let keeper = try TestStore()
    try keeper.keep("sound")
    let id = try keeper.keep(
      "xor", parameters: [RunFact("rate", "0.3")], figures: ["loss": [0.5, 0.1]], output: "1")
    try RunStore.prepared(keeper.location.file).database.write { db in
      // Nothing of these tables refuses a value any more, and none converts it.
      try db.run(
        script: """
          PRAGMA writable_schema = ON;
          UPDATE sqlite_master SET sql = replace(replace(replace(sql, ' NOT NULL', ''), ' TEXT', ''), ' REAL', '');
          PRAGMA writable_schema = OFF;
          """)
    }
    let damaged = try RunStore.prepared(keeper.location.file)
    try damaged.database.write { db in
      let key = sql.contains("UPDATE runs") ? "id" : sql.contains("UPDATE points") ? "series" : "run"
      try db.execute("\(sql) WHERE \(key) = \(key == "series" ? 1 : id)")
    }
    let error = #expect(throws: Diagnostic.self) {
      _ = try damaged.runs()
      _ = try damaged.run(id)
    }
    #expect(
      error?.code == .damagedStore && error?.suggestion == "nbs runs delete \(id)", "\(error?.message ?? "")")
    #expect(error?.message.contains("Run \(id) is damaged: column ") == true, "\(error?.message ?? "")")
    try damaged.delete([id])
    #expect(try damaged.runs().runs.map(\.title) == ["sound"])
  }
}
