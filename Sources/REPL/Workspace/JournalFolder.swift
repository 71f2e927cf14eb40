import Foundation
import Foundations

/// The folder in which prompts keep their sessions, and the names of one prompt's files in it:
///
///     PREFIX.lock              locked as long as the prompt lives
///     PREFIX-NAME.session      a session
///     PREFIX.arrays/           the large arrays of the prompt's sessions
struct JournalFolder: Sendable {
  /// A session that a prompt left behind.
  struct Orphan: Sendable {
    let name: String
    let path: String
  }

  let path: String
  /// What the names of this prompt's files begin with.
  private let prefix: String

  init(_ path: String, prefix: String) {
    self.path = path
    self.prefix = prefix
  }

  /// A prefix for this process. The numbers of processes come round again, and must not lead to another prompt's
  /// files.
  static var prefixOfProcess: String { "\(getpid()).\(time(nil))" }

  /// The name of the folder for arrays.
  var arrays: String { prefix + ".arrays" }

  /// The file of a session.
  func session(_ name: String) -> String { "\(path)/\(prefix)-\(name).session" }

  private func lock(of owner: some StringProtocol) -> String { "\(path)/\(owner).lock" }

  /// Makes the folder, and the lock that says that this prompt lives.
  ///
  /// - Parameter wait: lets some time pass.
  /// - Returns: the lock's descriptor; nil where it cannot be had.
  func takeLock(wait: () -> Void = { usleep(2_000) }) -> Int32? {
    mkdir(path, 0o700)
    // Another prompt may be finding out just now whether this one lives, and may have taken its file for a dead one's.
    for _ in 0..<100 {
      let descriptor = open(lock(of: prefix), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { return nil }
      if FileLock.take(descriptor, waits: false), JournalFolder.hasName(descriptor, at: lock(of: prefix)) {
        return descriptor
      }
      close(descriptor)
      wait()
    }
    return nil
  }

  /// Whether an open file still has its name.
  private static func hasName(_ descriptor: Int32, at path: String) -> Bool {
    var (file, named) = (stat(), stat())
    return fstat(descriptor, &file) == 0 && stat(path, &named) == 0
      && (file.st_dev, file.st_ino) == (named.st_dev, named.st_ino)
  }

  func dropLock() { unlink(lock(of: prefix)) }

  /// Drops the sessions of this prompt.
  func dropSessions() {
    for file in files where file.hasPrefix(prefix + "-") { unlink("\(path)/\(file)") }
  }

  /// The sessions that earlier prompts left behind, the newest last.
  func orphans() -> [Orphan] {
    let sessions = files.filter { $0.hasSuffix(".session") }.compactMap { file -> (Orphan, Date)? in
      let parts = file.dropLast(".session".count).split(separator: "-", maxSplits: 1)
      guard parts.count == 2, isLeft(by: parts[0]) else { return nil }
      let path = "\(path)/\(file)"
      let date = (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
      return (Orphan(name: String(parts[1]), path: path), date ?? .distantPast)
    }
    return sessions.sorted { $0.1 < $1.1 }.map(\.0)
  }

  /// Takes a session that an earlier prompt left behind, so that no other prompt takes it as well.
  ///
  /// - Returns: what holds it until it is closed; nil where another prompt has it.
  func claim(_ orphan: Orphan) -> Int32? {
    let descriptor = open(orphan.path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    // The other may be done with it just now, and the file gone.
    if FileLock.take(descriptor, waits: false), JournalFolder.hasName(descriptor, at: orphan.path) {
      return descriptor
    }
    close(descriptor)
    return nil
  }

  /// Drops what is left of prompts that left no session behind, and files that a killed one was writing.
  func tidy() {
    let files = files
    for file in files {
      if let writer = JournalFolder.writer(ofTemporary: file) {
        if kill(writer, 0) != 0, errno == ESRCH { unlink("\(path)/\(file)") }
        continue
      }
      guard let ending = [".arrays", ".lock"].first(where: { file.hasSuffix($0) }) else { continue }
      let owner = file.dropLast(ending.count)
      guard !files.contains(where: { $0.hasPrefix(owner + "-") }) else { continue }
      _ = isLeft(by: owner) { try? FileManager.default.removeItem(atPath: "\(path)/\(file)") }
    }
  }

  /// The process that was writing a file which has not got its name yet: `.nbs-PROCESS-NUMBER`.
  private static func writer(ofTemporary file: String) -> pid_t? {
    let parts = file.split(separator: "-")
    return parts.count == 3 && parts[0] == ".nbs" ? pid_t(parts[1]) : nil
  }

  private var files: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

  /// Whether the prompt of a file is another one, and is gone.
  ///
  /// - Parameter work: done if it is gone, while no prompt can take its lock.
  private func isLeft(by owner: some StringProtocol, _ work: () -> Void = {}) -> Bool {
    guard owner != prefix else { return false }
    let descriptor = open(lock(of: owner), O_RDWR | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0 ? FileLock.take(descriptor, waits: false) : errno == ENOENT else { return false }
    work()
    return true
  }
}
