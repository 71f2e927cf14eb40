import Diagnostics
import Language
import NeuralEngine

extension Compiler {
  /// `assert condition, "why"`: when a comparison fails, both sides' values are shown.
  func assertion(_ command: Command) -> Evaluation {
    guard case .expression(let condition)? = command.values["condition"]?.kind else {
      return { _ in .nothing }
    }
    let why = command.values["why"].flatMap { value -> Node? in
      if case .expression(let expression) = value.kind { compile(expression) } else { nil }
    }
    let node = compile(condition)
    let sides = comparedSides(of: condition)
    return { context in
      let value = try node.evaluate(context)
      if try value.holdsEverywhere(at: condition.span) { return .nothing }
      let reason = try why?.evaluate(context).text(digits: context.session.options.digits, isQuoted: false)
      let shown = try sides.map { "\($0.text) is \(try $0.value.evaluate(context).text(digits: 8))" }
      throw Diagnostic(
        "assertion-failed", reason ?? "This does not hold.", at: condition.span,
        notes: shown.isEmpty ? [] : [shown.joined(separator: "; ") + "."])
    }
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

extension Value {
  /// Whether every element of a condition is true.
  fileprivate func holdsEverywhere(at span: SourceSpan) throws -> Bool {
    guard case .tensor(let tensor) = self, tensor.rank > 0 else { return try truth(at: span) }
    return tensor.values.allSatisfy { $0 != 0 }
  }
}
