import Datasets
public import NeuralEngine

extension SavedNetwork {
  /// Takes a network out of a file.
  ///
  /// - Parameters:
  ///   - path: what messages call the file.
  ///   - prefix: what stands before the names of its arrays and metadata.
  /// - Throws: `not-a-model-file`, `newer-file`, `bad-model-file`, or what keeps the engine from building it.
  public init(from file: ArrayFile, at path: String, prefix: String = "") throws(EngineError) {
    self = try NetworkReader(file: file, reading: RecordReading(file: path), prefix: prefix).read()
  }
}

/// Builds a network from the record and the arrays of a file.
private struct NetworkReader {
  let file: ArrayFile
  let reading: RecordReading
  let prefix: String

  func read() throws(EngineError) -> SavedNetwork {
    let record = try record()
    try reading.checkName(record.name)
    let graph = try graph(record)
    return SavedNetwork(
      name: record.name, graph: graph, learned: try learned(record, graph),
      defaults: try record.training.defaults(reading), preparation: try preparation(record, graph),
      classes: record.data?.classes)
  }

  private func record() throws(EngineError) -> NetworkRecord {
    guard let text = file.metadata[prefix + ArrayName.network] else {
      throw EngineError(
        "not-a-model-file",
        "`\(reading.file)` holds arrays but no description of a network: another program wrote it. "
          + "What `save net \"m.safetensors\"` wrote can be loaded.")
    }
    let version = try reading.record(VersionRecord.self, text, ArrayName.network).version
    guard version == NetworkRecord.version else {
      throw EngineError(
        "newer-file",
        "`\(reading.file)` is of version \(version), and this nbs knows version \(NetworkRecord.version). "
          + "Use the nbs that wrote it.")
    }
    return try reading.record(NetworkRecord.self, text, ArrayName.network)
  }

  /// Each layer and edge costs a look at all others.
  private static let mostParts = 5000

  /// What the engine refuses, it refuses with its own words.
  private func graph(_ record: NetworkRecord) throws(EngineError) -> NetworkGraph {
    guard record.layers.count + record.edges.count <= NetworkReader.mostParts else {
      throw reading.bad("its network has more than \(NetworkReader.mostParts) layers and edges")
    }
    var graph = NetworkGraph()
    for layer in record.layers {
      let layer = try layer.layer(reading)
      try telling { () throws(EngineError) in try graph.add(layer) }
    }
    for edge in record.edges {
      let edge = try self.edge(edge)
      try telling { () throws(EngineError) in try graph.connect(edge) }
    }
    try telling { () throws(EngineError) in _ = try graph.sorted() }
    return graph
  }

  private func edge(_ record: EdgeRecord) throws(EngineError) -> Edge {
    try reading.checkName(record.from)
    try reading.checkName(record.to)
    let words = "edge \(record.from) -> \(record.to)"
    let type = try reading.word(record.type, as: EdgeType.self, "type of the \(words)")
    var merge: Merge?
    if let word = record.merge { merge = try reading.word(word, as: Merge.self, "merge of the \(words)") }
    func edge(_ weights: [Double]?) -> Edge {
      Edge(
        from: record.from, to: record.to, type: type, presetWeights: weights, isTrainable: record.trainable,
        merge: merge)
    }
    let bare = edge(nil)
    guard record.preset else { return bare }
    let weights = try array(ArrayName.preset(bare)).doubles
    guard weights.allSatisfy(\.isFinite) else { throw reading.bad("weights= of the \(words) are not finite") }
    // The engine holds their number against the edge.
    return edge(weights)
  }

  private func telling(_ body: () throws(EngineError) -> Void) throws(EngineError) {
    do throws(EngineError) { try body() } catch {
      throw reading.bad("its network cannot be built. \(error.message)".withoutFullStop)
    }
  }

  private func learned(_ record: NetworkRecord, _ graph: NetworkGraph) throws(EngineError) -> LearnedNumbers {
    let kind = try record.optimizer.kind.kind(reading)
    let (steps, momenta) = (record.optimizer.steps, record.optimizer.momenta)
    // Steps are counted up from here, and must not overflow.
    guard (0...1 << 53).contains(steps), (0...1).contains(momenta) else {
      throw reading.bad("its optimizer's count of steps is none that a training could reach")
    }
    let names = ParameterNames(graph)
    var (values, first, second): ([Double], [Double], [Double]) = ([], [], [])
    for slice in try ParameterLayout(graph).slices {
      let name = names[slice.key]
      values += try numbers(name, shape: slice.shape, mayBeInfinite: false)
      if kind.memories > 0 { first += try numbers(ArrayName.first(name), shape: slice.shape) }
      if kind.memories > 1 { second += try numbers(ArrayName.second(name), shape: slice.shape) }
    }
    return LearnedNumbers(
      precision: try reading.word(record.precision, as: Precision.self, "precision"), values: values,
      optimizer: OptimizerState(kind: kind, steps: steps, momenta: momenta, first: first, second: second))
  }

  private func array(_ name: String) throws(EngineError) -> StoredArray {
    guard let array = file[prefix + name] else {
      throw reading.bad("it has no array \((prefix + name).asName)")
    }
    return array
  }

  private func numbers(
    _ name: String, shape: [Int], mayBeInfinite: Bool = true
  ) throws(EngineError) -> [Double] {
    let array = try array(name)
    guard array.shape == shape else {
      throw reading.bad("\(name.asName) is of shape \(array.shape), and the network needs \(shape)")
    }
    let numbers = array.doubles
    guard numbers.allSatisfy({ mayBeInfinite ? !$0.isNaN : $0.isFinite }) else {
      throw reading.bad("\(name.asName) holds numbers that are not finite")
    }
    return numbers
  }

  private func preparation(
    _ record: NetworkRecord, _ graph: NetworkGraph
  ) throws(EngineError) -> Preparation? {
    guard let data = record.data?.preparation else { return nil }
    let inputs = try scales(ArrayName.preparedInputs)
    guard inputs.count == 1 || inputs.count == graph.inputWidth else {
      throw reading.bad("it scales \(inputs.count) inputs, and the network has \(graph.inputWidth)")
    }
    let targets = data.scalesTargets ? try scales(ArrayName.preparedTargets) : nil
    if let targets, targets.count != graph.outputWidth {
      throw reading.bad("it scales \(targets.count) targets, and the network has \(graph.outputWidth)")
    }
    return Preparation(inputs: inputs, targets: targets, constant: data.constant)
  }

  private func scales(_ name: String) throws(EngineError) -> [Preparation.Scale] {
    let array = try array(name)
    let numbers = array.doubles
    guard array.shape.count == 2, array.shape[1] == 2, numbers.allSatisfy(\.isFinite) else {
      throw reading.bad("\(name.asName) is no list of offsets and divisors")
    }
    let scales = stride(from: 0, to: numbers.count, by: 2).map {
      Preparation.Scale(offset: numbers[$0], divisor: numbers[$0 + 1])
    }
    guard scales.allSatisfy({ $0.divisor != 0 }) else {
      throw reading.bad("\(name.asName) holds a divisor of 0")
    }
    return scales
  }
}

/// The one member that every version has.
private struct VersionRecord: Decodable {
  var version: Int
}
