import Diagnostics
import Language
import NeuralEngine

/// Turns a checked program into closures that run it: names become variables, literals become values, and
/// nothing is looked up while a loop runs.
struct Compiler {
  let session: Session
  /// The slots of the function whose body is compiled; nil outside of functions.
  var slots: [String: Int]?
  /// The marks of those locals that the function differentiates by.
  var marks: [String: Int32] = [:]

  init(session: Session) { self.session = session }

  /// A block as one evaluation; its value is that of its last statement.
  func compile(_ program: Program<Command>) -> Evaluation {
    let statements = program.statements
    let actions = statements.enumerated().map { index, statement in
      compile(statement, isDiscarded: slots == nil || index < statements.count - 1)
    }
    switch actions.count {
    case 0: return { _ in .nothing }
    case 1: return actions[0]
    default:
      return { context in
        for action in actions.dropLast() { _ = try action(context) }
        return try actions[actions.count - 1](context)
      }
    }
  }

  /// A statement; its value is that of an expression or a command, and nothing for the others.
  ///
  /// - Parameter isDiscarded: whether nobody looks at the value, so that a command need not make one.
  func compile(_ statement: Statement<Command>, isDiscarded: Bool) -> Evaluation {
    switch statement.kind {
    case .assignment(let targets, let operation, let value):
      return assignment(targets, operation, value, span: statement.span)
    case .definition(let name, let parameters, let body): return definition(name, parameters, body)
    case .loop(let count, let counter, let body): return loop(count, counter, body)
    case .iteration(let item, let sequence, let body): return iteration(item, sequence, body)
    case .conditional(let condition, let then, let otherwise): return conditional(condition, then, otherwise)
    case .command(let command): return self.command(command, isDiscarded: isDiscarded)
    case .expression(let expression):
      let node = compile(expression)
      return { try node.evaluate($0) }
    }
  }

  private func compile(_ body: FunctionBody<Command>) -> Evaluation {
    switch body {
    case .expression(let value):
      let node: Node = compile(value)
      return { try node.evaluate($0) }
    case .block(let program): return compile(program)
    }
  }

  private func loop(_ count: Expression, _ counter: Identifier?, _ body: Program<Command>) -> Evaluation {
    let countNode = compile(count)
    let store = counter.map { self.store($0) }
    let action = compile(body)
    return { context in
      let rounds = try countNode.evaluate(context).wholeNumber("`repeat`", atLeast: 0, at: count.span)
      var round = 0
      while round < rounds {
        try context.checkInterruption()
        try store?(context, .number(Double(round)))
        _ = try action(context)
        round += 1
      }
      return .nothing
    }
  }

  private func iteration(_ item: Identifier, _ sequence: Expression, _ body: Program<Command>) -> Evaluation {
    let node = compile(sequence)
    let store = store(item)
    let action = compile(body)
    return { context in
      try node.evaluate(context).forEachItem(at: sequence.span) { value in
        try context.checkInterruption()
        try store(context, value)
        _ = try action(context)
      }
      return .nothing
    }
  }

  private func conditional(
    _ condition: Expression, _ then: Program<Command>, _ otherwise: Program<Command>?
  ) -> Evaluation {
    let node = compile(condition)
    let then = compile(then)
    let otherwise = otherwise.map { compile($0) }
    return { context in
      if try node.evaluate(context).truth(at: condition.span) { return try then(context) }
      return try otherwise?(context) ?? .nothing
    }
  }

  private func definition(
    _ name: Identifier, _ parameters: [Identifier], _ body: FunctionBody<Command>
  ) -> Evaluation {
    let analysis = FunctionAnalysis(parameters: parameters.map(\.name), body: body)
    var inner = Compiler(session: session)
    inner.slots = analysis.slots
    for local in analysis.differentiated { inner.marks[local] = session.namespace.nextVariableID() }
    let function = UserFunction(
      name: name.name, parameters: parameters.map(\.name), slotCount: analysis.slots.count)
    let marked = parameters.enumerated().compactMap { index, parameter in
      inner.marks[parameter.name].map { (index, $0) }
    }
    let evaluate = inner.compile(body)
    function.body = { context in
      for (index, id) in marked {
        if case .tensor(let tensor)? = context.locals[index] {
          context.locals[index] = .tensor(tensor.stamped(variable: id))
        }
      }
      return try evaluate(context)
    }
    let store = store(name)
    return { context in
      try store(context, .function(function))
      return .nothing
    }
  }
}
