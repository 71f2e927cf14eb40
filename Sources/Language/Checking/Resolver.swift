internal import NetworkSchema

/// Finds what the names of a cell stand for, as the checker goes through it: which are a function's own and which
/// the session's, and what the cell reads and changes by them.
///
/// The checker calls it for every name in the order in which the statements run. What it notes is all that the
/// compiler, the effects of cells and their staleness know of names; none of them walks the syntax again.
struct Resolver {
  /// The names known at this place.
  private(set) var names: KnownNames
  /// The names that the cell reads and changes up to this place; inside a function, those of a call.
  private(set) var effects = CellEffects()
  /// The function whose body is gone through; nil outside of one.
  private(set) var scope: FunctionScope?
  /// The surroundings of the functions whose bodies are gone through, the outermost first.
  private var enclosing: [(scope: FunctionScope?, effects: CellEffects, network: String?)] = []
  /// The names that were read since the value began that is worked out here.
  private var sources: Set<CellEffects.Resource> = []

  /// The built-in functions that draw random numbers.
  static let randomFunctions: Set<String> = ["rand", "randn", "randint", "choice"]

  init(names: KnownNames) { self.names = names }

  /// Tells whether this place is in the body of a function.
  var isInFunction: Bool { scope != nil }
}

// MARK: - Trials

extension Resolver {
  /// Begins a block whose changes are taken back when it is over.
  mutating func enterTrial() -> (names: KnownNames, effects: CellEffects) {
    defer { effects = CellEffects() }
    return (names, effects)
  }

  /// Ends it: what was read counts, unless the block or the cell made it, and so does what else is drawn.
  mutating func leaveTrial(_ before: (names: KnownNames, effects: CellEffects)) {
    let read = effects.reads
    (names, effects) = before
    for resource in read where resource != .random { need(resource) }
  }

  /// A sweep has come to something.
  mutating func sweepEnded() { note(.sweep, isDefinition: true) }
}

// MARK: - Functions

extension Resolver {
  mutating func enterFunction(_ parameters: [Identifier]) {
    enclosing.append((scope, effects, names.current))
    scope = FunctionScope(parameters: parameters)
    effects = CellEffects()
  }

  /// - Returns: the function's own names, and what a call reads and changes.
  mutating func leaveFunction(_ name: String) -> FunctionScope {
    guard var done = scope, let outside = enclosing.popLast() else { return FunctionScope(parameters: []) }
    // A name that the body assigns is the function's own from its beginning.
    let own = Set(done.locals.map { CellEffects.Resource.name($0) })
    effects.reads.subtract(own)
    effects.updates.subtract(own)
    done.differentiated.formIntersection(done.locals)
    done.effects = effects
    (scope, effects, names.current) = outside
    names.functions[name] = done.effects
    return done
  }
}

// MARK: - Names

extension Resolver {
  /// Begins a value: what is read from here on is what it is computed from.
  ///
  /// - Returns: what was read for the value that it stands in, to be given back to `endValue`.
  @discardableResult mutating func beginValue() -> Set<CellEffects.Resource> {
    defer { sources = [] }
    return sources
  }

  /// Goes on with the value around one that has been worked out.
  mutating func endValue(within outer: Set<CellEffects.Resource>) { sources.formUnion(outer) }

  /// A name that is read.
  mutating func read(_ name: String) {
    if scope?.owns(name) == true { return }
    if !isTaken(name) {
      if Resolver.randomFunctions.contains(name) { return update(.random) }
      if names.builtins.contains(name) { return readNetwork(by: name) }
    }
    need(.name(owner(of: name)))
    guard let function = names.functions[name] else { return }
    for resource in function.reads { need(resource) }
    for resource in function.writes { note(resource, isDefinition: false) }
  }

  /// `predict(X)` is a function of the current network as well, and `activate(x)` leaves a state in it.
  private mutating func readNetwork(by function: String) {
    guard let verb = Verb(rawValue: function), let current = names.current else { return }
    verb == .activate ? update(.name(current)) : need(.name(current))
    if verb == .generate { update(.random) }
  }

  /// A name that is given a value as a whole: the function's own inside a function, else the session's.
  mutating func assign(_ name: String) {
    guard scope == nil else {
      scope?.add(name)
      return
    }
    names.variables.insert(name)
    names.functions[name] = nil
    write(name)
  }

  /// A function that comes into being, which even inside of another is the session's.
  mutating func define(function name: String) {
    beginValue()
    if scope == nil { assign(name) } else { note(.name(name), isDefinition: true) }
  }

  /// A name of which a part is changed, or that is given a value that comes of its own.
  mutating func change(_ name: String) {
    if scope?.owns(name) == true { return }
    note(.name(owner(of: name)), isDefinition: false)
  }

  /// `grad loss wrt variables`, behind whose loss `beginValue` was called.
  mutating func gradient(by variables: [Expression]) {
    for case .name(let name) in variables.map(\.kind) { scope?.differentiated.insert(name) }
    // What the cell itself computes is no older than the cell.
    let loss = sources.subtracting(effects.definitions)
    let names = variables.map(\.baseName).filter { scope?.owns($0) != true }
    effects.gradients.insert(
      CellEffects.Gradient(loss: loss, variables: Set(names.map { .name(owner(of: $0)) })))
  }

  /// The holder of a name: a layer stands for the network that it lies in.
  private func owner(of name: String) -> String {
    let isNetworks =
      names.layers.contains(name) || names.isOutputMetric(name.withoutValidationPrefix)
    return !isTaken(name) && isNetworks ? names.current ?? name : name
  }

