import Diagnostics
import Language
import NeuralEngine

/// What `net` and `train` say about training, each over what was said before.
extension Session {
  /// The defaults that a command's options give, over those that are there.
  func trainingDefaults(
    _ arguments: CommandArguments, _ context: ExecutionContext, base: TrainingDefaults
  ) throws -> TrainingDefaults {
    var defaults = base
    if let word = arguments.choice("loss"), let loss = Loss(rawValue: word) { defaults.loss = loss }
    if let optimizer = try optimizer(arguments, context, base: base.optimizer) {
      // A rate that was meant for another optimizer does not carry over.
      if optimizer.name != base.optimizer?.name, base.optimizer != nil { defaults.rate = nil }
      defaults.optimizer = optimizer
    }
    if let rate = try arguments.number("rate", context) { defaults.rate = rate }
    if let price = try arguments.number("l1", context) { defaults.penalty.l1 = price }
    if let price = try arguments.number("l2", context) { defaults.penalty.l2 = price }
    if let clip = try arguments.number("clip", context) { defaults.clip = clip }
    defaults.schedule = try schedule(arguments, context, base: base.schedule)
    return defaults
  }

  private func optimizer(
    _ arguments: CommandArguments, _ context: ExecutionContext, base: OptimizerKind?
  ) throws -> OptimizerKind? {
    let momentum = try arguments.number("momentum", context)
    let nesterov = try arguments.boolean("nesterov", context)
    let isTuned = momentum != nil || nesterov != nil
    guard let word = arguments.choice("optimizer") ?? (isTuned ? base?.name ?? "sgd" : nil),
      let kind = OptimizerKind(name: word)
    else { return nil }
    guard case .sgd = kind else {
      if let momentum {
        throw Diagnostic(
          "bad-option", "momentum=\(momentum.brief) goes with sgd; \(word) has none.",
          at: arguments.span("momentum"))
      }
      if nesterov != nil {
        throw Diagnostic(
          "bad-option", "nesterov= goes with sgd; for adam with Nesterov's momentum use optimizer=nadam.",
          at: arguments.span("nesterov"))
      }
      return kind
    }
    // One of the two alone leaves the other as it is, unless the line starts afresh with optimizer=.
    var (oldMomentum, oldNesterov) = (0.0, false)
    if arguments.choice("optimizer") == nil, case .sgd(let momentum, let nesterov)? = base {
      (oldMomentum, oldNesterov) = (momentum, nesterov)
    }
    let sgd = OptimizerKind.sgd(momentum: momentum ?? oldMomentum, nesterov: nesterov ?? oldNesterov)
    if nesterov == true, sgd.isPlain {
      throw Diagnostic(
        "bad-option", "nesterov= looks where the momentum leads, and there is none: add momentum=0.9",
        at: arguments.span("nesterov"), suggestion: "momentum=0.9")
    }
    return sgd
  }

  /// A word starts a schedule afresh; `decay=` and `period=` alone change the one that is there.
  private func schedule(
    _ arguments: CommandArguments, _ context: ExecutionContext, base: RateSchedule
  ) throws -> RateSchedule {
    let decay = try arguments.number("decay", context)
    let period = try arguments.integer("period", context)
    let word = arguments.choice("schedule").flatMap(RateSchedule.Kind.init(rawValue:))
    let kind = word ?? base.kind
    if decay != nil, kind.defaultDecay == nil { throw unfit("decay", kind, at: arguments.span("decay")) }
    if decay == 0, kind != .cosine {
      throw Diagnostic(
        "bad-value", "decay=0 would end all learning at once. Use a factor between 0 and 1.",
        at: arguments.span("decay"))
    }
    if period != nil, kind == .constant { throw unfit("period", kind, at: arguments.span("period")) }
    return RateSchedule(
      kind, decay: decay ?? (word == nil ? base.decay : nil),
      period: period ?? (word == nil ? base.period : nil))
  }

  private func unfit(_ option: String, _ kind: RateSchedule.Kind, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      "bad-option",
      "\(option)= goes with a schedule that has one, and the schedule is \(kind.rawValue). Use schedule=step.",
      at: span, suggestion: "schedule=step")
  }
}
