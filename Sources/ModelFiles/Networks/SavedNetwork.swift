public import Datasets
public import NeuralEngine

/// A network as it is saved: all that it takes to go on with its training as if it had never stopped.
public struct SavedNetwork: Sendable, Equatable {
  /// What it is called.
  public var name: String
  /// Its layers and edges.
  public var graph: NetworkGraph
  /// What it has learned.
  public var learned: LearnedNumbers
  /// What training uses when it is not told otherwise.
  public var defaults: TrainingDefaults
  /// How the columns of the data that it was trained on were scaled.
  public var preparation: Preparation?
  /// The columns of that data, its words and classes.
  public var schema: DataSchema?
  /// The losses that the training was given; nil for the network's own.
  public var objective: Objective?
  /// The version of the arithmetic that computed the numbers; nil where another program made the file.
  public var kernels: Int? = InstructionSet.kernelsVersion

  /// Creates a network to save.
  public init(
    name: String, graph: NetworkGraph, learned: LearnedNumbers, defaults: TrainingDefaults,
    preparation: Preparation? = nil, schema: DataSchema? = nil,
    objective: Objective? = nil
  ) {
    self.name = name
    self.graph = graph
    self.learned = learned
    self.defaults = defaults
    self.preparation = preparation
    self.schema = schema
    self.objective = objective
  }
}

/// What a network has learned. Numbers in single precision are given as doubles, which loses nothing.
public struct LearnedNumbers: Sendable, Equatable {
  /// How exact the numbers are.
  public var precision: Precision
  /// The parameters, in the order of the engine's `ParameterLayout`.
  public var values: [Double]
  /// What the optimizer remembers of earlier steps.
  public var optimizer: OptimizerState

  /// Creates what is to be saved.
  public init(precision: Precision, values: [Double], optimizer: OptimizerState) {
    self.precision = precision
    self.values = values
    self.optimizer = optimizer
  }
}

/// What the arrays of a network are called, besides its parameters.
enum ArrayName {
  static func first(_ parameter: String) -> String { "optimizer/first/" + parameter }
  static func second(_ parameter: String) -> String { "optimizer/second/" + parameter }
  static func preset(_ edge: Edge) -> String { preset(from: edge.source, to: edge.target) }
  static func preset(from source: String, to target: String) -> String { "preset/\(target)/\(source)" }
  static let preparedInputs = "preparation/inputs"
  static let preparedTargets = "preparation/targets"
  /// The metadata that describes the network.
  static let network = "network"
}
