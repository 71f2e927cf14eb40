import Language

/// Which names in a function's body are the function's own: its parameters and all that it assigns to.
struct FunctionAnalysis {
  /// The place of each in a call's values, parameters first.
  private(set) var slots: [String: Int] = [:]
  /// Those that the body differentiates by.
  private(set) var differentiated: Set<String> = []

  init(parameters: [String], body: FunctionBody<Command>) {
    for parameter in parameters { add(parameter) }
    switch body {
    case .expression(let value): visit(value)
    case .block(let program): visit(program)
    }
    differentiated.formIntersection(slots.keys)
  }

  private mutating func add(_ name: String) {
    if slots[name] == nil { slots[name] = slots.count }
  }

  private mutating func visit(_ program: Program<Command>) {
    for statement in program.statements { visit(statement.kind) }
  }

  private mutating func visit(_ statement: Statement<Command>.Kind) {
    switch statement {
    case .assignment(let targets, _, let value):
      // An index or a field writes into something that is there; only a whole name comes into being.
      for target in targets {
        if target.isWhole { add(target.name.name) } else { visit(target.asExpression) }
      }
      visit(value)
    case .loop(let count, let counter, let body):
      if let counter { add(counter.name) }
      visit(count)
      visit(body)
    case .whileLoop(let condition, let body):
      visit(condition)
      visit(body)
    case .iteration(let item, let sequence, let body):
      add(item.name)
      visit(sequence)
      visit(body)
    case .conditional(let condition, let then, let otherwise):
      visit(condition)
      visit(then)
      if let otherwise { visit(otherwise) }
    case .command(let command): for expression in command.expressions { visit(expression) }
    case .expression(let value): visit(value)
    case .definition: break
    }
  }

  /// Looks for gradients only: an expression assigns nothing.
  private mutating func visit(_ expression: Expression) {
    if case .gradient(_, let variables) = expression.kind {
      for case .name(let name) in variables.map(\.kind) { differentiated.insert(name) }
    }
    for child in expression.children { visit(child) }
  }
}
