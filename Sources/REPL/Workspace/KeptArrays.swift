import Diagnostics
import Foundation
import Foundations
import Sessions
import Synchronization

/// The large arrays of a prompt's sessions, each in a file of its own that is written once, on a queue of its own.
///
/// A session's file is small without them, and is written after every cell. Nothing here looks at the numbers of an
/// array that it knows already.
final class KeptArrays {
  /// An array of this many bytes gets a file of its own.
  static let usualThreshold = 1 << 18

  /// A file, and the work of writing it.
  private final class Job: Sendable {
    let path: String
    private let isDropped = Atomic(false)
    private let isBroken = Atomic(false)

    init(path: String) { self.path = path }

    var isWanted: Bool { !isDropped.load(ordering: .relaxed) }
    func drop() { isDropped.store(true, ordering: .relaxed) }

    /// Whether the file could not be written.
    var hasFailed: Bool { isBroken.load(ordering: .relaxed) }
    func fail() { isBroken.store(true, ordering: .relaxed) }
  }

  /// What goes wrong on the queue.
  private final class Trouble: Sendable {
    private let state = Mutex<(hasCome: Bool, news: Diagnostic?)>((false, nil))

    var hasCome: Bool { state.withLock(\.hasCome) }

    func note(_ error: any Error) {
      let mistake = error.diagnostic()
      state.withLock { $0 = (true, $0.news ?? mistake) }
    }

    func takeNews() -> Diagnostic? {
      state.withLock { state in
        defer { state.news = nil }
        return state.news
      }
    }
  }

  private struct Kept {
    let file: String
    let job: Job
    /// Holds the array, so that its identity goes to no other.
    let owner: Any
    /// The sessions whose files name it.
    var users: Set<String> = []
  }

  private let folder: String
  private let parent: String
  private let threshold: Int
  private let queue = DispatchQueue(label: "nbs.journal")
  private let trouble = Trouble()
  private var kept: [SteadyArray.Identity: Kept] = [:]
  private var count = 0
  /// The session whose file is being made, and what it has named so far.
  private var session = ""
  private var named: Set<SteadyArray.Identity> = []
  private var newWork: DispatchGroup?

  /// - Parameters:
  ///   - folder: the name of the folder for the files, in `parent`, where the sessions' own files are.
  init(folder: String, in parent: String, threshold: Int = KeptArrays.usualThreshold) {
    self.folder = folder
    self.parent = parent
    self.threshold = threshold
  }

  /// What went wrong on the queue since it was last asked.
  func takeFailure() -> Diagnostic? { trouble.takeNews() }
}

// MARK: - While a session's file is made

extension KeptArrays: ArrayStore {
  /// Begins the file of a session.
  func begin(_ session: String) {
    self.session = session
    named = []
    newWork = nil
  }

  func file(for array: SteadyArray) -> String? {
    guard array.byteCount >= threshold else { return nil }
    named.insert(array.identity)
    // One that could not be written is tried again: the disk may have room by now.
    if let known = kept[array.identity], !known.job.hasFailed {
      kept[array.identity]?.users.insert(session)
      return known.file
    }
    count += 1
    let file = "\(folder)/\(count).safetensors"
    let job = Job(path: "\(parent)/\(file)")
    kept[array.identity] = Kept(file: file, job: job, owner: array.owner, users: [session])
    write(array.numbers, job)
    return file
  }

  private func write(_ numbers: SteadyArray.Numbers, _ job: Job) {
    mkdir("\(parent)/\(folder)", 0o700)
    let group = newWork ?? DispatchGroup()
    newWork = group
    queue.async(group: group) { [trouble] in
      do { try numbers.write(to: job.path) { job.isWanted } } catch {
        guard job.isWanted else { return }
        job.fail()
        trouble.note(error)
      }
    }
  }

  /// Waits for the arrays that the session's file is the first to name.
  ///
  /// - Parameters:
  ///   - limit: the longest that it waits, in seconds.
  ///   - isInterrupted: asked again and again; true ends the waiting.
  func wait(atMost limit: Double, isInterrupted: () -> Bool) {
    guard let newWork else { return }
    let start = ContinuousClock.now
    while newWork.wait(timeout: .now() + .milliseconds(5)) == .timedOut {
      if isInterrupted() || (ContinuousClock.now - start) / .seconds(1) >= limit { return }
    }
  }

  /// Waits for all arrays, also those that earlier files named.
  func waitForAll() { queue.sync {} }

  /// Forgets what the session's file, which is now on the disk, no longer names.
  func end() { forget(session, apartFrom: named) }
}

// MARK: - Clearing away

extension KeptArrays {
  /// Forgets what a session's file names, which is gone.
  func forget(_ session: String) { forget(session, apartFrom: []) }

  private func forget(_ session: String, apartFrom named: Set<SteadyArray.Identity>) {
    for (identity, array) in kept where array.users.contains(session) && !named.contains(identity) {
      kept[identity]?.users.remove(session)
      guard array.users.count == 1 else { continue }
      kept[identity] = nil
      let job = array.job
      job.drop()
      // Behind the work that may be writing it.
      queue.async { unlink(job.path) }
    }
  }

  /// Does something once all files that were asked for are written, unless one of them could not be.
  func afterWriting(_ work: @escaping @Sendable () -> Void) {
    queue.async { [trouble] in
      if !trouble.hasCome { work() }
    }
  }

  /// Forgets everything, at once: whatever is being written is dropped.
  func clear() {
    for array in kept.values { array.job.drop() }
    kept = [:]
    waitForAll()
    try? FileManager.default.removeItem(atPath: "\(parent)/\(folder)")
  }
}
