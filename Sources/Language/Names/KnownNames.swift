import Foundations
internal import NetworkSchema

/// The names that mean something before a cell runs.
public struct KnownNames: Sendable, Equatable {
  /// Data sets.
  public var data: Set<String>
  /// Networks.
  public var networks: Set<String>
  /// Layers, of every network.
  public var layers: Set<String>
  /// Variables, the user's functions among them.
  public var variables: Set<String>
  /// Built-in functions and constants.
  public var builtins: Set<String>
  /// Series that `record` made.
  public var series: Set<String>
  /// Those of ``outputNames`` that have a value: no word that is misspelled is meant to be one of them.
  public var outputs: Set<String>
  /// The built-in data sets and generators.
  public var builtInData: Set<String>
  /// The network that commands act on.
  public var current: String?
  /// The names that calls of the user's functions read and change, by the functions' names.
  public var functions: [String: CellEffects]

  /// True if a file that is loaded may bring networks and layers of any name. Nobody reads it before the cell
  /// runs, so names that are not known are then for the session to find out.
  public var mayBeMore = false

  /// Creates a set of names; none unless given.
  public init(
    data: Set<String> = [], networks: Set<String> = [], layers: Set<String> = [],
    variables: Set<String> = [], builtins: Set<String> = [], series: Set<String> = [],
    outputs: Set<String> = [], builtInData: Set<String> = [], current: String? = nil,
    functions: [String: CellEffects] = [:]
  ) {
    self.data = data
    self.networks = networks
    self.layers = layers
    self.variables = variables
    self.builtins = builtins
    self.series = series
    self.outputs = outputs
    self.builtInData = builtInData
    self.current = current
    self.functions = functions
  }

  /// The variables that keep what cells came to: `_` the last value, `Out[3]` that of cell 3.
  public static let outputNames: Set<String> = ["_", "Out"]

  /// Tells whether a variable has this name.
  public func isVariable(_ name: String) -> Bool { variables.contains(name) || outputs.contains(name) }

  /// Tells whether a name may be that of a metric of one output layer, as `kind_accuracy` of a layer `kind`. Which layers
  /// are outputs only the running cell knows.
  func isOutputMetric(_ name: String) -> Bool {
    NetworkCatalog.current.metrics.names.contains { metric in
      name.hasSuffix("_" + metric) && layers.contains(String(name.dropLast(metric.count + 1)))
    }
  }

  /// Everything that has a value.
  public var values: Set<String> { variables.union(builtins).union(data).union(networks).union(layers) }

  /// Tells whether a name is that of something that has a value.
  public func hasValue(_ name: String) -> Bool {
    [variables, builtins, data, networks, layers].contains { $0.contains(name) }
  }

  /// Tells whether there is something of a kind by this name.
  public func has(_ name: String, as kind: NameKind) -> Bool {
    switch kind {
    case .anything: !builtins.contains(name) && (hasValue(name) || series.contains(name))
    default: names(of: kind).contains(name)
    }
  }

  /// The names of one kind.
  public func names(of kind: NameKind) -> Set<String> {
    switch kind {
    case .data: data
    case .network: networks
    case .layer: layers
    case .variable: variables
    case .series: series
    case .anything: values.union(series).subtracting(builtins)
    }
  }
}

/// The kinds of things that a name can stand for.
public enum NameKind: String, Sendable {
  case data = "data set"
  case network
  case layer
  case variable
  case series
  /// Any of them.
  case anything = "name"

  /// The code of the mistake that names one that is not there.
  var unknown: ErrorCode {
    switch self {
    case .data: .unknownData
    case .network: .unknownNetwork
    case .layer: .unknownLayer
    case .variable: .unknownVariable
    case .series: .unknownSeries
    case .anything: .unknownName
    }
  }
}
