import Diagnostics
import Foundations
import NeuralEngine

/// Statements one after the other; the value is that of the last.
final class BlockNode: Node {
  private let statements: [Node]

  init(_ statements: [Node], _ span: SourceSpan) {
    self.statements = statements
    super.init(span)
  }

  override func evaluate(_ context: ExecutionContext) throws -> Value {
    guard let last = statements.last else { return .nothing }
    for index in 0..<statements.count - 1 { try statements[index].run(context) }
    return try last.evaluate(context)
  }

  override func run(_ context: ExecutionContext) throws {
    for statement in statements { try statement.run(context) }
  }
}

/// `a = …`
final class AssignmentNode: Node {
  private let place: Place
  private let value: Node

  init(_ place: Place, _ value: Node, _ span: SourceSpan) {
    self.place = place
    self.value = value
    super.init(span)
  }

  override func run(_ context: ExecutionContext) throws {
    let value = try value.evaluate(context)
    if case .nothing = value {
      throw Diagnostic(.noValue, "This has no value that could be assigned.", at: self.value.span)
    }
    try place.store(value, context)
  }
}

/// `a, b = …`
final class UnpackingNode: Node {
  private let places: [Place]
  private let value: Node

  init(_ places: [Place], _ value: Node, _ span: SourceSpan) {
    self.places = places
    self.value = value
    super.init(span)
  }

  override func run(_ context: ExecutionContext) throws {
    let items = try value.evaluate(context).items(at: value.span)
    guard items.count == places.count else {
      throw Diagnostic(
        .shapeMismatch,
        "There are \(places.count) names on the left, but \(items.count.counted("value")) on the right.",
        at: span)
    }
    for (place, item) in zip(places, items) { try place.store(item, context) }
  }
}

/// `repeat n as i { … }`
final class LoopNode: Node {
  private let count: Node
  private let counter: Place?
  private let body: Node

  init(count: Node, counter: Place?, body: Node, _ span: SourceSpan) {
    self.count = count
    self.counter = counter
    self.body = body
    super.init(span)
  }

  override func run(_ context: ExecutionContext) throws {
    let rounds = try count.evaluate(context).wholeNumber("`repeat`", atLeast: 0, at: count.span)
    var meter = LoopMeter("repeat", total: rounds, context)
    defer { meter.leave(context) }
    while meter.rounds < rounds {
      try counter?.store(.number(Double(meter.rounds)), context)
      try meter.run(body, context)
    }
    meter.finish(context)
  }
}

/// `while condition { … }`
final class WhileNode: Node {
  private let condition: Node
  private let body: Node

  init(_ condition: Node, body: Node, _ span: SourceSpan) {
    self.condition = condition
    self.body = body
    super.init(span)
  }

  override func run(_ context: ExecutionContext) throws {
    var meter = LoopMeter("while", total: 0, context)
    defer { meter.leave(context) }
    while try condition.evaluate(context).truth(at: condition.span) { try meter.run(body, context) }
    meter.finish(context)
  }
}

/// `for x in xs { … }`
final class IterationNode: Node {
  private let item: Place
  private let sequence: Node
  private let body: Node

  init(_ item: Place, over sequence: Node, body: Node, _ span: SourceSpan) {
    self.item = item
    self.sequence = sequence
    self.body = body
    super.init(span)
  }

  override func run(_ context: ExecutionContext) throws {
    let items = try sequence.evaluate(context)
    var meter = LoopMeter("for", total: items.itemCount ?? 0, context)
    defer { meter.leave(context) }
    try items.forEachItem(at: sequence.span) { value in
      try item.store(value, context)
      try meter.run(body, context)
    }
    meter.finish(context)
  }
}

/// `if … { … } else { … }`; its value is that of the block that runs, which a function may end with.
final class ConditionalNode: Node {
  private let condition: Node
  private let then: Node
  private let otherwise: Node?

  init(_ condition: Node, then: Node, otherwise: Node?, _ span: SourceSpan) {
    self.condition = condition
    self.then = then
    self.otherwise = otherwise
    super.init(span)
  }

  override func evaluate(_ context: ExecutionContext) throws -> Value {
    if try condition.evaluate(context).truth(at: condition.span) { return try then.evaluate(context) }
    return try otherwise?.evaluate(context) ?? .nothing
  }

  override func run(_ context: ExecutionContext) throws {
    if try condition.evaluate(context).truth(at: condition.span) { return try then.run(context) }
    try otherwise?.run(context)
  }
}

/// `def f(x) = …`: gives the variable its function.
final class DefinitionNode: Node {
  private let place: Place
  let function: UserFunction

  init(_ place: Place, _ function: UserFunction, _ span: SourceSpan) {
    self.place = place
    self.function = function
    super.init(span)
  }

  override func run(_ context: ExecutionContext) throws { try place.store(.function(function), context) }
}
