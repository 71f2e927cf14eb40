import Diagnostics
import Language
import NeuralEngine

extension Compiler {
  func compile(_ expression: Expression) -> Node {
    let span = expression.span
    switch expression.kind {
    case .number(let number): return ConstantNode(.number(number), span)
    case .boolean(let truth): return ConstantNode(.tensor(Tensor(truth)), span)
    case .string(let text): return ConstantNode(.string(text), span)
    case .shape(let sizes): return ConstantNode(.tensor(Tensor(sizes.map(Double.init))), span)
    case .name(let name): return read(name, at: span)
    case .list(let items): return list(items, span)
    case .unary(let operation, let operand): return unary(operation, operand, span)
    case .binary(let operation, let left, let right):
      return binary(operation, compile(left), compile(right), span)
    case .call(let function, let arguments): return call(function, arguments, span)
    case .index(let base, let indexes): return IndexNode(compile(base), compile(indexes), span)
    case .field(let base, let field): return FieldNode(compile(base), field, span)
    case .gradient(let loss, let variables):
      return GradientNode(compile(loss), variables.map { compile($0) }, names: variables.map(\.path), span)
    }
  }

  /// A name: the function's own, or the session's variable.
  func read(_ name: String, at span: SourceSpan) -> Node {
    if let slot = slots?[name] { return LocalNode(name, slot: slot, span) }
    return VariableNode(session.state.variable(name), span)
  }

  /// A list of numbers alone is made now, not each time that it is reached.
  private func list(_ items: [Expression], _ span: SourceSpan) -> Node {
    let node = ListNode(items.map { compile($0) }, span)
    guard items.allSatisfy(\.isNumeric),
      let value = try? node.evaluate(ExecutionContext(session: session) { _ in })
    else { return node }
    return ConstantNode(value, span)
  }

  private func unary(_ operation: UnaryOperator, _ operand: Expression, _ span: SourceSpan) -> Node {
    switch operation {
    case .negate:
      if case .number(let number) = operand.kind { return ConstantNode(.number(-number), span) }
      return UnaryNode(.negate, compile(operand), span)
    case .not: return NotNode(compile(operand), span)
    }
  }

  private func binary(_ operation: BinaryOperator, _ left: Node, _ right: Node, _ span: SourceSpan) -> Node {
    switch operation {
    case .or: LogicalNode(.or, left, right, span)
    case .and: LogicalNode(.and, left, right, span)
    case .equal: EqualityNode(isEqual: true, left, right, span)
    case .notEqual: EqualityNode(isEqual: false, left, right, span)
    case .matrixProduct: MatrixProductNode(left, right, span)
    case .less: BinaryNode(.less, left, right, span)
    case .lessOrEqual: BinaryNode(.lessOrEqual, left, right, span)
    case .greater: BinaryNode(.greater, left, right, span)
    case .greaterOrEqual: BinaryNode(.greaterOrEqual, left, right, span)
    case .add: AdditionNode(left, right, span)
    case .subtract: BinaryNode(.subtract, left, right, span)
    case .multiply: BinaryNode(.multiply, left, right, span)
    case .divide: BinaryNode(.divide, left, right, span)
    case .power: BinaryNode(.power, left, right, span)
    }
  }

  func compile(_ indexes: [IndexSyntax]) -> [IndexNodes] {
    indexes.map { index in
      switch index {
      case .at(let position): .at(compile(position))
      case .slice(let start, let stop, let step):
        .slice(
          start: start.map { compile($0) }, stop: stop.map { compile($0) }, step: step.map { compile($0) })
      }
    }
  }

  private func call(_ function: Expression, _ arguments: [CallArgument], _ span: SourceSpan) -> Node {
    let nodes = arguments.map { compile($0.value) }
    let keys = arguments.map(\.key)
    guard case .name(let name) = function.kind, slots?[name] == nil else {
      return ComputedCallNode(compile(function), nodes, keys: keys, span)
    }
    let builtin = BuiltinFunctions.byName[name].map { function in
      let nodes = function.joinsItems ? arguments.map { compile(items: $0.value) } : nodes
      return call(function, arguments, nodes, span)
    }
    return CallNode(
      session.state.variable(name), at: function.span, nodes, keys: keys, builtin: builtin, span)
  }

  /// A list whose items are taken one by one: they need not be put together first.
  private func compile(items value: Expression) -> Node {
    guard case .list(let items) = value.kind, !value.isNumeric else { return compile(value) }
    return ListNode(items.map { compile($0) }, isGathered: false, value.span)
  }

  private func call(
    _ function: BuiltinFunction, _ arguments: [CallArgument], _ nodes: [Node], _ span: SourceSpan
  ) -> Node {
    do throws(Diagnostic) {
      let places = try ArgumentPlaces(arguments, in: function)
      if let operation = function.elementwise, let index = places.byParameter[0] {
        return UnaryNode(operation, nodes[index], span)
      }
      return BuiltinCallNode(function, nodes, places, span)
    } catch {
      return MistakenCallNode(error, span)
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

  /// `W`, `hid.weights`: a name and fields as they were written.
  fileprivate var path: String {
    switch kind {
    case .name(let name): name
    case .field(let base, let field): "\(base.path).\(field.name)"
    default: "the variable"
    }
  }
}
