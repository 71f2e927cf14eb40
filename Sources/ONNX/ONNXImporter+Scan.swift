import Foundations
import JSON
import NeuralEngine

/// Layers that go step by step: those of a `Scan` that nbs wrote, which says in the file's metadata what it was. The answers
/// are compared afterwards, as those of every file, so that the description has to be true.
extension ONNXImporter {
  /// The key of the metadata under which the loops are described.
  static let stepsKey = "nbs.steps"

  mutating func scan(_ node: ONNXNode, _ place: Int) throws {
    let described = model.metadata.first { $0.key == ONNXImporter.stepsKey }?.value
    guard let described, let all = try? JSONReader.document(Array(described.utf8)).array,
      let group = all.first(where: { $0["node"]?.string == node.name }),
      let count = node.integer("num_scan_inputs"), count > 0, count <= node.inputs.count
    else {
      throw unfit(
        node, place,
        "goes through steps by a graph of its own. Only those that nbs has written become layers again; the nearest layer is "
          + "`rnn`")
    }
    func bad(_ reason: String) -> CodedError {
      CodedError(
        .badModelFile,
        "`\(file)` describes \(node.words(at: place)) wrongly: \(reason). Save it again with nbs.")
    }
    let names = (group["inputs"]?.array ?? []).compactMap(\.string)
    guard names.count == count else { throw bad("the number of its inputs") }
    var numbers: [String: Int] = [:]
    for (name, input) in zip(names, node.inputs.suffix(count)) {
      guard let read = known[input], shape(input).count == 3 else { throw bad("an input") }
      var value = read
      value.content = .layer(try whole(read, named: "merged"))
      var reader = ONNXDraft.Layer(name: name, kind: .dense(units: 1), shape: [1])
      let lengths = Array(shape(input).dropFirst())
      numbers[name] = try sources(value, as: lengths, &reader, node, place).first?.layer
    }
    let steps = shape(node.inputs[node.inputs.count - 1])[1]
    let layers = group["layers"]?.array ?? []
    guard !layers.isEmpty else { throw bad("it has no layers") }
    for entry in layers {
      guard let name = entry["name"]?.string, numbers[name] == nil, let units = entry["units"]?.int,
        units > 0, units < 1 << 24,
        let activation = entry["activation"]?.string.flatMap(Activation.init(rawValue:))
      else { throw bad("a layer") }
      var layer = ONNXDraft.Layer(
        name: name, kind: .dense(units: units), shape: [steps, units], activation: activation)
      layer.isStepped = true
      if let bias = entry["bias"]?.string {
        guard let values = constant(bias)?.values else { throw bad("the bias `\(bias.shownName)`") }
        layer.hasBias = true
        layer.parameters[.bias] = values
      }
      numbers[name] = draft.add(layer)
    }
    for entry in group["edges"]?.array ?? [] {
      guard let from = entry["from"]?.string.flatMap({ numbers[$0] }),
        let to = entry["to"]?.string.flatMap({ numbers[$0] }), draft.layers[to].isStepped,
        let type = entry["type"]?.string.flatMap(EdgeType.init(rawValue:)),
        let delay = entry["delay"]?.int, (0...1_000_000).contains(delay)
      else { throw bad("an edge") }
      var source = ONNXDraft.Source(layer: from, type: type, delay: delay)
      if case .bool(false)? = entry["trainable"] { source.isTrainable = false }
      if let name = entry["weights"]?.string {
        guard let weights = constant(name) else { throw bad("the weights `\(name.shownName)`") }
        source.weights = weights.values
        if type == .others, let units = weights.shape.first, weights.shape == [units, units] {
          source.weights = weights.values.indices.filter { $0 / units != $0 % units }.map {
            weights.values[$0]
          }
        }
      }
      draft.layers[to].sources.append(source)
    }
    for entry in group["gates"]?.array ?? [] {
      func layer(_ key: String) -> String? {
        entry[key]?.string.flatMap { numbers[$0] }.map { draft.layers[$0].name }
      }
      guard let gater = layer("gater"), let from = layer("from"), let to = layer("to"),
        let end = entry["place"]?.string.flatMap(GatePlace.init(rawValue:)), let delay = entry["delay"]?.int
      else { throw bad("a gate") }
      var isOnCarry = false
      if case .bool(true)? = entry["carry"] { isOnCarry = true }
      draft.gates.append(Gate(gater, on: from, to: to, isOnCarry: isOnCarry, at: end, delay: delay))
    }
    let results = (group["results"]?.array ?? []).compactMap(\.string)
    for (name, output) in zip(results, node.outputs.suffix(results.count)) {
      guard let number = numbers[name], draft.layers[number].isStepped else { throw bad("a result") }
      let width = draft.layers[number].shape.reduce(1, *)
      known[output] = ONNXKnown(.layer(number), map: Array(0..<width))
    }
  }
}
