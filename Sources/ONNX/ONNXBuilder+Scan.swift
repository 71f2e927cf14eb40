import Foundations
import JSON
import ModelFiles
import NeuralEngine

/// Layers that need each other from one step to the next, as a `Scan`: its body is the engine's own plan of one step, and
/// what is kept from step to step are its states, which begin at 0.
extension ONNXBuilder {
  /// Adds a group of layers.
  ///
  /// - Throws: `no-counterpart`, or what is wrong with the graph.
  mutating func scan(_ group: StepGroup) throws(CodedError) {
    let graph = program.network.graph
    let label = group.layers[0].name
    let plan = try Plan(oneStepOf: try graph.alone(group), try ParameterLayout(graph))
    let sources = graph.sources(of: group)
    var given: [String] = []
    for source in sources {
      guard let buffer = program.plan.layerValues[source] else { continue }
      let shape = graph.layer(source).flatMap { graph.shape(of: $0) } ?? []
      given.append(value(buffer, as: shape, isChannelsFirst: false, in: label).name)
    }
    guard let first = given.first else {
      throw CodedError(
        .noCounterpart, "`\(label)` reads no sequence, so ONNX has no number of steps for it.")
    }
    let starts = self.starts(plan, rowsOf: first, label)

    var inner = inside(plan)
    var body = ONNXGraph()
    body.name = "\(label)/step"
    for state in plan.states { body.inputs.append(inner.enter(state.before, inner.stateName(state))) }
    for (source, buffer) in zip(sources, plan.inputs) {
      body.inputs.append(inner.enter(buffer, "\(label)/\(source)"))
    }
    for step in plan.steps { try inner.emit(step) }
    for state in plan.states {
      let buffer = state.after ?? plan.states.first { $0.isYounger(than: state) }?.before ?? state.before
      body.outputs.append(inner.leave(buffer, "\(inner.stateName(state))_next"))
    }
    let results = group.layers.filter { isRead($0, outside: group) }
    for layer in results {
      if let buffer = plan.layerValues[layer.name] {
        body.outputs.append(inner.leave(buffer, "\(layer.name)/step"))
      }
    }
    body.nodes = inner.nodes
    steps.append(inner.description(of: group, plan, node: "\(label)/steps"))
    take(from: inner)

    let names = results.map { unusedName($0.name) }
    let states = plan.states.map { unusedName("\(stateName($0))_last") }
    nodes.append(
      ONNXNode(
        operation: "Scan", name: unusedNode("\(label)/steps"), inputs: starts + given,
        outputs: states + names,
        attributes: [
          "body": .graph(body), "num_scan_inputs": .integer(given.count),
          "scan_input_axes": .integers(given.map { _ in 1 }),
          "scan_output_axes": .integers(names.map { _ in 1 }),
        ]))
    for (layer, name) in zip(results, names) {
      guard let buffer = program.plan.layerValues[layer.name] else { continue }
      hold(buffer, ONNXValue(name, graph.shape(of: layer) ?? [], isChannelsFirst: false))
    }
  }

  /// Whether a layer of a group is read by one outside, or is an answer of the network.
  private func isRead(_ layer: Layer, outside group: StepGroup) -> Bool {
    let members = Set(group.layers.map(\.name))
    let graph = program.network.graph
    return program.outputs.contains { $0.name == layer.name }
      || graph.edges.contains { $0.source == layer.name && !members.contains($0.target) }
      || graph.gates.contains { $0.gater == layer.name && !members.contains($0.target) }
  }

  /// Zeros for each state, as many rows as a value has.
  private mutating func starts(_ plan: Plan, rowsOf value: String, _ label: String) -> [String] {
    let widths = plan.states.map { plan.buffers[$0.before.number].width }
    if widths.isEmpty { return [] }
    let rows = add("Shape", [value], label, "rows", ["start": .integer(0), "end": .integer(1)])
    var zeros: [Int: String] = [:]
    for width in Set(widths).sorted() {
      let shape = add(
        "Concat", [rows, constant("width/\(width)", ONNXTensor(integers: [width]))], label, "start_shape",
        ["axis": .integer(0)])
      zeros[width] = add("ConstantOfShape", [shape], label, "start")
    }
    return widths.compactMap { zeros[$0] }
  }

