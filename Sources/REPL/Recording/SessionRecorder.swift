public import Diagnostics
import Foundation
import Notebooks
public import Outputs
import Rendering
public import Runs
public import Sessions

/// Keeps the cells of a session as a run. The store is opened at the first cell that runs, and in the background:
/// a prompt that only opens and closes leaves nothing behind.
public final class SessionRecorder {
  private let session: Session
  private let recorder: RunRecorder

  /// Creates the recorder of a session at the prompt.
  ///
  /// - Parameters:
  ///   - title: what the run is called.
  ///   - version: the version of nbs.
  ///   - location: where the store is.
  public init(
    session: Session, title: String = "prompt", version: String,
    location: @escaping @Sendable () throws -> StoreLocation = RunRecorder.usualLocation
  ) {
    self.session = session
    recorder = RunRecorder(
      RunDescription(title: title, origin: .prompt, seed: session.seed, version: version), location: location)
  }

  /// Runs a cell of the session and keeps it; source that stops in the middle is no cell yet.
  ///
  /// - Parameters:
  ///   - recorder: what keeps it; with nil it only runs.
  ///   - run: runs the cell, and tells what it is given of every output.
  static func keeping(
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
      recorder.cellBegan(Cell(.code, source), at: start)
    }
    session.measured = { [recorder] batch in
      begin()
      recorder.measured(batch)
    }
    defer { session.measured = nil }
    let outcome = run { [recorder] output in
      begin()
      recorder.showed(output)
    }
    guard outcome != .incomplete else { return outcome }
    begin()
    recorder.cellEnded(RunEnding(outcome))
    recorder.stated(session.facts.map(RunFact.init), seed: session.seed)
    return outcome
  }

  /// Why the session is not kept, told once.
  public func takeWarning() -> Diagnostic? { recorder.takeWarning() }

  /// The session is over: waits until all of it is kept.
  public func finish() { recorder.finish(.done) }

  /// The last runs, or why they cannot be shown: what `:runs` says.
  public static func recentRuns() -> Output {
    do {
      return try RunList.recent(at: RunRecorder.usualLocation())
    } catch {
      return .error((error as? Diagnostic) ?? Diagnostic("unreadable-store", "\(error)"))
    }
  }
}
