import Datasets
import Foundations
import JSON
import ModelFiles
import NetworkSchema
import NeuralEngine

/// Makes layers of a model's nodes.
///
/// The model is computed once with a few rows, so that every shape is known and what hangs on shapes alone is a constant.
/// Each value that depends on the rows is then followed: the layers that it comes from, and where each of its numbers
/// stands in nbs's order, with the channels last. So a transposition costs nothing, and a matrix behind one is permuted.
struct ONNXImporter {
  let model: ONNXModel
  /// What messages call the file.
  let file: String
  /// How many rows the file insists on; nil where it takes any number.
  private(set) var fixedRows: Int?
  /// The shapes of all values, and the numbers of constants.
  private(set) var evaluator: ONNXEvaluator
  var draft: ONNXDraft
  /// What is known of each value.
  var known: [String: ONNXKnown] = [:]
  /// Values that are others with zeros around them: the lengths of those, and how many zeros.
  var padded: [String: (lengths: [Int], pads: [Int])] = [:]
  /// How often each value is read.
  private(set) var readers: [String: Int] = [:]
  private let rows: Int

  /// An input of the file.
  struct Entry {
    let name: String
    let element: ONNXElement
    let shape: [Int]
    /// Where each number of a row stands in nbs.
    var map: [Int]
    var layer: Int
    /// What is done to it first.
    var scale: ONNXAffine?
  }

  /// An answer of the file.
  struct Answer {
    let name: String
    let layer: Int
    let map: [Int]
    let batchAxis: Int
    let scale: ONNXAffine?
    /// What has been learned in its place, and is turned back last.
    var transform: TargetTransform?
  }

  var entries: [Entry] = []
  private(set) var answers: [Answer] = []

  /// Reads a model.
  ///
  /// - Parameter steps: how many steps its sequences have where their length is free; nil if that is not wanted.
  init(
    _ model: ONNXModel, file: String, steps: Int? = nil, isReserved: @escaping (String) -> Bool
  ) throws {
    let model = model.simplified
    self.model = model
    self.file = file
    draft = ONNXDraft(isReserved: isReserved)
    let constants = Set(model.graph.initializers.map(\.name))
    var rows = 2
    for input in model.graph.inputs where !constants.contains(input.name) {
      let shape = try ONNXImporter.shape(of: input, steps: steps, file)
      if let first = shape[0] {
        rows = first
        fixedRows = first
      }
      let lengths = shape.dropFirst().map { $0 ?? 0 }
      let width = lengths.reduce(1) { $0.multipliedOrMost($1) }
      try MemoryLimit.check(
        [width, max(rows, 10)], bytesEach: 64, for: "The rows of `\(input.name.shownName)`")
      entries.append(
        Entry(
          name: input.name, element: input.element ?? .float, shape: [rows] + lengths, map: Array(0..<width),
          layer: 0))
    }
    try ONNXImporter.checkNames(model.graph, file)
    self.rows = rows
    evaluator = ONNXEvaluator(model)
    let outputs = model.wantedOutputs
    guard !entries.isEmpty, !outputs.isEmpty else {
      throw CodedError(.badModelFile, "`\(file)` has no inputs or no outputs of numbers.")
    }
    var inputs: [String: ONNXTensor] = [:]
    for entry in entries {
      // Zeros are numbers of words too.
      let shape = [rows] + entry.shape.dropFirst()
      inputs[entry.name] = ONNXTensor(entry.element, shape, [Double](repeating: 0, count: shape.reduce(1, *)))
    }
    try failing { try evaluator.run(inputs, wanted: Set(outputs)) }
    for node in model.graph.nodes where node.outputs.contains(where: { evaluator.dynamic.contains($0) }) {
      for input in Set(node.inputs) { readers[input, default: 0] += 1 }
    }
    for output in outputs { readers[output, default: 0] += 1 }
    for place in entries.indices { enter(place) }
  }

  /// Every value is given once.
  private static func checkNames(_ graph: ONNXGraph, _ file: String) throws(CodedError) {
    var given = Set(graph.initializers.map(\.name)).union(graph.inputs.map(\.name))
    for name in graph.nodes.flatMap(\.outputs) where !name.isEmpty {
      guard given.insert(name).inserted else {
        throw CodedError(
          .badModelFile,
          "`\(file)` is no valid ONNX file: two of its nodes give the value `\(name.shownName)`.")
      }
    }
  }

