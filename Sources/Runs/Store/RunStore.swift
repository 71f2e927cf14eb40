public import Diagnostics
import Foundation
import SQLite

/// The store of past runs: one SQLite file, which several programs may read and write at once.
///
/// It is in WAL mode with `synchronous=NORMAL`: a process that is killed leaves every transaction that it
/// committed, and nothing is waited for while a network trains.
///
/// ```swift
/// let (store, _) = try RunStore.open(at: StoreLocation(folder: folder))
/// let latest = try store.runs(RunQuery(limit: 10)).runs  // none yet
/// ```
public struct RunStore: Sendable {
  /// Where the file is.
  public let file: String
  let database: Database

  /// How long a program waits for another that writes.
  static let patience = 5.0

  /// Opens the store to write, and makes it where there is none.
  ///
  /// A damaged store is moved aside and a new one begun, of which `notice` tells.
  ///
  /// - Throws: a ``Diagnostic`` that says why runs cannot be kept.
  public static func open(at location: StoreLocation) throws -> (store: RunStore, notice: Diagnostic?) {
    let file = location.file
    do {
      try location.makeFolder()
      do {
        let store = try prepared(file)
        StoreReserve(besides: file).keep()
        return (store, nil)
      } catch let error as SQLiteError where error.meansDamage {
        return try begunAnew(file)
      }
    } catch {
      throw Diagnostic.storeFailure(error, file: file)
    }
  }

  /// A new store in place of a damaged one, which is moved aside.
  static func begunAnew(_ file: String) throws -> (store: RunStore, notice: Diagnostic?) {
    let kept = try DamagedStore.moveAside(file)
    return (try prepared(file), kept.map { .damagedStore(movedTo: $0) })
  }

  /// Opens the store to read; nil where no run was ever kept.
  ///
  /// - Throws: a ``Diagnostic`` that says why it cannot be read.
  public static func openToRead(at location: StoreLocation) throws -> RunStore? {
    let file = location.file
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    do {
      do {
        return try prepared(file)
      } catch let error where error.meansReadOnly {
        return try onlyToRead(file)
      }
    } catch {
      throw Diagnostic.unreadableStore(error, file: file)
    }
  }

  /// A store that cannot be written.
  static func onlyToRead(_ file: String) throws -> RunStore {
    let database: Database
    do {
      database = try Database(path: file, for: .reading, patience: patience)
    } catch let error where error.meansReadOnly && access(file, R_OK) == 0 && access(file + "-wal", F_OK) != 0
    {
      // SQLite wants files beside one in WAL mode, where they cannot be made. Without a log nobody is writing.
      database = try Database(path: file, for: .unchanging)
    }
    if try Schema.isCurrent(database) { return RunStore(file: file, database: database) }
    // One of an earlier version is brought up to date where that is possible, in memory.
    let copy = try Database(copying: database)
    try Schema.migrate(copy)
    try copy.write { try $0.run(script: "PRAGMA query_only = ON") }
    return RunStore(file: file, database: copy)
  }

  /// The store with its tables as this version has them.
  ///
  /// A new one is its user's alone, as the prompt's history is: SQLite gives the files beside it the same permissions.
  static func prepared(_ file: String) throws -> RunStore {
    claim(file)
    let deadline = ContinuousClock.now + .seconds(patience)
    while true {
      do {
        let database = try Database(path: file, patience: patience, setup: pragmas)
        try Schema.migrate(database, besides: file)
        return RunStore(file: file, database: database)
      } catch let error as SQLiteError where error.meansBusy && ContinuousClock.now < deadline {
        // Going over to WAL does not wait for another program that does the same.
        Thread.sleep(forTimeInterval: 0.02)
      }
    }
  }

  /// The database with its journal in memory, which takes no room on the disk; a failure of power meanwhile can damage it.
  static func withoutLog(_ file: String) throws -> Database {
    // What stands in the log goes into the database first, for which there is the reserve.
    let pragmas = "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = MEMORY; PRAGMA temp_store = MEMORY"
    return try Database(path: file, patience: patience, setup: pragmas)
  }

  private static let pragmas =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = \(StoreReserve.logPages)"
}

/// Makes the file where there is none, for its user alone. A method hides the system's calls.
private func claim(_ file: String) {
  let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
  if descriptor >= 0 { close(descriptor) }
}
