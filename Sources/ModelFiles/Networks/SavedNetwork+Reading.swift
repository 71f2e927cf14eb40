import Datasets
public import Foundations
import JSON
import NeuralEngine

extension SavedNetwork {
  /// Takes a network out of a file.
  ///
  /// - Parameters:
  ///   - path: what messages call the file.
  ///   - prefix: what stands before the names of its arrays and metadata.
  /// - Throws: `not-a-model-file`, `newer-file`, `bad-model-file`, or what keeps the engine from building it.
  public init(from file: ArrayFile, at path: String, prefix: String = "") throws(CodedError) {
    self = try NetworkReader(file: file, path: path, prefix: prefix).read()
  }
}

/// Builds a network from the record and the arrays of a file.
private struct NetworkReader {
  let file: ArrayFile
  /// What messages call the file.
  let path: String
  let prefix: String

  private var reading: RecordReading { RecordReading(file: path) }

  func read() throws(CodedError) -> SavedNetwork {
    let record = try record()
    try reading.checkName(record.name)
    let graph = try graph(record)
    var saved = SavedNetwork(
      name: record.name, graph: graph, learned: try learned(record, graph),
      defaults: try record.training.defaults(reading), preparation: try preparation(record, graph),
      schema: try schema(record, graph),
      objective: Objective(loss: record.data?.loss, outputs: record.data?.outputs, for: graph))
    saved.kernels = record.kernels
    return saved
  }

  private func record() throws(CodedError) -> NetworkRecord {
    guard let text = file.metadata[prefix + ArrayName.network] else {
      throw CodedError(
        .notAModelFile,
        "`\(path)` holds arrays but no description of a network: it was written by another program. "
          + "Describe that network, and load them into it: load weights \"\(path)\"",
        suggestion: "load weights \"\(path)\"")
    }
    let version = try reading.record(VersionRecord.self, text, ArrayName.network).version
    guard NetworkRecord.versions.contains(version) else {
      throw CodedError(
        .newerFile,
        "`\(path)` has version \(version), and this nbs reads versions up to \(NetworkRecord.versions.upperBound). "
          + "Use the nbs that wrote it.")
    }
    return try reading.record(
      NetworkRecord.self, text, ArrayName.network, migrate: version == 1 ? { OlderNetworks.network($0) } : nil
    )
  }

  /// Each layer and edge costs a look at all others.
  private static let mostParts = 5000

  private func graph(_ record: NetworkRecord) throws(CodedError) -> NetworkGraph {
    guard record.layers.count + record.edges.count <= NetworkReader.mostParts else {
      throw reading.bad("its network has more than \(NetworkReader.mostParts) layers and edges")
    }
    let graph = try record.graph.graph(file, prefix: prefix, reading)
    try reading.telling { () throws(CodedError) in _ = try graph.sorted() }
    return graph
  }

  private func learned(_ record: NetworkRecord, _ graph: NetworkGraph) throws(CodedError) -> LearnedNumbers {
    let slots = try record.optimizer.kind.optimizer(reading).slots
    let names = ParameterNames(graph)
    var (values, first, second): ([Double], [Double], [Double]) = ([], [], [])
    for slice in try ParameterLayout(graph).slices {
      let name = names[slice.key]
      let kept = try numbers(name, shape: slice.shape, mayBeInfinite: false)
      guard slice.key.role != .variance || kept.allSatisfy({ $0 >= 0 }) else {
        throw reading.bad("\(name.asName) holds a negative variance")
      }
      values += kept
      if slots > 0 { first += try numbers(ArrayName.first(name), shape: slice.shape) }
      if slots > 1 { second += try numbers(ArrayName.second(name), shape: slice.shape) }
    }
    return LearnedNumbers(
      precision: try reading.word(record.precision, as: Precision.self, "precision"), values: values,
      optimizer: try record.optimizer.state(first: first, second: second, reading))
  }

  private func numbers(
    _ name: String, shape: [Int], mayBeInfinite: Bool = true
  ) throws(CodedError) -> [Double] {
    let array = try reading.array(prefix + name, in: file)
    guard array.shape == shape else {
      throw reading.bad("\(name.asName) is of shape \(array.shape), and the network needs \(shape)")
    }
    let numbers = array.doubles
    guard numbers.allSatisfy({ mayBeInfinite ? !$0.isNaN : $0.isFinite }) else {
      throw reading.bad("\(name.asName) holds numbers that are not finite")
    }
    return numbers
  }

  private func schema(_ record: NetworkRecord, _ graph: NetworkGraph) throws(CodedError) -> DataSchema? {
    guard let data = record.data else { return nil }
    let inputs = data.inputs.map { $0.compactMap(\.column) }
    guard inputs?.count == data.inputs?.count else {
      throw reading.bad("a column has not one finite mean for each of its inputs")
    }
    let targets = data.targets ?? (data.classes == nil ? [] : ["y"])
    let classes = data.targetClasses
    guard classes?.count ?? targets.count == targets.count else {
      throw reading.bad("it has classes for \(classes?.count ?? 0) targets, and \(targets.count) targets")
    }
    let vocabulary = data.vocabulary.map(\.vocabulary)
    if case .some(nil) = vocabulary { throw reading.bad("its vocabulary is empty, or has a token twice") }
    let schema = DataSchema(
      inputs: inputs,
      targets: targets.enumerated().map { place, name in
        DataColumn(name, levels: targets.count == 1 ? data.classes : classes?[place])
      },
      vocabulary: vocabulary ?? nil)
    if let width = schema.inputWidth, width != graph.inputWidth {
      throw reading.bad("its columns make \(width) inputs, and the network has \(graph.inputWidth)")
    }
    return inputs == nil && targets.isEmpty ? nil : schema
  }

  private func preparation(
    _ record: NetworkRecord, _ graph: NetworkGraph
  ) throws(CodedError) -> Preparation? {
    guard let data = record.data?.preparation else { return nil }
    let inputs = try scales(ArrayName.preparedInputs)
    guard inputs.count == 1 || inputs.count == graph.inputWidth else {
      throw reading.bad("it scales \(inputs.count) inputs, and the network has \(graph.inputWidth)")
    }
    let targets = data.scalesTargets ? try scales(ArrayName.preparedTargets) : nil
    // Several output layers have a scale for each column of the targets.
    let columns = record.data?.targets?.count ?? 0
    if let targets, targets.count != graph.outputWidth,
      graph.outputs.count == 1 || targets.count != columns
    {
      throw reading.bad("it scales \(targets.count) targets, and the network has \(graph.outputWidth)")
    }
    return Preparation(inputs: inputs, targets: targets, constant: data.constant)
  }

  private func scales(_ name: String) throws(CodedError) -> [Preparation.Scale] {
    try [Preparation.Scale](reading.array(prefix + name, in: file), reading)
  }
}

/// The one member that every version has.
private struct VersionRecord: Decodable {
  var version: Int
}
