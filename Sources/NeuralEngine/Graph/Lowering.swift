internal import Foundations
internal import NetworkSchema

/// An array that a layer gives, in a plan that is being made.
package struct Value: Sendable {
  /// Where it stands.
  package let buffer: BufferID
  /// Its shape for one row.
  package let shape: [Int]

  /// How many numbers a row has.
  package var width: Int { shape.reduce(1, *) }
  /// The length of the last axis.
  package var channels: Int { shape.last ?? 1 }
  /// How many places a row has, each of as many numbers as there are channels.
  package var places: Int { channels == 0 ? 0 : width / channels }
}

/// Turns the layers of a graph into the steps of a plan. Each kind of layer emits its own, see ``LayerKind/lower(_:_:)``.
package struct Lowering {
  /// The graph.
  package let graph: NetworkGraph
  /// Whether layers do as they do while they learn: dropout drops, and statistics are those of the batch.
  package let isTraining: Bool
  /// Whether one step of a sequence is computed from what the steps before have left, instead of whole sequences.
  package let isStepwise: Bool
  /// What the steps before have left, in a stepwise plan.
  var memory = StepBuffers()
  /// What each layer gives.
  private(set) var values: [String: Value] = [:]
  /// Arrays within layers that can be kept by a name, such as the gates of an LSTM.
  private(set) var exposed: [String: Value] = [:]
  private(set) var draft = PlanDraft()
  private let layout: ParameterLayout
  private var parameters: [ParameterKey: BufferID] = [:]
  private var dropouts = 0

  init(_ graph: NetworkGraph, _ layout: ParameterLayout, isTraining: Bool, isStepwise: Bool = false) {
    self.graph = graph
    self.isStepwise = isStepwise
    self.layout = layout
    self.isTraining = isTraining
  }

  mutating func lowerAll() throws(CodedError) {
    let groups =
      graph.hasMemory ? try graph.stepGroups() : [StepGroup(layers: try graph.sorted(), isStepped: false)]
    for group in groups {
      if group.isStepped {
        try unroll(group.layers)
      } else {
        for layer in group.layers { values[layer.name] = layer.kind.base.lower(layer, &self) }
      }
    }
  }

  /// Notes an array within a layer, so that it can be kept by a name.
  mutating func expose(_ value: Value, as name: String) { exposed[name] = value }

  /// Notes what a layer gives.
  mutating func keep(_ value: Value, of layer: Layer) { values[layer.name] = value }

  /// Adds a buffer for an array of this shape.
  package mutating func array(_ name: String, _ shape: [Int]) -> Value {
    Value(buffer: draft.add(name, .rows(shape.reduce(1, *)), shape: shape), shape: shape)
  }

  /// Adds a buffer of any extent.
  package mutating func buffer(_ name: String, _ extent: PlanBuffer.Extent) -> BufferID {
    draft.add(name, extent)
  }

  /// Emits a step.
  package mutating func emit(
    _ operation: any PlanOperation, _ inputs: [BufferID], to outputs: [BufferID], of layer: Layer,
    accumulates: Bool = false, scope: Step.Scope = .rows
  ) {
    draft.steps.append(
      Step(
        operation: operation, layer: layer.name, inputs: inputs, outputs: outputs, accumulates: accumulates,
        scope: scope))
  }

  /// Parameters by their key; nil where the network has none.
  package mutating func parameter(_ key: ParameterKey) -> BufferID? {
    if let known = parameters[key] { return known }
    guard let slice = layout.slice(key) else { return nil }
    let made = draft.add(key.description, .parameters(slice.range), shape: slice.shape)
    parameters[key] = made
    return made
  }

  /// Parameters that a layer owns.
  package mutating func parameter(_ role: ParameterRole, of layer: Layer) -> BufferID? {
    parameter(ParameterKey(layer: layer.name, role: role))
  }

  /// A number that tells a layer that draws random numbers from all others.
  package mutating func nextRandomNumber() -> Int {
    defer { dropouts += 1 }
    return dropouts
  }

  /// Adds an array in which sums begin: the bias at each place, or 0 for a layer that has none.
  package mutating func biases(_ name: String, _ shape: [Int], _ role: ParameterRole, of layer: Layer)
    -> Value
  {
    let sums = array(name, shape)
    if let bias = parameter(role, of: layer) {
      emit(FillRows(width: sums.channels, places: sums.places), [bias], to: [sums.buffer], of: layer)
    } else {
      emit(Clear(width: sums.width), [], to: [sums.buffer], of: layer)
    }
    return sums
  }

  /// Applies an activation to preactivations; softmax makes probabilities of the last axis.
  package mutating func activated(_ sums: Value, _ activation: Activation, of layer: Layer) -> Value {
    if activation == .linear { return sums }
    let result = array(layer.name, sums.shape)
    emit(
      Activate(activation: activation, width: sums.channels, places: sums.places), [sums.buffer],
      to: [result.buffer], of: layer)
    return result
  }

  /// Adds what comes over an edge to a dense layer's sums, multiplied by a gate where there is one.
  package mutating func add(
    _ edge: Edge, from source: Value, gate: (factor: Value, place: GatePlace)?, to sums: Value,
    of layer: Layer
  ) {
    var source = source
    var into = sums
    if let gate {
      // Where the i-th is joined with the i-th, both places are the same.
      let isBehind = [.full, .others].contains(edge.type) && gate.place == .input
      if isBehind {
        into = array("input of \(layer.name) from \(edge.source)", sums.shape)
      } else {
        let factored = array("\(edge.source) times \(layer.name)'s gate", source.shape)
        emit(
          Combine(rule: .product, width: source.width), [source.buffer, gate.factor.buffer],
          to: [factored.buffer], of: layer)
        source = factored
      }
    }
    let weights = edge.hasWeights ? parameter(.weights(of: edge)) : nil
    let operation: any PlanOperation =
      switch edge.type {
      case .full:
        MatrixProduct(inputWidth: source.channels, outputWidth: sums.channels, places: source.places)
      case .one: ScaleColumns(width: sums.channels, places: source.places)
      case .others: OthersProduct(units: sums.channels)
      case .identity, .carry: AddScaled(width: source.width)
      }
    emit(
      operation, [source.buffer] + (weights.map { [$0] } ?? []), to: [into.buffer], of: layer,
      accumulates: into.buffer == sums.buffer)
    guard let gate, into.buffer != sums.buffer else { return }
    let factored = array("gated input of \(layer.name) from \(edge.source)", sums.shape)
    emit(
      Combine(rule: .product, width: sums.width), [into.buffer, gate.factor.buffer], to: [factored.buffer],
      of: layer)
    emit(
      AddScaled(width: sums.width), [factored.buffer], to: [sums.buffer], of: layer, accumulates: true)
  }

  /// The one array that a layer's edges bring it, merged where there are several.
  package mutating func feed(of layer: Layer) -> Value? {
    let sources = graph.dependencies(of: layer.name).compactMap { values[$0.source] }
    guard sources.count > 1 else { return sources.first }
    guard let shape = graph.feed(of: layer)?.shape else { return nil }
    let merged = array("input of \(layer.name)", shape)
    merge(sources, graph.merge(into: layer) ?? .add, to: merged, of: layer)
    return merged
  }

  /// Makes one array of several.
  mutating func merge(_ sources: [Value], _ merge: Merge, to merged: Value, of layer: Layer) {
    let (inputs, width) = (sources.map(\.buffer), merged.width)
    switch merge {
    case .add, .avg:
      let factor = merge == .add ? 1 : 1 / Double(sources.count)
      for (number, input) in inputs.enumerated() {
        emit(
          AddScaled(width: width, factor: factor), [input], to: [merged.buffer], of: layer,
          accumulates: number > 0)
      }
    case .mul: emit(Combine(rule: .product, width: width), inputs, to: [merged.buffer], of: layer)
    case .max: emit(Combine(rule: .largest, width: width), inputs, to: [merged.buffer], of: layer)
    case .concat:
      let widths = sources.map { $0.shape.last ?? 1 }
      emit(
        Concatenate(widths: widths, places: width / max(1, widths.reduce(0, +))), inputs, to: [merged.buffer],
        of: layer)
    }
  }
}

extension Lowering {
  /// The buffers by which a gradient is wanted: trainable parameters, the inputs where asked for, and whatever is computed
  /// from them.
  func wanted(inputs: Bool) -> Set<BufferID> {
    var wanted = Set(
      parameters.filter { key, _ in layout.slice(key)?.isTrainable == true }.map(\.value))
    if inputs { wanted.formUnion(graph.inputs.compactMap { values[$0.name]?.buffer }) }
    for step in draft.steps where step.inputs.contains(where: wanted.contains) {
      wanted.formUnion(step.outputs.prefix(1))
    }
    return wanted
  }
}
