public import Diagnostics
public import Foundation
public import Outputs
import SQLite
import Synchronization

/// Keeps a sweep: a run, and below it a run for each trial, which is kept whole when the trial ends, in one transaction. A
/// process that is killed loses the trials that it was at, and no others.
///
/// What goes wrong ends the recording with one ``takeWarning()``, and never the sweep.
///
/// ```swift
/// let location = StoreLocation(folder: folder)
/// var description = RunDescription(title: "Rates", origin: .file, seed: 0, version: "1.0")
/// description.sweep = "{}"
/// let recorder = SweepRecorder(description, location: { location })
/// recorder.begin()
/// description.sweep = "{\"trial\": 1}"
/// recorder.keep(SweepRecorder.Trial(description, metrics: ["loss": 0.5], ending: .done))
/// recorder.finish(.done, metrics: ["loss": 0.5])
/// let trials = try RunStore.openToRead(at: location)?.runs().runs.first?.trials  // 1
/// ```
public final class SweepRecorder: Sendable {
  /// A trial that has ended.
  public struct Trial: Sendable {
    /// What it is.
    public var description: RunDescription
    /// When it began, by the clock on the wall.
    public var started = Date()
    /// How long it took, in seconds.
    public var seconds = 0.0
    /// What it measured, and in which cell of the notebook.
    public var batches: [(cell: Int, batch: MetricBatch)] = []
    /// What it came to, by name.
    public var metrics: [String: Double]
    /// What there is to say of it.
    public var facts: [RunFact] = []
    /// How it ended.
    public var ending: RunEnding

    /// Creates a trial.
    public init(_ description: RunDescription, metrics: [String: Double], ending: RunEnding) {
      self.description = description
      self.metrics = metrics
      self.ending = ending
    }
  }

  private struct State {
    var writer: RunWriter?
    /// How long the sweep lasted in processes before this one, in seconds.
    var secondsBefore = 0.0
    var warnings: [Diagnostic] = []
    /// Keeping it failed, and nothing more is kept.
    var isClosed = false
  }

  private let description: RunDescription
  private let location: @Sendable () throws -> StoreLocation
  private let resumed: Int64?
  private let state = Mutex(State())
  private let start = ContinuousClock.now

  /// Creates the recorder of a sweep that begins now.
  ///
  /// - Parameters:
  ///   - resumed: the run of a sweep that is taken up; nil for a new one.
  ///   - location: where the store is; what it throws becomes the warning.
  public init(
    _ description: RunDescription, goingOnWith resumed: Int64? = nil,
    location: @escaping @Sendable () throws -> StoreLocation
  ) {
    self.description = description
    self.resumed = resumed
    self.location = location
  }

  /// The number under which the sweep is kept; nil where it is not.
  public var run: Int64? { state.withLock { $0.writer?.run } }

  /// What went wrong with keeping the sweep, told once.
  public func takeWarning() -> Diagnostic? {
    state.withLock { $0.warnings.isEmpty ? nil : $0.warnings.removeFirst() }
  }

  private var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }

  /// Begins to keep the sweep.
  public func begin() {
    attempt { state in
      if let resumed {
        let (store, notice) = try RunStore.open(at: try location())
        if let notice { state.warnings.append(notice) }
        state.writer = RunWriter(store: store, description: description, goingOnWith: resumed)
        state.secondsBefore = try store.goOn(with: resumed)
      } else {
        let (writer, notice) = try RunWriter.begin(
          description, started: Date(), with: [], seconds: 0, at: try location())
        if let notice { state.warnings.append(notice) }
        state.writer = writer
      }
    }
  }

  /// Keeps a trial; it is in the store when this returns.
  public func keep(_ trial: Trial) {
    attempt { state in
      guard let sweep = state.writer, let run = sweep.run else { return }
      var description = trial.description
      description.parent = run
      var writer = RunWriter(store: sweep.store, description: description, started: trial.started)
      let events: [RunEvent] =
        trial.batches.flatMap { [.cellBegan(position: $0.cell, nil), .measured($0.batch)] } + [
          .metrics(trial.metrics), .facts(trial.facts, seed: description.seed), .finished(trial.ending),
        ]
      try writer.write(events, seconds: trial.seconds, sweepSeconds: state.secondsBefore + elapsed)
    }
  }

  /// The sweep is over.
  ///
  /// - Parameters:
  ///   - metrics: what its best combination came to, by name.
  ///   - facts: what there is to say of it.
  public func finish(_ ending: RunEnding, metrics: [String: Double], facts: [RunFact] = []) {
    attempt { state in
      try state.writer?.write(
        [.metrics(metrics), .facts(facts, seed: description.seed), .finished(ending)],
        seconds: state.secondsBefore + elapsed)
      state.writer?.leaveOpen()
    }
  }

  private func attempt(_ work: (inout State) throws -> Void) {
    state.withLock { state in
      guard !state.isClosed else { return }
      do { try work(&state) } catch {
        state.isClosed = true
        state.warnings.append(Diagnostic.storeFailure(error, file: (try? location().file) ?? ""))
      }
    }
  }
}

extension RunStore {
  /// Marks a run as one that this process goes on with.
  ///
  /// - Returns: how long it has lasted, in seconds.
  fileprivate func goOn(with run: Int64) throws -> Double {
    try database.write { db in
      try db.execute("UPDATE runs SET process = ?, ending = NULL WHERE id = ?", [ProcessMark.current(), run])
      return try db.value("SELECT seconds FROM runs WHERE id = ?", [run]) ?? 0
    }
  }
}
