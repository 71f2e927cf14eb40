internal import NetworkSchema

/// Walks a checked program and notes what it reads and changes.
struct EffectAnalysis {
  private(set) var effects = CellEffects()
  private let names: KnownNames
  /// The network that commands act on at this place.
  private var current: String?
  /// The functions that are known at this place.
  private var functions: [String: CellEffects]
  /// The names that belong to the function whose body is walked; nil outside of one.
  private var locals: Set<String>?

  /// The built-in functions that draw random numbers.
  static let randomFunctions: Set<String> = ["rand", "randn", "randint", "choice"]

  init(names: KnownNames, current: String?, functions: [String: CellEffects]) {
    self.names = names
    self.current = current
    self.functions = functions
  }

  mutating func visit(_ program: Program<Command>) {
    for statement in program.statements { visit(statement.kind) }
  }

  private mutating func visit(_ statement: Statement<Command>.Kind) {
    switch statement {
    case .assignment(let targets, let operation, let value):
      visit(value)
      for target in targets { assign(to: target, isUpdate: operation != nil) }
    case .definition(let name, let parameters, let body): define(name.name, parameters, body)
    case .loop(let count, let counter, let body):
      visit(count)
      if let counter { write(counter.name) }
      visit(body)
    case .whileLoop(let condition, let body):
      visit(condition)
      visit(body)
    case .iteration(let item, let sequence, let body):
      visit(sequence)
      write(item.name)
      visit(body)
    case .conditional(let condition, let then, let otherwise):
      visit(condition)
      visit(then)
      if let otherwise { visit(otherwise) }
    case .command(let command): visit(command)
    case .expression(let value): visit(value)
    }
  }

  private mutating func assign(to target: AssignmentTarget, isUpdate: Bool) {
    let name = target.name.name
    guard isUpdate || !target.isWhole else { return write(name) }
    visit(target.asExpression)
    guard locals?.contains(name) != true, let owner = owner(of: name) else { return }
    note(.name(owner), isDefinition: false)
  }

  private mutating func define(_ name: String, _ parameters: [Identifier], _ body: FunctionBody<Command>) {
    var inner = EffectAnalysis(names: names, current: current, functions: functions)
    inner.locals = (locals ?? []).union(parameters.map(\.name))
    switch body {
    case .expression(let value): inner.visit(value)
    case .block(let program): inner.visit(program)
    }
    functions[name] = inner.effects
    if locals == nil { effects.functions[name] = inner.effects }
    write(name)
  }
}

// MARK: - Expressions

extension EffectAnalysis {
  private mutating func visit(_ expression: Expression) {
    if case .name(let name) = expression.kind { read(name) }
    for child in expression.children { visit(child) }
  }
}

// MARK: - Commands

extension EffectAnalysis {
  private mutating func visit(_ command: Command) {
    for value in command.values.values where value.slot.type.namesWhatIs {
      if case .name(let name) = value.kind { read(String(name.prefix { $0 != "." })) }
    }
    for expression in command.expressions { visit(expression) }
    let name: String? =
      if case .name(let name)? = command.values["name"]?.kind { name } else { nil }
    switch command.verb {
    case .data:
      if let name { write(name) }
      if case .source(.named(let source))? = command.values["table"]?.kind {
        // A generator draws; a variable holds a file's name.
        names.isVariable(source) ? read(source) : update(.random)
      }
    case .net:
      if let name, !names.networks.contains(name) { write(name) }
      current = name ?? current
    case .delete: if let name { note(.name(name), isDefinition: true) }
    case .split, .prepare:
      if case .name(let data)? = command.values["data"]?.kind { update(.name(data)) }
      if command.verb == .split { update(.random) }
    case .layer, .connect: updateCurrent()
    case .save: if command.variant == "net", let current { need(.name(current)) }
    case .load: load(as: name)
    case .record:
      guard case .binding(let series, _)? = command.values["series"]?.kind else { return }
      note(.series(series.name), isDefinition: false)
    case .param:
      guard case .parameter(let parameter)? = command.values["parameter"]?.kind else { return }
      write(parameter.name.name)
    case .assert, .print, .seed, .option, .help: break
    case .show, .summary, .plot: if let current { need(.name(current)) }
    default: use()
    }
  }

  /// A network comes out of a file, with the random numbers that were to follow. What it is called is not known
  /// if the file says so; the likeliest is the current one's name.
  private mutating func load(as name: String?) {
    if let name { write(name) } else { updateCurrent() }
    current = name ?? current
    update(.random)
  }

  /// A command that uses the current network, and may draw its weights, train it and leave figures.
  private mutating func use() {
    updateCurrent()
    update(.random)
    // They tell of the network, so that another training is no new definition of them.
    for metric in NetworkCatalog.current.trainingMetrics.names { note(.name(metric), isDefinition: false) }
  }

  private mutating func updateCurrent() {
    if let current { update(.name(current)) }
  }
}

// MARK: - Notes

extension EffectAnalysis {
  private mutating func read(_ name: String) {
    guard locals?.contains(name) != true else { return }
    if EffectAnalysis.randomFunctions.contains(name), !isTaken(name) { return update(.random) }
    if names.builtins.contains(name), !isTaken(name) { return }
    if let owner = owner(of: name) { need(.name(owner)) }
    guard let function = functions[name] else { return }
    for resource in function.reads { need(resource) }
    for resource in function.writes { note(resource, isDefinition: false) }
  }

  /// What a name belongs to: a layer stands for the network that it lies in.
  private func owner(of name: String) -> String? {
    !isTaken(name) && names.layers.contains(name) ? current : name
  }

  private func isTaken(_ name: String) -> Bool {
    names.isVariable(name) || names.data.contains(name) || names.networks.contains(name)
      || effects.definitions.contains(.name(name))
  }

  private mutating func need(_ resource: CellEffects.Resource) {
    if !effects.definitions.contains(resource) { effects.reads.insert(resource) }
  }

  private mutating func write(_ name: String) {
    guard locals == nil else {
      // Inside a function a whole name is the function's own.
      locals?.insert(name)
      return
    }
    note(.name(name), isDefinition: true)
  }

  private mutating func update(_ resource: CellEffects.Resource) {
    need(resource)
    note(resource, isDefinition: false)
  }

  /// A value that comes of the old one is a change and no definition.
  private mutating func note(_ resource: CellEffects.Resource, isDefinition: Bool) {
    if effects.definitions.contains(resource) { return }
    if isDefinition, !effects.reads.contains(resource) {
      effects.definitions.insert(resource)
      effects.updates.remove(resource)
    } else {
      effects.updates.insert(resource)
    }
  }
}

extension SlotType {
  /// Whether a name in it stands for something in the session: it does not come into being there, nor is it a file's.
  fileprivate var namesWhatIs: Bool {
    switch self {
    case .newName, .column: false
    default: true
    }
  }
}
