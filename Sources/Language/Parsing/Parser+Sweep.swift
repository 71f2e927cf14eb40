internal import Diagnostics
internal import Foundations

extension Parser {
  /// Tells whether `sweep` opens a sweep here: it is a name of variables as well.
  var opensSweep: Bool {
    guard case .word = next.kind else { return next.isSymbol(.openBrace) }
    return true
  }

  /// `sweep rate=[0.01, 0.1] seeds=3 minimize=val_loss { … }`.
  mutating func sweep() throws(Abandon) -> Statement<CommandSyntax>.Kind {
    let start = current.span
    advance()
    var parameters: [SweepSyntax<CommandSyntax>.Swept] = []
    var seeds: Expression?
    var budget: Identifier?
    var goal: (metric: Identifier, isLarger: Bool)?
    while !current.isSymbol(.openBrace) {
      let key = try sweepKey()
      let value = try sweepValue(of: key)
      switch key.name {
      case "seeds": seeds = value
      case "halving":
        guard case .name(let name) = value.kind else {
          throw fail(
            .badValue,
            "`halving` takes the name of the variable that is the budget: halving=epochs epochs=81",
            at: value.span)
        }
        budget = Identifier(name, value.span)
      case "minimize", "maximize":
        guard case .name(let metric) = value.kind else {
          throw fail(
            .badValue, "`\(key.name)` takes the name of a metric or a variable: \(key.name)=val_loss",
            at: value.span)
        }
        guard goal == nil else {
          throw fail(
            .repeatedOption, "A sweep compares one number. Keep one of `minimize` and `maximize`.",
            at: key.span)
        }
        goal = (Identifier(metric, value.span), key.name == "maximize")
      default:
        guard !parameters.contains(where: { $0.name.name == key.name }) else {
          throw fail(.repeatedOption, "`\(key.name)` is given twice. Keep one of them.", at: key.span)
        }
        parameters.append(.init(name: key, values: value))
      }
    }
    var halving: SweepSyntax<CommandSyntax>.Swept?
    if let budget { halving = try take(budget, from: &parameters) }
    guard !parameters.isEmpty else {
      throw fail(.missingArgument, "Name what is tried: sweep rate=[0.01, 0.1] …", at: start)
    }
    guard let goal else {
      throw fail(
        .missingArgument, "Name what is compared: minimize=val_loss, or maximize=val_accuracy.", at: start)
    }
    return .sweep(
      SweepSyntax(
        parameters: parameters, halving: halving, seeds: seeds, metric: goal.metric, isLarger: goal.isLarger,
        body: try block())
    )
  }

  /// Takes the budget of successive halving out of what is swept.
  private mutating func take(
    _ budget: Identifier, from parameters: inout [SweepSyntax<CommandSyntax>.Swept]
  ) throws(Abandon) -> SweepSyntax<CommandSyntax>.Swept {
    guard let place = parameters.firstIndex(where: { $0.name.name == budget.name }) else {
      throw fail(
        .missingArgument,
        "Say how large the budget `\(budget.name)` is: halving=\(budget.name) \(budget.name)=81",
        at: budget.span)
    }
    return parameters.remove(at: place)
  }

  private mutating func sweepKey() throws(Abandon) -> Identifier {
    guard case .word(let word) = current.kind, next.isSymbol(.assign) else {
      throw fail(
        .unexpectedToken,
        "A sweep is written as `sweep rate=[0.01, 0.1] minimize=val_loss { … }`; found \(describe(current)).")
    }
    guard !Keyword.all.contains(word), CommandTable.command(word) == nil else {
      throw fail(
        .reservedWord, "`\(word)` is a reserved word and cannot be used as a name.", at: current.span)
    }
    let key = Identifier(word, current.span)
    advance()
    advance()
    return key
  }

  private mutating func sweepValue(of key: Identifier) throws(Abandon) -> Expression {
    let argument = try argument(slot: "after `\(key.name)=`")
    guard let value = argument.asExpression else {
      throw fail(.badValue, "`\(key.name)` takes a list of values: \(key.name)=[1, 2]", at: argument.span)
    }
    return value
  }
}
