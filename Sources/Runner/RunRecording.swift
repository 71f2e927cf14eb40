public import Diagnostics
import Foundation
import Foundations
import Language
import Localization
import Notebooks
public import Outputs
import Rendering
public import Runs
public import Sessions

/// Keeps a notebook's run: hands what happens on to the recorder, in the recorder's words.
struct RunRecording {
  private let recorder: RunRecorder
  private let source: NotebookFile
  private let session: Session
  private let sweeps: CellSweeps

  init(
    of source: NotebookFile, in session: Session, resumption: RunResumption,
    location: @escaping @Sendable () throws -> StoreLocation
  ) {
    let language = UserLanguage.current
    var description = RunDescription(of: source, seed: session.seed)
    description.resumption = source.path == "-" ? nil : resumption
    let recorder = RunRecorder(
      description,
      location: location, render: { output in language.speaking { RenderedOutput(output) } })
    self.recorder = recorder
    sweeps = CellSweeps(in: description, number: { recorder.number() }, location: location)
    self.source = source
    self.session = session
    session.measured = recorder.measured
    session.sweeps = sweeps
  }

  func began(_ cell: Cell) {
    sweeps.cell = cell.index
    recorder.cellBegan(at: cell.index)
  }

  func showed(_ output: Output) { recorder.showed(output) }

  func ended(_ result: NotebookRun.CellResult) {
    recorder.cellEnded(RunEnding(result.outcome ?? .done))
    recorder.came(to: session.metrics)
    recorder.given(session.parameterFacts)
    recorder.stated(RunReport.facts(of: source, session: session).map(RunFact.init), seed: session.seed)
  }

  /// Waits until all is kept.
  ///
  /// - Returns: why it is not, if it is not.
  func finish(_ run: NotebookRun) -> Diagnostic? {
    recorder.stated(
      RunReport.facts(of: run, source, session: session).map(RunFact.init), seed: session.seed)
    recorder.finish(RunEnding(run.outcome))
    return recorder.takeWarning() ?? sweeps.takeWarning()
  }
}

/// Keeps the cells of a session as a run. The store is opened at the first cell that runs, and in the background:
/// a prompt that only opens and closes leaves nothing behind.
public final class SessionRecorder {
  private let session: Session
  private let recorder: RunRecorder
  private let sweeps: CellSweeps
  private var cells = 0

  /// Creates the recorder of a session at the prompt.
  ///
  /// - Parameters:
  ///   - title: what the run is called.
  ///   - inJupyter: whether the cells come from a notebook's page.
  ///   - location: where the store is.
  public init(
    session: Session, title: String = "prompt", inJupyter: Bool = false,
    location: @escaping @Sendable () throws -> StoreLocation = RunRecorder.usualLocation
  ) {
    self.session = session
    let language = UserLanguage.current
    let description = RunDescription(
      title: title, origin: inJupyter ? .jupyter : .prompt, seed: session.seed, version: Release.version)
    let recorder = RunRecorder(
      description, location: location, render: { output in language.speaking { RenderedOutput(output) } })
    self.recorder = recorder
    sweeps = CellSweeps(in: description, number: { recorder.number() }, location: location)
  }

  /// Runs a cell of the session and keeps it; source that stops in the middle is no cell yet.
  ///
  /// - Parameters:
  ///   - recorder: what keeps it; with nil it only runs.
  ///   - run: runs the cell, and tells what it is given of every output.
  public static func keeping(
    _ source: String, with recorder: SessionRecorder?, _ run: (@escaping (Output) -> Void) -> Session.Outcome
  ) -> Session.Outcome {
    recorder?.keep(source, run) ?? run { _ in }
  }

  private func keep(
    _ source: String, _ run: (@escaping (Output) -> Void) -> Session.Outcome
  ) -> Session.Outcome {
    let start = ContinuousClock.now
    var hasBegun = false
    func begin() {
      guard !hasBegun else { return }
      hasBegun = true
      cells += 1
      recorder.cellBegan(Cell(.code, source), at: start)
    }
    session.measured = { [recorder] batch in
      begin()
      recorder.measured(batch)
    }
    // A sweep is a run below this one, which then is one.
    sweeps.cell = cells
    sweeps.begins = begin
    session.sweeps = sweeps
    defer {
      session.measured = nil
      session.sweeps = nil
      sweeps.begins = {}
    }
    let outcome = run { [recorder] output in
      begin()
      recorder.showed(output)
    }
    guard outcome != .incomplete else { return outcome }
    begin()
    recorder.cellEnded(RunEnding(outcome))
    recorder.came(to: session.metrics)
    recorder.stated(session.facts.map(RunFact.init), seed: session.seed)
    return outcome
  }

  /// Why the session is not kept, told once.
  public func takeWarning() -> Diagnostic? { recorder.takeWarning() ?? sweeps.takeWarning() }

  /// The session is over: waits until all of it is kept.
  public func finish() { recorder.finish(.done) }

  /// The last runs, or why they cannot be shown: what `:runs` says.
  public static func recentRuns() -> Output {
    do {
      return try RunList.recent(at: RunRecorder.usualLocation())
    } catch {
      return .error(error.diagnostic(.unreadableStore))
    }
  }
}
extension RunEnding {
  /// How a cell at the prompt ended, as the store has it.
  fileprivate init(_ outcome: Session.Outcome) {
    switch outcome {
    case .done: self = .done
    case .failed, .incomplete: self = .failed
    case .interrupted: self = .interrupted
    }
  }
}

extension RunRecorder {
  /// Where this process keeps runs.
  @Sendable public static func usualLocation() throws -> StoreLocation {
    try StoreLocation(environment: ProcessInfo.processInfo.environment)
  }
}

extension RunEnding {
  fileprivate init(_ outcome: NotebookRun.Outcome) {
    switch outcome {
    case .done: self = .done
    case .failed: self = .failed
    case .timedOut: self = .timedOut
    case .interrupted: self = .interrupted
    }
  }
}

extension Session {
  /// The parameters as a filter compares them: a text without its quotes.
  fileprivate var parameterFacts: [RunFact] {
    parameterValues.map { name, value in RunFact(name, value.unquoted) }
  }
}
