import Diagnostics
import Foundations
import Language
import NetworkSchema
import NeuralEngine

/// The options of a kind of the catalog that a command gives values.
struct OptionArguments {
  /// The options in their order, each with its value.
  let given: [(name: String, operand: Operand<OptionValue>)]

  init(given: [(name: String, operand: Operand<OptionValue>)]) { self.given = given }

  init(_ names: [String], of arguments: ArgumentDecoder) throws {
    given = try names.compactMap { name in
      try arguments.operand(name, as: OptionValue.self).map { (name, $0) }
    }
  }

  /// Works the values out.
  func values(_ context: CommandContext) throws -> OptionValues {
    var values = OptionValues()
    for (name, operand) in given { values[name] = try operand(context) }
    return values
  }

  /// Runs code that makes something of the options; a mistake in one of them is shown there.
  func locating<Result>(_ context: CommandContext, _ body: () throws -> Result) throws -> Result {
    do { return try context.locating(body) } catch let violation as SchemaViolation {
      let option = given.first { $0.name == violation.option }
      throw Diagnostic(
        .badValue, violation.message, at: option?.operand.span ?? context.span,
        suggestion: violation.suggestion)
    }
  }
}

/// A kind that a command's word picks, with the options that are said of it: `optimizer=adam beta1=0.8`. It is decoded
/// from the slot that has the name of the kind's family.
struct KindArguments: ArgumentDecodable {
  private let family: KindFamily
  /// The word; nil where none is given.
  private let word: String?
  private let options: OptionArguments

  init(_ arguments: ArgumentDecoder) throws {
    guard let family = KindFamily.allCases.first(where: { $0.noun == arguments.name }) else {
      throw Diagnostic(.internalError, "There is no family of kinds of this name.")
    }
    self.family = family
    word = try arguments.choice(family.noun)
    options = try OptionArguments(NetworkCatalog.current.sharedOptions(of: family).map(\.name), of: arguments)
  }

  /// The kind and its options, over what was said before: a word starts afresh, and options alone change the kind that
  /// is there. Nil where the command says nothing of it.
  ///
  /// - Parameters:
  ///   - base: the kind that is there, or the family's default, and its options.
  ///   - others: options of the family that the command keeps apart.
  /// - Throws: `bad-option` for an option that the kind does not have, `bad-value` for a value that it does not take.
  func choice(
    over base: (name: String, options: OptionValues), besides others: Set<String> = [],
    _ context: CommandContext
  ) throws -> (kind: KindSchema, options: OptionValues)? {
    let options = OptionArguments(given: self.options.given.filter { !others.contains($0.name) })
    guard word != nil || !options.given.isEmpty, let kind = NetworkCatalog.current[family][word ?? base.name]
    else { return nil }
    if let stranger = options.given.first(where: { kind.option($0.name) == nil }) {
      throw unfit(stranger.name, kind, at: stranger.operand.span)
    }
    let values = try options.values(context).over(word == nil ? base.options : OptionValues())
    try options.locating(context) { try kind.check(values) }
    return (kind, values)
  }

  /// Where an option is given; nil where it is not.
  func span(of option: String) -> SourceSpan? { options.given.first { $0.name == option }?.operand.span }

  /// The error for an option that goes with other kinds of the family.
  private func unfit(_ option: String, _ kind: KindSchema, at span: SourceSpan) -> Diagnostic {
    let having = NetworkCatalog.current[family].filter { $0.option(option) != nil }.names
    let own = kind.options.map { "\($0.name)=" }
    let owned =
      switch own.count {
      case 0: "no options"
      case 1: "\(own[0]) alone"
      default: own.listed
      }
    return Diagnostic(
      .badOption,
      "\(option)= is an option of \(having.listed); the \(family.noun) here is \(kind.name), which has \(owned).",
      at: span, suggestion: having.first.map { "\(family.noun)=\($0)" })
  }
}

/// What `net` and `train` say about training.
struct TrainingArguments: Decodable {
  private let loss: LossChoice?
  private let lossWeights: Operand<NamedNumbers>?
  private let optimizer: KindArguments
  private let rate: Operand<Double>?
  private let l1: Operand<Double>?
  private let l2: Operand<Double>?
  private let clip: Operand<Double>?
  private let schedule: KindArguments

  private enum CodingKeys: String, CodingKey {
    case loss, optimizer, rate, l1, l2, clip, schedule
    case lossWeights = "loss_weights"
  }

