import Diagnostics
import Foundation
public import Language
public import NeuralEngine
public import Sessions
import Synchronization

/// Runs a notebook again and again with other parameters, several at once, each in a session of its own.
public final class SweepRun: Sendable {
  private let source: NotebookFile
  private let space: SweepSpace
  private let fixed: [[GivenParameter]]
  private let seeds: [UInt64]
  private let metric: String
  private let threads: Int
  private let interruption: InterruptionRequest
  private let environment: [String: String]
  private let group: (any ProcessGroup)?
  private let queue: Mutex<(next: Int, done: [SweepTrial])>

  /// Prepares a sweep.
  ///
  /// - Parameters:
  ///   - fixed: parameters that are the same in all trials, in order of growing weight.
  ///   - seeds: what each combination is run with.
  ///   - metric: what is compared: a metric of the last training or evaluation, or a variable that holds a number.
  ///   - threads: how many threads each trial may take.
  ///   - known: trials that need not be run, as their results are known.
  ///   - group: the processes that the trials are dealt to.
  public init(
    _ source: NotebookFile, _ space: SweepSpace, fixed: [[GivenParameter]], seeds: [UInt64], metric: String,
    threads: Int, known: [SweepTrial] = [], interruption: InterruptionRequest,
    environment: [String: String] = [:], sharedWith group: (any ProcessGroup)? = nil
  ) {
    self.group = group
    self.source = source
    self.space = space
    self.fixed = fixed
    self.seeds = seeds
    self.metric = metric
    self.threads = threads
    self.interruption = interruption
    self.environment = environment
    queue = Mutex((0, known))
    knownPlaces = Set(known.map { SweepRun.place($0.combination, $0.seed) })
  }

  private let knownPlaces: Set<String>

  private static func place(_ combination: Int, _ seed: UInt64) -> String { "\(combination) \(seed)" }

  /// How many trials there are in all.
  public var count: Int { space.combinations.count * seeds.count }

  /// Runs all trials that are not known, or those that were done when somebody pressed Ctrl-C.
  ///
  /// - Parameters:
  ///   - jobs: how many at once.
  ///   - ended: told of each trial when it is over, on one of several threads but never on two at once.
  /// - Returns: the trials in their order, whichever ended first.
  public func run(jobs: Int, ended: @escaping @Sendable (SweepTrial) -> Void) -> [SweepTrial] {
    let group = DispatchGroup()
    for _ in 0..<max(1, min(jobs, count)) {
      group.enter()
      let thread = Thread { [self] in
        while let (combination, seed) = take() {
          let trial = run(combination, seed)
          // One that was broken off says nothing.
          if interruption.isRequested { break }
          queue.withLock { queue in
            queue.done.append(trial)
            ended(trial)
          }
        }
        group.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    group.wait()
    return gathered(queue.withLock { $0.done }, ended)
      .sorted { ($0.combination, $0.seed) < ($1.combination, $1.seed) }
  }

  /// The trials of all processes.
  private func gathered(
    _ own: [SweepTrial], _ ended: (SweepTrial) -> Void
  ) -> [SweepTrial] {
    guard let group else { return own }
    let new = own.filter { !knownPlaces.contains(SweepRun.place($0.combination, $0.seed)) }
    let others = group.gather(new.lines).enumerated().filter { $0.offset != group.rank }
      .flatMap { [SweepTrial](lines: $0.element, of: space.combinations.count) }
    for trial in others { ended(trial) }
    return own + others
  }

  /// The next trial that is to be run.
  private func take() -> (combination: Int, seed: UInt64)? {
    queue.withLock { queue in
      while queue.next < count, !interruption.isRequested {
        defer { queue.next += 1 }
        let (combination, seed) = (queue.next / seeds.count, seeds[queue.next % seeds.count])
        let isOwn = group.map { queue.next % $0.count == $0.rank } ?? true
        if isOwn, !knownPlaces.contains(SweepRun.place(combination, seed)) { return (combination, seed) }
      }
      return nil
    }
  }

  private func run(_ combination: Int, _ seed: UInt64) -> SweepTrial {
    let session = Session(seed: seed, interruption: interruption, environment: environment)
    session.limitThreads(to: threads)
    let given = zip(space.parameters, space.combinations[combination]).map { parameter, value in
      GivenParameter(
        name: parameter.name, value: .literal(value), origin: "-p \(parameter.name)=\(value.spelling)")
    }
    func failed(_ reason: String) -> SweepTrial {
      SweepTrial(combination, seed: seed, in: session, ending: .failed(reason))
    }
    let run: NotebookRun
    do {
      let headless = try HeadlessRun(source, parameters: fixed + [given], in: session)
      run = headless.run(keptAt: nil) { _ in }.run
    } catch {
      return failed(error.diagnostics.first?.message ?? "the notebook cannot run")
    }
    switch run.outcome {
    case .failed(let diagnostic), .timedOut(let diagnostic): return failed(diagnostic.message)
    case .interrupted: return failed("interrupted")
    case .done: return SweepTrial(combination, seed: seed, in: session, metric: metric)
    }
  }
}
