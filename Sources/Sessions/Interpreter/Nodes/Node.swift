import Diagnostics
import NeuralEngine

/// An expression, compiled: names are resolved, literals are made, and evaluating it looks nothing up.
///
/// Nodes are classes and not closures because a loop of maths spends its time in calls between them: a method
/// of a final class is called without the reference counting that a closure's captures cost.
class Node {
  /// Where the expression stands.
  let span: SourceSpan

  init(_ span: SourceSpan) { self.span = span }

  /// The expression's value.
  func evaluate(_ context: ExecutionContext) throws -> Value { .tensor(try tensor(context)) }

  /// The expression's value, which must be an array; operators ask for it without wrapping it up.
  func tensor(_ context: ExecutionContext) throws -> Tensor { try evaluate(context).array(at: span) }
}

/// A literal.
final class ConstantNode: Node {
  private let value: Value

  init(_ value: Value, _ span: SourceSpan) {
    // A literal is used again in every round, so no variable may take it for its own.
    self.value = if case .tensor(let tensor) = value { .tensor(tensor.kept()) } else { value }
    super.init(span)
  }

  override func evaluate(_ context: ExecutionContext) -> Value { value }
}

/// A variable of the session, or whatever else its name stands for.
final class VariableNode: Node {
  private let variable: Variable

  init(_ variable: Variable, _ span: SourceSpan) {
    self.variable = variable
    super.init(span)
  }

  override func evaluate(_ context: ExecutionContext) throws -> Value {
    try variable.value ?? context.session.lookUp(variable.name, at: span)
  }

  override func tensor(_ context: ExecutionContext) throws -> Tensor {
    if case .tensor(let tensor)? = variable.value { return tensor }
    return try evaluate(context).array(at: span)
  }
}

/// A function's own parameter or variable.
final class LocalNode: Node {
  private let name: String
  private let slot: Int

  init(_ name: String, slot: Int, _ span: SourceSpan) {
    self.name = name
    self.slot = slot
    super.init(span)
  }

  override func evaluate(_ context: ExecutionContext) throws -> Value {
    guard let value = context.locals[slot] else {
      throw Diagnostic("no-value", "`\(name)` has no value yet in this call.", at: span)
    }
    return value
  }

  override func tensor(_ context: ExecutionContext) throws -> Tensor {
    if case .tensor(let tensor)? = context.locals[slot] { return tensor }
    return try evaluate(context).array(at: span)
  }
}

/// `[a, b]`
final class ListNode: Node {
  private let items: [Node]

  init(_ items: [Node], _ span: SourceSpan) {
    self.items = items
    super.init(span)
  }

  override func evaluate(_ context: ExecutionContext) throws -> Value {
    try Value.gathered(items.map { try $0.evaluate(context) }, at: span)
  }
}
