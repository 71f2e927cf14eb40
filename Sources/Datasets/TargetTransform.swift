internal import NeuralEngine

/// What is learned in place of a target: `target=log(price)`. Answers are turned back, so that the user sees prices.
public enum TargetTransform: String, Sendable, CaseIterable {
  /// The natural logarithm, for numbers above 0.
  case log
  /// The natural logarithm of 1 + the number, for numbers above -1.
  case log1p

  /// The least number that it takes, which is itself none of them.
  package var least: Double { self == .log ? 0 : -1 }

  /// What is learned for a number.
  public func apply(_ value: Double) -> Double {
    ElementaryFunctions.logarithm(self == .log ? value : 1 + value)
  }

  /// The number that an answer stands for.
  public func undo(_ value: Double) -> Double {
    let power = ElementaryFunctions.exponential(value)
    return self == .log ? power : power - 1
  }

  /// The transform and the column of `log(price)`; any other text is a column.
  package static func split(_ text: String) -> (TargetTransform?, String) {
    for transform in allCases where text.hasPrefix(transform.rawValue + "(") && text.hasSuffix(")") {
      let column = String(text.dropFirst(transform.rawValue.count + 1).dropLast()).trimmed
      if !column.isEmpty { return (transform, column) }
    }
    return (nil, text)
  }
}
