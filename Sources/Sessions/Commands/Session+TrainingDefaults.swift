import Diagnostics
import Language
import NetworkSchema
import NeuralEngine

/// What `net` and `train` say about training, each over what was said before.
extension Session {
  /// The defaults that a command's options give, over those that are there.
  func trainingDefaults(
    _ arguments: CommandArguments, _ context: ExecutionContext, base: TrainingDefaults
  ) throws -> TrainingDefaults {
    var defaults = base
    if let word = arguments.choice("loss"), let loss = Loss(named: word) { defaults.loss = loss }
    if let optimizer = try optimizer(arguments, context, base: base.optimizer) {
      // A rate that was meant for another optimizer does not carry over.
      if optimizer.name != base.optimizer?.name, base.optimizer != nil { defaults.rate = nil }
      defaults.optimizer = optimizer
    }
    if let rate = try arguments.number("rate", context) { defaults.rate = rate }
    if let price = try arguments.number("l1", context) { defaults.regularizer.l1 = price }
    if let price = try arguments.number("l2", context) { defaults.regularizer.l2 = price }
    if let clip = try arguments.number("clip", context) { defaults.clip = clip }
    if let schedule = try schedule(arguments, context, base: base.schedule) { defaults.schedule = schedule }
    return defaults
  }

  private func optimizer(
    _ arguments: CommandArguments, _ context: ExecutionContext, base: Optimizer?
  ) throws -> Optimizer? {
    // The rate goes with any optimizer, and alone it does not choose one.
    let choice = try KindChoice(
      of: .optimizer, arguments, context,
      base: (base?.name ?? KindSchema.sgd.name, base?.options ?? OptionValues()), besides: ["rate"])
    guard let choice else { return nil }
    guard let optimizer = Optimizer(named: choice.kind.name, choice.options) else {
      throw unknown(choice.kind, at: arguments.span)
    }
    if choice.options.boolean("nesterov") == true, arguments.isGiven("nesterov"), optimizer.isPlain {
      throw Diagnostic(
        "bad-option", "nesterov= looks where the momentum leads, and there is none: add momentum=0.9",
        at: arguments.span("nesterov"), suggestion: "momentum=0.9")
    }
    return optimizer
  }

  private func schedule(
    _ arguments: CommandArguments, _ context: ExecutionContext, base: LearningRateSchedule
  ) throws -> LearningRateSchedule? {
    let choice = try KindChoice(
      of: .schedule, arguments, context, base: (base.name, base.options))
    guard let choice else { return nil }
    let schedule = LearningRateSchedule(
      named: choice.kind.name, decay: choice.options.number("decay"),
      period: choice.options.integer("period"))
    guard let schedule else { throw unknown(choice.kind, at: arguments.span) }
    return schedule
  }

  /// The error for a kind that the catalog has and the engine has not.
  private func unknown(_ kind: KindSchema, at span: SourceSpan) -> Diagnostic {
    Diagnostic("unknown-kind", "The engine has no `\(kind.name)`.", at: span)
  }
}
