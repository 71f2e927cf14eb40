import Diagnostics
import Foundation
import Outputs
import Rendering
import Sessions
import Synchronization

/// Keeps the open sessions of a prompt on the disk cell by cell, so that one that is killed loses no more than
/// the cell in flight.
///
/// A session's file is written whole after every cell, without its large arrays: they are in ``KeptArrays``.
///
/// Each prompt holds a lock on a file of its own for as long as it lives: sessions whose lock is free belong to
/// nobody any more, and are offered to the next prompt.
final class Journal {
  private let folder: JournalFolder
  private let lock: Int32
  private let arrays: KeptArrays
  /// Sessions of earlier prompts that are open here, and are on the disk here as soon as their arrays are.
  private var takenOver: [JournalFolder.Orphan] = []
  /// What holds those of them that are not dropped yet, by their paths.
  private let claims = Claims()
  /// The user has been told that something is not kept; once is enough.
  private var hasWarned = false

  /// How long the next prompt may wait for large arrays: as long as nobody notices, or a tenth of the time that it
  /// took to make them.
  private static func patience(after seconds: Double) -> Double { max(0.1, seconds / 10) }

  /// Begins a journal; nil where there is no folder to keep it in.
  ///
  /// - Parameters:
  ///   - prefix: tells its files from those of other prompts.
  ///   - threshold: from how many bytes on an array gets a file of its own.
  init?(
    folder: StateFolder? = StateFolder(), prefix: String = JournalFolder.prefixOfProcess,
    threshold: Int = KeptArrays.usualThreshold
  ) {
    guard let folder else { return nil }
    self.folder = JournalFolder(folder.path + "/sessions", prefix: prefix)
    guard let lock = self.folder.takeLock() else { return nil }
    self.lock = lock
    arrays = KeptArrays(folder: self.folder.arrays, in: self.folder.path, threshold: threshold)
  }

  deinit { close(lock) }

  /// Writes a session after a cell.
  ///
  /// Large arrays that are new in it are written meanwhile. It is patient with them as far as the cell took its time,
  /// until somebody presses Ctrl-C; those that take longer are on the disk a little later.
  ///
  /// - Parameter isLast: whether there will be no later chance; then it waits for all of them.
  /// - Returns: false where the session's file could not be written.
  @discardableResult
  func note(_ session: Workspace.Named, isLast: Bool = false, warn: (Output) -> Void) -> Bool {
    let path = folder.session(session.name)
    let transcript = session.transcript
    guard !transcript.entries.isEmpty || access(path, F_OK) == 0 else { return true }
    var isKept = false
    do {
      arrays.begin(session.name)
      let contents = try SessionFile.contents(of: transcript, store: arrays) { $0.text(.report) }
      if isLast {
        arrays.waitForAll()
      } else {
        let interruption = transcript.session.interruption
        arrays.wait(atMost: Journal.patience(after: transcript.entries.last?.seconds ?? 0)) {
          interruption.isRequested
        }
      }
      try contents.write(to: path)
      isKept = true
      arrays.end()
    } catch {
      tell("this session is not saved in case the program is killed", error, warn)
    }
    if let failure = arrays.takeFailure() {
      tell("large arrays of this session are not saved in case the program is killed", failure, warn)
    }
    return isKept
  }

  private func tell(_ what: String, _ error: any Error, _ warn: (Output) -> Void) {
    guard !hasWarned else { return }
    hasWarned = true
    warn(.text("\(what): \(error.reason)"))
  }

  /// Forgets a session that was closed.
  func forget(_ name: String) {
    unlink(folder.session(name))
    arrays.forget(name)
  }

  /// Forgets everything: the user has left.
  func end() {
    folder.dropSessions()
    arrays.clear()
    for orphan in takenOver {
      unlink(orphan.path)
      claims.release(orphan.path)
    }
    folder.dropLock()
    folder.tidy()
  }

  /// The sessions that earlier prompts left behind, the newest last.
  func orphans() -> [JournalFolder.Orphan] {
    folder.orphans().filter { orphan in !takenOver.contains { $0.path == orphan.path } }
  }

  /// Takes a session that an earlier prompt left behind; false where another prompt has taken it.
  func claim(_ orphan: JournalFolder.Orphan) -> Bool {
    guard let descriptor = folder.claim(orphan) else { return false }
    claims.hold(orphan.path, descriptor)
    return true
  }

  /// Leaves a session that was taken for the next prompt, as one that cannot be read.
  func leave(_ orphan: JournalFolder.Orphan) { claims.release(orphan.path) }

  /// Keeps a session that an earlier prompt left and that is open here now, and drops what that one left: not before
  /// all of it is on the disk again.
  func takeOver(_ orphan: JournalFolder.Orphan, as session: Workspace.Named, warn: (Output) -> Void) {
    takenOver.append(orphan)
    guard note(session, warn: warn) else { return }
    arrays.afterWriting { [folder, claims] in
      unlink(orphan.path)
      claims.release(orphan.path)
      folder.tidy()
    }
  }
}

/// What holds sessions of earlier prompts: open files, which are released on the queue that writes arrays.
private final class Claims: Sendable {
  private let descriptors = Mutex([String: Int32]())

  func hold(_ path: String, _ descriptor: Int32) {
    if let old = descriptors.withLock({ $0.updateValue(descriptor, forKey: path) }) { close(old) }
  }

  func release(_ path: String) {
    if let descriptor = descriptors.withLock({ $0.removeValue(forKey: path) }) { close(descriptor) }
  }
}
