import Datasets
import Foundations
import JSON
import ModelFiles
import NeuralEngine

/// Makes the nodes of an ONNX model of a plan's operations.
///
/// Arrays with channels come first as the format has them, and are turned only where an operator needs it. Where an image
/// is read as one row, the columns of the matrix behind it are put into the other order instead.
struct ONNXBuilder {
  private(set) var program: InferenceProgram
  var nodes: [ONNXNode] = []
  /// The groups of layers that became a `Scan`, for our own reader.
  var steps: [JSONValue] = []
  /// Whether these are the nodes of one step, whose values do not have the layers' own names.
  private var isBody = false
  /// The inputs that have their channels first.
  private(set) var turnedInputs: Set<String> = []
  private var initializers: [ONNXTensor] = []
  private var initializerNames: Set<String> = []
  private var valueNames: Set<String> = []
  private var nodeNames: Set<String> = []
  /// What buffers hold by now.
  private var held: [BufferID: Held] = [:]
  /// Arrays that have been made of others before.
  private var views: [String: ONNXValue] = [:]
  /// The variance and ε behind a buffer that holds 1 / deviation.
  var deviations: [BufferID: (variance: BufferID, epsilon: Double)] = [:]
  private let names: ParameterNames
  private let keys: [Int: ParameterKey]

  /// What a buffer holds.
  private enum Held {
    case value(ONNXValue)
    /// Sums that are still being added to.
    case sums(LinearSums)
  }

  init(_ program: InferenceProgram) {
    self.program = program
    names = ParameterNames(program.network.graph)
    let slices = (try? ParameterLayout(program.network.graph))?.slices ?? []
    keys = Dictionary(slices.map { ($0.offset, $0.key) }, uniquingKeysWith: { first, _ in first })
  }

  /// The model, but for its metadata.
  ///
  /// - Throws: `no-counterpart`.
  mutating func model() throws(CodedError) -> ONNXModel {
    var graph = ONNXGraph()
    graph.name = program.network.name
    for (number, layer) in program.inputs.enumerated() { graph.inputs.append(addInput(number, layer)) }
    var groups = try program.network.graph.steppedGroups()
    let stepped = Set(groups.flatMap { $0.layers.map(\.name) })
    for step in program.plan.steps {
      // All steps of a group are one node, which stands where the first of them would.
      if let place = groups.firstIndex(where: { $0.layers.contains { $0.name == step.layer } }) {
        try scan(groups.remove(at: place))
      } else if !stepped.contains(step.layer) {
        try emit(step)
      }
    }
    for (number, layer) in program.outputs.enumerated() { graph.outputs.append(addOutput(number, layer)) }
    graph.nodes = nodes
    graph.initializers = initializers
    var model = ONNXModel()
    model.producer = "nbs"
    model.opset = ONNXExport.opset
    model.graph = graph
    return model
  }

  /// A builder for the nodes of one step, which shares names and constants with this one.
  func inside(_ plan: Plan) -> ONNXBuilder {
    var inner = self
    inner.program = program.with(plan)
    inner.isBody = true
    inner.nodes = []
    inner.held = [:]
    inner.views = [:]
    inner.deviations = [:]
    return inner
  }

  /// Takes names and constants over from a builder of one step.
  mutating func take(from inner: ONNXBuilder) {
    initializers = inner.initializers
    initializerNames = inner.initializerNames
    valueNames = inner.valueNames
    nodeNames = inner.nodeNames
  }

  // MARK: - Where data enters and leaves

