public import Foundations

/// All that makes a network what it is, its name aside, as a value: taking it up again brings back the same
/// bits, and training goes on as if nothing had happened since.
public struct NetworkState: Sendable {
  /// Layers and edges.
  public let graph: NetworkGraph
  /// What training uses when it is not told otherwise.
  public let defaults: TrainingDefaults
  /// The result of the last training.
  public let lastTraining: TrainingResult?
  /// The name of the data that it was last trained on.
  public let lastTrainingData: String?
  /// The row that was last sent through the network, if that is still its state.
  public let activation: [Double]?
  /// What it knows of the steps before.
  public let memory: NetworkMemory?
  /// The numbers.
  public let weights: NetworkWeights
  /// The trained weights that edits have cost and nobody has been told of.
  let discarded: [String]
  /// What ``Network/version`` was; nil for a state from elsewhere, as from a file.
  let version: Int?
}

extension NetworkState {
  /// Puts a state together from its parts, as they were kept.
  ///
  /// - Throws: `bad-state` when they do not fit together.
  public init(
    graph: NetworkGraph, defaults: TrainingDefaults, lastTraining: TrainingResult? = nil,
    lastTrainingData: String? = nil, activation: [Double]? = nil, memory: NetworkMemory? = nil,
    weights: NetworkWeights
  ) throws(CodedError) {
    if let activation, !graph.takes(row: activation) || weights.values == nil {
      throw CodedError(.badState, "The row that was last activated does not fit the network.")
    }
    try weights.check(fits: graph)
    self.init(
      graph: graph, defaults: defaults, lastTraining: lastTraining, lastTrainingData: lastTrainingData,
      activation: activation, memory: memory, weights: weights, discarded: [], version: nil)
  }
}

/// A network's numbers: parameters and what the optimizer remembers. An object, so that the states of a
/// network that did not change between them share it.
public final class NetworkWeights: Sendable {
  /// Parameters of a graph that has been edited since they were made; those that still fit are taken up.
  public struct Kept: Sendable, Equatable {
    /// The layer that they belong to.
    public let layer: String
    /// Their shape.
    public let shape: [Int]
    /// The numbers.
    public let values: [Double]

    /// Creates parameters; the shape must hold as many numbers.
    public init(layer: String, shape: [Int], values: [Double]) {
      self.layer = layer
      self.shape = shape
      self.values = values
    }
  }

  /// How they are computed; nil where there are none yet.
  public let options: ExecutionOptions?
  /// The parameters, in the order of the ``ParameterLayout``; nil where there are none yet.
  public let values: [Double]?
  /// What the optimizer remembers; nil where there are no parameters.
  public let optimizer: OptimizerState?
  /// Parameters by their keys that wait for a graph they fit.
  public let kept: [ParameterKey: Kept]

  /// Creates weights.
  public init(
    options: ExecutionOptions?, values: [Double]?, optimizer: OptimizerState?,
    kept: [ParameterKey: Kept] = [:]
  ) {
    self.options = options
    self.values = values
    self.optimizer = optimizer
    self.kept = kept
  }

  /// How much memory the numbers take.
  public var bytes: Int {
    let optimizer = optimizer.map { $0.first.count + $0.second.count } ?? 0
    return 8 * ((values?.count ?? 0) + optimizer + kept.values.reduce(0) { $0 + $1.values.count })
  }

  /// - Throws: `bad-state`.
  fileprivate func check(fits graph: NetworkGraph) throws(CodedError) {
    guard let values else { return }
    let count = try ParameterLayout(graph).count
    guard values.count == count, options != nil, optimizer?.fits(count) ?? true else {
      throw CodedError(.badState, "There are \(values.count) weights for a network of \(count).")
    }
  }
}

extension Network {
  /// The network as it is now. Its numbers are copied only if they have changed since the last copy that
  /// somebody still holds.
  public var state: NetworkState {
    NetworkState(
      graph: graph, defaults: defaults, lastTraining: lastTraining, lastTrainingData: lastTrainingData,
      activation: activation, memory: memory, weights: copiedWeights(), discarded: discarded, version: version
    )
  }

  /// Makes the network what it was.
  public func restore(_ state: NetworkState) {
    defaults = state.defaults
    lastTraining = state.lastTraining
    lastTrainingData = state.lastTrainingData
    if state.version != version { takeUp(state) }
    remember(state.memory)
    if defaults.rule.isOnline {
      isActivated = state.activation != nil && model != nil
      // A state that does not fit is left out, and with it the row that led to it.
      do throws(CodedError) { try readyOnline() } catch { isActivated = false }
      return
    }
    answersStep = steps != nil && state.activation == nil
    guard activation != state.activation else { return }
    isActivated = false
    // It was possible then, with the same weights.
    if let row = state.activation { try? activate(row) }
  }
}
