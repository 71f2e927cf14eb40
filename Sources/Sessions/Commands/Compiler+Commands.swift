import Diagnostics
import Language
import NeuralEngine
import Outputs

extension Compiler {
  /// A command as something to run. `activate` and `propagate` stand in loops of thousands of rounds, so they
  /// have nodes of their own, and so have the commands that are made of expressions.
  func command(_ command: Command, isDiscarded: Bool) -> Node {
    let arguments = CommandArguments(command, compiler: self)
    switch command.verb {
    case .activate: return ActivateNode(arguments, isDiscarded: isDiscarded)
    case .propagate: return PropagateNode(arguments)
    case .print: return printing(command)
    case .assert: return assertion(command)
    case .record: return record(command)
    default: return CommandNode(arguments)
    }
  }

  /// What stands in a slot, if only the running command knows it.
  func compile(_ value: CheckedValue) -> Node? {
    if case .expression(let expression) = value.kind { compile(expression) } else { nil }
  }

  private func printing(_ command: Command) -> Node {
    guard case .expressions(let expressions)? = command.values["values"]?.kind else {
      return BlockNode([], command.span)
    }
    return PrintNode(expressions.map { compile($0) }, command.span)
  }

  private func record(_ command: Command) -> Node {
    guard case .binding(let name, let value)? = command.values["series"]?.kind else {
      return BlockNode([], command.span)
    }
    return RecordNode(session.state.series(name.name), compile(value), command.span)
  }
}

/// `activate [0, 1]`
private final class ActivateNode: Node {
  private let inputs: Node?
  private let isDiscarded: Bool

  init(_ arguments: CommandArguments, isDiscarded: Bool) {
    inputs = arguments.node("inputs")
    self.isDiscarded = isDiscarded
    super.init(arguments.span)
  }

  override func evaluate(_ context: ExecutionContext) throws -> Value {
    guard let inputs else { return .nothing }
    let values = try inputs.tensor(context).values
    let network = try context.session.readyNetwork(at: span)
    do { try network.activate(values) } catch { throw Diagnostic(error, at: inputs.span) }
    return isDiscarded ? .nothing : .tensor(Tensor(network.outputs))
  }
}

/// `propagate [1] rate=0.3`
private final class PropagateNode: Node {
  private let targets: Node?
  private let arguments: CommandArguments
  private let hasRate: Bool

  init(_ arguments: CommandArguments) {
    targets = arguments.node("targets")
    self.arguments = arguments
    hasRate = arguments.isGiven("rate")
    super.init(arguments.span)
  }

  override func run(_ context: ExecutionContext) throws {
    guard let targets else { return }
    let values = try targets.tensor(context).values
    let network = try context.session.readyNetwork(at: span)
    let rate = hasRate ? try arguments.number("rate", context) : nil
    do throws(EngineError) { try network.propagate(values, rate: rate) } catch {
      throw Diagnostic(error, at: span)
    }
  }
}

/// `print a, b`
private final class PrintNode: Node {
  private let values: [Node]

  init(_ values: [Node], _ span: SourceSpan) {
    self.values = values
    super.init(span)
  }

  override func run(_ context: ExecutionContext) throws {
    let digits = context.session.state.options.digits
    let words = try values.map { try $0.evaluate(context).text(digits: digits, isQuoted: false) }
    context.emit(.printed(words.joined(separator: " ")))
  }
}

/// `record loss = mean(e)`
private final class RecordNode: Node {
  private let series: Series
  private let value: Node

  init(_ series: Series, _ value: Node, _ span: SourceSpan) {
    self.series = series
    self.value = value
    super.init(span)
  }

  override func run(_ context: ExecutionContext) throws {
    let tensor = try value.tensor(context)
    guard let number = tensor.scalar else {
      throw Diagnostic(
        "bad-type", "`record` notes a single number, but this is \(Value.tensor(tensor).kindName).",
        at: value.span)
    }
    context.session.record(number, in: series)
  }
}
