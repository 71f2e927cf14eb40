import Diagnostics
import Foundation
import Foundations
import SQLite

extension SQLiteError {
  var meansDamage: Bool { [.corrupt, .notADatabase].contains(code) }
  var meansBusy: Bool { [.busy, .locked].contains(code) }
  /// Some systems tell a full disk as a failed write.
  var meansFullDisk: Bool { [.full, .inputOutput].contains(code) }
}

extension Error {
  /// Whether the store, or the file of its lock, cannot be written.
  var meansReadOnly: Bool {
    if let error = self as? CodedError { return error.code == .unwritableFile }
    return [.readOnly, .cannotOpen, .permission].contains((self as? SQLiteError)?.code)
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
    guard let error = error as? SQLiteError else {
      return notice(
        "This run is not recorded: \(folder) cannot be written (\(error.storeReason)). Set XDG_DATA_HOME to a writable "
          + "folder.")
    }
    switch error.code {
    case .full:
      return notice(
        "The disk is full, so the rest of this run is not recorded. Free some space in \(folder); `nbs runs delete` "
          + "deletes old runs.")
    case .busy, .locked:
      return notice(
        "Another program has locked \(file) for \(Int(RunStore.patience)) seconds, so the rest of this run is not "
          + "recorded. `fuser \(file)` names it.")
    case .corrupt, .notADatabase:
      return notice(
        "\(file) is damaged, so the rest of this run is not recorded. The next run renames it and creates a new "
          + "one.")
    case .readOnly, .cannotOpen, .permission:
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
    if let error = error as? SQLiteError, error.meansDamage {
      return Diagnostic(
        .damagedStore,
        "\(file) is damaged. The next run renames it and creates a new one; `sqlite3 \(file) .recover` "
          + "recovers what can be read.")
    }
    if let error = error as? SQLiteError, error.code == .mismatch {
      return Diagnostic(
        .damagedStore,
        "\(file) is damaged: \(error.message). Rename it, and the next run creates a new one; "
          + "`sqlite3 \(file) .recover` recovers what can be read.")
    }
    if let error = error as? SQLiteError, error.code == .full {
      return Diagnostic(
        .diskFull, "The disk is full, and nothing was changed in \(file). Free some space first.")
    }
    return Diagnostic(.unreadableStore, "\(file) cannot be read: \(error.storeReason).")
  }

  /// Why a run cannot be shown, and neither can a list with it.
  static func damagedRun(_ id: Int64, _ error: SQLiteError) -> Diagnostic {
    Diagnostic(
      .damagedStore,
      "Run \(id) is damaged: \(error.message). `nbs runs delete \(id)` deletes it, and then the others can be read.",
      suggestion: "nbs runs delete \(id)")
  }
}

extension Error {
  /// What went wrong, in the words of whoever said so.
  fileprivate var storeReason: String {
    (self as? SQLiteError)?.message ?? reason
  }
}