  /// What a state is called: `h/output_1` is what `h` gave a step ago.
  fileprivate func stateName(_ state: StepBuffers.State) -> String {
    let part =
      switch state.part {
      case .output: "output"
      case .sum: "sum"
      case .cell: "cell"
      }
    return "\(state.layer)/\(part)_\(state.age)"
  }

  /// Makes a value of the body of what comes from outside at each step.
  fileprivate mutating func enter(_ buffer: BufferID, _ wanted: String) -> ONNXValueInfo {
    let name = unusedName(wanted)
    let shape = program.buffer(buffer).shape
    hold(buffer, ONNXValue(name, shape, isChannelsFirst: false))
    return ONNXValueInfo(name: name, shape: [nil] + shape)
  }

  /// Makes an output of the body; each is a value of its own.
  fileprivate mutating func leave(_ buffer: BufferID, _ wanted: String) -> ONNXValueInfo {
    let value = value(buffer)
    let name = unusedName(wanted)
    nodes.append(
      ONNXNode(operation: "Identity", name: unusedNode(wanted), inputs: [value.name], outputs: [name]))
    return ONNXValueInfo(name: name, shape: [nil] + value.shape)
  }

  // MARK: - What it was

  /// The group as our own reader makes it again: layers, edges with the names of their weights, and gates.
  fileprivate mutating func description(of group: StepGroup, _ plan: Plan, node: String) -> JSONValue {
    let graph = program.network.graph
    let members = Set(group.layers.map(\.name))
    func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    var weights: [String: [String]] = [:]
    for step in plan.steps where step.inputs.count > 1 {
      guard case .parameters(let range) = plan.buffers[step.inputs[1].number].extent,
        let key = key(at: range.lowerBound), let source = key.source
      else { continue }
      weights["\(source) \(key.layer)", default: []].append(weightName(step))
    }
    var layers: [JSONValue] = []
    for layer in group.layers {
      let bias = plan.steps.first { $0.layer == layer.name && $0.operation is FillRows }?.inputs.first
      layers.append(
        .members([
          "name": .string(layer.name), "units": .number("\(graph.shape(of: layer)?.last ?? 0)"),
          "activation": .string(layer.activation.rawValue), "bias": text(bias.map { parameter($0) }),
        ]))
    }
    let edges = graph.edges.filter { members.contains($0.target) }.map { edge in
      JSONValue.members([
        "from": .string(edge.source), "to": .string(edge.target), "type": .string(edge.type.rawValue),
        "delay": .number("\(edge.delay)"), "trainable": .bool(edge.isTrainable),
        "weights": text(edge.hasWeights ? weights["\(edge.source) \(edge.target)"]?.first : nil),
      ])
    }
    let gates = graph.gates.filter { members.contains($0.target) }.map { gate in
      JSONValue.members([
        "gater": .string(gate.gater), "from": .string(gate.source), "to": .string(gate.target),
        "carry": .bool(gate.isOnCarry), "place": .string(gate.place.rawValue),
        "delay": .number("\(gate.delay)"),
      ])
    }
    return .members([
      "node": .string(node), "inputs": .array(graph.sources(of: group).map { .string($0) }),
      "layers": .array(layers), "edges": .array(edges), "gates": .array(gates),
      "results": .array(group.layers.filter { isRead($0, outside: group) }.map { .string($0.name) }),
    ])
  }

  /// The constant in which a step's weights stand.
  private mutating func weightName(_ step: Step) -> String {
    if let others = step.operation as? OthersProduct { return othersMatrix(step.inputs[1], others.units) }
    return parameter(step.inputs[1])
  }

  /// The square matrix of an edge of type `others`, with zeros for each unit itself.
  mutating func othersMatrix(_ weights: BufferID, _ units: Int) -> String {
    var rest = program.parameters(weights)[...]
    var square: [Double] = []
    for row in 0..<units {
      for column in 0..<units { square.append(row == column ? 0 : rest.popFirst() ?? 0) }
    }
    return constant(parameterName(weights), ONNXTensor([units, units], square))
  }
}

extension StepBuffers.State {
  /// Whether it is the same thing one step less ago.
  fileprivate func isYounger(than other: StepBuffers.State) -> Bool {
    layer == other.layer && part == other.part && age == other.age - 1
  }
}
