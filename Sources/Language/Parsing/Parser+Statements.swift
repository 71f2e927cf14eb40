internal import Diagnostics
internal import Foundations
import Localization

extension Parser {
  /// Statements up to, not including, the token that ends the block.
  mutating func program(until end: Token.Kind) -> Program<CommandSyntax> {
    var statements: [Statement<CommandSyntax>] = []
    skipSeparators()
    while current.kind != end, current.kind != .end {
      do throws(Abandon) {
        statements.append(try statement())
        try endOfStatement(before: end)
      } catch {
        recover()
      }
      skipSeparators()
    }
    return Program(statements: statements)
  }

  /// A bracket where none is open.
  mutating func closesNothing() -> Abandon {
    fail(.unexpectedToken, localized("This \(describe(current)) has no matching opening bracket."))
  }

  private mutating func endOfStatement(before end: Token.Kind) throws(Abandon) {
    guard current.kind != .separator, current.kind != end, current.kind != .end else { return }
    if current.isClosing { throw closesNothing() }
    throw fail(
      .unexpectedToken,
      [
        localized("The statement is complete before \(describe(current))."),
        adviceAfterStatement() ?? localized("Statements are separated by a new line or `;`."),
      ])
  }

  /// Skips to the end of the statement in which a mistake stands, over any blocks that open in it.
  private mutating func recover() {
    var depth = 0
    while current.kind != .end {
      if depth == 0, current.kind == .separator { return }
      if current.isSymbol(.openBrace) { depth += 1 }
      if current.isSymbol(.closeBrace) {
        depth -= 1
        // A brace that closes the block around this statement belongs to the block, but at the top
        // level nothing waits for it.
        if depth < 0 {
          if self.depth == 0 { advance() }
          return
        }
      }
      advance()
    }
  }

  mutating func statement() throws(Abandon) -> Statement<CommandSyntax> {
    let start = current.span.start
    let kind = try statementKind()
    return Statement(kind: kind, span: SourceSpan(start, previousEnd))
  }

  private mutating func statementKind() throws(Abandon) -> Statement<CommandSyntax>.Kind {
    guard case .word(let word) = current.kind else {
      if current.isClosing { throw closesNothing() }
      return try assignmentOrExpression()
    }
    try rejectReservedTarget(word)
    switch word {
    case "def": return try definition()
    case "repeat": return try loop()
    case "while":
      advance()
      return .whileLoop(try expression(), try block())
    case "for": return try iteration()
    case "if": return try conditional()
    case "sweep" where opensSweep: return try sweep()
    default:
      // A verb opens a command, except where it is called like a function: `predict(X) + 1`.
      if let spec = CommandTable.command(word), !isCall {
        let command = try command(spec)
        return spec.takesBlock && current.isSymbol(.openBrace)
          ? .folds(command, try block()) : .command(command)
      }
      try rejectUnknownVerb(word)
      return try assignmentOrExpression()
    }
  }

  /// `train = 3`: verbs and keywords are no variables.
  private mutating func rejectReservedTarget(_ word: String) throws(Abandon) {
    guard case .symbol(let symbol) = next.kind, symbol.assigns else { return }
    if let spec = CommandTable.command(word) {
      let usage = spec.verb == .seed || spec.verb == .option ? " For example: `\(spec.examples[0])`" : ""
      throw fail(
        .reservedWord, "`\(word)` is a command and cannot be used as a name.\(usage)", at: current.span)
    }
    guard Keyword.all.contains(word) else { return }
    throw fail(
      .reservedWord, localized("`\(word)` is a reserved word and cannot be used as a name."),
      at: current.span)
  }

  /// Tells whether a `(` is glued to the word here.
  private var isCall: Bool { next.isSymbol(.openParenthesis) && next.isGlued }

  /// Two words in a row are no expression: the first was meant as a verb.
  private mutating func rejectUnknownVerb(_ word: String) throws(Abandon) {
    guard !Keyword.all.contains(word) else { return }
    switch next.kind {
    case .word(let second) where !Keyword.all.contains(second): break
    case .number, .string, .shape: break
    case .symbol(.openBracket), .symbol(.openParenthesis), .symbol(.openBrace):
      // `predct [0, 1]`, but not `a [0]`, where no verb is near.
      guard !next.isGlued, nearestVerb(to: word) != nil else { return }
    default: return
    }
    if let advice = ForeignWords.advice(on: word) {
      throw fail(.unknownVerb, "There is no command `\(word)`. \(advice)", at: current.span)
    }
    let nearest = nearestVerb(to: word)
    let guess = DidYouMean.question(nearest) ?? localized("`help` lists the commands.")
    throw fail(
      .unknownVerb, localized("There is no command `\(word)`. \(guess)"), at: current.span,
      suggestion: nearest)
  }

  private func nearestVerb(to word: String) -> String? {
    DidYouMean.nearest(to: word, among: CommandTable.all.map(\.verb.rawValue))
  }

