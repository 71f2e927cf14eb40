import Foundations
import ModelFiles
import NeuralEngine

/// A network's numbers as a session's file describes them; those that there are not yet are left out.
struct StoredWeights: Codable {
  var options: StoredExecutionOptions?
  var values: Int?
  var optimizer: StoredOptimizer?
  var kept: [StoredKept]
}

/// What an optimizer remembers, and the arrays of its means.
struct StoredOptimizer: Codable {
  var record: OptimizerRecord
  var first: Int
  var second: Int
}

/// Parameters that wait for a graph that they fit; their array has their shape.
struct StoredKept: Codable {
  var key: String
  var layer: String
  var values: Int
}

extension StoredWeights {
  init(_ weights: NetworkWeights, _ blocks: inout NumberBlocks) {
    // Numbers of single precision lose nothing in 32 bits.
    let precision = weights.options?.precision ?? .double
    options = weights.options.map(StoredExecutionOptions.init)
    func steady(_ part: String, _ values: [Double]) -> SteadyArray {
      SteadyArray(weights, part, values, as: precision)
    }
    values = weights.values.map { blocks.add(steady("values", $0)) }
    optimizer = weights.optimizer.map { optimizer in
      StoredOptimizer(
        record: OptimizerRecord(optimizer), first: blocks.add(steady("first", optimizer.first)),
        second: blocks.add(steady("second", optimizer.second)))
    }
    kept = weights.kept.sorted { $0.key.description < $1.key.description }.map { key, kept in
      StoredKept(key: key.description, layer: kept.layer, values: blocks.add(kept.values, shape: kept.shape))
    }
  }

  /// - Parameter network: its name, for what is said when some of them are lost.
  func weights(of network: String, _ blocks: NumberBlocks) throws -> NetworkWeights {
    var values: [Double]?
    if let number = self.values { values = try blocks.doubles(number) }
    var kept: [ParameterKey: NetworkWeights.Kept] = [:]
    for parameters in self.kept {
      guard let key = ParameterKey(parameters.key) else {
        throw SessionFile.damaged("it keeps weights of no layer")
      }
      let array = try blocks.array(parameters.values)
      kept[key] = NetworkWeights.Kept(
        layer: parameters.layer, shape: array.shape, values: array.doubles)
    }
    // Without its memory an optimizer begins anew, which is no reason to lose the weights.
    let state = try optimizer.flatMap { optimizer in
      try blocks.unlessLost(network, .optimizer) { try optimizer.state(blocks) }
    }
    return NetworkWeights(
      options: try options?.options(), values: values, optimizer: state, kept: kept)
  }
}

extension StoredOptimizer {
  fileprivate func state(_ blocks: NumberBlocks) throws(CodedError) -> OptimizerState {
    try record.state(
      first: try blocks.doubles(first), second: try blocks.doubles(second), SessionFile.reading)
  }
}
