import Diagnostics
import Language
import NeuralEngine

extension Compiler {
  /// Writing to a name. Arrays become the variable's own; see ``Variable/assign(_:)``.
  func store(_ name: Identifier) -> (ExecutionContext, Value) throws -> Void {
    if let slot = slots?[name.name] {
      guard let mark = marks[name.name] else { return { context, value in context.locals[slot] = value } }
      return { context, value in
        if case .tensor(let tensor) = value {
          context.locals[slot] = .tensor(tensor.stamped(variable: mark))
        } else {
          context.locals[slot] = value
        }
      }
    }
    let variable = session.namespace.variable(name.name)
    return { context, value in
      if variable.value == nil { try context.session.claim(name.name, for: .variable, at: name.span) }
      variable.assign(value)
    }
  }

  func assignment(
    _ targets: [AssignmentTarget], _ operation: BinaryOperator?, _ value: Expression, span: SourceSpan
  ) -> Evaluation {
    let node = operation.map { updated(targets[0], $0, value, span: span) } ?? compile(value)
    let stores = targets.map { store($0) }
    guard stores.count > 1 else {
      let store = stores[0]
      return { context in
        try store(context, node.evaluate(context).assignable(at: value.span))
        return .nothing
      }
    }
    return { context in
      let items = try node.evaluate(context).items(at: value.span)
      guard items.count == stores.count else {
        throw Diagnostic(
          "shape-mismatch",
          "There are \(stores.count) names on the left, but \(items.count) values on the right.",
          at: span)
      }
      for (store, item) in zip(stores, items) { try store(context, item) }
      return .nothing
    }
  }

  /// `a += b` as `a + b`.
  private func updated(
    _ target: AssignmentTarget, _ operation: BinaryOperator, _ value: Expression, span: SourceSpan
  ) -> Node {
    compile(Expression(.binary(operation, target.asExpression, value), span))
  }

  private func store(_ target: AssignmentTarget) -> (ExecutionContext, Value) throws -> Void {
    let write =
      target.fields.isEmpty ? store(target.name) : storeField(target.name, target.fields, span: target.span)
    guard !target.indexes.isEmpty else { return write }
    let read = compile(target.whole.asExpression)
    let indexes = compile(target.indexes)
    return { context, value in
      let array = try read.tensor(context)
      let selected = try indexes.map { try $0.evaluate(context) }
      let part = try value.array(at: target.span)
      let changed = try locating(target.span) { try array.replacing(selected, with: part) }
      try write(context, .tensor(changed))
    }
  }

  private func storeField(
    _ name: Identifier, _ fields: [Identifier], span: SourceSpan
  ) -> (ExecutionContext, Value) throws -> Void {
    var base = Expression(.name(name.name), name.span)
    for field in fields.dropLast() { base = Expression(.field(base, field), span) }
    let node = compile(base)
    let field = fields[fields.count - 1]
    return { context, value in
      try context.session.setField(field, of: node.evaluate(context), to: value, at: span)
    }
  }
}

extension AssignmentTarget {
  /// The target as something to read.
  var asExpression: Expression {
    var expression = Expression(.name(name.name), name.span)
    for field in fields { expression = Expression(.field(expression, field), span) }
    return indexes.isEmpty ? expression : Expression(.index(expression, indexes), span)
  }
}

/// Runs engine code; an error of the engine's gets the place in the source that it lacks.
@inline(__always)
func locating<Result>(_ span: SourceSpan, _ body: () throws -> Result) throws -> Result {
  do { return try body() } catch let error as EngineError { throw Diagnostic(error, at: span) }
}

extension Diagnostic {
  /// An error of the engine's at a place in the source.
  init(_ error: EngineError, at span: SourceSpan?) {
    self.init(error.code, error.message, at: span, suggestion: error.suggestion)
  }
}
