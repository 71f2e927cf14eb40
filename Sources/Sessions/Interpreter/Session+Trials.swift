import Outputs

/// Trials of sweeps, as a session ends them.
extension SweepTrial {
  /// A trial that has ended with this.
  public init(_ combination: Int, seed: UInt64, round: Int = 0, in session: Session, ending: Ending) {
    self.init(
      combination: combination, seed: seed, round: round, ending: ending, metrics: session.metrics)
  }

  /// A trial that ran to its end, and is measured by a number of its session.
  public init(_ combination: Int, seed: UInt64, round: Int = 0, in session: Session, metric: String) {
    let ending: Ending =
      switch session.number(named: metric) {
      case nil: .failed("there is no number `\(metric)` at its end")
      case let value? where value.isFinite: .measured(value)
      case let value?: .failed("`\(metric)` is \(value)")
      }
    self.init(combination, seed: seed, round: round, in: session, ending: ending)
  }
}

extension Session {
  /// Runs work that is only to be measured, and takes back what it did to the session.
  ///
  /// - Parameters:
  ///   - sink: takes what the work measures, apart from what the session does.
  ///   - work: runs statements in the context that it is given, which shows nothing: what every trial or fold shows would
  ///     bury the table.
  func takingBack<Result>(
    measured sink: ((MetricBatch) -> Void)? = nil, _ work: (ExecutionContext) throws -> Result
  ) rethrows -> Result {
    let before = snapshot()
    let (told, sweeps) = (toldNotices, self.sweeps)
    // What is swept over within it belongs to it.
    self.sweeps = nil
    defer {
      restore(before)
      self.sweeps = sweeps
      toldNotices = told
    }
    let silent = ExecutionContext(session: self) { _ in }
    silent.isInLoop = true
    return try measuring(into: sink) { try work(silent) }
  }
}
