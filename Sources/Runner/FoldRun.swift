public import Diagnostics
import Foundation
import Foundations
public import Language
import Localization
public import NeuralEngine
import Notebooks
public import Sessions
import Synchronization

/// Runs a notebook once for each fold of its data, several at once, each in a session of its own that does not have the
/// fold's rows; the network that the notebook leaves is measured on those.
public final class FoldRun: Sendable {
  private let source: NotebookFile
  private let data: String
  private let scheme: FoldScheme
  private let parameters: [[GivenParameter]]
  private let seed: UInt64
  private let interruption: InterruptionRequest
  private let environment: [String: String]
  private let group: (any ProcessGroup)?
  /// What the first of several processes is to hear of.
  private let outbox = JobThreads.Outbox()
  private let state = Mutex(State())

  private struct State {
    /// The folds that nobody has taken, the last one first.
    var waiting: [Int] = []
    var outcomes: [FoldOutcome] = []
    var failures: [Int: Diagnostic] = [:]
    /// How many folds had failed, all of them with the same message, when no more were started; nil while they are.
    var stoppedAfter: Int?

    /// Starts no more folds where as many as run at once have failed with the same message, and none has not.
    mutating func stopIfAllFail(_ jobs: Int) {
      guard stoppedAfter == nil, outcomes.isEmpty, failures.count >= jobs else { return }
      guard Set(failures.values.map(\.message)).count == 1 else { return }
      stoppedAfter = failures.count
    }

    /// Lets each of so many folds that nothing is known of be one that failed, unless no more were started.
    mutating func addLost(_ count: Int) {
      guard stoppedAfter == nil else { return }
      let done = Set(outcomes.map(\.place))
      for place in 1...max(1, count) where !done.contains(place) && failures[place] == nil {
        failures[place] = Diagnostic(
          .internalError, "What fold \(place) came to has not arrived from the process that ran it.")
      }
    }

    mutating func add(_ ending: Result<FoldOutcome, Diagnostic>, of place: Int) {
      switch ending {
      case .success(let outcome): outcomes.append(outcome)
      case .failure(let diagnostic): failures[place + 1] = diagnostic
      }
    }
  }

  /// Prepares a cross-validation.
  ///
  /// - Parameters:
  ///   - data: the name under which the notebook makes the data.
  ///   - parameters: what is set from outside, in order of growing weight.
  ///   - seed: the seed of every session.
  ///   - group: the processes that the folds are dealt to.
  public init(
    _ source: NotebookFile, data: String, _ scheme: FoldScheme, parameters: [[GivenParameter]] = [],
    seed: UInt64 = 0, interruption: InterruptionRequest, environment: [String: String] = [:],
    sharedWith group: (any ProcessGroup)? = nil
  ) {
    self.source = source
    self.data = data
    self.scheme = scheme
    self.parameters = parameters
    self.seed = seed
    self.interruption = interruption
    self.environment = environment
    self.group = group
  }

  /// Runs all folds, or those that were done when somebody pressed Ctrl-C. Where the first that end, as many as run at once,
  /// have all failed with the same message, no more are started.
  ///
  /// - Parameters:
  ///   - jobs: how many at once, in each of several processes.
  ///   - threads: how many threads each of them may take.
  ///   - ended: told whenever a fold is over, on one of several threads but never on two at once.
  /// - Returns: what they came to, whichever ended first, and why the first of them failed that did,
  ///   with a note on the folds that were not run for that. Of several processes the first alone knows of all folds.
  public func run(
    jobs: Int, threads: Int, ended: @escaping @Sendable () -> Void = {}
  ) -> (result: FoldResult, failure: Diagnostic?) {
    let jobs = max(1, min(jobs, scheme.count))
    if let group {
      // All of them look what the first folds came to before they begin with the others.
      // Hosts may have different numbers of cores.
      let first = min(scheme.count, Int(group.gather(UInt64(jobs)).reduce(0, +)))
      runShare(of: 0..<first, in: group, jobs: jobs, threads: threads, ended)
      let isStopped = state.withLock { state in
        if group.rank == 0 { state.stopIfAllFail(first) }
        return state.stoppedAfter != nil
      }
      if !group.any(isStopped) {
        runShare(of: first..<scheme.count, in: group, jobs: jobs, threads: threads, ended)
      }
      let isInterrupted = group.any(interruption.isRequested)
      if group.rank == 0, !isInterrupted { state.withLock { $0.addLost(scheme.count) } }
    } else {
      state.withLock { $0.waiting = (0..<scheme.count).reversed() }
      JobThreads.run(jobs) { [self] in work(threads: threads, stopsAfter: jobs, ended) }
    }
    let found = state.withLock { $0 }
    let result = source.notebook.header.language.speaking {
      FoldResult(
        of: data, found.outcomes, failures: found.failures.mapValues(\.message), count: scheme.count)
    }
    var failure = found.failures.min { $0.key < $1.key }?.value
    if let note = note(on: found) { failure?.notes.append(note) }
    return (result, failure)
  }

