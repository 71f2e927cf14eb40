import Diagnostics
import Language
import NetworkSchema
import NeuralEngine

/// What stands in a command's slots, its expressions compiled: asked for by the slot's name when the command
/// runs, and held against the slot's range again where only the running cell knows the value.
struct CommandArguments {
  let command: Command
  private let nodes: [String: Node]
  private let threshold: Node?

  init(_ command: Command, compiler: Compiler) {
    self.command = command
    nodes = command.values.compactMapValues(compiler.compile)
    threshold = command.condition.flatMap { compiler.compile($0.threshold) }
  }

  var span: SourceSpan { command.span }

  /// Where a slot's content stands; the whole command when it is empty.
  func span(_ slot: String) -> SourceSpan { command.values[slot]?.span ?? command.span }

  func isGiven(_ slot: String) -> Bool { command.values[slot] != nil }

  func integer(_ slot: String, _ context: ExecutionContext) throws -> Int? {
    guard let value = command.values[slot] else { return nil }
    if case .integer(let number) = value.kind { return number }
    guard case .integer(let range) = value.slot.type, let evaluation = nodes[slot] else { return nil }
    let number = try evaluation.evaluate(context).number(at: value.span)
    guard let whole = Int(exactly: number), range.contains(whole) else { throw outOfRange(value, number) }
    return whole
  }

  /// `5x5`, or a list of whole numbers that only the running cell knows.
  func sizes(_ slot: String, _ context: ExecutionContext) throws -> [Int]? {
    guard let value = command.values[slot] else { return nil }
    if case .sizes(let sizes) = value.kind { return sizes }
    guard case .sizes(let most) = value.slot.type, let evaluation = nodes[slot] else { return nil }
    let numbers = try evaluation.evaluate(context).array(at: value.span)
    let sizes = numbers.values.compactMap { Int(exactly: $0) }
    guard sizes.count == numbers.count, (1...most).contains(sizes.count), sizes.allSatisfy({ $0 > 0 }) else {
      throw Diagnostic(
        "bad-value", "`\(slot)` takes \(value.slot.type.wanted): \(value.slot.help).", at: value.span)
    }
    return sizes
  }

  func number(_ slot: String, _ context: ExecutionContext) throws -> Double? {
    guard let value = command.values[slot] else { return nil }
    return try number(value, nodes[slot], context)
  }

  private func number(_ value: CheckedValue, _ evaluation: Node?, _ context: ExecutionContext) throws
    -> Double?
  {
    if case .number(let number) = value.kind { return number }
    guard case .number(let range) = value.slot.type, let evaluation else { return nil }
    let number = try evaluation.evaluate(context).number(at: value.span)
    guard range.contains(number) else { throw outOfRange(value, number) }
    return number
  }

  private func outOfRange(_ value: CheckedValue, _ number: Double) -> Diagnostic {
    Diagnostic(
      "bad-value",
      "`\(value.slot.name)` takes \(value.slot.type.wanted), not \(number.brief): \(value.slot.help).",
      at: value.span)
  }

  func boolean(_ slot: String, _ context: ExecutionContext) throws -> Bool? {
    guard let value = command.values[slot] else { return nil }
    if case .boolean(let truth) = value.kind { return truth }
    return try nodes[slot]?.evaluate(context).truth(at: value.span)
  }

  func choice(_ slot: String) -> String? {
    if case .choice(let word)? = command.values[slot]?.kind { word } else { nil }
  }

  /// The values that are given for a kind's options.
  func values(of kind: KindSchema, _ context: ExecutionContext) throws -> OptionValues {
    var values = OptionValues()
    for option in kind.options { values[option.name] = try value(of: option, context) }
    return values
  }

  private func value(of option: OptionSchema, _ context: ExecutionContext) throws -> OptionValue? {
    switch option.type {
    case .integer: try integer(option.name, context).map { .integer($0) }
    case .number: try number(option.name, context).map { .number($0) }
    case .boolean: try boolean(option.name, context).map { .boolean($0) }
    case .word: choice(option.name).map { .word($0) }
    case .sizes: try sizes(option.name, context).map { .sizes($0) }
    }
  }

  func name(_ slot: String) -> String? {
    if case .name(let name)? = command.values[slot]?.kind { name } else { nil }
  }

  /// A name that the table requires; the checker has seen to it that it is there.
  func requiredName(_ slot: String) throws -> String {
    guard let name = name(slot) else {
      throw Diagnostic("missing-argument", "A name is missing here.", at: span)
    }
    return name
  }

  func value(_ slot: String, _ context: ExecutionContext) throws -> Value? {
    try nodes[slot]?.evaluate(context)
  }

  /// The name of a file.
  func path(_ slot: String, _ context: ExecutionContext) throws -> String {
    guard case .string(let path)? = try value(slot, context), !path.isEmpty else {
      throw Diagnostic(
        "bad-value", "`\(slot)` takes the name of a file, in quotes: \"m.safetensors\".", at: span(slot))
    }
    guard !path.utf8.contains(0) else {
      throw Diagnostic("bad-value", "The name of a file cannot hold a zero byte.", at: span(slot))
    }
    return path
  }

  func node(_ slot: String) -> Node? { nodes[slot] }

  /// `until figure<number>`.
  func condition(_ context: ExecutionContext) throws -> StopCondition? {
    guard let condition = command.condition, let figure = Figure(rawValue: condition.figure),
      let comparison = StopCondition.Comparison(rawValue: condition.comparison.rawValue),
      let number = try number(condition.threshold, threshold, context)
    else { return nil }
    return StopCondition(figure, comparison, number)
  }
}
