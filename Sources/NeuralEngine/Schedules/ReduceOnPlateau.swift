internal import NetworkSchema

/// Times `decay` after `period` epochs without a loss better by 0.0001: the validation loss, if there is one.
struct ReduceOnPlateau: ScheduleRule {
  var schema: KindSchema { .plateauSchedule }
  var isByEpoch: Bool { true }
  var watchesLoss: Bool { true }

  func rate(_ moment: ScheduleMoment) -> Double { moment.reduced }
}

/// What a plateau has left of the rate.
struct PlateauDetector: Sendable {
  var rate: Double
  var best = Double.infinity
  var wait = 0

  init(rate: Double) { self.rate = rate }

  mutating func take(_ loss: Double, decay: Double, period: Int) {
    if loss < best - 1e-4 {
      best = loss
      wait = 0
      return
    }
    wait += 1
    if wait >= period {
      rate *= decay
      wait = 0
    }
  }
}
