import Diagnostics
public import Language
import NeuralEngine

extension Session {
  /// Sets parameters before they are declared; `param` then takes these values in place of its own.
  public func setParameters(_ values: [String: Literal]) { state.parameters.given = values }

  /// The parameters that have been declared and their values, in order.
  public var parameterValues: [(name: String, value: Literal)] { state.parameters.declared }

  /// `param epochs = 20`
  func declareParameter(_ arguments: CommandArguments, _ context: ExecutionContext) throws {
    guard case .parameter(let parameter)? = arguments.command.values["parameter"]?.kind else { return }
    let name = parameter.name.name
    try claim(name, for: .variable, at: parameter.name.span)
    let literal = state.parameters.given[name] ?? parameter.defaultValue
    if let mistake = parameter.mistake(in: literal) { throw mistake.blaming(arguments.span) }
    state.assign(try value(of: literal, at: arguments.span, context), to: name)
    state.parameters.note(name, literal)
  }

  private func value(of literal: Literal, at span: SourceSpan, _ context: ExecutionContext) throws -> Value {
    guard literal != .none else { return .nothing }
    return try Compiler(session: self).compile(literal.expression(at: span)).evaluate(context)
  }
}
