internal import Diagnostics
internal import Foundations
import Localization

extension Parser {
  /// A verb and what follows it, up to the end of the statement.
  mutating func command(_ spec: CommandSpec) throws(Abandon) -> CommandSyntax {
    let verb = Identifier(spec.verb.rawValue, current.span)
    advance()
    var syntax = CommandSyntax(verb: verb, span: verb.span)
    if case .expressions = spec.form { try listedExpressions(into: &syntax) }
    while !endsCommand, !(spec.takesBlock && current.isSymbol(.openBrace)) {
      try commandPart(spec, into: &syntax)
    }
    syntax.span = SourceSpan(verb.span.start, previousEnd)
    return syntax
  }

  private var endsCommand: Bool {
    switch current.kind {
    case .separator, .end, .symbol(.closeBrace): true
    default: false
    }
  }

  private mutating func commandPart(_ spec: CommandSpec, into syntax: inout CommandSyntax) throws(Abandon) {
    if spec.form == .data, !syntax.arguments.isEmpty, try rowPart(into: &syntax) { return }
    if spec.verb == .help, case .word(let word) = current.kind {
      syntax.arguments.append(Argument(.word(word), current.span))
      advance()
    } else if current.isWord("until") {
      syntax.condition = try condition()
      try rejectSecondCondition()
    } else if case .word = current.kind, next.isSymbol(.assign), spec.form.bindsName, syntax.arguments.isEmpty
    {
      syntax.arguments.append(try binding())
    } else if case .word(let key) = current.kind, next.isSymbol(.assign),
      !(spec.form == .data && syntax.arguments.isEmpty)
    {
      let identifier = Identifier(key, current.span)
      advance()
      advance()
      if spec.form == .chain, current.isSymbol(.greater) {
        throw fail(.unexpectedToken, localized("An arrow is written `->`: `connect inp -> hid`."))
      }
      let type = spec.options.first { $0.name == key }?.type
      let value = try optionValue(key, type, spec)
      let takesNames = type == .columns || type == .metrics
      syntax.options.append(
        .init(key: identifier, value: try takesNames ? names(after: value) : value))
    } else if spec.form == .data, let part = try dataPart(into: &syntax) {
      syntax.arguments.append(part)
    } else if spec.form == .chain, current.isSymbol(.openBrace) || next.isSymbol(.arrow) {
      syntax.arguments.append(try chain())
    } else {
      try rejectForeignArgument(spec, syntax)
      syntax.arguments.append(try argument(slot: "here"))
    }
  }

  /// What is written otherwise than with this command's form, and has an answer of its own.
  private mutating func rejectForeignArgument(_ spec: CommandSpec, _ syntax: CommandSyntax) throws(Abandon) {
    if spec.form == .chain, current.isSymbol(.comma) {
      throw fail(.unexpectedToken, "Layers are joined by arrows, without commas: `connect inp -> hid`.")
    }
    guard spec.verb == .plot, syntax.arguments.last?.kind == .word("function"), case .word = current.kind,
      case .symbol(let symbol) = next.kind, Parser.arithmetic.contains(symbol)
    else { return }
    throw fail(
      .operatorInArgument,
      "`plot function` takes a function's name. Define it first: `def f(x) = x ^ 2; plot function f`.")
  }

  private static let arithmetic: [Symbol] = [.plus, .times, .divide, .power, .matrixProduct]

  private mutating func rejectSecondCondition() throws(Abandon) {
    guard current.isWord("and") || current.isWord("or") || current.isWord("until") else { return }
    throw fail(
      .unexpectedToken,
      localized(
        "`until` takes one comparison. To stop at more than one, train in a loop: `while loss > 0.1 { … }`."))
  }

  /// `metrics=auc,f1`: names parted by commas, as a list of them.
  private mutating func names(after first: Argument) throws(Abandon) -> Argument {
    guard current.isSymbol(.comma), let name = first.asExpression else { return first }
    var items = [name]
    while take(.comma) {
      let next = try argument(slot: "behind the comma")
      guard let name = next.asExpression else {
        throw fail(.unexpectedToken, "Names are separated by commas here: `a,b`.", at: next.span)
      }
      items.append(name)
    }
    let span = first.span.joined(with: items[items.count - 1].span)
    return Argument(.expression(Expression(.list(items), span)), span)
  }

