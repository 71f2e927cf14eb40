internal import NetworkSchema
internal import NeuralEngine

/// A network that is no chain, by Keras's functional interface: each layer is called with what others give.
struct KerasGraph {
  let training: RecordedTraining
  /// A layer as Keras has it, with its activation or without.
  let words: (Layer, _ name: String, _ hasActivation: Bool) -> String

  /// Whether layers that follow each other are not enough.
  static func isNeeded(_ training: RecordedTraining) -> Bool {
    training.chain == nil || training.layers.contains(where: readsBackwards)
  }

  /// Whether a recurrent layer gives all steps of a sequence that it reads from the end: Keras leaves them in the order of
  /// reading.
  static func readsBackwards(_ layer: Layer) -> Bool {
    let all = layer.kind.base.options
    return all.boolean("reverse") == true && all.word("return") == "all"
      && all.word("bidirectional") ?? "none" == "none"
  }

  /// The lines that make it.
  func lines(_ model: String) -> [String] {
    let graph = training.graph
    var lines = ["", "def build_\(model)():"]
    var masks: [String] = []
    func add(_ line: String) { lines.append("    " + line) }
    if graph.inputs.count > 1 {
      add("# Each input takes its columns of a row.")
      add(
        "rows = keras.Input((\(training.lengths(training.rowShape).map { "\($0)," }.joined(separator: " "))))"
      )
    }
    for input in graph.inputs {
      let name = variable(input.name)
      let shape = graph.shape(of: input) ?? []
      let words = training.lengths(shape).map { "\($0)," }.joined(separator: " ")
      if let columns = training.columns(of: input) {
        let part = training.part(of: input, columns)
        let isWhole = shape.count == 1 || training.steps != nil
        add("\(name) = \(isWhole ? part : "layers.Reshape((\(words)))(\(part))")")
      } else {
        add("\(name) = keras.Input((\(words)), name=\"\(input.name)\")")
      }
      if training.isMasked(input) { masks.append("\(name) = \(KerasWords.masking)(\(name))") }
    }
    let first = graph.inputs.count > 1 ? "rows" : variable(graph.inputs[0].name)
    if !masks.isEmpty, graph.inputs.count == 1 { add("entry = \(first)") }
    masks.forEach(add)
    for layer in training.layers { self.lines(for: layer).forEach(add) }
    let last = variable(graph.outputs[0].name)
    let entry = masks.isEmpty || graph.inputs.count > 1 ? first : "entry"
    add("return keras.Model(\(entry), \(last), name=\"\(training.name)\")")
    return lines + ["", "", "\(model) = build_\(model)()"]
  }

  private func lines(for layer: Layer) -> [String] {
    let name = variable(layer.name)
    guard training.addsEdges(layer) else {
      let call = "\(words(layer, layer.name, true))(\(feed(layer)))"
      if KerasGraph.readsBackwards(layer) {
        return ["\(name) = keras.ops.flip(\(call), axis=1)  # Keras gives the steps in the order of reading"]
      }
      return ["\(name) = \(call)"]
    }
    let weighted = training.sources(of: layer, .full).map(variable)
    let added = training.sources(of: layer, .identity).map(variable)
    let read =
      weighted.count > 1 ? "layers.concatenate([\(weighted.joined(separator: ", "))])" : weighted.first
    guard !added.isEmpty else { return ["\(name) = \(words(layer, layer.name, true))(\(read ?? ""))"] }
    var parts = added
    if let read { parts.insert("\(words(layer, KerasGraph.sums(of: layer), false))(\(read))", at: 0) }
    let sum = parts.count > 1 ? "layers.add([\(parts.joined(separator: ", "))])" : parts[0]
    return [
      "\(name) = layers.Activation(\"\(layer.activation.rawValue)\", name=\"\(layer.name)\")(\(sum))"
    ]
  }

  /// What a layer that takes one array reads.
  private func feed(_ layer: Layer) -> String {
    let sources = training.sources(of: layer).map(variable)
    guard sources.count > 1 else { return sources.first ?? "" }
    let words: [Merge: String] = [
      .add: "add", .mul: "multiply", .avg: "average", .max: "maximum", .concat: "concatenate",
    ]
    let merge = words[training.graph.merge(into: layer) ?? .add] ?? "add"
    return "layers.\(merge)([\(sources.joined(separator: ", "))])"
  }

  /// What the layer of weights is called whose sums others are added to.
  static func sums(of layer: Layer) -> String { "\(layer.name)_sums" }

  private func variable(_ name: String) -> String { PythonWords.name(name) }
}
