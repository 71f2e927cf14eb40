internal import NetworkSchema

/// The rate as it is.
struct ConstantRate: ScheduleRule {
  var schema: KindSchema { .constantSchedule }
  var isByEpoch: Bool { true }
  var isConstant: Bool { true }

  func rate(_ moment: ScheduleMoment) -> Double { moment.start }
}
