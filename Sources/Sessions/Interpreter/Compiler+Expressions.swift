import Diagnostics
import Language
import NeuralEngine
import Outputs

extension Compiler {
  func compile(_ expression: Expression) -> Evaluation {
    let span = expression.span
    switch expression.kind {
    case .number(let number): return constant(.number(number))
    case .boolean(let truth): return constant(.tensor(Tensor(truth)))
    case .string(let text): return constant(.string(text))
    case .shape(let sizes): return constant(.tensor(Tensor(sizes.map(Double.init))))
    case .name(let name): return read(name, at: span)
    case .list(let items): return list(items, span)
    case .unary(let operation, let operand): return unary(operation, operand, span)
    case .binary(let operation, let left, let right): return binary(operation, left, right, span)
    case .call(let function, let arguments): return call(function, arguments, span)
    case .index(let base, let indexes): return index(base, indexes, span)
    case .field(let base, let field): return self.field(base, field, span)
    case .gradient(let loss, let variables): return gradient(loss, variables, span)
    }
  }

  private func constant(_ value: Value) -> Evaluation {
    let value = if case .tensor(let tensor) = value { Value.tensor(tensor.kept()) } else { value }
    return { _ in value }
  }

  /// A list of numbers alone is worked out now, not each time that it is reached.
  private func list(_ items: [Expression], _ span: SourceSpan) -> Evaluation {
    let evaluations = items.map { compile($0) }
    let evaluate: Evaluation = { context in
      try Value.gathered(evaluations.map { try $0(context) }, at: span)
    }
    let isConstant = items.allSatisfy { $0.isNumeric }
    guard isConstant, let value = try? evaluate(ExecutionContext(session: session) { _ in }) else {
      return evaluate
    }
    return constant(value)
  }

  private func unary(_ operation: UnaryOperator, _ operand: Expression, _ span: SourceSpan) -> Evaluation {
    if operation == .negate, case .number(let number) = operand.kind { return constant(.number(-number)) }
    let evaluate = compile(operand)
    switch operation {
    case .negate: return { .tensor(-(try evaluate($0).array(at: span))) }
    case .not: return { .tensor(try evaluate($0).array(at: span).logicalNot()) }
    }
  }

  private func index(_ base: Expression, _ indexes: [IndexSyntax], _ span: SourceSpan) -> Evaluation {
    let evaluate = compile(base)
    let select = compile(indexes)
    return { context in
      let value = try evaluate(context)
      let selected = try select(context)
      if case .list(let items) = value { return try Value.item(of: items, selected, at: span) }
      let array = try value.array(at: base.span)
      return .tensor(try locating(span) { try array.selecting(selected) })
    }
  }

  func compile(_ indexes: [IndexSyntax]) -> (ExecutionContext) throws -> [ArrayIndex] {
    let parts = indexes.map { compile($0) }
    return { context in try parts.map { try $0(context) } }
  }

  private func compile(_ index: IndexSyntax) -> (ExecutionContext) throws -> ArrayIndex {
    switch index {
    case .at(let position):
      let evaluate = compile(position)
      return { context in
        let array = try evaluate(context).array(at: position.span)
        return try locating(position.span) { try ArrayIndex(array) }
      }
    case .slice(let start, let stop, let step):
      let bounds = [start, stop, step].map { bound in bound.map { (compile($0), $0.span) } }
      return { context in
        let whole = try bounds.map { bound in
          try bound.map { try $0.0(context).wholeNumber("A slice's bound", atLeast: .min, at: $0.1) }
        }
        if whole.allSatisfy({ $0 == nil }) { return .all }
        return .slice(start: whole[0], stop: whole[1], step: whole[2])
      }
    }
  }

  private func field(_ base: Expression, _ field: Identifier, _ span: SourceSpan) -> Evaluation {
    let evaluate = compile(base)
    return { context in try context.session.field(field, of: evaluate(context), at: span) }
  }

  private func gradient(_ loss: Expression, _ variables: [Identifier], _ span: SourceSpan) -> Evaluation {
    let evaluate = compile(loss)
    let reads = variables.map { read($0.name, at: $0.span) }
    let names = variables.map(\.name)
    return { context in
      let loss = try evaluate(context).array(at: span)
      let targets = try reads.map { try $0(context).array(at: span) }
      let results = try locating(span) { try gradients(of: loss, withRespectTo: targets, names: names) }
      return results.count == 1 ? .tensor(results[0]) : .list(results.map { .tensor($0) })
    }
  }
}

extension Expression {
  /// Whether it is made of number literals alone.
  fileprivate var isNumeric: Bool {
    switch kind {
    case .number, .boolean: true
    case .unary(.negate, let operand): operand.isNumeric
    case .list(let items): items.allSatisfy(\.isNumeric)
    default: false
    }
  }
}
