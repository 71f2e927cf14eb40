public import Diagnostics
internal import Foundations
import Localization
internal import NetworkSchema

/// Holds a program against the command table and the names that are known, before any of it runs.
///
/// ```swift
/// let names = KnownNames(data: ["xor"], networks: ["solver"])
/// let (result, _) = Checker.check(SourceText("train xro", name: "cell 1"), names: names)
/// let messages = result.diagnostics.map(\.message)  // There is no data set `xro`. Did you mean `xor`?
/// ```
public struct Checker {
  /// The result of checking.
  public struct Result: Sendable {
    /// The program, if nothing is wrong with it.
    public let program: Program<Command>
    /// The mistakes, at most ``Checker/maximumErrors`` of them.
    public let diagnostics: [Diagnostic]
    /// The names known once the cell has run.
    public let names: KnownNames
    /// The names that the cell reads and changes.
    public let effects: CellEffects
  }

  /// More errors than this only hide the first.
  public static let maximumErrors = 5

  var resolver: Resolver
  var diagnostics: [Diagnostic] = []
  /// True if a line `name = literal` declares a parameter.
  var declaresParameters = false
  /// The number of blocks around this place; 1 at the top of a cell.
  var blockDepth = 0

  /// Parses and checks a cell. Never throws, prints or stops.
  ///
  /// - Parameter declaresParameters: whether its lines `name = literal` declare parameters, as in a notebook's cell
  ///   tagged `parameters`.
  public static func check(
    _ source: SourceText, names: KnownNames, declaresParameters: Bool = false
  ) -> (result: Result, isIncomplete: Bool) {
    let parsed = Parser.parse(source)
    var checker = Checker(names: names)
    checker.declaresParameters = declaresParameters
    let program = checker.check(parsed.program)
    // A name is often unknown only because the statement that makes it could not be read,
    // and what could not be read needs no second message about its line.
    let numbers = LineNumbers(of: source)
    let unread = Set(parsed.diagnostics.compactMap { $0.span.map { numbers[$0.start] } })
    let found =
      parsed.diagnostics.isEmpty
      ? checker.diagnostics
      : checker.diagnostics.filter { diagnostic in
        diagnostic.code != .unknownName
          && diagnostic.span.map { !unread.contains(numbers[$0.start]) } ?? true
      }
    let blanks = Blanks.diagnostics(in: source)
    // What else is wrong may be so for want of what belongs there.
    let all =
      blanks.isEmpty
      ? (parsed.diagnostics + found).sorted { ($0.span?.start ?? 0) < ($1.span?.start ?? 0) } : blanks
    let reported = all.prefix(maximumErrors).map { $0.located(in: source) }
    let result = Result(
      program: program, diagnostics: reported, names: checker.names, effects: checker.resolver.effects)
    return (result, parsed.isIncomplete)
  }

  init(names: KnownNames) { resolver = Resolver(names: names) }

  /// The names that are known at this place.
  var names: KnownNames { resolver.names }
  /// Tells whether this place is in the body of a function, whose names are looked up when it is called.
  var isInFunction: Bool { resolver.isInFunction }

  mutating func report(
    _ code: ErrorCode, _ message: String, at span: SourceSpan, suggestion: String? = nil, notes: [String] = []
  ) {
    diagnostics.append(Diagnostic(code, message, at: span, notes: notes, suggestion: suggestion))
  }

  mutating func check(_ program: Program<CommandSyntax>) -> Program<Command> {
    blockDepth += 1
    defer { blockDepth -= 1 }
    return Program(statements: program.statements.compactMap { check($0) })
  }

  private mutating func check(_ statement: Statement<CommandSyntax>) -> Statement<Command>? {
    if let declaration = parameterLine(statement.kind, at: statement.span) {
      return Statement(kind: .command(declaration), span: statement.span)
    }
    return check(statement.kind).map { Statement(kind: $0, span: statement.span) }
  }

  private mutating func check(_ kind: Statement<CommandSyntax>.Kind) -> Statement<Command>.Kind? {
    switch kind {
    case .assignment(let targets, let operation, let value):
      resolver.beginValue()
      check(value)
      for target in targets { check(target, isUpdate: operation != nil) }
      return .assignment(targets, operation, value)
    case .definition(let function): return .definition(check(function))
    case .loop(let count, let counter, let body):
      resolver.beginValue()
      check(count)
      if let counter { declare(counter) }
      return .loop(count: count, counter: counter, check(body))
    case .whileLoop(let condition, let body):
      check(condition)
      return .whileLoop(condition, check(body))
    case .iteration(let item, let sequence, let body):
      resolver.beginValue()
      check(sequence)
      declare(item)
      return .iteration(item, over: sequence, check(body))
    case .conditional(let condition, let then, let otherwise):
      check(condition)
      return .conditional(condition, then: check(then), otherwise: otherwise.map { check($0) })
    case .sweep(let sweep): return check(sweep)
    case .folds(let syntax, let body): return check(syntax, onFolds: body)
    case .command(let syntax):
      return command(syntax).map { .command($0) }
    case .expression(let value):
      check(value)
      return .expression(value)
    }
  }

