internal import Diagnostics
internal import Foundations
import Localization
internal import NetworkSchema

extension Checker {
  /// `epochs = 20` behind `param`.
  mutating func parameter(_ argument: Argument, _ slot: Slot) -> CheckedValue.Kind? {
    switch argument.kind {
    case .binding(let name, let value):
      guard let literal = Literal(value) else {
        report(
          .badValue,
          "The default of a parameter must be a literal: a number, a text, `true`, `false` or a "
            + "list of them.", at: value.span)
        return nil
      }
      declare(name)
      return .parameter(Parameter(name: name, defaultValue: literal))
    case .word(let word):
      report(
        .missingArgument,
        localized("`param` needs a default value for `\(word)`: `param \(word) = 20`."),
        at: argument.span, suggestion: "param \(word) = 20")
      return nil
    default: return reject(argument, slot)
    }
  }

  /// The declaration that the slots of a `param` make together; nil, the mistake noted, when they do not fit.
  mutating func declaration(_ values: [String: CheckedValue], at span: SourceSpan) -> [String: CheckedValue]?
  {
    guard let value = values["parameter"], case .parameter(var parameter) = value.kind else { return nil }
    guard blockDepth == 1, !isInFunction else {
      report(
        .misplacedParameter,
        localized(
          "A parameter is set before the notebook runs, so `param` cannot be in a block or a function."),
        at: span)
      return nil
    }
    do throws(BadBound) {
      parameter.minimum = try number(values["min"])
      parameter.maximum = try number(values["max"])
      parameter.help = try text(values["help"])
    } catch {
      report(.badValue, error.message, at: error.span)
      return nil
    }
    guard isSound(parameter, at: value.span) else { return nil }
    return ["parameter": CheckedValue(kind: .parameter(parameter), slot: value.slot, span: value.span)]
  }

  /// An option of `param` that is not known before the run.
  private struct BadBound: Error {
    let message: String
    let span: SourceSpan
  }

  private func number(_ value: CheckedValue?) throws(BadBound) -> Double? {
    guard let value else { return nil }
    if case .known(.number(let number)) = value.kind { return number }
    if case .expression(let expression) = value.kind, case .number(let number)? = Literal(expression) {
      return number
    }
    throw BadBound(
      message: "`\(value.slot.name)` of a parameter takes a literal number.", span: value.span)
  }

  private func text(_ value: CheckedValue?) throws(BadBound) -> String? {
    guard let value else { return nil }
    if case .expression(let expression) = value.kind, case .text(let text)? = Literal(expression) {
      return text
    }
    throw BadBound(
      message: localized("`help` takes a text: `help=\"number of epochs\"`."), span: value.span)
  }

  private mutating func isSound(_ parameter: Parameter, at span: SourceSpan) -> Bool {
    let hasBounds = parameter.minimum != nil || parameter.maximum != nil
    if hasBounds, parameter.defaultValue.kindName != Literal.number(0).kindName {
      report(
        .badValue,
        "Only a number can have `min` and `max`, and this is \(parameter.defaultValue.kindName).", at: span)
      return false
    }
    if let low = parameter.minimum, let high = parameter.maximum, low > high {
      report(
        .badValue,
        "No number is at least \(low.brief) and at most \(high.brief). Are `min` and `max` mixed up?",
        at: span)
      return false
    }
    guard let mistake = parameter.mistake(in: parameter.defaultValue) else { return true }
    report(.badValue, mistake.message, at: span)
    return false
  }

  /// A line `name = literal` of a cell tagged `parameters`, which declares a parameter as papermill's do.
  mutating func parameterLine(_ kind: Statement<CommandSyntax>.Kind, at span: SourceSpan) -> Command? {
    guard declaresParameters, blockDepth == 1, case .assignment(let targets, nil, let value) = kind,
      targets.count == 1, targets[0].isWhole, let literal = Literal(value)
    else { return nil }
    resolver.beginValue()
    declare(targets[0].name)
    let slot = Slot.required("parameter", .parameter, "`name = value`")
    let parameter = Parameter(name: targets[0].name, defaultValue: literal)
    let checked = CheckedValue(kind: .parameter(parameter), slot: slot, span: span)
    return Command(verb: .param, variant: nil, values: ["parameter": checked], condition: nil, span: span)
  }
}

extension Program<Command> {
  /// The parameters that a checked cell declares, in order.
  public var parameters: [Parameter] {
    statements.compactMap { statement in
      guard case .command(let command) = statement.kind,
        case .parameter(let parameter)? = command.values["parameter"]?.kind
      else { return nil }
      return parameter
    }
  }
}
