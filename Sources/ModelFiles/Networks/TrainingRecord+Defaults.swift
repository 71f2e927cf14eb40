package import NeuralEngine

extension TrainingRecord {
  /// Describes defaults.
  package init(_ defaults: TrainingDefaults) {
    loss = defaults.loss?.rawValue
    optimizer = defaults.optimizer.map(OptimizerKindRecord.init)
    rate = defaults.rate
    l1 = defaults.penalty.l1
    l2 = defaults.penalty.l2
    clip = defaults.clip
    schedule = ScheduleRecord(
      kind: defaults.schedule.kind.rawValue, decay: defaults.schedule.decay, period: defaults.schedule.period)
  }

  /// The defaults that are described, each within its bounds.
  package func defaults(_ reading: RecordReading) throws(EngineError) -> TrainingDefaults {
    var defaults = TrainingDefaults(rate: rate)
    if let loss { defaults.loss = try reading.word(loss, as: Loss.self, "loss") }
    if let optimizer { defaults.optimizer = try optimizer.kind(reading) }
    defaults.penalty = Penalty(l1: l1, l2: l2)
    defaults.clip = clip
    defaults.schedule = RateSchedule(
      try reading.word(schedule.kind, as: RateSchedule.Kind.self, "schedule"), decay: schedule.decay,
      period: schedule.period)
    try check(defaults, reading)
    return defaults
  }

  /// Holds the numbers against the bounds that training has for them.
  private func check(_ defaults: TrainingDefaults, _ reading: RecordReading) throws(EngineError) {
    let optimizer = defaults.optimizer ?? .sgd(momentum: 0)
    var options = TrainingOptions(
      epochs: 1, batchSize: 1, loss: .mse, optimizer: optimizer, rate: defaults.rate ?? optimizer.defaultRate)
    options.penalty = defaults.penalty
    options.clip = defaults.clip
    options.schedule = defaults.schedule
    do throws(EngineError) { try options.check() } catch { throw reading.bad(error.message.withoutFullStop) }
  }
}

extension String {
  /// For a message within a sentence.
  var withoutFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
