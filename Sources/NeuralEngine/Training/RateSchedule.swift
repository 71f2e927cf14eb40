import RealModule

/// How the rate changes in the course of a training; each `train` begins anew with the rate that is given.
///
/// The formulas are Keras 3's (keras/src/optimizers/schedules, keras/src/callbacks/reduce_lr_on_plateau.py), with
/// epochs where Keras counts steps.
public struct RateSchedule: Sendable, Equatable {
  /// The course.
  public enum Kind: String, Sendable, CaseIterable {
    /// The same all the time.
    case constant
    /// Times `decay` (0.1) after every `period` (10) epochs.
    case step
    /// Times `decay` (0.96) in the course of `period` (1) epochs, a little with every batch.
    case exponential
    /// Half a wave down to `decay` (0) of the rate, in the course of `period` (all) epochs
    /// (I. Loshchilov and F. Hutter, ICLR 2017).
    case cosine
    /// From 0 up along a line, in the course of `period` (5) epochs.
    case warmup
    /// Times `decay` (0.1) after `period` (10) epochs without a loss better by 0.0001: the validation loss, if
    /// there is one.
    case plateau

    /// The factor when the user names none; nil where there is none to name.
    public var defaultDecay: Double? {
      switch self {
      case .constant, .warmup: nil
      case .step, .plateau: 0.1
      case .exponential: 0.96
      case .cosine: 0
      }
    }
  }

  /// The course.
  public let kind: Kind
  /// The factor; the course's own when nil.
  public let decay: Double?
  /// The epochs; the course's own when nil.
  public let period: Int?

  /// Creates a schedule; by default the rate stays.
  public init(_ kind: Kind = .constant, decay: Double? = nil, period: Int? = nil) {
    self.kind = kind
    self.decay = decay
    self.period = period
  }

  /// Whether the rate stays the same for a whole epoch.
  var isByEpoch: Bool { kind == .constant || kind == .step || kind == .plateau }

  /// Refuses numbers that make no course.
  ///
  /// - Throws: `bad-value`.
  func check() throws(EngineError) {
    if let decay, !(decay >= 0 && decay < 1) || (decay == 0 && kind != .cosine) {
      throw EngineError(
        "bad-value", "decay=\(decay) does not work: the rate is multiplied by it, so it lies between 0 and 1."
      )
    }
    if let period, period < 1 {
      throw EngineError("bad-value", "period=\(period) does not work: it is one epoch or more.")
    }
  }
}

/// The rate of a training, batch by batch.
struct Pace {
  private let schedule: RateSchedule
  private let batches: Double
  private let period: Int
  private let decay: Double
  private let start: Double
  /// What a plateau has left of the rate.
  private var rest: Double
  private var best = Double.infinity
  private var wait = 0

  /// - Parameter batches: how many batches an epoch has.
  init(_ options: TrainingOptions, batches: Int) {
    schedule = options.schedule
    self.batches = Double(batches)
    start = options.rate
    rest = options.rate
    decay = schedule.decay ?? schedule.kind.defaultDecay ?? 1
    period =
      schedule.period
      ?? {
        switch options.schedule.kind {
        case .constant, .exponential: 1
        case .step, .plateau: 10
        case .cosine: options.epochs
        case .warmup: 5
        }
      }()
  }

  /// Whether the rate stays the same for a whole epoch.
  var isByEpoch: Bool { schedule.isByEpoch }

  /// The rate of a batch; both are counted from 0.
  func rate(epoch: Int, batch: Int) -> Double {
    switch schedule.kind {
    case .constant: return start
    case .step: return start * Double.pow(decay, epoch / period)
    case .exponential: return start * Double.pow(decay, done(epoch, batch))
    case .cosine:
      let wave = 0.5 * (1 + Double.cos(.pi * min(1, done(epoch, batch))))
      return start * ((1 - decay) * wave + decay)
    case .warmup: return start * min(1, done(epoch, batch))
    case .plateau: return rest
    }
  }

  /// How much of the period is over.
  private func done(_ epoch: Int, _ batch: Int) -> Double {
    (Double(epoch) + Double(batch) / batches) / Double(period)
  }

  /// Takes an epoch's loss.
  mutating func epochEnded(_ loss: Double) {
    guard schedule.kind == .plateau else { return }
    if loss < best - 1e-4 {
      best = loss
      wait = 0
      return
    }
    wait += 1
    if wait >= period {
      rest *= decay
      wait = 0
    }
  }
}
