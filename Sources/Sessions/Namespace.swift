import Datasets
import Language
import NeuralEngine

/// What the names of a session stand for: variables, data sets, networks and series. Data sets, networks and
/// variables share one namespace; layers live in their networks, and series stand apart.
final class Namespace {
  private var variables: [String: Variable] = [:]
  var data: [String: DataReference] = [:]
  var networks: [String: Network] = [:]
  private var series: [String: Series] = [:]
  /// The parameters of networks as arrays, by network.
  var parameterLeaves: [ObjectIdentifier: ParameterLeaves] = [:]
  /// What networks remember of the data they were trained on.
  var trainedData: [ObjectIdentifier: TrainedData] = [:]
  /// The network that commands act on.
  var current: Network?
  private var lastID: Int32 = 0

  /// A mark that no variable has yet.
  func nextVariableID() -> Int32 {
    // Marks may come round again after four thousand million variables; 0 and below mean something else.
    lastID = lastID == .max ? 1 : lastID + 1
    return lastID
  }

  /// The variable of a name, with or without a value.
  func variable(_ name: String) -> Variable {
    if let known = variables[name] { return known }
    let variable = Variable(name: name, id: nextVariableID())
    variables[name] = variable
    return variable
  }

  /// The series of a name, with or without values.
  func series(_ name: String) -> Series {
    if let known = series[name] { return known }
    let new = Series()
    series[name] = new
    return new
  }

  /// The series that have values, by name.
  var filledSeries: [(name: String, series: Series)] {
    series.filter { !$0.value.values.isEmpty }.map { ($0.key, $0.value) }.sorted { $0.name < $1.name }
  }

  /// How many values each series has.
  var seriesLengths: [String: Int] { series.mapValues(\.values.count) }

  /// The variables that have values, by name.
  var definedVariables: [Variable] {
    variables.values.filter { $0.value != nil }.sorted { $0.name < $1.name }
  }

  /// The series that have been asked for, with or without values.
  var recordedSeries: [String: Series] { series }

  /// Drops what is kept beside a network that is deleted.
  func forget(_ network: Network) {
    if current === network { current = nil }
    trainedData[ObjectIdentifier(network)] = nil
    parameterLeaves[ObjectIdentifier(network)] = nil
  }

  /// What holds a name among the kinds that share one namespace.
  func holder(of name: String) -> NameKind? {
    if data[name] != nil { return .data }
    if networks[name] != nil { return .network }
    if variables[name]?.value != nil { return .variable }
    return nil
  }

  /// The names as the checker and completion need them.
  var knownNames: KnownNames {
    let variables = Set(definedVariables.map(\.name))
    return KnownNames(
      data: Set(data.keys), networks: Set(networks.keys),
      layers: Set(networks.values.flatMap { $0.graph.layers.map(\.name) }),
      variables: variables.subtracting(KnownNames.outputNames),
      builtins: Set(BuiltinFunctions.byName.keys).union(BuiltinFunctions.constants.keys),
      series: Set(filledSeries.map(\.name)),
      outputs: variables.intersection(KnownNames.outputNames))
  }
}
