import Diagnostics
import Language
import NeuralEngine

/// Turns a checked program into nodes that run it: names become variables, literals become values, and
/// nothing is looked up while a loop runs.
struct Compiler {
  let session: Session
  /// The slots of the function whose body is compiled; nil outside of functions.
  var slots: [String: Int]?
  /// The marks of those locals that the function differentiates by.
  var marks: [String: Int32] = [:]

  /// A block; inside a function its last statement may be the function's value.
  func compile(_ program: Program<Command>, _ span: SourceSpan) -> Node {
    BlockNode(program.statements.map { compile($0) }, span)
  }

  func compile(_ statement: Statement<Command>) -> Node {
    let span = statement.span
    switch statement.kind {
    case .assignment(let targets, let operation, let value):
      return assignment(targets, operation, value, span)
    case .definition(let function): return definition(function, span)
    case .loop(let count, let counter, let body):
      return LoopNode(
        count: compile(count), counter: counter.map { place($0) }, body: compile(body, span), span)
    case .whileLoop(let condition, let body):
      return WhileNode(compile(condition), body: compile(body, span), span)
    case .iteration(let item, let sequence, let body):
      return IterationNode(place(item), over: compile(sequence), body: compile(body, span), span)
    case .conditional(let condition, let then, let otherwise):
      return ConditionalNode(
        compile(condition), then: compile(then, span), otherwise: otherwise.map { compile($0, span) }, span)
    case .sweep(let sweep):
      return SweepNode(
        sweep.parameters.map { ($0.name, compile($0.values)) },
        halving: sweep.halving.map { ($0.name, compile($0.values)) }, seeds: sweep.seeds.map { compile($0) },
        metric: sweep.metric, isLarger: sweep.isLarger, body: compile(sweep.body, span), span)
    case .folds(let command, let body): return compile(command, onFolds: compile(body, span))
    case .command(let command): return compile(command)
    case .expression(let expression): return compile(expression)
    }
  }

  private func definition(_ syntax: FunctionSyntax<Command>, _ span: SourceSpan) -> Node {
    let scope = syntax.scope
    var inner = Compiler(session: session)
    inner.slots = Dictionary(uniqueKeysWithValues: scope.locals.enumerated().map { ($1, $0) })
    for local in scope.differentiated { inner.marks[local] = session.state.nextMark() }
    let node =
      switch syntax.body {
      case .expression(let value): inner.compile(value)
      case .block(let program): inner.compile(program, span)
      }
    let parameters = syntax.parameters.map(\.name)
    let marked = parameters.enumerated().compactMap { index, parameter in
      inner.marks[parameter].map { (slot: index, id: $0) }
    }
    let function = UserFunction(
      name: syntax.name.name, parameters: parameters, slotCount: scope.locals.count,
      markedParameters: marked, body: node, source: session.source.map { String($0.text(in: span)) } ?? "",
      effects: scope.effects)
    return DefinitionNode(place(syntax.name), function, span)
  }

  private func assignment(
    _ targets: [AssignmentTarget], _ operation: BinaryOperator?, _ value: Expression, _ span: SourceSpan
  ) -> Node {
    let places = targets.map { place($0) }
    guard places.count == 1 else { return UnpackingNode(places, compile(value), span) }
    // `a += b` is `a = a + b`.
    let node =
      operation.map { compile(Expression(.binary($0, targets[0].asExpression, value), span)) }
      ?? compile(value)
    return AssignmentNode(places[0], node, span)
  }

  private func place(_ name: Identifier) -> Place {
    if let slot = slots?[name.name] { return LocalPlace(slot: slot, mark: marks[name.name], name.span) }
    return VariablePlace(session.state.variable(name.name), name.span)
  }

  /// The place that a network's parameter or an element of it is, `hid.weights[0, 0]`; nil for any other expression.
  func place(of expression: Expression) -> Place? {
    switch expression.kind {
    case .field(let base, let field): FieldPlace(compile(base), field, expression.span)
    case .index(let base, let indexes):
      place(of: base).map { ElementPlace(of: $0, compile(indexes), expression.span) }
    default: nil
    }
  }

  private func place(_ target: AssignmentTarget) -> Place {
    var place = place(target.name)
    if case .field(let base, let field) = target.unindexed.kind {
      place = FieldPlace(compile(base), field, target.span)
    }
    return target.indexes.isEmpty ? place : ElementPlace(of: place, compile(target.indexes), target.span)
  }
}
