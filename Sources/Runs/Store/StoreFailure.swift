import Diagnostics
import Foundation
import Foundations
import GRDB

extension DatabaseError {
  var meansDamage: Bool { [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(resultCode) }
  var meansBusy: Bool { [.SQLITE_BUSY, .SQLITE_LOCKED].contains(resultCode) }
  /// Some systems tell a full disk as a failed write.
  var meansFullDisk: Bool { [.SQLITE_FULL, .SQLITE_IOERR].contains(resultCode.primaryResultCode) }
  var meansReadOnly: Bool {
    [.SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM].contains(resultCode)
  }
}

extension Diagnostic {
  /// Why a run is not kept, or no longer. It never stops the run.
  static func storeFailure(_ error: any Error, file: String) -> Diagnostic {
    if let diagnostic = error as? Diagnostic { return diagnostic }
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
    func notice(_ message: String, _ suggestion: String? = nil) -> Diagnostic {
      Diagnostic(.runNotKept, message, suggestion: suggestion, severity: .notice)
    }
    if error is SupersededStore {
      return notice(
        "\(file) was written by a newer nbs, so this run is not recorded. Update nbs, or set XDG_DATA_HOME to "
          + "another folder.")
    }
    guard let error = error as? DatabaseError else {
      return notice(
        "This run is not recorded: \(folder) cannot be written (\(error.storeReason)). Set XDG_DATA_HOME to a writable "
          + "folder.")
    }
    switch error.resultCode {
    case .SQLITE_FULL:
      return notice(
        "The disk is full, so the rest of this run is not recorded. Free some space in \(folder); `nbs runs delete` "
          + "deletes old runs.")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return notice(
        "Another program has locked \(file) for \(Int(RunStore.patience)) seconds, so the rest of this run is not "
          + "recorded. `fuser \(file)` names it.")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      return notice(
        "\(file) is damaged, so the rest of this run is not recorded. The next run renames it and creates a new "
          + "one.")
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
      return notice(
        "\(file) cannot be written, so this run is not recorded. Set XDG_DATA_HOME to a writable folder.")
    default:
      return notice("The rest of this run is not recorded: writing \(file) failed (\(error.storeReason)).")
    }
  }

  /// Tells of a store that has been moved.
  static func damagedStore(movedTo file: String) -> Diagnostic {
    Diagnostic(
      .damagedStore,
      "The store of runs was damaged. It was renamed to \(file), and a new one was created. "
        + "`sqlite3 \(file) .recover` recovers what can be read.", severity: .notice)
  }

  /// Why `nbs runs` can show nothing.
  static func unreadableStore(_ error: any Error, file: String) -> Diagnostic {
    if let diagnostic = error as? Diagnostic { return diagnostic }
    if error is SupersededStore {
      return Diagnostic(.newerStore, "\(file) was written by a newer nbs. Update nbs to read it.")
    }
    if let error = error as? DatabaseError, error.meansDamage {
      return Diagnostic(
        .damagedStore,
        "\(file) is damaged. The next run renames it and creates a new one; `sqlite3 \(file) .recover` "
          + "recovers what can be read.")
    }
    if let error = error as? DatabaseError, error.resultCode.primaryResultCode == .SQLITE_FULL {
      return Diagnostic(
        .diskFull, "The disk is full, and nothing was changed in \(file). Free some space first.")
    }
    return Diagnostic(.unreadableStore, "\(file) cannot be read: \(error.storeReason).")
  }
}

extension Error {
  /// What went wrong, in the words of whoever said so.
  fileprivate var storeReason: String {
    if let error = self as? DatabaseError { return error.message ?? "SQLite error \(error.resultCode)" }
    return reason
  }
}
