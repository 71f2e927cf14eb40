internal import Diagnostics
internal import Foundations
import Localization

extension Parser {
  mutating func expression() throws(Abandon) -> Expression {
    try nested { (parser) throws(Abandon) in try parser.gradientOrBinary() }
  }

  private mutating func gradientOrBinary() throws(Abandon) -> Expression {
    guard current.isWord("grad") else { return try binary(minimum: 1) }
    let gradient = try gradient(takesSeveral: true)
    if case .gradient(_, let variables) = gradient.kind, variables.count > 1 { return gradient }
    return try binary(minimum: 1, behind: gradient)
  }

  /// `grad L wrt W`; at the beginning of an expression also `grad L wrt W, b`, one gradient each.
  private mutating func gradient(takesSeveral: Bool) throws(Abandon) -> Expression {
    let start = current.span
    advance()
    if current.isWord("wrt") {
      throw fail(.unexpectedToken, "`grad` needs the number to differentiate before `wrt`: `grad L wrt W`.")
    }
    let loss = try expression()
    guard take(word: "wrt") else {
      throw fail(
        .unexpectedToken,
        localized("`grad` needs the variable to differentiate with respect to: `grad L wrt W`."))
    }
    var variables = [try differentiable()]
    while takesSeveral, take(.comma) { variables.append(try differentiable()) }
    return Expression(.gradient(of: loss, withRespectTo: variables), SourceSpan(start.start, previousEnd))
  }

  /// A variable that a gradient is taken by: `W`, `hid.weights`.
  private mutating func differentiable() throws(Abandon) -> Expression {
    let base = try name("a variable to differentiate with respect to")
    var target = Expression(.name(base.name), base.span)
    while current.isGlued, take(.dot) {
      let field = try name("a field")
      target = Expression(.field(target, field), base.span.joined(with: field.span))
    }
    return target
  }

  /// Operators with two operands, by precedence climbing; all but `^` group from the left.
  ///
  /// - Parameter start: the operand on the left, where it has been read already.
  private mutating func binary(minimum: Int, behind start: Expression? = nil) throws(Abandon) -> Expression {
    var left: Expression
    if let start { left = start } else { left = try prefix(minimum: minimum) }
    let first = position
    while let (operation, precedence) = binaryOperator(), precedence >= minimum {
      if operation.isComparison, case .binary(let earlier, _, _) = left.kind, earlier.isComparison,
        tokens[position - 1].kind != .symbol(.closeParenthesis)
      {
        throw fail(
          .chainedComparison, localized("Comparisons cannot be chained. Write `a < b and b < c`."),
          at: current.span)
      }
      try limitLength(since: first)
      advance()
      let sign = tokens[position - 1].span
      let isFloored = operation == .divide && current.isGlued && current.isSymbol(.divide)
      if isFloored { advance() }
      let right = try nested { (parser) throws(Abandon) in try parser.binary(minimum: precedence + 1) }
      left = Expression(.binary(operation, left, right), left.span.joined(with: right.span))
      if isFloored { left = Self.floored(left, sign) }
    }
    return left
  }

  /// `a // b`, a division that is rounded down, which is `floor(a / b)`.
  private static func floored(_ quotient: Expression, _ sign: SourceSpan) -> Expression {
    let argument = CallArgument(key: nil, value: quotient)
    return Expression(.call(Expression(.name("floor"), sign), [argument]), quotient.span)
  }

  /// A chain of operators is a tree as deep as it is long, and whoever walks the tree needs stack for it.
  private mutating func limitLength(since first: Int) throws(Abandon) {
    guard position - first > Parser.maximumLength else { return }
    throw fail(
      .tooLong,
      localized("This expression has thousands of operators in a row. Split it, or use a list and `sum`."),
      at: current.span)
  }

  /// The operator here and how tightly it binds.
  private func binaryOperator() -> (BinaryOperator, Int)? {
    switch current.kind {
    case .word("or"): return (.or, 1)
    case .word("and"): return (.and, 2)
    case .symbol(let symbol):
      guard let operation = BinaryOperator(rawValue: symbol.rawValue) else { return nil }
      switch operation {
      case .add, .subtract: return (operation, 5)
      case .multiply, .divide, .matrixProduct: return (operation, 6)
      case .power: return nil
      default: return (operation, 4)
      }
    default: return nil
    }
  }

  /// `not` binds looser than a comparison, `-` tighter than a product, as in Python.
  private mutating func prefix(minimum: Int) throws(Abandon) -> Expression {
    let start = current.span
    if current.isWord("not"), minimum <= 3 {
      advance()
      let operand = try nested { (parser) throws(Abandon) in try parser.binary(minimum: 3) }
      return Expression(.unary(.not, operand), start.joined(with: operand.span))
    }
    if take(.minus) {
      let operand = try nested { (parser) throws(Abandon) in try parser.prefix(minimum: 7) }
      return Expression(.unary(.negate, operand), start.joined(with: operand.span))
    }
    if current.isWord("grad") {
      return try nested { (parser) throws(Abandon) in try parser.gradient(takesSeveral: false) }
    }
    if take(.plus) { return try nested { (parser) throws(Abandon) in try parser.prefix(minimum: 7) } }
    return try power()
  }

