import Diagnostics
import Foundation
import Glibc
import Outputs
import Rendering
import Sessions

/// Keeps the open sessions of a prompt on the disk cell by cell, so that one that is killed loses no more than
/// the cell in flight.
///
/// Each prompt holds a lock on a file of its own for as long as it lives: sessions whose lock is free belong to
/// nobody any more, and are offered to the next prompt.
final class Journal {
  /// A session that a prompt left behind.
  struct Orphan {
    let name: String
    let path: String
  }

  private let folder: String
  private let prefix: String
  private let lock: Int32
  /// How long it took to write a session: a large one waits until nobody is typing.
  private var lastCost = Duration.zero
  private var pending: Workspace.Named?
  private var isBroken = false

  /// What may be spent after every cell.
  private static let immediateCost = Duration.milliseconds(250)

  /// Begins a journal; nil where there is no folder to keep it in.
  init?(folder: StateFolder? = StateFolder()) {
    guard let folder else { return nil }
    self.folder = folder.path + "/sessions"
    // The numbers of processes come round again, and must not lead to another prompt's files.
    prefix = "\(getpid()).\(time(nil))"
    mkdir(self.folder, 0o700)
    lock = open("\(self.folder)/\(prefix).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else { return nil }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      return nil
    }
  }

  deinit { close(lock) }

  private func path(_ name: String) -> String { "\(folder)/\(prefix)-\(name).session" }

  /// Writes a session after a cell, or soon after it.
  ///
  /// - Parameter isLast: whether there will be no later chance.
  func note(_ session: Workspace.Named, isLast: Bool = false, warn: (Output) -> Void) {
    guard !isBroken, !session.transcript.entries.isEmpty || exists(path(session.name)) else { return }
    if let pending, pending !== session { write(pending, warn: warn) }
    pending = session
    if isLast || lastCost < Journal.immediateCost { write(session, warn: warn) }
  }

  /// Writes what waits to be written; called when nobody has typed for a moment.
  func catchUp(warn: (Output) -> Void) {
    if let pending { write(pending, warn: warn) }
  }

  private func write(_ session: Workspace.Named, warn: (Output) -> Void) {
    pending = nil
    let start = ContinuousClock.now
    do {
      try SessionFile.write(session.transcript, to: path(session.name)) { $0.text(.report) }
    } catch {
      isBroken = true
      let reason = (error as? Diagnostic)?.message ?? "\(error)"
      warn(.text("this session is not kept in case the program is killed: \(reason)"))
    }
    lastCost = ContinuousClock.now - start
  }

  private func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Forgets a session that was closed.
  func forget(_ name: String) {
    if pending?.name == name { pending = nil }
    unlink(path(name))
  }

  /// Forgets everything: the user has left.
  func end(_ names: [String]) {
    for name in names { forget(name) }
    unlink("\(folder)/\(prefix).lock")
    tidy()
  }

  /// The sessions that earlier prompts left behind, the newest last.
  func orphans() -> [Orphan] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let sessions = files.filter { $0.hasSuffix(".session") }.compactMap { file -> (Orphan, Date)? in
      let parts = file.dropLast(".session".count).split(separator: "-", maxSplits: 1)
      guard parts.count == 2, parts[0] != prefix[...], isFree("\(folder)/\(parts[0]).lock") else {
        return nil
      }
      let path = "\(folder)/\(file)"
      let date = (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
      return (
        Orphan(name: String(parts[1]), path: path), date ?? .distantPast
      )
    }
    return sessions.sorted { $0.1 < $1.1 }.map(\.0)
  }

  /// Drops the locks of prompts that left no session behind.
  func tidy() {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for file in files where file.hasSuffix(".lock") {
      let owner = file.dropLast(".lock".count)
      let hasSession = files.contains { $0.hasPrefix(owner + "-") }
      if owner != prefix[...], !hasSession, isFree("\(folder)/\(file)") { unlink("\(folder)/\(file)") }
    }
  }

  /// Whether the prompt of a lock is gone.
  private func isFree(_ path: String) -> Bool {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return errno == ENOENT }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0
  }

  /// Drops what an earlier prompt left, now that it is open here.
  func takeOver(_ orphan: Orphan) {
    unlink(orphan.path)
    tidy()
  }
}
