import NeuralEngine

extension TrainingRecord {
  init(_ defaults: TrainingDefaults) {
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
  func defaults(_ reading: RecordReading) throws(EngineError) -> TrainingDefaults {
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

extension OptimizerKindRecord {
  init(_ kind: OptimizerKind) {
    name = kind.name
    if case .sgd(let momentum, let nesterov) = kind {
      self.momentum = momentum
      self.nesterov = nesterov
    }
  }

  /// The optimizer that is described.
  func kind(_ reading: RecordReading) throws(EngineError) -> OptimizerKind {
    guard let kind = OptimizerKind(name: name) else {
      throw reading.bad("the optimizer is not known here: \(name.asName)")
    }
    guard case .sgd = kind else { return kind }
    let momentum = momentum ?? 0
    guard momentum >= 0, momentum < 1 else { throw reading.bad("momentum=\(momentum) is not below 1") }
    return .sgd(momentum: momentum, nesterov: nesterov ?? false)
  }
}

extension String {
  /// For a message within a sentence.
  var withoutFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
