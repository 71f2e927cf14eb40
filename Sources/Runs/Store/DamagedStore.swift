import Foundation
import Foundations
import SQLite

/// What is done about a store that SQLite cannot read.
enum DamagedStore {
  /// Moves the store, and what SQLite keeps beside it, to a name of its own. Nothing is deleted: most of a
  /// damaged database can be rescued.
  ///
  /// - Returns: where it is now; nil where another program has dealt with it meanwhile.
  static func moveAside(_ file: String, now: Date = Date()) throws -> String? {
    try FileLock.holding(file + ".lock") {
      guard isDamaged(file) else { return nil }
      let target = freeName(for: file, now: now)
      for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: file + suffix) {
        try FileManager.default.moveItem(atPath: file + suffix, toPath: target + suffix)
      }
      return target
    }
  }

  /// Whether it is damaged still: two programs may meet the same damage, and the second must not move away
  /// what the first has begun anew.
  private static func isDamaged(_ file: String) -> Bool {
    do {
      let database = try Database(path: file)
      return try database.read { try $0.value("PRAGMA quick_check(1)") } != "ok"
    } catch {
      return (error as? SQLiteError)?.meansDamage ?? false
    }
  }

  private static func freeName(for file: String, now: Date) -> String {
    let stamp = now.formatted(.iso8601.dateSeparator(.omitted).timeSeparator(.omitted))
    let base = file.hasSuffix(".sqlite") ? String(file.dropLast(7)) : file
    var name = "\(base)-damaged-\(stamp).sqlite"
    var count = 1
    while FileManager.default.fileExists(atPath: name) {
      count += 1
      name = "\(base)-damaged-\(stamp)-\(count).sqlite"
    }
    return name
  }
}