  /// The block of a cross-validation leaves nothing behind but the metrics of the command.
  private mutating func check(
    _ syntax: CommandSyntax, onFolds body: Program<CommandSyntax>
  ) -> Statement<Command>.Kind? {
    guard !isInFunction else {
      report(
        .unexpectedToken,
        "A cross-validation with a block stands outside of functions: each fold begins with the session as it is.",
        at: syntax.span)
      return nil
    }
    let before = resolver.enterTrial()
    let checked = check(body)
    resolver.leaveTrial(before)
    return command(syntax).map { .folds($0, checked) }
  }

  /// A sweep leaves nothing behind but the best values of what it tries.
  private mutating func check(_ sweep: SweepSyntax<CommandSyntax>) -> Statement<Command>.Kind? {
    guard !isInFunction else {
      report(
        .unexpectedToken,
        "A sweep stands outside of functions: it begins each trial with the session as it is.",
        at: sweep.metric.span)
      return nil
    }
    resolver.beginValue()
    let all = sweep.parameters + [sweep.halving].compactMap(\.self)
    for parameter in all { check(parameter.values) }
    if let seeds = sweep.seeds { check(seeds) }
    let before = resolver.enterTrial()
    for parameter in all { declare(parameter.name) }
    let body = check(sweep.body)
    resolver.leaveTrial(before)
    resolver.sweepEnded()
    for parameter in all { declare(parameter.name) }
    return .sweep(
      SweepSyntax(
        parameters: sweep.parameters.map { .init(name: $0.name, values: $0.values) },
        halving: sweep.halving.map { .init(name: $0.name, values: $0.values) }, seeds: sweep.seeds,
        metric: sweep.metric, isLarger: sweep.isLarger, body: body))
  }

  private mutating func check(_ function: FunctionSyntax<CommandSyntax>) -> FunctionSyntax<Command> {
    if isFree(function.name) { resolver.define(function: function.name.name) }
    resolver.enterFunction(function.parameters)
    let body: FunctionSyntax<Command>.Body
    switch function.body {
    case .expression(let value):
      check(value)
      body = .expression(value)
    case .block(let program): body = .block(check(program))
    }
    let scope = resolver.leaveFunction(function.name.name)
    return FunctionSyntax(name: function.name, parameters: function.parameters, body: body, scope: scope)
  }

  /// Makes a variable known: the function's own inside a function, else the session's.
  mutating func declare(_ identifier: Identifier) {
    if isFree(identifier) { resolver.assign(identifier.name) }
  }

  /// Tells whether something may be called that; the mistake is noted where not.
  private mutating func isFree(_ identifier: Identifier) -> Bool {
    guard let spec = CommandTable.command(identifier.name) else { return true }
    report(
      .reservedWord, localized("`\(spec.verb.rawValue)` is a command and cannot be used as a name."),
      at: identifier.span)
    return false
  }

  private mutating func check(_ target: AssignmentTarget, isUpdate: Bool) {
    if target.isWhole, !isUpdate { return declare(target.name) }
    check(target.asExpression)
    resolver.change(target.name.name)
  }
}

// MARK: - Expressions

extension Checker {
  mutating func check(_ expression: Expression) {
    switch expression.kind {
    case .name(let name):
      checkValue(name, at: expression.span)
      resolver.read(name)
    case .call(let function, let arguments):
      if refuseCommand(function, arguments) { return }
      checkFunction(function)
      for argument in arguments { check(argument.value) }
    case .field(let base, let field):
      guard case .name(let name) = base.kind, !isInFunction, !names.mayBeMore, !names.hasValue(name),
        !names.isVariable(name)
      else { return check(base) }
      if let advice = ForeignWords.methodAdvice(field.name), !ForeignWords.isModule(name) {
        return report(.unknownName, "Nothing is called `\(name)`. \(advice)", at: base.span)
      }
      guard ForeignWords.isModule(name) else { return check(base) }
      let function = names.builtins.contains(field.name) ? "`\(field.name)(…)`" : "`zeros(3)`"
      report(
        .unknownName,
        localized("Nothing is called `\(name)`. Functions are written without a module: \(function)."),
        at: base.span)
    case .gradient(let loss, let variables):
      let outer = resolver.beginValue()
      check(loss)
      resolver.gradient(by: variables)
      for variable in variables { check(variable) }
      resolver.endValue(within: outer)
    default: for child in expression.children { check(child) }
    }
  }