  private mutating func addInput(_ number: Int, _ layer: Layer) -> ONNXValueInfo {
    let shape = program.shape(layer)
    let buffer = program.plan.inputs[number]
    let isWindowed = program.plan.steps.contains {
      $0.inputs.first == buffer
        && ($0.operation is Convolve || $0.operation is MaxPool || $0.operation is MeanPool)
    }
    var value = ONNXValue(
      layer.name, shape, isChannelsFirst: shape.count >= 3 || shape.count == 2 && isWindowed)
    valueNames.insert(layer.name)
    if value.isChannelsFirst { turnedInputs.insert(layer.name) }
    let info = ONNXValueInfo(name: layer.name, shape: [nil] + value.lengths)
    let scales = program.inputScales(number)
    if !scales.isEmpty {
      let offsets = scales.map(\.offset)
      let divisors = scales.map(\.divisor)
      let whole = offsets.map { Double(Float($0)) }
      value = scaled(value, "Sub", whole, "\(layer.name)/offset", neutral: 0, in: layer)
      // Where an offset is large beside what is left of it, the digits that 32 bits lose are taken off by themselves.
      if zip(offsets, divisors).contains(where: { abs($0) > 16 * abs($1) }) {
        value = scaled(
          value, "Sub", zip(offsets, whole).map { $0 - $1 }, "\(layer.name)/offset_rest", neutral: 0,
          in: layer)
      }
      value = scaled(value, "Div", divisors, "\(layer.name)/divisor", neutral: 1, in: layer)
    }
    hold(buffer, value)
    return info
  }

  /// Applies a number to all, or one to each, of an array.
  private mutating func scaled(
    _ value: ONNXValue, _ operation: String, _ numbers: [Double], _ name: String, neutral: Double,
    in layer: Layer
  ) -> ONNXValue {
    if numbers.allSatisfy({ $0 == neutral }) { return value }
    var (shape, numbers) = (value.shape, numbers)
    if shape.count == 2, let width = shape.last, width > 0, numbers.count == shape[0] * width,
      numbers.indices.allSatisfy({ numbers[$0] == numbers[$0 % width] })
    {
      // What is the same at all steps does not hang on their number.
      (shape, numbers) = ([1, width], Array(numbers.prefix(width)))
    }
    var tensor = ONNXTensor(numbers.count == 1 ? [] : [1] + shape, numbers)
    if numbers.count > 1, value.isChannelsFirst { tensor = tensor.channelsFirst }
    let constant = constant(name, tensor)
    var result = value
    result.name = add(operation, [value.name, constant], layer.name, "prepared")
    return result
  }

  private mutating func addOutput(_ number: Int, _ layer: Layer) -> ONNXValueInfo {
    let shape = program.shape(layer)
    var value = self.value(
      program.plan.outputs[number], as: shape, isChannelsFirst: shape.count >= 3, in: layer.name)
    let scales = program.outputScales(number)
    if !scales.isEmpty {
      value = scaled(value, "Mul", scales.map(\.divisor), "\(layer.name)/divisor", neutral: 1, in: layer)
      value = scaled(value, "Add", scales.map(\.offset), "\(layer.name)/offset", neutral: 0, in: layer)
      value = powers(of: value, scales, in: layer)
    }
    let own = value.name
    if own != layer.name {
      // The answer has the layer's name, and what had it before another one.
      if valueNames.contains(layer.name) { rename(layer.name, to: unusedName("\(layer.name)/scaled")) }
      if nodes.contains(where: { $0.outputs.contains(own) }),
        !program.outputs.contains(where: { $0.name == own })
      {
        rename(own, to: layer.name)
      } else {
        nodes.append(
          ONNXNode(operation: "Identity", name: unusedNode(layer.name), inputs: [own], outputs: [layer.name]))
      }
      valueNames.insert(layer.name)
    }
    return ONNXValueInfo(name: layer.name, shape: [nil] + value.lengths)
  }

