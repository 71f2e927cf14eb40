/// Schedules of the learning rate: Keras 3's, with epochs where Keras counts steps.
extension KindSchema {
  /// The schedules that nbs itself has.
  static let standardSchedules = [
    constantSchedule, stepSchedule, exponentialSchedule, cosineSchedule, warmupSchedule, plateauSchedule,
  ]

  /// The rate as it is.
  public static let constantSchedule = KindSchema("constant", "the rate stays")
  /// The rate falls at intervals.
  public static let stepSchedule = KindSchema(
    "step", "times decay= (0.1) after every period= (10) epochs",
    options: [.decay(0.1), .period(10)], examples: ["train xor schedule=step decay=0.5 period=20"])
  /// The rate falls a little with every batch.
  public static let exponentialSchedule = KindSchema(
    "exponential", "times decay= (0.96) in the course of period= (1) epochs, a little with every batch",
    options: [.decay(0.96), .period(1)], examples: ["train xor schedule=exponential decay=0.9"])
  /// The rate falls along half a wave.
  public static let cosineSchedule = KindSchema(
    "cosine", "half a wave down to decay= (0) of it, in the course of period= (all) epochs",
    options: [
      .named(
        "decay", .number(.fraction), default: .number(0), "what the rate is multiplied by"),
      .named("period", .epochs, defaultText: "all epochs", "how many epochs"),
    ],
    examples: ["train xor schedule=cosine"])
  /// The rate rises from 0.
  public static let warmupSchedule = KindSchema(
    "warmup", "from 0 up along a line, in the course of period= (5) epochs", options: [.period(5)],
    examples: ["train xor schedule=warmup period=3"])
  /// The rate falls when the loss does not.
  public static let plateauSchedule = KindSchema(
    "plateau", "times decay= (0.1) after period= (10) epochs without a better loss",
    options: [.decay(0.1), .period(10)], examples: ["train xor schedule=plateau period=5"])
}

extension OptionType {
  fileprivate static let epochs = OptionType.integer(1...1_000_000_000)
}

extension OptionSchema {
  /// A factor of 0 would end all learning at once.
  fileprivate static func decay(_ value: Double) -> OptionSchema {
    .named("decay", .number(.openFraction), default: .number(value), "what the rate is multiplied by")
  }

  fileprivate static func period(_ value: Int) -> OptionSchema {
    .named("period", .epochs, default: .integer(value), "how many epochs")
  }
}
