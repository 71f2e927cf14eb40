public import Diagnostics
import Foundation
import GRDB

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
  let database: DatabaseQueue

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
      } catch let error as DatabaseError where error.meansDamage {
        let kept = try DamagedStore.moveAside(file)
        return (try prepared(file), kept.map { .damagedStore(movedTo: $0) })
      }
    } catch {
      throw Diagnostic.storeFailure(error, file: file)
    }
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
      } catch let error as DatabaseError where error.meansReadOnly {
        var configuration = Configuration()
        configuration.busyMode = .timeout(patience)
        configuration.readonly = true
        return RunStore(file: file, database: try DatabaseQueue(path: file, configuration: configuration))
      }
    } catch {
      throw Diagnostic.unreadableStore(error, file: file)
    }
  }

  /// The store with its tables as this version has them.
  ///
  /// A new one is its user's alone, as the prompt's history is: SQLite gives the files beside it the same permissions.
  static func prepared(_ file: String) throws -> RunStore {
    claim(file)
    let deadline = ContinuousClock.now + .seconds(patience)
    while true {
      do {
        let database = try DatabaseQueue(path: file, configuration: configuration)
        try Schema.migrate(database, besides: file)
        return RunStore(file: file, database: database)
      } catch let error as DatabaseError where error.meansBusy && ContinuousClock.now < deadline {
        // Going over to WAL does not wait for another program that does the same.
        Thread.sleep(forTimeInterval: 0.02)
      }
    }
  }

  /// The database with its journal in memory, which takes no room on the disk; a failure of power meanwhile can damage it.
  static func withoutLog(_ file: String) throws -> DatabaseQueue {
    // What stands in the log goes into the database first, for which there is the reserve.
    let pragmas = "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = MEMORY; PRAGMA temp_store = MEMORY"
    return try DatabaseQueue(path: file, configuration: configured(pragmas))
  }

  // GRDB's own way into WAL mode writes a table and drops it again, for the sake of snapshots that nobody takes here.
  private static let configuration = configured(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = \(StoreReserve.logPages)"
  )

  private static func configured(_ pragmas: String) -> Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(patience)
    configuration.prepareDatabase { try $0.execute(sql: pragmas) }
    return configuration
  }
}

/// Makes the file where there is none, for its user alone. A method hides the system's calls.
private func claim(_ file: String) {
  let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
  if descriptor >= 0 { close(descriptor) }
}
