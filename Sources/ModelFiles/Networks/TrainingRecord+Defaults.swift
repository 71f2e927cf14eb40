package import Foundations
package import NeuralEngine

extension TrainingRecord {
  /// Describes defaults.
  package init(_ defaults: TrainingDefaults) {
    rule = defaults.rule == .gradient ? nil : defaults.rule.rawValue
    loss = defaults.loss?.name
    losses = defaults.outputLosses.isEmpty ? nil : defaults.outputLosses.mapValues(\.name)
    lossWeights = defaults.lossWeights.isEmpty ? nil : defaults.lossWeights
    optimizer = defaults.optimizer.map(OptimizerChoiceRecord.init)
    rate = defaults.rate
    l1 = defaults.regularizer.l1
    l2 = defaults.regularizer.l2
    clip = defaults.clip
    schedule = ScheduleRecord(
      kind: defaults.schedule.name, decay: defaults.schedule.decay, period: defaults.schedule.period)
  }

  /// The defaults that are described, each within its bounds.
  package func defaults(_ reading: RecordReading) throws(CodedError) -> TrainingDefaults {
    var defaults = TrainingDefaults(rate: rate)
    if let rule { defaults.rule = try reading.word(rule, as: LearningRule.self, "rule") }
    defaults.loss = try loss.map { (name) throws(CodedError) in try self.loss(name, reading) }
    for (output, name) in losses ?? [:] { defaults.outputLosses[output] = try self.loss(name, reading) }
    for (output, weight) in lossWeights ?? [:] {
      guard weight >= 0, weight.isFinite else {
        throw reading.bad("the loss of \(output.asName) has a bad weight")
      }
      defaults.lossWeights[output] = weight
    }
    if let optimizer { defaults.optimizer = try optimizer.optimizer(reading) }
    defaults.regularizer = Regularizer(l1: l1, l2: l2)
    defaults.clip = clip
    guard
      let schedule = LearningRateSchedule(
        named: schedule.kind, decay: schedule.decay, period: schedule.period)
    else { throw reading.bad("the schedule is unknown: \(schedule.kind.asName)") }
    defaults.schedule = schedule
    try check(defaults, reading)
    return defaults
  }

  private func loss(_ name: String, _ reading: RecordReading) throws(CodedError) -> Loss {
    guard let known = Loss(named: name) else { throw reading.bad("the loss is unknown: \(name.asName)") }
    return known
  }

  /// Holds the numbers against the bounds that training has for them.
  private func check(_ defaults: TrainingDefaults, _ reading: RecordReading) throws(CodedError) {
    let optimizer = defaults.optimizer ?? .sgd()
    var options = TrainingOptions(
      epochs: 1, batchSize: 1, loss: .mse, optimizer: optimizer, rate: defaults.rate ?? optimizer.defaultRate)
    options.regularizer = defaults.regularizer
    options.clip = defaults.clip
    options.schedule = defaults.schedule
    do throws(CodedError) { try options.check() } catch { throw reading.bad(error.message.withoutFullStop) }
  }
}