  /// The numbers whose logarithms were learned; others as they are.
  private mutating func powers(
    of value: ONNXValue, _ scales: [Preparation.Scale], in layer: Layer
  ) -> ONNXValue {
    guard scales.contains(where: { $0.transform != nil }) else { return value }
    let isLogarithm = scales.map { $0.transform == nil ? 0.0 : 1 }
    var result = scaled(value, "Mul", isLogarithm, "\(layer.name)/logarithms", neutral: 1, in: layer)
    result.name = add("Exp", [result.name], layer.name, "power")
    let less = scales.map { $0.transform == .log1p ? 1.0 : 0 }
    result = scaled(result, "Sub", less, "\(layer.name)/one", neutral: 0, in: layer)
    guard isLogarithm.contains(0) else { return result }
    result = scaled(result, "Mul", isLogarithm, "\(layer.name)/powers", neutral: 1, in: layer)
    let others = scaled(
      value, "Mul", isLogarithm.map { 1 - $0 }, "\(layer.name)/others", neutral: 1, in: layer)
    result.name = add("Add", [result.name, others.name], layer.name, "amounts")
    return result
  }

  private mutating func rename(_ old: String, to new: String) {
    for place in nodes.indices {
      nodes[place].inputs = nodes[place].inputs.map { $0 == old ? new : $0 }
      nodes[place].outputs = nodes[place].outputs.map { $0 == old ? new : $0 }
    }
    for (key, value) in views where value.name == old { views[key]?.name = new }
    for (buffer, content) in held {
      if case .value(var value) = content, value.name == old {
        value.name = new
        held[buffer] = .value(value)
      }
    }
  }

  // MARK: - Names, nodes and constants

  mutating func unusedName(_ wanted: String) -> String {
    var name = wanted
    var number = 2
    while !valueNames.insert(name).inserted || initializerNames.contains(name) {
      name = "\(wanted)_\(number)"
      number += 1
    }
    return name
  }

  mutating func unusedNode(_ wanted: String) -> String {
    var name = wanted
    var number = 2
    while !nodeNames.insert(name).inserted {
      name = "\(wanted)_\(number)"
      number += 1
    }
    return name
  }

  /// Adds a node of one output.
  ///
  /// - Parameters:
  ///   - layer: the layer that it belongs to.
  ///   - part: what it is of the layer; nil for what the layer gives.
  /// - Returns: the name of what it gives.
  mutating func add(
    _ operation: String, _ inputs: [String], _ layer: String, _ part: String? = nil,
    _ attributes: [String: ONNXAttribute] = [:], outputs: ((String) -> [String])? = nil
  ) -> String {
    let name = part.map { "\(layer)/\($0)" } ?? layer
    let result = unusedName(name)
    nodes.append(
      ONNXNode(
        operation: operation, name: unusedNode(name), inputs: inputs, outputs: outputs?(result) ?? [result],
        attributes: attributes))
    return result
  }

  /// Adds a constant, or finds the same one.
  mutating func constant(_ name: String, _ tensor: ONNXTensor) -> String {
    var tensor = tensor
    var number = 1
    tensor.name = name
    while !initializerNames.insert(tensor.name).inserted {
      if let known = initializers.first(where: { $0.name == tensor.name }), known.shape == tensor.shape,
        known.element == tensor.element, known.values == tensor.values
      {
        return known.name
      }
      number += 1
      tensor.name = "\(name)_\(number)"
    }
    initializers.append(tensor)
    return tensor.name
  }

  /// What a parameter is called: `hid/kernel`.
  func parameterName(_ buffer: BufferID) -> String {
    guard case .parameters(let range) = program.buffer(buffer).extent, let key = keys[range.lowerBound] else {
      return program.buffer(buffer).name
    }
    return names[key]
  }

  /// Adds a parameter in the shape that it has in the engine.
  mutating func parameter(_ buffer: BufferID) -> String {
    constant(
      parameterName(buffer), ONNXTensor(program.buffer(buffer).shape, program.parameters(buffer)))
  }

  // MARK: - Buffers

  /// Notes what a buffer holds.
  mutating func hold(_ buffer: BufferID, _ value: ONNXValue) { held[buffer] = .value(value) }

  /// Notes sums that begin.
  mutating func begin(_ buffer: BufferID, _ sums: LinearSums) { held[buffer] = .sums(sums) }