  /// The lengths of an input's axes; the first is nil where it is free.
  ///
  /// - Parameter steps: the length of a sequence that is left free.
  private static func shape(
    of input: ONNXValueInfo, steps: Int?, _ file: String
  ) throws(CodedError) -> [Int?] {
    guard let shape = input.shape, shape.count >= 2 else {
      throw CodedError(
        .noCounterpart,
        "The input `\(input.name.shownName)` of `\(file)` is not rows of numbers: it needs two axes or more.")
    }
    var lengths = shape.map { length in length.flatMap { $0 > 0 ? $0 : nil } }
    if let place = lengths.dropFirst().firstIndex(of: nil) {
      lengths[place] = steps.flatMap { $0 > 0 ? $0 : nil }
    }
    guard lengths.dropFirst().allSatisfy({ $0 != nil }) else {
      throw CodedError(
        .noCounterpart,
        "The input `\(input.name.shownName)` of `\(file)` has free lengths besides the number of rows, and layers have fixed "
          + "ones. Export it with a fixed shape.")
    }
    guard lengths.count <= 5 else {
      throw CodedError(
        .noCounterpart,
        "The input `\(input.name.shownName)` of `\(file)` has \(lengths.count) axes; 5 are the most.")
    }
    return lengths
  }

  /// Does what may fail at a node, and says where.
  func failing(_ body: () throws -> Void) throws {
    do { try body() } catch let failure as ONNXEvaluator.Failure {
      let node = model.graph.nodes[failure.node]
      if failure.isUnknown { throw unknown(node, failure.node) }
      throw CodedError(
        .badModelFile, "`\(file)` cannot be computed: \(node.words(at: failure.node)) \(failure.reason).")
    }
  }

  // MARK: - Where data enters

  /// Makes the layer of an input. Whether an array has its channels first shows in what reads it.
  private mutating func enter(_ place: Int) {
    let entry = entries[place]
    let lengths = Array(entry.shape.dropFirst())
    let isFirst = lengths.count > 1 && readsChannelsFirst(entry.name)
    let shape = isFirst ? Array(lengths.dropFirst()) + [lengths[0]] : lengths
    let layer = draft.add(ONNXDraft.Layer(name: entry.name, kind: .input, shape: shape))
    entries[place].layer = layer
    if isFirst { entries[place].map = ONNXKnown.channelsFirst(shape) }
    var value = ONNXKnown(.layer(layer), map: entries[place].map)
    value.isData = true
    known[entry.name] = value
  }

  /// The key of the metadata under which a file of ours has the length of its sequences.
  static let lengthKey = "nbs.length"
  /// The key under which it says that the network itself took sequences of any length.
  static let anyLengthKey = "nbs.any_length"

  private func readsChannelsFirst(_ name: String) -> Bool {
    var waiting: Set<String> = [name]
    for node in model.graph.nodes where node.inputs.contains(where: { waiting.contains($0) }) {
      switch node.operation {
      case "Conv", "MaxPool", "AveragePool", "GlobalMaxPool", "GlobalAveragePool", "BatchNormalization":
        return true
      // What works number by number says nothing yet.
      case "Sub", "Add", "Mul", "Div", "Cast", "Identity", "Relu", "Dropout": waiting.formUnion(node.outputs)
      // An image of our own that is read as a row.
      case "Flatten": if model.producer == "nbs", shape(name).count >= 4 { return true }
      default: break
      }
    }
    return model.producer == "nbs" && shape(name).count >= 4
  }

  // MARK: - What is known

  /// The shape of a value, with the rows.
  func shape(_ name: String) -> [Int] { evaluator.values[name]?.shape ?? [] }

  /// The numbers of a value that does not depend on the rows.
  func constant(_ name: String?) -> ONNXTensor? {
    guard let name, !evaluator.dynamic.contains(name) else { return nil }
    return evaluator.values[name]
  }

  /// Whether only one node reads a value, so that it may become part of a layer.
  func isReadOnce(_ name: String) -> Bool { readers[name] == 1 }

  /// An error for a node that no layer is made of.
  func unknown(_ node: ONNXNode, _ place: Int) -> CodedError {
    let nearest = ONNXImporter.nearest[node.operation].map { " The nearest layer is `\($0)`." } ?? ""
    return CodedError(
      .noCounterpart,
      "`\(file)` has \(node.words(at: place)), which no layer is made of.\(nearest) docs/interchange.md lists what is known."
    )
  }

  /// An error for a node that is nearly what a layer does.
  func unfit(_ node: ONNXNode, _ place: Int, _ reason: String) -> CodedError {
    CodedError(.noCounterpart, "`\(file)` has \(node.words(at: place)), which \(reason).")
  }

