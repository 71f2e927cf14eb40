public import Diagnostics
internal import Foundations
internal import NetworkSchema

/// A value that is known without running anything: what a parameter is declared with and set to.
///
/// ```swift
/// let value = Literal("[1, 20%, true]")  // a list of 1, 0.2 and true
/// ```
public enum Literal: Sendable, Hashable {
  case number(Double)
  case boolean(Bool)
  case text(String)
  case list([Literal])
  /// Python's `None`: nothing yet.
  case none

  /// The value that an expression is as it stands; nil for one that has to be worked out.
  ///
  /// Python's `True`, `False` and `None` are taken too, since papermill's parameters are written so.
  public init?(_ expression: Expression) {
    switch expression.kind {
    case .number(let number): self = .number(number)
    case .boolean(let truth): self = .boolean(truth)
    case .string(let text): self = .text(text)
    case .shape(let sizes): self = .list(sizes.map { .number(Double($0)) })
    case .name("True"): self = .boolean(true)
    case .name("False"): self = .boolean(false)
    case .name("None"): self = .none
    case .unary(.negate, let operand):
      guard case .number(let number)? = Literal(operand) else { return nil }
      self = .number(-number)
    case .list(let items):
      let literals = items.compactMap(Literal.init)
      guard literals.count == items.count, !literals.contains(.none) else { return nil }
      self = .list(literals)
    default: return nil
    }
  }

  /// The value that a text spells: `20`, `20%`, `true`, `"a"`, `[1, 2]`; nil for anything else.
  public init?(_ text: String) {
    let parsed = Parser.parse(SourceText(text, name: ""))
    guard parsed.diagnostics.isEmpty, !parsed.isIncomplete, parsed.program.statements.count == 1,
      case .expression(let expression) = parsed.program.statements[0].kind
    else { return nil }
    self.init(expression)
  }

  /// The name of such a value in a message.
  var kindName: String {
    switch self {
    case .number: "a number"
    case .boolean: "`true` or `false`"
    case .text: "a text"
    case .list: "a list such as `[1, 2]`"
    case .none: "any value"
    }
  }

  /// The value as it would be typed, but for the quotes of a text.
  public var unquoted: String { if case .text(let text) = self { text } else { spelling } }

  /// The value as it would be typed.
  public var spelling: String {
    switch self {
    case .number(let number): number.brief
    case .boolean(let truth): truth ? "true" : "false"
    case .text(let text): "\"\(text)\""
    case .list(let items): "[" + items.map(\.spelling).joined(separator: ", ") + "]"
    case .none: "None"
    }
  }

  /// The value as an expression at a place of the source.
  public func expression(at span: SourceSpan) -> Expression {
    switch self {
    case .number(let number): Expression(.number(number), span)
    case .boolean(let truth): Expression(.boolean(truth), span)
    case .text(let text): Expression(.string(text), span)
    case .list(let items): Expression(.list(items.map { $0.expression(at: span) }), span)
    case .none: Expression(.name("None"), span)
    }
  }
}