  /// The defaults that the options give, over those that are there.
  func defaults(over base: TrainingDefaults, _ context: CommandContext) throws -> TrainingDefaults {
    var defaults = base
    switch loss {
    case .all(let loss): (defaults.loss, defaults.outputLosses) = (loss, [:])
    case .byOutput(let losses): defaults.outputLosses.merge(losses) { $1 }
    case nil: break
    }
    if let lossWeights { defaults.lossWeights.merge(try lossWeights(context).numbers) { $1 } }
    if let optimizer = try optimizer(over: base.optimizer, context) {
      // A rate that was meant for another optimizer does not carry over.
      if optimizer.name != base.optimizer?.name, base.optimizer != nil { defaults.rate = nil }
      defaults.optimizer = optimizer
    }
    if let rate { defaults.rate = try rate(context) }
    if let l1 { defaults.regularizer.l1 = try l1(context) }
    if let l2 { defaults.regularizer.l2 = try l2(context) }
    if let clip { defaults.clip = try clip(context) }
    if let schedule = try schedule(over: base.schedule, context) { defaults.schedule = schedule }
    return defaults
  }

  private func optimizer(over base: Optimizer?, _ context: CommandContext) throws -> Optimizer? {
    let known = (base?.name ?? KindSchema.sgd.name, base?.options ?? OptionValues())
    // The rate goes with any optimizer, and alone it does not choose one.
    guard let choice = try optimizer.choice(over: known, besides: ["rate"], context) else { return nil }
    guard let made = Optimizer(named: choice.kind.name, choice.options) else {
      throw unknown(choice.kind, at: context.span)
    }
    if choice.options.boolean("nesterov") == true, let span = optimizer.span(of: "nesterov"), made.isPlain {
      throw Diagnostic(
        .badOption, "nesterov= needs a momentum: add momentum=0.9",
        at: span, suggestion: "momentum=0.9")
    }
    return made
  }

  private func schedule(over base: LearningRateSchedule, _ context: CommandContext) throws
    -> LearningRateSchedule?
  {
    guard let choice = try schedule.choice(over: (base.name, base.options), context) else { return nil }
    let made = LearningRateSchedule(
      named: choice.kind.name, decay: choice.options.number("decay"), period: choice.options.integer("period")
    )
    guard let made else { throw unknown(choice.kind, at: context.span) }
    return made
  }

  /// The error for a kind that the catalog has and the engine has not.
  private func unknown(_ kind: KindSchema, at span: SourceSpan) -> Diagnostic {
    Diagnostic(.unknownKind, "The engine has no `\(kind.name)`.", at: span)
  }
}

/// `loss=mse`, `loss={price: mse, kind: crossentropy}`.
enum LossChoice: ArgumentDecodable {
  case all(Loss)
  case byOutput([String: Loss])

  init(_ arguments: ArgumentDecoder) throws {
    let content = try arguments.content()
    guard case .expression(let value) = content.kind else {
      self = .all(try Choice<Loss>(arguments).value)
      return
    }
    var losses: [String: Loss] = [:]
    for (name, word, span) in try NamePairs.literals(in: value, content) {
      guard let loss = Loss(named: word) else {
        throw Diagnostic(.unknownKind, "There is no loss `\(word)`.", at: span)
      }
      losses[name] = loss
    }
    self = .byOutput(losses)
  }
}

/// `loss_weights={price: 1, kind: 0.5}`.
struct NamedNumbers: OperandValue {
  let numbers: [String: Double]

  init(_ value: Value, of content: CheckedValue) throws {
    var numbers: [String: Double] = [:]
    for (name, text) in try NamePairs(value, of: content).pairs {
      guard let number = Double(text), number >= 0, number.isFinite else {
        throw Diagnostic(
          .badValue,
          "`\(content.slot.name)` takes numbers from 0 on, and `\(name)` has \(text).", at: content.span)
      }
      numbers[name] = number
    }
    self.numbers = numbers
  }
}

extension Objective {
  /// `loss=mse`, `loss={price: mse, kind: crossentropy} loss_weights={kind: 0.5}`
  var asOptions: String {
    if isUniform { return "loss=\(loss.name)" }
    let weighted = terms.filter { $0.weight != 1 }
    let weights = weighted.map { "\($0.output): \($0.weight.brief)" }.joined(separator: ", ")
    return "loss={" + terms.map { "\($0.output): \($0.loss.name)" }.joined(separator: ", ") + "}"
      + (weights.isEmpty ? "" : " loss_weights={\(weights)}")
  }

  /// `price mse, kind crossentropy times 0.5`
  var description: String {
    terms.map { "\($0.output) \($0.loss.name)" + ($0.weight == 1 ? "" : " times \($0.weight.brief)") }
      .joined(separator: ", ")
  }
}
