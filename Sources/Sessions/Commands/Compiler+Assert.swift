import Diagnostics
import Language
import NeuralEngine

extension Compiler {
  /// `assert condition, "why"`
  func assertion(_ command: Command) -> Node {
    guard case .expression(let condition)? = command.values["condition"]?.kind else {
      return BlockNode([], command.span)
    }
    return AssertNode(
      compile(condition), sides: comparedSides(of: condition), why: command.values["why"].flatMap(compile),
      command.span)
  }

  /// The sides of a comparison that are no literals, with the text that stands for them.
  private func comparedSides(of condition: Expression) -> [(text: String, value: Node)] {
    guard case .binary(let operation, let left, let right) = condition.kind, operation.isComparison else {
      return []
    }
    return [("the left side", left), ("the right side", right)].compactMap { text, side in
      if case .number = side.kind { nil } else { (text, compile(side)) }
    }
  }
}

/// Fails the cell unless a condition holds; when a comparison fails, it shows both sides' values.
private final class AssertNode: Node {
  private let condition: Node
  private let sides: [(text: String, value: Node)]
  private let why: Node?

  init(_ condition: Node, sides: [(text: String, value: Node)], why: Node?, _ span: SourceSpan) {
    self.condition = condition
    self.sides = sides
    self.why = why
    super.init(span)
  }

  override func run(_ context: ExecutionContext) throws {
    let value = try condition.evaluate(context)
    if try value.holdsEverywhere(at: condition.span) { return }
    let reason = try why?.evaluate(context).text(
      digits: context.session.state.options.digits, isQuoted: false)
    let shown = try sides.map { "\($0.text) is \(try $0.value.evaluate(context).text(digits: 8))" }
    throw Diagnostic(
      "assertion-failed", reason ?? "This does not hold.", at: condition.span,
      notes: shown.isEmpty ? [] : [shown.joined(separator: "; ") + "."])
  }
}

extension Value {
  /// Whether every element of a condition is true.
  fileprivate func holdsEverywhere(at span: SourceSpan) throws -> Bool {
    guard case .tensor(let tensor) = self, tensor.rank > 0 else { return try truth(at: span) }
    return tensor.values.allSatisfy { $0 != 0 }
  }
}