  private static let nearest: [String: String] = [
    "PRelu": "dense N leaky_relu", "HardSigmoid": "dense N sigmoid", "Clip": "dense N relu",
    "HardSwish": "dense N gelu",
    "Mish": "dense N gelu", "ThresholdedRelu": "dense N relu", "Celu": "dense N elu",
    "Softsign": "dense N tanh",
    "LogSoftmax": "dense N softmax", "ConvTranspose": "conv2d", "LpPool": "avgpool",
    "GroupNormalization": "layernorm",
    "InstanceNormalization": "layernorm", "ReduceSum": "globalavgpool", "Resize": "conv2d",
    "Attention": "lstm",
    "Pad": "conv2d with padding=same",
  ]

  // MARK: - The network

  /// Makes the network.
  mutating func network(named name: String) throws -> SavedNetwork {
    let powers = powers()
    let turningBack = Set(powers.values.flatMap(\.nodes))
    for (place, node) in model.graph.nodes.enumerated()
    where !turningBack.contains(place)
      && node.outputs.contains(where: { evaluator.dynamic.contains($0) && evaluator.values[$0] != nil })
    {
      if Cancellation.isRequested() {
        throw CodedError(.interrupted, "This was stopped before all layers were made.")
      }
      try follow(node, place)
    }
    let leadsBack = everyLayerLeadsOn && model.wantedOutputs.count == 1
    for output in model.wantedOutputs {
      guard var answer = known[powers[output]?.source ?? output] else {
        throw CodedError(.badModelFile, "`\(file)` has no value `\(output.shownName)`.")
      }
      let scale = answer.affine
      answer.affine = nil
      var layer = try whole(answer, named: output)
      if isRead(layer, atOnce: leadsBack) || draft.layers[layer].sources.isEmpty
        || answers.contains(where: { $0.layer == layer })
      {
        layer = draft.add(
          ONNXDraft.Layer(
            name: output, kind: .other(.dropout(0)), shape: draft.layers[layer].shape,
            sources: [ONNXDraft.Source(layer: layer)]))
      }
      answers.append(
        Answer(
          name: output, layer: layer, map: answer.map, batchAxis: answer.batchAxis, scale: scale,
          transform: powers[output]?.transform))
    }
    putOutputsLast()
    let graph = try graph()
    let values = try parameters(of: graph)
    return SavedNetwork(
      name: (model.graph.name.isEmpty || model.producer != "nbs" ? name : model.graph.name).asLayerName,
      graph: graph,
      learned: LearnedNumbers(
        precision: .single, values: values.map { Double(Float($0)) },
        optimizer: OptimizerState(optimizer: .sgd(), steps: 0, first: [], second: [])),
      defaults: TrainingDefaults(), preparation: preparation(), schema: schema(graph))
  }

