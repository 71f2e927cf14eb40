import Foundations
package import NetworkSchema

/// How the learning rate changes in the course of a training; each `train` begins anew with the rate that is given.
///
/// The formulas are Keras 3's (keras/src/optimizers/schedules, keras/src/callbacks/reduce_lr_on_plateau.py), with
/// epochs where Keras counts steps.
public struct LearningRateSchedule: Sendable, Equatable {
  package let rule: any ScheduleRule
  /// The factor; the schedule's own when nil.
  public let decay: Double?
  /// The epochs; the schedule's own when nil.
  public let period: Int?

  package init(_ rule: any ScheduleRule, decay: Double? = nil, period: Int? = nil) {
    self.rule = rule
    self.decay = decay
    self.period = period
  }

  /// The schedule as the language names it.
  public var name: String { rule.schema.name }

  /// The numbers that were given.
  package var options: OptionValues {
    var options = OptionValues()
    options["decay"] = decay.map { .number($0) }
    options["period"] = period.map { .integer($0) }
    return options
  }

  private static let rules: [any ScheduleRule] = [
    ConstantRate(), StepDecay(), ExponentialDecay(), CosineDecay(), Warmup(), ReduceOnPlateau(),
  ]

  /// A schedule by its name; nil where there is none.
  public init?(named name: String, decay: Double? = nil, period: Int? = nil) {
    guard let rule = LearningRateSchedule.rules.first(where: { $0.schema.name == name }) else { return nil }
    self.init(rule, decay: decay, period: period)
  }

  /// The names of all of them, in the order in which help lists them.
  public static let names = rules.map { $0.schema.name }

  /// The rate as it is.
  public static let constant = LearningRateSchedule(ConstantRate())

  /// Two schedules are equal when they have the same name and numbers.
  public static func == (a: LearningRateSchedule, b: LearningRateSchedule) -> Bool {
    a.name == b.name && a.decay == b.decay && a.period == b.period
  }

  /// Refuses numbers that make no schedule.
  ///
  /// - Throws: `bad-value`.
  func check() throws(CodedError) {
    if let decay, !(decay >= 0 && decay < 1) || (decay == 0 && !rule.mayEndAtZero) {
      throw CodedError(
        .badValue, "decay=\(decay) does not work: the rate is multiplied by it, so it lies between 0 and 1."
      )
    }
    if let period, period < 1 {
      throw CodedError(.badValue, "period=\(period) does not work: it is one epoch or more.")
    }
  }
}

/// The rule of a schedule.
package protocol ScheduleRule: Sendable {
  /// Its name and numbers.
  var schema: KindSchema { get }
  /// Whether the rate stays the same for a whole epoch.
  var isByEpoch: Bool { get }
  /// Whether the factor may be 0.
  var mayEndAtZero: Bool { get }
  /// Whether the rate depends on the epochs' losses.
  var watchesLoss: Bool { get }
  /// Whether the rate is always the one that is given.
  var isConstant: Bool { get }
  /// The rate at a moment.
  func rate(_ moment: ScheduleMoment) -> Double
}

extension ScheduleRule {
  package var isByEpoch: Bool { false }
  package var mayEndAtZero: Bool { false }
  package var watchesLoss: Bool { false }
  package var isConstant: Bool { false }
}

/// A moment of a training, as schedules see it.
package struct ScheduleMoment: Sendable {
  /// The rate that is given.
  package let start: Double
  package let decay: Double
  package let period: Int
  /// The epoch, counted from 0.
  package let epoch: Int
  /// How much of the period is over, batches counted.
  package let done: Double
  /// What a plateau has left of the rate.
  package let reduced: Double
}

/// The learning rate of a training, batch by batch. An object, since a small network's epoch takes less time than a copy of it.
package final class LearningRate {
  private let rule: any ScheduleRule
  private let watchesLoss: Bool
  /// A small network asks for its rate millions of times a second, and gets an answer without a rule.
  private let isConstant: Bool
  private let start: Double
  private let batches: Double
  private let period: Int
  private let decay: Double
  /// What a plateau has left of it.
  var plateau: PlateauDetector

  /// - Parameter batches: how many batches an epoch has.
  init(_ schedule: LearningRateSchedule, from start: Double, epochs: Int, batches: Int) {
    rule = schedule.rule
    (watchesLoss, isConstant) = (rule.watchesLoss, rule.isConstant)
    self.start = start
    self.batches = Double(batches)
    let defaults = schedule.rule.schema.completed(OptionValues())
    decay = schedule.decay ?? defaults.number("decay") ?? 1
    period = schedule.period ?? defaults.integer("period") ?? epochs
    plateau = PlateauDetector(rate: start)
  }

  /// Whether the rate stays the same for a whole epoch.
  var isByEpoch: Bool { rule.isByEpoch }

  /// The rate of a batch; both are counted from 0.
  func rate(epoch: Int, batch: Int) -> Double { isConstant ? start : ruled(epoch: epoch, batch: batch) }

  private func ruled(epoch: Int, batch: Int) -> Double {
    rule.rate(
      ScheduleMoment(
        start: start, decay: decay, period: period, epoch: epoch,
        done: (Double(epoch) + Double(batch) / batches) / Double(period), reduced: plateau.rate))
  }

  /// Takes an epoch's loss.
  func epochEnded(_ loss: Double) {
    if watchesLoss { plateau.take(loss, decay: decay, period: period) }
  }
}
