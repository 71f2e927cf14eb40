import Foundation
import SQLite

/// What can be said of a store without looking at a run.
public struct StoreHealth: Sendable, Equatable {
  /// How many runs it holds.
  public let runs: Int
  /// What it takes on the disk, with the log beside it.
  public let bytes: Int
  /// What SQLite finds wrong with the file, one complaint a line; empty where all is well.
  public let complaints: [String]
}

extension RunStore {
  /// The version of the SQLite library.
  public static var libraryVersion: String { Database.libraryVersion }

  /// Looks at the whole file: it takes a second for each gigabyte or so.
  ///
  /// - Throws: a ``Diagnostic`` where it cannot be read.
  public func health() throws -> StoreHealth {
    try reading { db in
      let complaints: [String] = try db.values("PRAGMA quick_check(5)").filter { $0 != "ok" }
      let bytes = ["", "-wal"].map { suffix in
        (try? FileManager.default.attributesOfItem(atPath: file + suffix)[.size] as? Int) ?? 0
      }
      return StoreHealth(
        runs: try db.value("SELECT count(*) FROM runs") ?? 0, bytes: bytes.reduce(0) { $0 + $1 },
        complaints: complaints)
    }
  }
}
