import Diagnostics
import Foundations
import Language
import Localization
import NeuralEngine
import Outputs

// Commands that work on values alone, or on one row at a time: they stand in loops of thousands of rounds.

/// `activate [0, 1]`
struct ActivateNetwork: SessionCommand {
  let inputs: Operand<Tensor>

  func run(_ context: CommandContext) throws { _ = try activated(context) }

  func evaluate(_ context: CommandContext) throws -> Value { .tensor(Tensor(try activated(context).outputs)) }

  private func activated(_ context: CommandContext) throws -> Network {
    let values = try inputs(context).values
    let network = try context.session.readyNetwork(at: context.span)
    do { try network.activate(values) } catch { throw Diagnostic(error, at: inputs.span) }
    return network
  }
}

/// `propagate [1] rate=0.3`
struct PropagateTargets: SessionCommand {
  let targets: Operand<Tensor>
  let rate: Operand<Double>?

  func run(_ context: CommandContext) throws {
    let values = try targets(context).values
    let network = try context.session.readyNetwork(at: context.span)
    let rate = try rate?(context)
    do throws(CodedError) { try network.propagate(values, rate: rate) } catch {
      throw Diagnostic(error, at: context.span)
    }
  }
}

/// `forget`
struct ForgetSteps: SessionCommand {
  func run(_ context: CommandContext) throws {
    try context.session.currentNetwork(at: context.span).forget()
  }
}

/// `record loss = mean(e)`
struct RecordValue: SessionCommand, ArgumentDecodable {
  private let series: Series
  private let value: Node

  init(_ arguments: ArgumentDecoder) throws {
    guard case .binding(let name, let value)? = arguments.content("series")?.kind else {
      throw Diagnostic(.internalError, "There is nothing to record here.")
    }
    series = arguments.compiler.session.state.series(name.name)
    self.value = arguments.compiler.compile(value)
  }

  func run(_ context: CommandContext) throws {
    let tensor = try value.tensor(context.execution)
    guard let number = tensor.scalar else {
      throw Diagnostic(
        .badType, "`record` takes a single number, but this is \(Value.tensor(tensor).kindName).",
        at: value.span)
    }
    context.session.record(number, in: series)
  }
}

/// `print a, b`
struct PrintValues: SessionCommand, ArgumentDecodable {
  private let values: [Node]

  init(_ arguments: ArgumentDecoder) throws {
    guard case .expressions(let values)? = arguments.content("values")?.kind else {
      throw Diagnostic(.internalError, "There is nothing to print here.")
    }
    self.values = values.map { arguments.compiler.compile($0) }
  }

  func run(_ context: CommandContext) throws {
    let digits = context.session.state.options.digits
    let words = try values.map { try $0.evaluate(context.execution).text(digits: digits, isQuoted: false) }
    context.emit(.printed(words.joined(separator: " ")))
  }
}

/// `assert condition, "why"`: fails the cell unless a condition holds; when a comparison fails, it shows both sides'
/// values.
struct Assert: SessionCommand, ArgumentDecodable {
  private let condition: Node
  /// The sides of a comparison that are no literals, with the text that stands for them.
  private let sides: [(isLeft: Bool, value: Node)]
  private let why: Operand<Value>?

  init(_ arguments: ArgumentDecoder) throws {
    guard case .expression(let condition)? = arguments.content("condition")?.kind else {
      throw Diagnostic(.internalError, "There is no condition here.")
    }
    let compiler = arguments.compiler
    self.condition = compiler.compile(condition)
    if case .binary(let operation, let left, let right) = condition.kind, operation.isComparison {
      sides = [(true, left), (false, right)].compactMap { isLeft, side in
        if case .number = side.kind { nil } else { (isLeft, compiler.compile(side)) }
      }
    } else {
      sides = []
    }
    why = try arguments.operand("why", as: Value.self)
  }

  func run(_ context: CommandContext) throws {
    let value = try condition.evaluate(context.execution)
    if try value.holdsEverywhere(at: condition.span), try !saysNothing(value, context) { return }
    let digits = context.session.state.options.digits
    let reason = try why?(context).text(digits: digits, isQuoted: false)
    let shown = try sides.map { side in
      let value = try side.value.evaluate(context.execution).text(digits: 8)
      return side.isLeft ? localized("the left side is \(value)") : localized("the right side is \(value)")
    }
    throw Diagnostic(
      .assertionFailed, reason ?? localized("This does not hold."), at: condition.span,
      notes: shown.isEmpty ? [] : [shown.joined(separator: localized("; ")) + "."])
  }

  /// Whether a condition has no element that could hold or not: `zeros(0) == 6`. That two empty arrays are equal says
  /// something.
  private func saysNothing(_ value: Value, _ context: CommandContext) throws -> Bool {
    guard case .tensor(let tensor) = value, tensor.count == 0 else { return false }
    let empty = try sides.count { side in
      guard case .tensor(let tensor) = try side.value.evaluate(context.execution) else { return false }
      return tensor.count == 0
    }
    return empty < 2
  }
}

extension Value {
  /// Whether every element of a condition is true.
  fileprivate func holdsEverywhere(at span: SourceSpan) throws -> Bool {
    guard case .tensor(let tensor) = self, tensor.rank > 0 else { return try truth(at: span) }
    return tensor.values.allSatisfy { $0 != 0 }
  }
}
