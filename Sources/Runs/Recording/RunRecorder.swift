public import Diagnostics
import Dispatch
import Foundation
public import Notebooks
public import Outputs
import SQLite
import Synchronization

/// Keeps one run as it goes on.
///
/// Whoever runs cells tells it what happens, and goes on at once: events are gathered, and written on a queue of
/// the recorder's own, a transaction at most every 200 ms. The store is opened there too, at the first event. What
/// goes wrong ends the recording with one ``takeWarning()``, and never the run.
///
/// ```swift
/// let location = StoreLocation(folder: folder)
/// let description = RunDescription(title: "Sums", origin: .prompt, seed: 1, version: "1.0")
/// let recorder = RunRecorder(description, location: { location }, render: { RenderedOutput($0) })
/// recorder.cellBegan(Cell(.code, "print 2"))
/// recorder.showed(.text("2"))
/// recorder.cellEnded(.done)
/// recorder.finish(.done)
/// let titles = try RunStore.openToRead(at: location)?.runs().runs.map(\.title)  // Sums
/// ```
public final class RunRecorder: Sendable {
  private struct State {
    var pending: [RunEvent] = []
    var isScheduled = false
    /// Whether anything has happened.
    var hasBegun = false
    /// Nothing more is kept: the run is over, or keeping it failed.
    var isClosed = false
    var warnings: [Diagnostic] = []
    var cellStart: ContinuousClock.Instant
    var run: Int64?
  }

  private let state: Mutex<State>
  private let writer: Mutex<RunWriter?>
  private let queue = DispatchQueue(label: "nbs.runs")
  private let location: @Sendable () throws -> StoreLocation
  private let render: Renderer
  private let description: RunDescription
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let startDate = Date()

  /// Makes every form of an output; nil for one that is not kept.
  public typealias Renderer = @Sendable (Output) -> RenderedOutput?

  /// The time between two transactions.
  private static let pause = 0.2

  /// Creates the recorder of a run that begins now; nothing is written before the first event.
  ///
  /// - Parameters:
  ///   - location: where the store is; asked on the recorder's queue, and a ``Diagnostic`` that it throws becomes the
  ///     warning.
  ///   - render: makes what is kept of an output, on the recorder's queue where that takes its time.
  public init(
    _ description: RunDescription, location: @escaping @Sendable () throws -> StoreLocation,
    render: @escaping Renderer
  ) {
    self.description = description
    self.location = location
    self.render = render
    start = clock.now
    state = Mutex(State(cellStart: start))
    writer = Mutex(nil)
  }
}

// MARK: - What happens

extension RunRecorder {
  /// A cell of the description begins.
  public func cellBegan(at position: Int) { cellBegan(.cellBegan(position: position, nil)) }

  /// A cell begins that the description does not have, as at a prompt.
  ///
  /// - Parameter start: when it began, where it is only now known to be one.
  public func cellBegan(_ cell: Cell, at start: ContinuousClock.Instant = .now) {
    cellBegan(.cellBegan(position: 0, cell), at: start)
  }

  private func cellBegan(_ event: RunEvent, at start: ContinuousClock.Instant = .now) {
    state.withLock { $0.cellStart = start }
    add(event)
  }

  /// The cell shows something.
  public func showed(_ output: Output) {
    let pending = PendingOutput(output, render)
    switch output {
    case .progress: return
    case .printed, .text, .value, .notice, .error: break
    // A plot takes its time, and while it is drawn the notebook goes on.
    case .plot, .table: queue.async { _ = pending.rendered }
    }
    add(.output(pending))
  }

  /// The cell measured something.
  public func measured(_ batch: MetricBatch) { add(.measured(batch)) }

  /// The metrics as they are now, by name; those of an earlier time go where these have none.
  public func came(to metrics: [String: Double]) { add(.metrics(metrics)) }

  /// The cell is over.
  public func cellEnded(_ ending: RunEnding) {
    let start = state.withLock(\.cellStart)
    add(.cellEnded(ending, seconds: (clock.now - start) / .seconds(1)))
  }

  /// What the run was given from outside, where that is known only now.
  public func given(_ parameters: [RunFact]) { add(.parameters(parameters)) }

  /// What a report says of the run at its top, and where the random numbers started, as it is now.
  public func stated(_ facts: [RunFact], seed: UInt64) { add(.facts(facts, seed: seed)) }

  /// The run is over: waits until all of it is kept. A run in which nothing happened is not kept.
  public func finish(_ ending: RunEnding) {
    guard state.withLock(\.hasBegun) else { return }
    add(.finished(ending))
    queue.sync {
      write(isLast: true)
      writer.withLock { $0?.leaveOpen() }
    }
    state.withLock { $0.isClosed = true }
  }

  /// What went wrong with keeping the run, told once.
  public func takeWarning() -> Diagnostic? {
    state.withLock { $0.warnings.isEmpty ? nil : $0.warnings.removeFirst() }
  }

  /// Waits until what has happened so far is kept.
  ///
  /// - Returns: the number under which the run is kept; nil where it is not.
  public func number() -> Int64? {
    queue.sync { write(isLast: false) }
    return run
  }

  /// The number under which the run is kept, once it is.
  public var run: Int64? { state.withLock(\.run) }
}

// MARK: - Writing

extension RunRecorder {
  private func add(_ event: RunEvent) {
    let isFirst: Bool? = state.withLock { state in
      guard !state.isClosed else { return nil }
      state.pending.append(event)
      state.hasBegun = true
      guard !state.isScheduled else { return nil }
      state.isScheduled = true
      return state.run == nil
    }
    guard let isFirst else { return }
    queue.asyncAfter(deadline: .now() + (isFirst ? 0 : RunRecorder.pause)) { self.write(isLast: false) }
  }

  /// Writes what has gathered. Runs on the queue.
  private func write(isLast: Bool) {
    let events = state.withLock { state in
      defer { state.pending = [] }
      state.isScheduled = false
      return state.pending
    }
    guard !events.isEmpty else { return }
    do {
      try writer.withLock { try write(events, &$0) }
    } catch {
      let isPassing = (error as? SQLiteError)?.meansBusy ?? false
      state.withLock { state in
        if isPassing, !isLast {
          // Another program that writes for long may be done by the next time.
          state.pending = events + state.pending
        } else {
          state.isClosed = true
          state.pending = []
          state.warnings.append(Diagnostic.storeFailure(error, file: (try? location().file) ?? ""))
        }
      }
    }
  }

  private func write(_ events: [RunEvent], _ writer: inout RunWriter?) throws {
    let seconds = (clock.now - start) / .seconds(1)
    if var open = writer {
      try open.write(events, seconds: seconds)
      writer = open
      return
    }
    let (new, notice) = try RunWriter.begin(
      description, started: startDate, with: events, seconds: seconds, at: try location())
    writer = new
    let run = new.run
    state.withLock { state in
      state.run = run
      if let notice { state.warnings.append(notice) }
    }
  }
}