  /// The answers of a network stand in the order in which its layers were added: that of the file.
  private mutating func putOutputsLast() {
    let last = answers.map(\.layer)
    let order = draft.layers.indices.filter { !last.contains($0) } + last
    let places = Dictionary(order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    func moved(_ number: Int) -> Int { places[number] ?? number }
    draft.layers = order.map { draft.layers[$0] }
    for layer in draft.layers.indices {
      for source in draft.layers[layer].sources.indices {
        draft.layers[layer].sources[source].layer = moved(draft.layers[layer].sources[source].layer)
      }
    }
    for place in entries.indices { entries[place].layer = moved(entries[place].layer) }
    answers = answers.map { answer in
      Answer(
        name: answer.name, layer: moved(answer.layer), map: answer.map, batchAxis: answer.batchAxis,
        scale: answer.scale, transform: answer.transform)
    }
  }

  /// Whether another layer reads one, so that it is no output of the network.
  ///
  /// - Parameter atOnce: counts what is read within a step alone. Where every layer leads to another, the output is the one that
  ///   only later steps read.
  private func isRead(_ layer: Int, atOnce: Bool) -> Bool {
    draft.layers.indices.contains { reader in
      draft.layers[reader].sources.contains {
        $0.layer == layer && (atOnce ? $0.delay == 0 : reader != layer)
      }
    }
  }

  /// Whether every layer, but for inputs, is read by another or gates an edge.
  private var everyLayerLeadsOn: Bool {
    var leading = Set(draft.gates.map(\.gater))
    for (place, layer) in draft.layers.enumerated() {
      for source in layer.sources where source.layer != place {
        leading.insert(draft.layers[source.layer].name)
      }
    }
    return draft.layers.allSatisfy { $0.sources.isEmpty || leading.contains($0.name) }
  }

  private func graph() throws(CodedError) -> NetworkGraph {
    var graph = NetworkGraph()
    do throws(CodedError) {
      for layer in draft.layers { try graph.add(layer.made) }
      let edges = draft.layers.flatMap { layer in
        layer.sources.map { source in
          Edge(
            from: draft.layers[source.layer].name, to: layer.name, type: source.type,
            isTrainable: source.isTrainable, merge: layer.merge, delay: source.delay)
        }
      }
      try graph.connect(edges)
      for gate in draft.gates { try graph.add(gate) }
      _ = try graph.sorted()
    } catch {
      throw CodedError(
        error.code == .tooLarge ? .tooLarge : .noCounterpart,
        "No network can be made of `\(file)`. \(error.message)")
    }
    return graph
  }

  private func parameters(of graph: NetworkGraph) throws(CodedError) -> [Double] {
    var values: [Double] = []
    for slice in try ParameterLayout(graph).slices {
      guard let layer = draft.layers.first(where: { $0.name == slice.key.layer }) else { continue }
      let own: [Double]
      if let source = slice.key.source {
        own =
          layer.sources.first {
            draft.layers[$0.layer].name == source && ($0.hasWeights || !layer.isStepped)
          }?.weights ?? []
      } else {
        own = layer.parameters[slice.key.role] ?? []
      }
      guard own.count == slice.count else {
        throw CodedError(
          .badModelFile,
          "`\(file)` has \(own.count) numbers for `\(slice.key)`, and the layer takes \(slice.count).")
      }
      guard own.allSatisfy(\.isFinite), slice.key.role != .variance || own.allSatisfy({ $0 >= 0 }) else {
        throw CodedError(
          .badModelFile,
          "`\(file)` has numbers for `\(slice.key)` that no layer can have: they are not finite, or a variance below 0."
        )
      }
      values += own
    }
    return values
  }

  /// What is done to all inputs first, and to all outputs last.
  private func preparation() -> Preparation? {
    let inputs = entries.flatMap { entry -> [Preparation.Scale] in
      var scales = [Preparation.Scale](repeating: .init(), count: entry.map.count)
      if let scale = entry.scale {
        for (place, target) in entry.map.enumerated() {
          scales[target] = .init(
            offset: -scale.shift[place] / scale.factor[place], divisor: 1 / scale.factor[place])
        }
      }
      return scales
    }
    var targets: [Preparation.Scale]?
    if answers.contains(where: { $0.scale != nil || $0.transform != nil }) {
      targets = answers.flatMap { answer -> [Preparation.Scale] in
        var scales = [Preparation.Scale](
          repeating: .init(transform: answer.transform), count: answer.map.count)
        if let scale = answer.scale {
          for (place, target) in answer.map.enumerated() {
            scales[target] = .init(
              offset: scale.shift[place], divisor: scale.factor[place], transform: answer.transform)
          }
        }
        return scales
      }
    }
    guard entries.contains(where: { $0.scale != nil }) || targets != nil else { return nil }
    return Preparation(inputs: inputs, targets: targets)
  }

  /// The names that a file of our own has.
  private func schema(_ graph: NetworkGraph) -> DataSchema? {
    guard model.producer == "nbs" else { return nil }
    func list(_ key: String) -> [String]? {
      guard let text = model.metadata.first(where: { $0.key == key })?.value,
        let json = try? JSONReader.document(Array(text.utf8)), let items = json.array
      else { return nil }
      return items.compactMap(\.string)
    }
    var columns: [DataColumn] = []
    for name in list("inputs") ?? [] {
      // A column of words has an input for each.
      let parts = name.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      if parts.count == 2 {
        if let last = columns.last, last.name == parts[0], let levels = last.levels {
          columns[columns.count - 1].levels = levels + [parts[1]]
        } else {
          columns.append(DataColumn(parts[0], levels: [parts[1]]))
        }
      } else {
        columns.append(DataColumn(name, levels: nil))
      }
    }
    let inputs = columns.isEmpty ? nil : columns
    let targets = list("targets") ?? []
    let schema = DataSchema(
      inputs: inputs,
      targets: targets.map { DataColumn($0, levels: targets.count == 1 ? list("classes") : nil) })
    if let width = schema.inputWidth, width != graph.inputWidth { return nil }
    return inputs == nil && targets.isEmpty ? nil : schema
  }
}
