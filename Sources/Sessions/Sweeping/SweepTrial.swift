/// One run in a sweep, of a notebook or a block: a combination of values and a seed.
public struct SweepTrial: Sendable, Equatable {
  /// What came of it.
  public enum Ending: Sendable, Equatable {
    /// It ran to its end, and the metric had this value.
    case measured(Double)
    /// It failed, or the metric was not there: why, in a line.
    case failed(String)
  }

  /// The place of the combination, from 0.
  public let combination: Int
  /// The seed that its session started from.
  public let seed: UInt64
  /// The round of ``SuccessiveHalving`` that it belongs to, from 0; 0 where there is one round.
  public let round: Int
  /// What came of it.
  public let ending: Ending
  /// The metrics of its last training or evaluation.
  public let metrics: [String: Double]

  /// Puts a trial together.
  public init(
    combination: Int, seed: UInt64, round: Int = 0, ending: Ending, metrics: [String: Double]
  ) {
    self.combination = combination
    self.seed = seed
    self.round = round
    self.ending = ending
    self.metrics = metrics
  }

  /// The metric's value; nil where it failed.
  public var value: Double? { if case .measured(let value) = ending { value } else { nil } }
}
