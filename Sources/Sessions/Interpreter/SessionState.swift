import DataFiles
import Datasets
import Language
import NeuralEngine

/// Everything in a session at one moment but the insides of its networks and data sets, as a value: a copy of it
/// brings back the same bits.
///
/// Data sets, networks and variables share one namespace; layers live in their networks, and series stand apart.
struct SessionState {
  /// The seed that the random stream started from.
  private(set) var seed: UInt64
  var random: RandomStream
  var options = SessionOptions()
  var parameters = SessionParameters()
  var data: [String: DataReference] = [:]
  /// What the last training or evaluation gave.
  var measurement: Measurement?
  /// What the last sweep came to.
  var sweep: SweepResult?
  /// The variables that trainings and evaluations have set, with the metrics that they gave them.
  var measured: [String: Double] = [:]
  var networks: [String: Network] = [:]
  /// The network that commands act on.
  var current: Network?
  /// What networks remember of the data they were trained on.
  private var trainedData: [ObjectIdentifier: TrainedData] = [:]
  /// The parameters of networks as arrays.
  private var leaves: [ObjectIdentifier: ParameterLeaves] = [:]
  private var variables: [String: Variable] = [:]
  /// The variables' values by their slots.
  private var values: [Value?] = []
  private var series: [String: Series] = [:]
  /// The series' values by their slots.
  private var recorded: [[Double]] = []
  private var lastMark: Int32 = 0

  /// The names of built-in data sets and generators.
  private static let builtInData = Set(BuiltInSets.names + ImageSet.names + Generators.names)

  init(seed: UInt64) {
    self.seed = seed
    random = RandomStream(seed: seed)
  }

  /// Starts the random numbers anew, or goes on with them at another place.
  mutating func seed(_ seed: UInt64, at random: RandomStream? = nil) {
    self.seed = seed
    self.random = random ?? RandomStream(seed: seed)
  }

  /// A mark that no variable has yet.
  mutating func nextMark() -> Int32 {
    // Marks may come round again after four thousand million variables; 0 and below mean something else.
    lastMark = lastMark == .max ? 1 : lastMark + 1
    return lastMark
  }

  // MARK: - Variables

  /// The variable of a name, with or without a value.
  mutating func variable(_ name: String) -> Variable {
    if let known = variables[name] { return known }
    let variable = Variable(name: name, slot: values.count, mark: nextMark())
    values.append(nil)
    variables[name] = variable
    return variable
  }

  /// The value of a variable; nil while it has none.
  subscript(variable: Variable) -> Value? {
    @inline(__always) get { values.indices.contains(variable.slot) ? values[variable.slot] : nil }
    @inline(__always) set {
      while variable.slot >= values.count { values.append(nil) }
      values[variable.slot] = newValue
    }
  }

  /// The value of the variable of a name.
  func value(of name: String) -> Value? { variables[name].flatMap { self[$0] } }

  /// Gives a variable a value. An array becomes this variable's own, so that it can be differentiated by; one that
  /// was computed from the variable itself is stored plain, so that a training loop never remembers its past.
  @inline(__always)
  mutating func assign(_ new: Value, to variable: Variable) {
    if case .tensor(let tensor) = new {
      self[variable] = .tensor(tensor.assigned(to: variable.mark))
    } else {
      self[variable] = new
    }
  }

  mutating func assign(_ value: Value, to name: String) { assign(value, to: variable(name)) }

  /// Takes a variable's value away.
  mutating func clear(_ name: String) {
    if let variable = variables[name] { self[variable] = nil }
  }

  /// The variables that have values, in the order of their names.
  var definedVariables: [(name: String, value: Value)] { valuedVariables.sorted { $0.name < $1.name } }

  /// The same in any order.
  var valuedVariables: [(name: String, value: Value)] {
    variables.values.compactMap { variable in self[variable].map { (variable.name, $0) } }
  }

