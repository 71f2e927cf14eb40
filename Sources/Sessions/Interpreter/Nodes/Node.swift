import Diagnostics
import Foundations
import NeuralEngine

/// An expression or a statement, compiled: names are resolved, literals are made, and evaluating it looks nothing up.
///
/// Nodes are classes and not closures because a loop of maths spends its time in calls between them: a method
/// of a final class is called without the reference counting that a closure's captures cost.
class Node {
  /// Where the expression stands.
  let span: SourceSpan

  init(_ span: SourceSpan) { self.span = span }

  // Each subclass overrides at least one of these; the others lead to it.

  /// The value; nothing for a statement that has none.
  func evaluate(_ context: ExecutionContext) throws -> Value {
    try run(context)
    return .nothing
  }

  /// The value, which must be an array; operators ask for it without wrapping it up.
  func tensor(_ context: ExecutionContext) throws -> Tensor { try evaluate(context).array(at: span) }

  /// Does the work for nobody who looks at the value.
  func run(_ context: ExecutionContext) throws { _ = try evaluate(context) }
}

/// A node whose value is an array: it overrides ``Node/tensor(_:)``.
class TensorNode: Node {
  final override func evaluate(_ context: ExecutionContext) throws -> Value { .tensor(try tensor(context)) }
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
    try context.session.state[variable] ?? context.session.lookUp(variable.name, at: span)
  }

  override func tensor(_ context: ExecutionContext) throws -> Tensor {
    if case .tensor(let tensor)? = context.session.state[variable] { return tensor }
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
    guard let value = context[local: slot] else {
      throw Diagnostic(.noValue, "`\(name)` has no value yet in this call.", at: span)
    }
    return value
  }

  override func tensor(_ context: ExecutionContext) throws -> Tensor {
    if case .tensor(let tensor)? = context[local: slot] { return tensor }
    return try evaluate(context).array(at: span)
  }
}

/// `[a, b]`
final class ListNode: Node {
  private let items: [Node]
  /// Whether items that fit together become an array.
  private let isGathered: Bool

  init(_ items: [Node], isGathered: Bool = true, _ span: SourceSpan) {
    self.items = items
    self.isGathered = isGathered
    super.init(span)
  }

  override func evaluate(_ context: ExecutionContext) throws -> Value {
    let values = try items.map { try $0.evaluate(context) }
    return isGathered ? try Value.gathered(values, at: span) : .list(values)
  }
}
