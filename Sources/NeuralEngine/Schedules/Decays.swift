internal import NetworkSchema

/// Times `decay` after every `period` epochs.
struct StepDecay: ScheduleRule {
  var schema: KindSchema { .stepSchedule }
  var isByEpoch: Bool { true }

  func rate(_ moment: ScheduleMoment) -> Double {
    moment.start * ElementaryFunctions.power(moment.decay, Double(moment.epoch / moment.period))
  }
}

/// Times `decay` in the course of `period` epochs, a little with every batch.
struct ExponentialDecay: ScheduleRule {
  var schema: KindSchema { .exponentialSchedule }

  func rate(_ moment: ScheduleMoment) -> Double {
    moment.start * ElementaryFunctions.power(moment.decay, moment.done)
  }
}

/// Half a wave down to `decay` of the rate, in the course of `period` epochs (I. Loshchilov and F. Hutter, ICLR 2017).
struct CosineDecay: ScheduleRule {
  var schema: KindSchema { .cosineSchedule }
  var mayEndAtZero: Bool { true }

  func rate(_ moment: ScheduleMoment) -> Double {
    let wave = 0.5 * (1 + ElementaryFunctions.cosine(.pi * min(1, moment.done)))
    return moment.start * ((1 - moment.decay) * wave + moment.decay)
  }
}

/// From 0 up along a line, in the course of `period` epochs.
struct Warmup: ScheduleRule {
  var schema: KindSchema { .warmupSchedule }

  func rate(_ moment: ScheduleMoment) -> Double { moment.start * min(1, moment.done) }
}