  /// The names of the user's functions.
  var functionNames: Set<String> {
    Set(
      variables.values.compactMap { variable in
        if case .function? = self[variable] { variable.name } else { nil }
      })
  }

  // MARK: - Series

  /// The series of a name, with or without values.
  mutating func series(_ name: String) -> Series {
    if let known = series[name] { return known }
    let new = Series(slot: recorded.count)
    recorded.append([])
    series[name] = new
    return new
  }

  /// What has been recorded in a series.
  subscript(series: Series) -> [Double] {
    get { recorded.indices.contains(series.slot) ? recorded[series.slot] : [] }
    _modify {
      while series.slot >= recorded.count { recorded.append([]) }
      yield &recorded[series.slot]
    }
  }

  /// What has been recorded under a name; nothing where nobody has.
  func values(ofSeries name: String) -> [Double] { series[name].map { self[$0] } ?? [] }

  /// The series that have values, in the order of their names.
  var filledSeries: [(name: String, values: [Double])] {
    series.map { (name: $0.key, values: self[$0.value]) }.filter { !$0.values.isEmpty }.sorted {
      $0.name < $1.name
    }
  }

  // MARK: - Networks

  /// What a network remembers of the data that it was trained on.
  func trainedData(of network: Network) -> TrainedData? { trainedData[ObjectIdentifier(network)] }

  mutating func remember(_ data: TrainedData?, of network: Network) {
    trainedData[ObjectIdentifier(network)] = data
  }

  /// A network's parameters as arrays: the same arrays as long as the parameters stay as they are.
  mutating func parameterLeaves(of network: Network) throws -> ParameterLeaves {
    let identity = ObjectIdentifier(network)
    if let known = leaves[identity], known.version == network.version { return known }
    let made = try ParameterLeaves(network, after: leaves[identity]) { nextMark() }
    leaves[identity] = made
    return made
  }

  /// Removes a network and what is kept beside it.
  mutating func delete(network name: String) {
    guard let network = networks.removeValue(forKey: name) else { return }
    if current === network { current = nil }
    trainedData[ObjectIdentifier(network)] = nil
    leaves[ObjectIdentifier(network)] = nil
  }

  // MARK: - Names

  /// The kind of thing that holds a name, among those that share one namespace.
  func holder(of name: String) -> NameKind? {
    if data[name] != nil { return .data }
    if networks[name] != nil { return .network }
    return value(of: name) == nil ? nil : .variable
  }

  /// The names as the checker and completion need them.
  var knownNames: KnownNames {
    let variables = Set(variables.values.lazy.filter { self[$0] != nil }.map(\.name))
    return KnownNames(
      data: Set(data.keys), networks: Set(networks.keys),
      layers: Set(networks.values.flatMap { $0.graph.layers.map(\.name) }),
      variables: variables.subtracting(KnownNames.outputNames),
      builtins: Set(BuiltinFunctions.byName.keys).union(BuiltinFunctions.constants.keys),
      series: Set(filledSeries.map(\.name)),
      outputs: variables.intersection(KnownNames.outputNames), builtInData: SessionState.builtInData,
      current: current?.name,
      functions: functionEffects)
  }

  /// What calls of functions read and change, by the names that functions have.
  private var functionEffects: [String: CellEffects] {
    variables.compactMapValues { variable in
      if case .function(let function)? = self[variable] { function.effects } else { nil }
    }
  }
}

/// A variable of a session: where its value stands. Compiled code holds on to it, so that reading it looks nothing
/// up; deleting it only empties its slot.
struct Variable {
  let name: String
  let slot: Int
  /// The mark by which arrays remember that they were computed from it; never 0.
  let mark: Int32
}

/// What a training or an evaluation gave, whatever has been assigned to the variables of the metrics since.
struct Measurement {
  /// What it was measured on, as long as it is there.
  weak var data: DataReference?
  /// The metrics that have a value, by name.
  var metrics: [String: Double] = [:]
}

/// A series of a session: where its values stand.
struct Series {
  let slot: Int
}

