internal import NetworkSchema

/// Times `decay` after `period` epochs without a loss better by 0.0001: the validation loss, if there is one.
struct ReduceOnPlateau: ScheduleRule {
  var schema: KindSchema { .plateauSchedule }
  var isByEpoch: Bool { true }
  var watchesLoss: Bool { true }

  func rate(_ moment: ScheduleMoment) -> Double { moment.reduced }
}

/// What a plateau has left of the rate, and how long it has waited.
public struct PlateauDetector: Sendable, Equatable {
  /// The rate.
  public var rate: Double
  /// The best loss so far, and the epochs since.
  public var wait: EpochWait

  /// Creates a state: that of a training's beginning where nothing has been waited for.
  public init(rate: Double, wait: EpochWait = EpochWait()) {
    self.rate = rate
    self.wait = wait
  }

  mutating func take(_ loss: Double, decay: Double, period: Int) {
    if loss < (wait.best ?? .infinity) - 1e-4 {
      wait = EpochWait(best: loss)
      return
    }
    wait.epochs += 1
    if wait.epochs >= period {
      rate *= decay
      wait.epochs = 0
    }
  }
}