  /// `print a, b`: expressions parted by commas fill the command.
  private mutating func listedExpressions(into syntax: inout CommandSyntax) throws(Abandon) {
    guard !endsCommand else { return }
    repeat {
      let value = try expression()
      syntax.arguments.append(Argument(.expression(value), value.span))
    } while take(.comma)
  }

  /// `record loss = expr`.
  private mutating func binding() throws(Abandon) -> Argument {
    let name = try name("a name")
    advance()
    let value = try expression()
    return Argument(.binding(name, value), name.span.joined(with: value.span))
  }

  private mutating func condition() throws(Abandon) -> Condition {
    advance()
    let metric = try name("a metric such as `loss`")
    guard case .symbol(let symbol) = current.kind,
      let comparison = BinaryOperator(rawValue: symbol.rawValue),
      [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(comparison)
    else {
      throw fail(
        .unexpectedToken,
        localized(
          "`until` compares a metric with a number, as in `until loss<0.01`; found \(describe(current))."))
    }
    advance()
    return Condition(metric: metric, comparison: comparison, threshold: try argument(slot: "to compare with"))
  }

  /// One argument: a literal, a word, a parenthesis or a list. Operators stand only inside parentheses, so
  /// that `train xor epochs=n -1` cannot be read in two ways.
  mutating func argument(slot: String) throws(Abandon) -> Argument {
    let start = current.span
    let isNegative = current.isSymbol(.minus)
    if isNegative { advance() }
    var argument = try unsignedArgument(slot: slot)
    if isNegative { argument = argument.negated(from: start) }
    try rejectOperator(behind: argument)
    return argument
  }

  private mutating func unsignedArgument(slot: String) throws(Abandon) -> Argument {
    let token = current
    switch token.kind {
    case .word(let word) where Keyword.statements.contains(word):
      throw fail(.reservedWord, explainReserved(argument: word))
    case .number(let value, let unit):
      advance()
      return Argument(.number(value, unit: unit), token.span)
    case .shape(let sizes):
      advance()
      return Argument(.shape(sizes), token.span)
    case .string(let text):
      advance()
      return Argument(.string(text), token.span)
    case .word, .symbol(.openParenthesis), .symbol(.openBracket):
      let value = try postfix()
      if case .name(let word) = value.kind, token.kind == .word(word) {
        return Argument(.word(word), value.span)
      }
      if case .boolean(let truth) = value.kind {
        return Argument(.word(truth ? "true" : "false"), value.span)
      }
      return Argument(.expression(value), value.span)
    case .symbol(.closeParenthesis), .symbol(.closeBracket):
      throw closesNothing()
    case .symbol(.comma):
      throw fail(.unexpectedToken, localized("Arguments are separated by spaces, without commas."))
    case .symbol(.dot) where token.isGlued:
      throw fail(.unexpectedToken, localized("A file name is written in quotes: \"people.csv\"."))
    default:
      throw fail(.unexpectedToken, "Expected an argument \(slot), but found \(describe(token)).")
    }
  }

  /// What stands behind `key=`.
  private mutating func optionValue(
    _ key: String, _ type: SlotType?, _ spec: CommandSpec
  ) throws(Abandon) -> Argument {
    if current.isSymbol(.openBrace), let example = spec.exampleOfPairs(key) {
      return try pairs(like: example, takesLists: example.contains("["))
    }
    if let word = reservedWord(asChoiceOf: type) { return word }
    return try argument(slot: "after `\(key)=`")
  }

  /// A reserved word in place of one of a list: the checker knows what stands for it there, `type=others` for `type=else`.
  private mutating func reservedWord(asChoiceOf type: SlotType?) -> Argument? {
    guard case .choice = type, case .word(let word) = current.kind, Keyword.statements.contains(word) else {
      return nil
    }
    let span = current.span
    advance()
    return Argument(.word(word), span)
  }

  private func explainReserved(argument word: String) -> String {
    let start = localized("`\(word)` is a reserved word and cannot be used as a name.")
    // Two built-in sets go by such words.
    guard ["and", "or"].contains(word) else { return start }
    return start + " The built-in set needs another name here: `data both from \(word)`."
  }

  /// `epochs=n*2` reads as two things; say how to write what was meant.
  private mutating func rejectOperator(behind argument: Argument) throws(Abandon) {
    guard case .symbol(let symbol) = current.kind,
      Parser.arithmetic.contains(symbol)
    else { return }
    throw fail(
      .operatorInArgument,
      localized("Arithmetic in a command's argument is written in parentheses: `(a \(symbol.rawValue) b)`."))
  }

  /// `{hid: "fc1", out: "fc2"}` as a list of lists of two texts.
  private mutating func pairs(like example: String, takesLists: Bool = false) throws(Abandon) -> Argument {
    let start = current.span
    advance()
    var pairs: [Expression] = []
    while !current.isSymbol(.closeBrace) {
      if take(.comma) || current.kind == .separator {
        if current.kind == .separator { advance() }
        continue
      }
      let key = try pairText("a name, as in \(example)")
      try expect(.colon, "behind the name: \(example)")
      var values: [Expression] = []
      if takesLists, take(.openBracket) {
        while !current.isSymbol(.closeBracket) {
          values.append(try pairValue(like: example))
          _ = take(.comma)
        }
        try expect(.closeBracket, "to close the list")
      } else {
        values = [try pairValue(like: example)]
      }
      let end = values.last?.span ?? key.span
      pairs.append(Expression(.list([key] + values), key.span.joined(with: end)))
    }
    try expect(.closeBrace, "to close the pairs")
    let span = SourceSpan(start.start, previousEnd)
    return Argument(.expression(Expression(.list(pairs), span)), span)
  }

  /// What belongs to a name: any number, too.
  private mutating func pairValue(like example: String) throws(Abandon) -> Expression {
    let start = current.span
    var isNegative = false
    if current.isSymbol(.minus), case .number = next.kind {
      isNegative = true
      advance()
    }
    if case .number(let value, unit: .none) = current.kind {
      let number = isNegative ? -value : value
      advance()
      let text = Int(exactly: number).map { String($0) } ?? "\(number)"
      return Expression(.string(text), SourceSpan(start.start, previousEnd))
    }
    return try pairText("what belongs to it, as in \(example)")
  }

  /// A word, a text in quotes, or a whole number, which is a name in PyTorch.
  private mutating func pairText(_ purpose: String) throws(Abandon) -> Expression {
    if case .string(let text) = current.kind {
      let span = current.span
      advance()
      return Expression(.string(text), span)
    }
    if case .number(let value, unit: .none) = current.kind, let number = Int(exactly: value) {
      let span = current.span
      advance()
      return Expression(.string(String(number)), span)
    }
    let word = try name(purpose)
    return Expression(.string(word.name), word.span)
  }

  /// `a -> {b c} -> d`.
  private mutating func chain() throws(Abandon) -> Argument {
    let start = current.span
    var groups = [try group()]
    while take(.arrow) { groups.append(try group()) }
    return Argument(.chain(groups), SourceSpan(start.start, previousEnd))
  }

  private mutating func group() throws(Abandon) -> [Identifier] {
    guard take(.openBrace) else { return [try name("a layer")] }
    var names: [Identifier] = []
    while !current.isSymbol(.closeBrace) {
      names.append(try name("a layer"))
      _ = take(.comma)
    }
    try expect(.closeBrace, "to close the group of layers")
    if names.isEmpty {
      throw fail(
        .missingArgument, localized("A group needs at least one layer: `{a b}`."),
        at: tokens[position - 1].span)
    }
    return names
  }
}

extension CommandSpec {
  /// An example of the pairs in braces that may follow an option's `=`; nil where none may.
  fileprivate func exampleOfPairs(_ key: String) -> String? {
    switch (options + variants.flatMap(\.options)).first(where: { $0.name == key })?.type {
    case .pairs: "{hid: \"fc1\"}"
    case .namedNumbers: "{price: 1, kind: 0.5}"
    case .namedColumns: "{plan: [area, rooms]}"
    case .choiceOrPairs: "{price: mse}"
    case .choiceOrValues: "{kind: balanced, size: [1, 5]}"
    default: nil
    }
  }
}

extension CommandForm {
  /// Tells whether `name = expr` may follow the verb.
  var bindsName: Bool { self == .binding }
}

extension Argument {
  fileprivate func negated(from start: SourceSpan) -> Argument {
    let span = start.joined(with: span)
    switch kind {
    case .number(let value, let unit): return Argument(.number(-value, unit: unit), span)
    case .word(let name):
      return Argument(
        .expression(Expression(.unary(.negate, Expression(.name(name), self.span)), span)), span)
    case .expression(let value): return Argument(.expression(Expression(.unary(.negate, value), span)), span)
    default: return Argument(kind, span)
    }
  }
}

extension CommandSpec {
  /// Whether a block may stand behind it, which says what is done.
  var takesBlock: Bool { verb == .crossvalidate }
}
