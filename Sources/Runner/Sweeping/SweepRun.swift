import Diagnostics
import Foundation
import Language
import NetworkSchema
public import NeuralEngine
import Notebooks
import Outputs
public import Runs
public import Sessions
import Synchronization

/// Runs a notebook again and again with other parameters, several at once, each in a session of its own.
public final class SweepRun: Sendable {
  private let source: NotebookFile
  private let description: SweepDescription
  private let threads: Int
  private let known: [SweepTrial]
  private let interruption: InterruptionRequest
  private let environment: [String: String]
  private let recorder: SweepRecorder?
  private let group: (any ProcessGroup)?
  /// What the first of several processes is to hear of.
  private let outbox = JobThreads.Outbox()
  private let queue = Mutex(Queue())

  /// A trial that is to be run, or was.
  private struct Place: Hashable {
    var round: Int
    var combination: Int
    var seed: UInt64

    init(_ round: Int, _ combination: Int, _ seed: UInt64) {
      (self.round, self.combination, self.seed) = (round, combination, seed)
    }

    init(_ trial: SweepTrial) { self.init(trial.round, trial.combination, trial.seed) }
  }

  private struct Queue {
    /// Those of the round that nobody has taken, the last one first.
    var waiting: [Place] = []
    /// What this process has run in the round.
    var done: [SweepTrial] = []
    /// Those of the round that have been told of, here or by another process.
    var told: Set<Place> = []
  }

  /// Prepares a sweep.
  ///
  /// - Parameters:
  ///   - threads: how many threads each trial may take.
  ///   - known: trials that need not be run, as their results are known.
  ///   - recorder: what keeps each trial as it ends.
  ///   - group: the processes that the trials are dealt to.
  public init(
    _ source: NotebookFile, _ description: SweepDescription, threads: Int, known: [SweepTrial] = [],
    interruption: InterruptionRequest, environment: [String: String] = [:],
    keptBy recorder: SweepRecorder? = nil,
    sharedWith group: (any ProcessGroup)? = nil
  ) {
    self.source = source
    self.description = description
    self.threads = threads
    self.known = known
    self.interruption = interruption
    self.environment = environment
    self.recorder = recorder
    self.group = group
  }

  /// Keeps the trials that are known, where the recorder does not have them.
  public func keepKnown() { for trial in known { recorder?.keep(record(of: trial)) } }

  /// Runs all trials that are not known, or those that were done when somebody pressed Ctrl-C.
  ///
  /// - Parameters:
  ///   - jobs: how many at once.
  ///   - ended: told of each trial when it is over, on one of several threads but never on two at once.
  /// - Returns: what they came to, whichever ended first.
  public func run(jobs: Int, ended: @escaping @Sendable (SweepTrial) -> Void) -> SweepResult {
    var trials: [SweepTrial] = []
    var combinations = Array(description.space.combinations.indices)
    var isStopped = false
    for round in 0..<(description.halving?.budgets.count ?? 1) {
      trials += run(round, combinations, jobs: jobs, ended)
      // Processes that share the sweep go into the next round together.
      isStopped = group?.any(interruption.isRequested) ?? interruption.isRequested
      if isStopped { break }
      combinations =
        description.halving?.survivors(of: round, trials, isLarger: description.isLarger) ?? []
    }
    return description.result(trials, isComplete: !isStopped)
  }

  /// Runs a round.
  ///
  /// - Returns: its trials, those that were known among them.
  private func run(
    _ round: Int, _ combinations: [Int], jobs: Int, _ ended: @escaping @Sendable (SweepTrial) -> Void
  ) -> [SweepTrial] {
    let all = combinations.flatMap { combination in
      description.seeds.map { Place(round, combination, $0) }
    }
    let wanted = Set(all)
    let known = known.filter { wanted.contains(Place($0)) }
    let done = Set(known.map(Place.init))
    let own = all.enumerated().filter { index, place in
      !done.contains(place) && (group.map { index % $0.count == $0.rank } ?? true)
    }
    queue.withLock { $0 = Queue(waiting: own.map(\.element).reversed()) }
    let work = { @Sendable [self] in
      while let place = take() { run(place, ended) }
    }
    guard let group else {
      JobThreads.run(min(jobs, own.count), work)
      return known + queue.withLock { $0.done }
    }
    JobThreads.run(
      min(jobs, own.count), in: group, sending: outbox, received: { keep($0, ended) }, work)
    // The next round depends on all of them.
    var trials =
      known
      + group.gather(queue.withLock { $0.done }.lines).flatMap {
        [SweepTrial](lines: $0, of: description.space.combinations.count)
      }
    if !group.any(interruption.isRequested) {
      let there = Set(trials.map(Place.init))
      trials += all.filter { !there.contains($0) }.map(SweepRun.lost)
    }
    if group.rank == 0 { keepUntold(trials, done, ended) }
    return trials
  }

