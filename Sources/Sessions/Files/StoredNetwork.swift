import Foundations
import ModelFiles
import NeuralEngine

/// A network as a session's file describes it. Layers, edges and defaults are in the records of model files; the
/// rest is the session's own, for here a network need not be complete, nor have weights.
struct StoredNetwork: Codable {
  var name: String
  var graph: GraphRecord
  var defaults: TrainingRecord
  var weights: StoredWeights
  /// The row that was last activated.
  var activation: Int?
  var training: StoredTraining?
  var trainedOn: String?
}

extension StoredNetwork {
  /// - Parameter number: the network's number in the session.
  init(_ network: Network, number: Int, _ blocks: inout NumberBlocks) {
    let state = network.state
    name = network.name
    graph = GraphRecord(state.graph)
    blocks.file.addPresets(of: state.graph, prefix: StoredNetwork.prefix(number))
    defaults = TrainingRecord(state.defaults)
    weights = StoredWeights(state.weights, &blocks)
    activation = state.activation.map { blocks.add($0) }
    training = state.lastTraining.map { StoredTraining($0, &blocks) }
    trainedOn = state.lastTrainingData
  }

  /// The network that it describes; every layer and edge goes through the checks of one that is typed.
  func network(number: Int, _ blocks: NumberBlocks) throws -> Network {
    let reading = SessionFile.reading
    try reading.checkName(name)
    let graph = try graph.graph(blocks.file, prefix: StoredNetwork.prefix(number), reading)
    let defaults = try defaults.defaults(reading)
    let weights = try blocks.unlessLost(name, .weights) { try self.weights.weights(of: name, blocks) }
    let training = try training?.result(blocks)
    var row: [Double]?
    if let activation, weights != nil { row = try blocks.doubles(activation) }
    let network = Network(name: name)
    network.restore(
      try reading.telling { () throws(CodedError) in
        try NetworkState(
          graph: graph, defaults: defaults, lastTraining: training, lastTrainingData: trainedOn,
          activation: row,
          weights: weights ?? NetworkWeights(options: nil, values: nil, optimizer: nil))
      })
    return network
  }

  /// What stands before the names of a network's arrays: names of networks are not unique in a session.
  private static func prefix(_ number: Int) -> String { "networks/\(number)/" }
}
