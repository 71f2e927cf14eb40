/// Schedules of the learning rate: Keras 3's, with epochs where Keras counts steps.
extension KindSchema {
  /// The schedules that nbs itself has.
  static let standardSchedules = [
    constantSchedule, stepSchedule, exponentialSchedule, cosineSchedule, warmupSchedule, plateauSchedule,
  ]

  /// The rate as it is.
  public static let constantSchedule = KindSchema("constant", "a constant learning rate")
  /// The rate falls at intervals.
  public static let stepSchedule = KindSchema(
    "step", "multiplied by decay= (0.1) every period= (10) epochs",
    options: [.decay(0.1), .period(10)], examples: ["train xor schedule=step decay=0.5 period=20"])
  /// The rate falls a little with every batch.
  public static let exponentialSchedule = KindSchema(
    "exponential", "multiplied by decay= (0.96) over period= (1) epochs, continuously with each batch",
    options: [.decay(0.96), .period(1)], examples: ["train xor schedule=exponential decay=0.9"])
  /// The rate falls along half a wave.
  public static let cosineSchedule = KindSchema(
    "cosine", "half a cosine wave down to decay= (0) times the rate, over period= (all) epochs",
    options: [
      .named(
        "decay", .number(.fraction), default: .number(0), "the factor of the learning rate"),
      .named("period", .epochs, defaultText: "all epochs", "the number of epochs"),
    ],
    examples: ["train xor schedule=cosine"])
  /// The rate rises from 0.
  public static let warmupSchedule = KindSchema(
    "warmup", "linear increase from 0 over period= (5) epochs", options: [.period(5)],
    examples: ["train xor schedule=warmup period=3"])
  /// The rate falls when the loss does not.
  public static let plateauSchedule = KindSchema(
    "plateau", "multiplied by decay= (0.1) after period= (10) epochs without a better loss",
    options: [.decay(0.1), .period(10)], examples: ["train xor schedule=plateau period=5"])
}

extension OptionType {
  fileprivate static let epochs = OptionType.integer(1...1_000_000_000)
}

extension OptionSchema {
  /// A factor of 0 would end all learning at once.
  fileprivate static func decay(_ value: Double) -> OptionSchema {
    .named("decay", .number(.openFraction), default: .number(value), "the factor of the learning rate")
  }

  fileprivate static func period(_ value: Int) -> OptionSchema {
    .named("period", .epochs, default: .integer(value), "the number of epochs")
  }
}