  /// Changes sums that have begun.
  mutating func extend(_ buffer: BufferID, _ term: LinearSums.Term) {
    guard case .sums(var sums) = held[buffer] else { return }
    sums.terms.append(term)
    held[buffer] = .sums(sums)
  }

  /// The sums that a buffer holds, if nobody has needed them as numbers.
  func sums(in buffer: BufferID) -> LinearSums? {
    if case .sums(let sums) = held[buffer] { sums } else { nil }
  }

  /// What is called by a layer's name is what the layer gives.
  func part(_ buffer: BufferID, of layer: String, _ part: String) -> String? {
    if program.plan.layerValues[layer] == buffer { return isBody ? "value" : nil }
    return part
  }

  /// The parameter that begins at a place of the network's numbers.
  func key(at place: Int) -> ParameterKey? { keys[place] }

  /// What a buffer holds, in the layout in which it is there.
  mutating func value(_ buffer: BufferID) -> ONNXValue {
    switch held[buffer] {
    case .value(let value): return value
    case .sums(let sums):
      let value = added(sums, buffer)
      hold(buffer, value)
      return value
    case nil: return ONNXValue("", program.buffer(buffer).shape, isChannelsFirst: false)
    }
  }

  /// What a buffer holds, as an array of a shape.
  mutating func value(
    _ buffer: BufferID, as shape: [Int], isChannelsFirst: Bool, in layer: String
  ) -> ONNXValue {
    let wanted = isChannelsFirst && shape.count > 1
    var value = value(buffer)
    let key = "\(value.name) \(shape) \(wanted)"
    if let known = views[key] { return known }
    if value.shape != shape {
      value = turned(value, isChannelsFirst: false, in: layer)
      let lengths = constant("shape/\(([0] + shape).sizesText)", ONNXTensor(integers: [0] + shape))
      value = ONNXValue(
        add("Reshape", [value.name, lengths], layer, "reshaped"), shape, isChannelsFirst: false)
    }
    value = turned(value, isChannelsFirst: wanted, in: layer)
    views[key] = value
    return value
  }

  private mutating func turned(_ value: ONNXValue, isChannelsFirst: Bool, in layer: String) -> ONNXValue {
    guard value.isChannelsFirst != isChannelsFirst, value.shape.count > 1 else { return value }
    let rank = value.shape.count + 1
    let order = isChannelsFirst ? [0, rank - 1] + Array(1..<rank - 1) : [0] + Array(2..<rank) + [1]
    let name = add(
      "Transpose", [value.name], layer, isChannelsFirst ? "channels_first" : "channels_last",
      ["perm": .integers(order)])
    return ONNXValue(name, value.shape, isChannelsFirst: isChannelsFirst)
  }
}

/// An array of a model, and how it lies there.
struct ONNXValue {
  var name: String
  /// Its shape for one row in the engine: channels last.
  let shape: [Int]
  /// Whether the channels stand behind the rows.
  let isChannelsFirst: Bool

  init(_ name: String, _ shape: [Int], isChannelsFirst: Bool) {
    self.name = name
    self.shape = shape
    self.isChannelsFirst = isChannelsFirst && shape.count > 1
  }

  /// The lengths of its axes in the model, but for the rows.
  var lengths: [Int?] { isChannelsFirst ? [shape.last ?? 1] + shape.dropLast() : shape }
}

/// Sums over what comes over several edges: a dense layer's, a recurrent layer's, or those of merged edges.
struct LinearSums {
  /// What is added.
  enum Term {
    /// A matrix by each of so many places.
    case matrix(BufferID, weights: BufferID, MatrixProduct)
    /// A weight by each number.
    case column(BufferID, weights: BufferID)
    /// A matrix without each unit's own number.
    case others(BufferID, weights: BufferID, units: Int)
    /// A number by all.
    case factor(BufferID, Double)
  }

  let layer: String
  let bias: BufferID?
  var terms: [Term] = []
}