  /// Runs this process's share of some folds.
  private func runShare(
    of places: Range<Int>, in group: any ProcessGroup, jobs: Int, threads: Int,
    _ ended: @escaping @Sendable () -> Void
  ) {
    let own = places.filter { $0 % group.count == group.rank }
    state.withLock { $0.waiting = own.reversed() }
    JobThreads.run(
      min(jobs, own.count), in: group, sending: outbox,
      received: { message in
        guard let message = try? JSONMessage.value(FoldMessage.self, message) else { return }
        state.withLock { state in
          state.add(message.ending, of: message.place)
          ended()
        }
      }
    ) { [self] in work(threads: threads, ended) }
  }

  /// Runs folds until none waits.
  ///
  /// - Parameter count: how many folds that fail with the same message end the work.
  private func work(threads: Int, stopsAfter count: Int? = nil, _ ended: @Sendable () -> Void) {
    while let place = take() {
      let ending = run(place, threads: threads)
      // One that was broken off says nothing.
      if interruption.isRequested { return }
      if (group?.rank ?? 0) > 0, let message = FoldMessage.bytes(place, ending) {
        outbox.add(message)
      }
      state.withLock { state in
        state.add(ending, of: place)
        if let count { state.stopIfAllFail(count) }
        ended()
      }
    }
  }

  /// How many folds were not run because the first ones failed; nil where all were, or somebody pressed Ctrl-C.
  private func note(on state: State) -> String? {
    let left = scheme.count - state.outcomes.count - state.failures.count
    guard let least = state.stoppedAfter, left > 0, !interruption.isRequested else { return nil }
    // Those that were under way by then have failed so too, as a rule.
    let areAlike = state.outcomes.isEmpty && Set(state.failures.values.map(\.message)).count == 1
    let count = areAlike ? state.failures.count : least
    let first = count == 1 ? "The first fold failed so" : "The first \(count) folds all failed so"
    return "\(first), and \(left == 1 ? "1 other was" : "\(left) others were") not run."
  }

  private func take() -> Int? {
    state.withLock { state in
      interruption.isRequested || state.stoppedAfter != nil ? nil : state.waiting.popLast()
    }
  }

  private func run(_ place: Int, threads: Int) -> Result<FoldOutcome, Diagnostic> {
    let session = Session(seed: seed, interruption: interruption, environment: environment)
    session.limitThreads(to: threads)
    // What the notebook saves is the fold's own, as in a test: no fold writes over another's, or over the user's.
    let scratch = FileManager.default.temporaryDirectory.appending(path: "nbs-fold-\(UUID().uuidString)")
    session.files.scratchFolder = scratch.path
    defer { try? FileManager.default.removeItem(at: scratch) }
    session.heldOut = HeldOutFold(of: data, scheme, place: place)
    do {
      let headless = try HeadlessRun(source, parameters: parameters, in: session)
      switch headless.run(keptAt: nil, emit: { _ in }).run.outcome {
      case .failed(let diagnostic), .timedOut(let diagnostic): return .failure(diagnostic)
      case .interrupted: return .failure(Diagnostic(.interrupted, "interrupted"))
      case .done: return .success(try session.measureHeldOutFold())
      }
    } catch let refusal as HeadlessRun.Refusal {
      return .failure(
        refusal.diagnostics.first ?? Diagnostic(.internalError, "The notebook cannot run."))
    } catch {
      return .failure(error.diagnostic())
    }
  }
}