/// How networks are computed and numbers are shown, as `option` sets it.
struct SessionOptions: Equatable {
  /// The precision of networks.
  var precision: Precision {
    get { execution.precision }
    set { execution.precision = newValue }
  }
  /// How networks are computed.
  var execution = ExecutionOptions()
  /// How many decimals numbers are shown with.
  var digits = 4
}

/// The parameters of a session: what was given from outside, and what has been declared so far.
struct SessionParameters {
  /// The values that were given, by name.
  var given: [String: Literal] = [:]
  /// The values that the declared ones have, in the order of their first declaration.
  private(set) var declared: [(name: String, value: Literal)] = []
  /// What those take that a `param` of this session declared.
  private(set) var kinds: [String: Parameter] = [:]

  /// Notes what a parameter takes. A line that only gives it a value from outside says nothing of that.
  mutating func note(_ parameter: Parameter) {
    let name = parameter.name.name
    let isGiven =
      parameter.minimum == nil && parameter.maximum == nil && parameter.defaultValue == given[name]
    if !isGiven || kinds[name] == nil { kinds[name] = parameter }
  }

  mutating func note(_ name: String, _ value: Literal) {
    declared.removeAll { $0.name == name }
    declared.append((name, value))
  }
}

// MARK: - Snapshots

/// A session at one moment: its state, and the insides of the objects that the state leads to.
///
/// Making one is cheap. Arrays and tables are values that are copied when one of both is written to, and the
/// numbers of a network are copied only if they have changed since the last snapshot.
public struct SessionSnapshot {
  let state: SessionState
  let networks: [ObjectIdentifier: (network: Network, state: NetworkState)]
  let data: [ObjectIdentifier: (reference: DataReference, state: DataReference.State)]

  init(_ state: SessionState) {
    self.state = state
    let (networks, data) = state.reachableObjects
    self.networks = networks.mapValues { ($0, $0.state) }
    self.data = data.mapValues { ($0, $0.state) }
  }

  /// Brings the objects back to what they were, and gives the state that leads to them.
  func restored() -> SessionState {
    for (network, state) in networks.values { network.restore(state) }
    for (reference, state) in data.values { reference.state = state }
    return state
  }

  /// How much memory this snapshot holds that a later one does not: what would be free without it.
  func bytes(apartFrom later: SessionSnapshot) -> Int {
    var bytes = 0
    for (name, value) in state.valuedVariables {
      guard case .tensor(let tensor) = value else { continue }
      if case .tensor(let other)? = later.state.value(of: name), other === tensor { continue }
      bytes += 8 * tensor.count
    }
    for (identity, (_, state)) in networks where later.networks[identity]?.state.weights !== state.weights {
      bytes += state.weights.bytes + (state.lastTraining?.history.bytes ?? 0)
    }
    for (identity, (_, state)) in data where later.data[identity]?.state.parts != state.parts {
      bytes += 8 * state.parts.named.reduce(0) { $0 + $1.data.inputRows * ($1.data.inputWidth + 1) }
    }
    return bytes
  }
}

extension SessionState {
  /// The networks and data sets that a name or a value leads to, also those that were deleted by name.
  var reachableObjects: (networks: [ObjectIdentifier: Network], data: [ObjectIdentifier: DataReference]) {
    var networks: [ObjectIdentifier: Network] = [:]
    var data: [ObjectIdentifier: DataReference] = [:]
    func visit(_ value: Value) {
      switch value {
      case .network(let network): networks[ObjectIdentifier(network)] = network
      case .layer(let layer): networks[ObjectIdentifier(layer.network)] = layer.network
      case .data(let reference): data[ObjectIdentifier(reference)] = reference
      case .list(let items): for item in items { visit(item) }
      case .tensor, .string, .function, .nothing: break
      }
    }
    for network in self.networks.values { visit(.network(network)) }
    for reference in self.data.values { visit(.data(reference)) }
    for variable in valuedVariables { visit(variable.value) }
    return (networks, data)
  }
}