  /// A trial that was run, and nobody knows what it came to.
  private static func lost(_ place: Place) -> SweepTrial {
    SweepTrial(
      combination: place.combination, seed: place.seed, round: place.round,
      ending: .failed("What the trial came to has not arrived from the process that ran it."), metrics: [:])
  }

  /// Keeps trials whose messages have not arrived, without their courses.
  private func keepUntold(_ trials: [SweepTrial], _ known: Set<Place>, _ ended: (SweepTrial) -> Void) {
    queue.withLock { queue in
      for trial in trials where !known.contains(Place(trial)) && !queue.told.contains(Place(trial)) {
        recorder?.keep(record(of: trial))
        ended(trial)
      }
    }
  }

  /// Keeps a trial of another process.
  private func keep(_ message: [UInt8], _ ended: (SweepTrial) -> Void) {
    guard let message = try? JSONMessage.value(TrialMessage.self, message),
      let trial = message.trial(of: description.space.combinations.count)
    else { return }
    var kept = record(of: trial, message.course)
    kept.description.seed = message.seed
    // The threads of this process keep theirs meanwhile.
    queue.withLock { queue in
      queue.told.insert(Place(trial))
      recorder?.keep(kept)
      ended(trial)
    }
  }

  /// The next trial that is to be run.
  private func take() -> Place? {
    queue.withLock { interruption.isRequested ? nil : $0.waiting.popLast() }
  }

  private func run(_ place: Place, _ ended: @Sendable (SweepTrial) -> Void) {
    let start = ContinuousClock.now
    let session = Session(seed: place.seed, interruption: interruption, environment: environment)
    session.limitThreads(to: threads)
    let told = CourseRecord()
    if recorder != nil || isHeard { session.measured = { told.course.batches.append((told.cell, $0)) } }
    let trial = trial(place, in: session) { told.cell = $0.index }
    // One that was broken off says nothing.
    if interruption.isRequested { return }
    session.measured = nil
    told.course.seconds = (ContinuousClock.now - start) / .seconds(1)
    var kept = record(of: trial, told.course)
    kept.description.seed = session.seed
    if isHeard, let message = try? JSONMessage.bytes(TrialMessage(trial, told.course, seed: session.seed)) {
      outbox.add(message)
    }
    queue.withLock { queue in
      queue.done.append(trial)
      queue.told.insert(place)
      recorder?.keep(kept)
      ended(trial)
    }
  }

  /// Whether another process keeps the trials of this one.
  private var isHeard: Bool { (group?.rank ?? 0) > 0 }

  private func trial(
    _ place: Place, in session: Session, began: @escaping (Cell) -> Void
  ) -> SweepTrial {
    func failed(_ reason: String) -> SweepTrial {
      SweepTrial(
        place.combination, seed: place.seed, round: place.round, in: session, ending: .failed(reason))
    }
    let given = values(place.round, place.combination).map { name, value in
      GivenParameter(name: name, value: .literal(value), origin: "-p \(name)=\(value.spelling)")
    }
    let run: NotebookRun
    do {
      run = try HeadlessRun(source, parameters: [given], in: session)
        .run(keptAt: nil, began: began) { _ in }.run
    } catch {
      return failed(error.diagnostics.first?.message ?? "the notebook cannot run")
    }
    switch run.outcome {
    case .failed(let diagnostic), .timedOut(let diagnostic): return failed(diagnostic.message)
    case .interrupted: return failed("interrupted")
    case .done:
      return SweepTrial(
        place.combination, seed: place.seed, round: place.round, in: session, metric: description.metric)
    }
  }

  /// The parameters of a combination in a round, by name.
  private func values(_ round: Int, _ combination: Int) -> [(name: String, value: Literal)] {
    description.values(round: round, combination)
  }

  /// What the store keeps of a trial.
  private func record(of trial: SweepTrial, _ course: TrialCourse = TrialCourse()) -> SweepRecorder.Trial {
    SweepRecorder.Trial(
      trial, course, of: description, in: RunDescription(of: source, seed: trial.seed))
  }
}

/// The course of a trial, as its session tells it. A session belongs to one thread.
private final class CourseRecord {
  var cell = 0
  var course = TrialCourse()
}