  mutating func block() throws(Abandon) -> Program<CommandSyntax> {
    if current.isSymbol(.assign) {
      throw fail(.unexpectedToken, localized("`=` assigns a value to a variable. To compare, write `==`."))
    }
    try expect(.openBrace, "to open a block", adviceOnBlock())
    let body = try nested { (parser) throws(Abandon) in parser.program(until: .symbol(.closeBrace)) }
    try expect(.closeBrace, "to close the block")
    return body
  }

  private mutating func definition() throws(Abandon) -> Statement<CommandSyntax>.Kind {
    advance()
    let function = try name("the function's name")
    try expect(
      .openParenthesis, "after the function's name", "A function is written `def \(function.name)(x) = …`.")
    var parameters: [Identifier] = []
    while !current.isSymbol(.closeParenthesis) {
      let parameter = try name("a parameter")
      if parameters.contains(where: { $0.name == parameter.name }) {
        throw fail(
          .duplicateParameter, localized("`\(function.name)` has two parameters `\(parameter.name)`."),
          at: parameter.span)
      }
      parameters.append(parameter)
      guard take(.comma) else { break }
    }
    try expect(.closeParenthesis, "after the parameters")
    let body: FunctionSyntax<CommandSyntax>.Body =
      if take(.assign) { .expression(try expression()) } else { .block(try block()) }
    return .definition(
      FunctionSyntax(
        name: function, parameters: parameters, body: body, scope: FunctionScope(parameters: parameters)))
  }

  private mutating func loop() throws(Abandon) -> Statement<CommandSyntax>.Kind {
    advance()
    if current.isSymbol(.openBrace) {
      throw fail(
        .unexpectedToken,
        localized(
          "`repeat` needs the number of rounds: `repeat 10 { … }`. `while condition { … }` goes on as long as a condition holds."
        )
      )
    }
    let count = try expression()
    let counter = take(word: "as") ? try name("the counter's name") : nil
    return .loop(count: count, counter: counter, try block())
  }

  private mutating func iteration() throws(Abandon) -> Statement<CommandSyntax>.Kind {
    advance()
    if current.isSymbol(.openParenthesis) {
      throw fail(
        .unexpectedToken, localized("`for` is written without parentheses: `for i in range(3) { … }`."))
    }
    let item = try name("the loop variable")
    guard take(word: "in") else {
      throw fail(
        .unexpectedToken,
        localized(
          "Expected `in` after the loop variable, but found \(describe(current)): `for i in range(1, 11) { … }`."
        )
      )
    }
    let sequence = try expression()
    return .iteration(item, over: sequence, try block())
  }

  private mutating func conditional() throws(Abandon) -> Statement<CommandSyntax>.Kind {
    advance()
    let condition = try expression()
    let then = try block()
    let here = position
    skipSeparators()
    guard take(word: "else") else {
      position = here
      return .conditional(condition, then: then, otherwise: nil)
    }
    guard current.isWord("if") else { return .conditional(condition, then: then, otherwise: try block()) }
    let nestedIf = try nested { (parser) throws(Abandon) in try parser.statement() }
    return .conditional(condition, then: then, otherwise: Program(statements: [nestedIf]))
  }

  private mutating func assignmentOrExpression() throws(Abandon) -> Statement<CommandSyntax>.Kind {
    var values = [try expression()]
    while take(.comma) { values.append(try expression()) }
    guard let update = takeAssignment() else {
      guard values.count == 1 else {
        throw fail(
          .unexpectedToken, localized("Several values need brackets around them: `[a, b]`."),
          at: values[0].span)
      }
      return .expression(values[0])
    }
    var targets: [AssignmentTarget] = []
    for value in values { targets.append(try target(from: value)) }
    return .assignment(targets, update.operation, try expression())
  }

  private mutating func takeAssignment() -> (operation: BinaryOperator?, Void)? {
    guard case .symbol(let symbol) = current.kind else { return nil }
    let operation: BinaryOperator?
    switch symbol {
    case .assign: operation = nil
    case .plusAssign: operation = .add
    case .minusAssign: operation = .subtract
    case .timesAssign: operation = .multiply
    case .divideAssign: operation = .divide
    default: return nil
    }
    advance()
    return (operation, ())
  }

  /// An expression read as what an assignment writes to.
  private mutating func target(from value: Expression) throws(Abandon) -> AssignmentTarget {
    var base = value
    var indexes: [IndexSyntax] = []
    if case .index(let inner, let syntax) = base.kind { (base, indexes) = (inner, syntax) }
    var fields: [Identifier] = []
    while case .field(let inner, let field) = base.kind {
      fields.insert(field, at: 0)
      base = inner
    }
    if case .call(let function, _) = base.kind, case .name(let name) = function.kind {
      throw fail(
        .badTarget, localized("A function is defined with `def`: `def \(name)(x) = …`."), at: value.span)
    }
    guard case .name(let name) = base.kind else {
      throw fail(
        .badTarget,
        "Only a variable, an element `a[0]` or a field `hid.weights` can be assigned to. "
          + "To compare, write `==`.", at: value.span)
    }
    return AssignmentTarget(
      name: Identifier(name, base.span), fields: fields, indexes: indexes, span: value.span)
  }
}
