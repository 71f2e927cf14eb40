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