  /// A function's body may name what a later cell defines; it is looked up when the function is called.
  private mutating func checkValue(_ name: String, at span: SourceSpan) {
    guard !isInFunction, !names.hasValue(name), !names.isVariable(name) else { return }
    if names.isOutputMetric(name.withoutValidationPrefix) { return }
    if let spec = CommandTable.command(name) {
      return report(
        .reservedWord, localized("`\(spec.verb.rawValue)` is a command and has no value."), at: span)
    }
    if names.mayBeMore { return }
    if names.builtInData.contains(name) {
      let line = "data \(name)"
      return report(
        .unknownName,
        localized("Nothing is called `\(name)`. ") + localized("It is built in: `data \(name)` makes it."),
        at: span, suggestion: line)
    }
    let nearest = DidYouMean.nearest(to: name, among: names.values.sorted())
    if nearest == nil, let advice = ForeignWords.advice(on: name) {
      return report(.unknownName, "Nothing is called `\(name)`. \(advice)", at: span)
    }
    let catalog = NetworkCatalog.current
    if nearest == nil, catalog.metrics.names.contains(name) {
      let isTrained = catalog.trainingMetrics.names.contains(name)
      return report(
        .unknownName,
        "There is no `\(name)` yet. \(isTrained ? "`train` and `evaluate` set" : "`evaluate` sets") it.",
        at: span)
    }
    report(
      .unknownName,
      localized("Nothing is called `\(name)`. ")
        + (DidYouMean.question(nearest) ?? localized("Assign a value first: `\(name) = 0`.")),
      at: span, suggestion: nearest)
  }

  /// Reports a command that is called like a function, with the line that was meant: `train(xor)`, `print("hi")`.
  private mutating func refuseCommand(_ function: Expression, _ arguments: [CallArgument]) -> Bool {
    guard case .name(let name) = function.kind, !isInFunction, !names.hasValue(name),
      let spec = CommandTable.command(name)
    else { return false }
    let words = arguments.compactMap { argument in
      argument.value.kind.words.map { (argument.key.map { $0.name + "=" } ?? "") + $0 }
    }
    var line = spec.examples.first ?? name
    if !words.isEmpty, words.count == arguments.count {
      line = "\(name) " + words.joined(separator: spec.verb == .print ? ", " : " ")
    }
    report(
      .unknownFunction, "`\(name)` is a command, whose arguments are written without parentheses: `\(line)`.",
      at: function.span, suggestion: line)
    return true
  }

  private mutating func checkFunction(_ function: Expression) {
    guard case .name(let name) = function.kind else { return check(function) }
    resolver.read(name)
    guard !isInFunction, !names.hasValue(name) else { return }
    if let advice = ForeignWords.functionAdvice(name) {
      return report(.unknownFunction, "There is no function `\(name)`. \(advice)", at: function.span)
    }
    let nearest = DidYouMean.nearest(to: name, among: names.builtins.union(names.variables).sorted())
    let guess = DidYouMean.question(nearest) ?? localized("Define it first: `def \(name)(x) = …`.")
    report(
      .unknownFunction, localized("There is no function `\(name)`. \(guess)"), at: function.span,
      suggestion: nearest)
  }
}

// MARK: - Commands

extension Checker {
  /// Fills the slots of a command; nil when something is wrong with it.
  mutating func command(_ syntax: CommandSyntax) -> Command? {
    guard let spec = CommandTable.command(syntax.verb.name) else { return nil }
    let before = diagnostics.count
    resolver.beginValue()
    var filler = SlotFiller(spec: spec, syntax: syntax)
    filler.fill(with: &self)
    let condition = syntax.condition.flatMap { check($0, of: spec) }
    guard diagnostics.count == before else { return nil }
    var values = filler.values
    if spec.verb == .param {
      guard let declaration = declaration(values, at: syntax.span) else { return nil }
      values = declaration
    }
    let command = Command(
      verb: spec.verb, variant: filler.variant?.name, values: values, condition: condition, span: syntax.span)
    resolver.note(command)
    return command
  }

  private mutating func check(_ condition: Condition, of spec: CommandSpec) -> CheckedCondition? {
    let span = condition.metric.span.joined(with: condition.threshold.span)
    guard spec.takesCondition else {
      report(
        .unexpectedArgument, localized("`\(spec.verb.rawValue)` takes no `until`; only `train` does."),
        at: span)
      return nil
    }
    let catalog = NetworkCatalog.current
    let metrics = catalog.trainingMetrics.names.sorted()
    let name = condition.metric.name
    let own = name.withoutValidationPrefix
    guard catalog.reportableMetrics.contains(name) || names.functions[own] != nil || names.isOutputMetric(own)
    else {
      let nearest = DidYouMean.nearest(to: name, among: catalog.reportableMetrics)
      report(
        .unknownMetric,
        localized("`until` has no metric `\(name)`. ")
          + (DidYouMean.question(nearest) ?? localized("It knows \(metrics.joined(separator: ", ")).")),
        at: condition.metric.span, suggestion: nearest)
      return nil
    }
    let slot = Slot.required("until", .number(.any), "the number to compare with")
    guard let threshold = value(condition.threshold, in: slot) else { return nil }
    return CheckedCondition(
      metric: condition.metric.name, comparison: condition.comparison, threshold: threshold, span: span)
  }
}