  private func isTaken(_ name: String) -> Bool {
    names.isVariable(name) || names.data.contains(name) || names.networks.contains(name)
  }
}

// MARK: - Commands

extension Resolver {
  /// A command whose expressions have been read.
  mutating func note(_ command: Command) {
    for value in command.values.values where value.slot.type.namesWhatIs {
      if case .name(let name) = value.kind { read(String(name.prefix { $0 != "." })) }
    }
    let name: String? =
      if case .name(let name)? = command.values["name"]?.kind { name } else { nil }
    switch command.verb {
    case .data: if let name { makeData(name, from: command.values["table"]?.kind) }
    case .net: if let name { goTo(network: name, isNew: !names.networks.contains(name)) }
    case .load where command.variant == "weights": updateNetwork()
    case .load: load(as: name)
    case .delete: if let name { remove(name) }
    case .split, .prepare, .augment:
      if case .name(let data)? = command.values["data"]?.kind { update(.name(data)) }
      if command.verb == .split { update(.random) }
    case .layer:
      updateNetwork()
      if let name { names.layers.insert(name) }
    case .connect, .gate: updateNetwork()
    case .build:
      updateNetwork()
      if command.variant == "liquid" { update(.random) }
      names.mayBeMore = true
    case .save: if command.variant == "net" { needNetwork() }
    case .record:
      guard case .binding(let series, _)? = command.values["series"]?.kind else { return }
      names.series.insert(series.name)
      note(.series(series.name), isDefinition: false)
    case .plot where ["effects", "parallel"].contains(command.variant): need(.sweep)
    case .show, .summary, .plot, .probe: needNetwork()
    case .train, .crossvalidate, .evaluate, .predict, .generate, .activate, .propagate, .forget, .reset:
      use(command.verb)
      for name in command.askedMetrics where names.functions[name] == nil {
        note(.name(name), isDefinition: false)
        names.variables.insert(name)
      }
    case .param, .assert, .print, .seed, .option, .help: break
    }
  }

  private mutating func makeData(_ name: String, from table: CheckedValue.Kind?) {
    if case .source(.named(let source))? = table {
      // A generator draws; a variable holds a file's name.
      names.isVariable(source) ? read(source) : update(.random)
    }
    write(name)
    names.data.insert(name)
  }

  private mutating func goTo(network name: String, isNew: Bool) {
    if isNew { write(name) }
    names.networks.insert(name)
    names.current = name
  }

  /// A network comes out of a file, with the random numbers that were to follow. What it is called is not known
  /// if the file says so; the likeliest is the current one's name.
  private mutating func load(as name: String?) {
    names.mayBeMore = true
    if let name { goTo(network: name, isNew: true) } else { updateNetwork() }
    update(.random)
  }

  private mutating func remove(_ name: String) {
    note(.name(name), isDefinition: true)
    effects.removals.insert(.name(name))
  }

  /// A command that uses the current network, which may draw its weights.
  private mutating func use(_ verb: Verb) {
    [.evaluate, .predict, .generate, .crossvalidate].contains(verb) ? needNetwork() : updateNetwork()
    update(.random)
    guard [.train, .evaluate, .crossvalidate].contains(verb) else { return }
    let catalog = NetworkCatalog.current
    // They tell of the network, so that another training is no new definition of them.
    for metric in catalog.trainingMetrics.names { note(.name(metric), isDefinition: false) }
    names.variables.formUnion((verb == .train ? catalog.trainingMetrics : catalog.metrics).names)
  }

  private mutating func needNetwork() { if let current = names.current { need(.name(current)) } }
  private mutating func updateNetwork() { if let current = names.current { update(.name(current)) } }
}

// MARK: - Effects

extension Resolver {
  private mutating func need(_ resource: CellEffects.Resource) {
    if effects.definitions.contains(resource) {
      sources.formUnion(effects.sources[resource] ?? [])
    } else {
      effects.reads.insert(resource)
    }
    if resource != .random { sources.insert(resource) }
  }

  private mutating func write(_ name: String) { note(.name(name), isDefinition: true) }

  private mutating func update(_ resource: CellEffects.Resource) {
    need(resource)
    note(resource, isDefinition: false)
  }

  /// A value that comes of the old one is a change and no definition.
  private mutating func note(_ resource: CellEffects.Resource, isDefinition: Bool) {
    if effects.definitions.contains(resource) || (isDefinition && !effects.reads.contains(resource)) {
      effects.definitions.insert(resource)
      effects.updates.remove(resource)
      effects.derive(resource, from: sources.subtracting([resource]))
      if isDefinition {
        effects.removals.remove(resource)
        effects.overtaken.remove(resource)
      }
    } else {
      effects.updates.insert(resource)
    }
    effects.overtake(dependentsOf: resource)
  }
}

extension SlotType {
  /// Tells whether a name in it stands for something in the session: it does not come into being there, nor is it a file's.
  fileprivate var namesWhatIs: Bool {
    switch self {
    case .newName, .column, .columns, .rowExpression, .metric, .metrics: false
    default: true
    }
  }
}

extension Expression {
  /// The name that fields stand behind: `hid` of `hid.weights`.
  fileprivate var baseName: String {
    switch kind {
    case .name(let name): name
    case .field(let base, _): base.baseName
    default: ""
    }
  }
}