  /// `a ^ b ^ c` groups from the right and binds tighter than a sign before it: `-2 ^ 2` is -4.
  private mutating func power() throws(Abandon) -> Expression {
    let base = try postfix()
    guard take(.power) else { return base }
    let exponent = try nested { (parser) throws(Abandon) in try parser.prefix(minimum: 7) }
    return Expression(.binary(.power, base, exponent), base.span.joined(with: exponent.span))
  }

  /// Calls, indexes and fields, which must be glued to what they follow.
  mutating func postfix() throws(Abandon) -> Expression {
    var value = try primary()
    let first = position
    while current.isGlued {
      try limitLength(since: first)
      if take(.openParenthesis) {
        value = Expression(.call(value, try callArguments()), SourceSpan(value.span.start, previousEnd))
      } else if take(.openBracket) {
        value = Expression(.index(value, try indexes()), SourceSpan(value.span.start, previousEnd))
      } else if take(.dot) {
        let field = try name("a field")
        value = Expression(.field(value, field), value.span.joined(with: field.span))
      } else {
        break
      }
    }
    return value
  }

  private mutating func primary() throws(Abandon) -> Expression {
    let token = current
    switch token.kind {
    case .number(let value, _): return single(.number(value))
    case .shape(let sizes): return single(.shape(sizes))
    case .string(let text): return single(.string(text))
    case .word("true"): return single(.boolean(true))
    case .word("false"): return single(.boolean(false))
    case .word: return Expression(.name(try name("a value").name), token.span)
    case .symbol(.openParenthesis): return try parenthesised()
    case .symbol(.openBracket): return try list()
    default:
      throw fail(
        .unexpectedToken,
        [localized("Expected a value, but found \(describe(token))."), adviceOnMissingValue()])
    }
  }

  private mutating func single(_ kind: Expression.Kind) -> Expression {
    defer { advance() }
    return Expression(kind, current.span)
  }

  private mutating func parenthesised() throws(Abandon) -> Expression {
    let start = current.span
    advance()
    let inner = try expression()
    try expect(.closeParenthesis, "to close the parenthesis", adviceInParenthesis())
    return Expression(inner.kind, SourceSpan(start.start, previousEnd))
  }

  mutating func list() throws(Abandon) -> Expression {
    let start = current.span
    advance()
    var items: [Expression] = []
    while !current.isSymbol(.closeBracket) {
      items.append(try expression())
      guard take(.comma) else { break }
    }
    do throws(Abandon) { try expect(.closeBracket, "or a comma in the list", adviceOnList()) } catch {
      // `[1, 2; 3, 4]` is one mistake.
      if current.kind == .separator {
        while current.kind != .end,
          ![.closeBracket, .openBrace, .closeBrace].contains(where: current.isSymbol)
        {
          advance()
        }
      }
      throw error
    }
    return Expression(.list(items), SourceSpan(start.start, previousEnd))
  }

  /// What was meant where a list goes on otherwise than with a comma.
  private func adviceOnList() -> String? {
    if current.isWord("for") {
      return localized("To apply a function to each item, write `map(f, range(3))`.")
    }
    return current.kind == .separator ? localized("Rows are lists of their own: `[[1, 2], [3, 4]]`.") : nil
  }

  private mutating func callArguments() throws(Abandon) -> [CallArgument] {
    var arguments: [CallArgument] = []
    while !current.isSymbol(.closeParenthesis) {
      var key: Identifier?
      if case .word = current.kind, next.isSymbol(.assign) {
        key = try name("an argument's name")
        advance()
      }
      arguments.append(CallArgument(key: key, value: try expression()))
      guard take(.comma) else { break }
    }
    try expect(.closeParenthesis, "or a comma after the argument")
    return arguments
  }

  private mutating func indexes() throws(Abandon) -> [IndexSyntax] {
    var indexes = [try index()]
    while take(.comma), !current.isSymbol(.closeBracket) { indexes.append(try index()) }
    try expect(.closeBracket, "to close the index")
    return indexes
  }

  private mutating func index() throws(Abandon) -> IndexSyntax {
    let start = try bound()
    guard take(.colon) else {
      guard let start else {
        throw fail(.unexpectedToken, localized("Expected an index, but found \(describe(current))."))
      }
      return .at(start)
    }
    let stop = try bound()
    let step = take(.colon) ? try bound() : nil
    return .slice(start: start, stop: stop, step: step)
  }

  /// A bound of a slice, which may be left out.
  private mutating func bound() throws(Abandon) -> Expression? {
    switch current.kind {
    case .symbol(.colon), .symbol(.comma), .symbol(.closeBracket): nil
    default: try expression()
    }
  }
}
