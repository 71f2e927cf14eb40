public import Diagnostics

/// Holds a program against the command table and the names that are known, before any of it runs.
public struct Checker {
  /// What came of checking.
  public struct Result: Sendable {
    /// The program, if nothing is wrong with it.
    public let program: Program<Command>
    /// What is wrong, at most ``Checker/maximumErrors`` things.
    public let diagnostics: [Diagnostic]
    /// The names known once the cell has run.
    public let names: KnownNames
  }

  /// More errors than this only hide the first.
  public static let maximumErrors = 5

  var names: KnownNames
  var diagnostics: [Diagnostic] = []
  /// The parameters and variables of the function whose body is being checked; nil outside of one.
  var locals: Set<String>?
  /// Whether a line `name = literal` declares a parameter.
  var declaresParameters = false
  /// How many blocks deep the checker is; 1 at the top of a cell.
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
    let unread = Set(parsed.diagnostics.compactMap { $0.span.map { source.line(at: $0.start).number } })
    let found =
      parsed.diagnostics.isEmpty
      ? checker.diagnostics
      : checker.diagnostics.filter { diagnostic in
        diagnostic.code != "unknown-name"
          && diagnostic.span.map { !unread.contains(source.line(at: $0.start).number) } ?? true
      }
    let all = (parsed.diagnostics + found).sorted { ($0.span?.start ?? 0) < ($1.span?.start ?? 0) }
    let reported = all.prefix(maximumErrors).map { $0.located(in: source) }
    return (Result(program: program, diagnostics: reported, names: checker.names), parsed.isIncomplete)
  }

  init(names: KnownNames) { self.names = names }

  mutating func report(
    _ code: String, _ message: String, at span: SourceSpan, suggestion: String? = nil, notes: [String] = []
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
      check(value)
      for target in targets { check(target, isUpdate: operation != nil) }
      return .assignment(targets, operation, value)
    case .definition(let name, let parameters, let body):
      return definition(name, parameters, body)
    case .loop(let count, let counter, let body):
      check(count)
      if let counter { declare(counter) }
      return .loop(count: count, counter: counter, check(body))
    case .whileLoop(let condition, let body):
      check(condition)
      return .whileLoop(condition, check(body))
    case .iteration(let item, let sequence, let body):
      check(sequence)
      declare(item)
      return .iteration(item, over: sequence, check(body))
    case .conditional(let condition, let then, let otherwise):
      check(condition)
      return .conditional(condition, then: check(then), otherwise: otherwise.map { check($0) })
    case .command(let syntax):
      return command(syntax).map { .command($0) }
    case .expression(let value):
      check(value)
      return .expression(value)
    }
  }

  private mutating func definition(
    _ name: Identifier, _ parameters: [Identifier], _ body: FunctionBody<CommandSyntax>
  ) -> Statement<Command>.Kind {
    declare(name)
    let outer = locals
    locals = (outer ?? []).union(parameters.map(\.name))
    defer { locals = outer }
    switch body {
    case .expression(let value):
      check(value)
      return .definition(name, parameters: parameters, .expression(value))
    case .block(let program):
      return .definition(name, parameters: parameters, .block(check(program)))
    }
  }

  /// Makes a variable known: the function's own inside a function, else the session's.
  mutating func declare(_ identifier: Identifier) {
    if let spec = CommandTable.command(identifier.name) {
      report(
        "reserved-word", "`\(spec.verb.rawValue)` is a command, so nothing else can be called that.",
        at: identifier.span)
    } else if locals != nil {
      locals?.insert(identifier.name)
    } else {
      names.variables.insert(identifier.name)
    }
  }

  private mutating func check(_ target: AssignmentTarget, isUpdate: Bool) {
    if target.isWhole, !isUpdate { return declare(target.name) }
    check(target.asExpression)
  }
}
