import Foundations
import ModelFiles
import NeuralEngine

/// The nodes of each operation.
extension ONNXBuilder {
  mutating func emit(_ step: Step) throws(CodedError) {
    let output = step.outputs[0]
    let shape = program.buffer(output).shape
    switch step.operation {
    case is FillRows: begin(output, LinearSums(layer: step.layer, bias: step.inputs[0]))
    case is Clear: begin(output, LinearSums(layer: step.layer, bias: nil))
    case let product as MatrixProduct:
      if !step.accumulates { begin(output, LinearSums(layer: step.layer, bias: nil)) }
      extend(output, .matrix(step.inputs[0], weights: step.inputs[1], product))
    case let product as OthersProduct:
      if !step.accumulates { begin(output, LinearSums(layer: step.layer, bias: nil)) }
      extend(output, .others(step.inputs[0], weights: step.inputs[1], units: product.units))
    case let part as TakeStep: try takeStep(part, step)
    case is ScaleColumns:
      if !step.accumulates { begin(output, LinearSums(layer: step.layer, bias: nil)) }
      extend(output, .column(step.inputs[0], weights: step.inputs[1]))
    case let sum as AddScaled:
      if !step.accumulates { begin(output, LinearSums(layer: step.layer, bias: nil)) }
      extend(output, .factor(step.inputs[0], sum.factor))
    case let combine as Combine:
      let values = alike(step.inputs, shape, in: step.layer)
      let name = add(
        combine.rule == .product ? "Mul" : "Max", Array(values.map(\.name).prefix(2)), step.layer,
        values.count > 2 ? "part" : part(output, of: step.layer, "merged"))
      hold(
        output,
        ONNXValue(
          chained(combine, values, name, output, step), shape, isChannelsFirst: values[0].isChannelsFirst))
    case let joined as Concatenate: concatenate(joined, step, shape)
    case let convolution as Convolve: convolve(convolution, step, shape)
    case let pool as MaxPool: self.pool("MaxPool", pool.geometry, step, shape)
    case let pool as MeanPool: self.pool("AveragePool", pool.geometry, step, shape)
    case let deviation as InverseDeviation: deviations[output] = (step.inputs[0], deviation.epsilon)
    case is Normalize: normalize(step, shape)
    case let normalization as NormalizeLayer:
      let value = value(step.inputs[0], as: shape, isChannelsFirst: false, in: step.layer)
      let name = add(
        "LayerNormalization", [value.name, parameter(step.inputs[1]), parameter(step.inputs[2])], step.layer,
        nil,
        ["axis": .integer(-1), "epsilon": .float(normalization.epsilon)])
      hold(output, ONNXValue(name, shape, isChannelsFirst: false))
    case let embedding as Embed:
      let value = value(step.inputs[0], as: [embedding.count], isChannelsFirst: false, in: step.layer)
      let numbers = add(
        "Cast", [value.name], step.layer, "integers", ["to": .integer(ONNXElement.int64.rawValue)])
      let name = add("Gather", [parameter(step.inputs[1]), numbers], step.layer, nil, ["axis": .integer(0)])
      hold(output, ONNXValue(name, shape, isChannelsFirst: false))
    case let activation as Activate: try activate(activation, step, shape)
    case let recurrence as Recur: try recur(recurrence, step, shape)
    default:
      throw CodedError(
        .noCounterpart,
        "`\(step.layer)` (\(program.layer(step)?.kindName ?? "a layer")) computes \(step.operation.name), which has no form "
          + "in ONNX here. Save the network as \"\(program.network.name).safetensors\".")
    }
  }

  /// One of several arrays that stand one after the other; sums may still be added to it.
  private mutating func takeStep(_ part: TakeStep, _ step: Step) throws(CodedError) {
    guard part.steps == 1 else {
      throw CodedError(
        .noCounterpart,
        "`\(step.layer)` takes one step of several, which has no form in ONNX here. Save the network as "
          + "\"\(program.network.name).safetensors\".")
    }
    begin(
      step.outputs[0],
      LinearSums(layer: step.layer, bias: nil, terms: [.factor(step.inputs[0], 1)]))
  }

  /// Several arrays of one shape in one layout.
  private mutating func alike(_ buffers: [BufferID], _ shape: [Int], in layer: String) -> [ONNXValue] {
    let isFirst = buffers.first.map { value($0) }.map { $0.shape == shape && $0.isChannelsFirst } ?? false
    var values: [ONNXValue] = []
    for buffer in buffers { values.append(value(buffer, as: shape, isChannelsFirst: isFirst, in: layer)) }
    return values
  }

  /// A product takes two arrays, so that of more is a chain.
  private mutating func chained(
    _ combine: Combine, _ values: [ONNXValue], _ first: String, _ output: BufferID, _ step: Step
  ) -> String {
    var name = first
    for (number, value) in values.enumerated().dropFirst(2) {
      let isLast = number == values.count - 1
      name = add(
        combine.rule == .product ? "Mul" : "Max", [name, value.name], step.layer,
        isLast ? part(output, of: step.layer, "merged") : "part")
    }
    return name
  }

  private mutating func concatenate(_ joined: Concatenate, _ step: Step, _ shape: [Int]) {
    let shapes = joined.widths.map { Array(shape.dropLast()) + [$0] }
    let first = value(step.inputs[0])
    let isFirst = first.shape == shapes[0] && first.isChannelsFirst
    var names: [String] = []
    for (buffer, shape) in zip(step.inputs, shapes) {
      names.append(value(buffer, as: shape, isChannelsFirst: isFirst, in: step.layer).name)
    }
    let name = add(
      "Concat", names, step.layer, part(step.outputs[0], of: step.layer, "merged"),
      ["axis": .integer(isFirst ? 1 : -1)])
    hold(step.outputs[0], ONNXValue(name, shape, isChannelsFirst: isFirst))
  }

  // MARK: - Windows

  /// The shape of the one array that a step's layer reads.
  private func feedShape(_ step: Step) -> [Int] {
    program.layer(step).flatMap { program.network.graph.feed(of: $0)?.shape }
      ?? program.buffer(step.inputs[0]).shape
  }

  /// A window's options, for the axes that there are.
  private func attributes(_ geometry: WindowGeometry, _ rank: Int, hasDilation: Bool) -> [String:
    ONNXAttribute]
  {
    let axes = (3 - rank)..<3
    let after = axes.map { axis in
      let reach = (geometry.size[axis] - 1) * geometry.dilation[axis] + 1
      let end = (geometry.output[axis] - 1) * geometry.stride[axis] + reach
      return max(0, end - geometry.input[axis] - geometry.before[axis])
    }
    var attributes: [String: ONNXAttribute] = [
      "kernel_shape": .integers(axes.map { geometry.size[$0] }),
      "strides": .integers(axes.map { geometry.stride[$0] }),
      "pads": .integers(axes.map { geometry.before[$0] } + after),
    ]
    if hasDilation { attributes["dilations"] = .integers(axes.map { geometry.dilation[$0] }) }
    return attributes
  }

  private mutating func convolve(_ convolution: Convolve, _ step: Step, _ shape: [Int]) {
    let feed = feedShape(step)
    let value = value(step.inputs[0], as: feed, isChannelsFirst: true, in: step.layer)
    let kernel = program.buffer(step.inputs[1])
    let weights = constant(
      parameterName(step.inputs[1]),
      ONNXTensor(kernel.shape, program.parameters(step.inputs[1])).channelsFirst)
    var attributes = attributes(convolution.geometry, feed.count - 1, hasDilation: true)
    attributes["group"] = .integer(convolution.groups)
    var inputs = [value.name, weights]
    if convolution.hasBias { inputs.append(parameter(step.inputs[2])) }
    let output = step.outputs[0]
    let name = add("Conv", inputs, step.layer, part(output, of: step.layer, "sums"), attributes)
    hold(output, ONNXValue(name, shape, isChannelsFirst: true))
  }

  private mutating func pool(_ operation: String, _ geometry: WindowGeometry, _ step: Step, _ shape: [Int]) {
    let feed = feedShape(step)
    let value = value(step.inputs[0], as: feed, isChannelsFirst: true, in: step.layer)
    let output = step.outputs[0]
    guard shape.count == 1 else {
      let name = add(
        operation, [value.name], step.layer, nil, attributes(geometry, feed.count - 1, hasDilation: false))
      return hold(output, ONNXValue(name, shape, isChannelsFirst: true))
    }
    let pooled = add("Global" + operation, [value.name], step.layer, "channels")
    let name = add("Flatten", [pooled], step.layer, nil, ["axis": .integer(1)])
    hold(output, ONNXValue(name, shape, isChannelsFirst: false))
  }

  private mutating func normalize(_ step: Step, _ shape: [Int]) {
    guard let (variance, epsilon) = deviations[step.inputs[2]] else { return }
    let value = value(step.inputs[0], as: shape, isChannelsFirst: true, in: step.layer)
    let inputs = [step.inputs[3], step.inputs[4], step.inputs[1], variance].map { parameter($0) }
    var attributes: [String: ONNXAttribute] = ["epsilon": .float(epsilon)]
    if let momentum = program.layer(step)?.kind.as(BatchNorm.self)?.momentum {
      attributes["momentum"] = .float(momentum)
    }
    let name = add("BatchNormalization", [value.name] + inputs, step.layer, nil, attributes)
    hold(step.outputs[0], ONNXValue(name, shape, isChannelsFirst: true))
  }

  // MARK: - Sums

  /// Adds up.
  mutating func added(_ sums: LinearSums, _ buffer: BufferID) -> ONNXValue {
    let shape = program.buffer(buffer).shape
    let part = part(buffer, of: sums.layer, "sums")
    if shape.count == 1, sums.terms.count == 1,
      case .matrix(let source, let weights, let product) = sums.terms[0]
    {
      let (row, matrix) = matrix(source, weights, product, sums.layer)
      let inputs = [row, matrix] + (sums.bias.map { [parameter($0)] } ?? [])
      return ONNXValue(
        add("Gemm", inputs, sums.layer, part, ["transB": .integer(1)]), shape, isChannelsFirst: false)
    }
    let isMerge = sums.terms.allSatisfy { if case .factor = $0 { true } else { false } }
    var isFirst = false
    if isMerge, case .factor(let source, _) = sums.terms.first {
      let value = value(source)
      isFirst = value.shape == shape && value.isChannelsFirst
    }
    var parts: [String] = []
    for (number, term) in sums.terms.enumerated() {
      let isAll = sums.terms.count == 1 && sums.bias == nil
      parts.append(self.term(term, shape, isFirst, sums.layer, isAll ? part : "part\(number + 1)"))
    }
    if let bias = sums.bias { parts.append(parameter(bias)) }
    var name = parts[0]
    for (number, other) in parts.enumerated().dropFirst() {
      name = add("Add", [name, other], sums.layer, number == parts.count - 1 ? part : "partial")
    }
    return ONNXValue(name, shape, isChannelsFirst: isFirst)
  }

  private mutating func term(
    _ term: LinearSums.Term, _ shape: [Int], _ isFirst: Bool, _ layer: String, _ part: String?
  ) -> String {
    switch term {
    case .matrix(let source, let weights, let product):
      if product.places == 1, shape.count == 1 {
        let (row, matrix) = matrix(source, weights, product, layer)
        return add("Gemm", [row, matrix], layer, part, ["transB": .integer(1)])
      }
      let value = value(
        source, as: Array(shape.dropLast()) + [product.inputWidth], isChannelsFirst: false, in: layer)
      let kernel = ONNXTensor(program.buffer(weights).shape, program.parameters(weights)).transposed([1, 0])
      return add("MatMul", [value.name, constant(parameterName(weights), kernel)], layer, part)
    case .others(let source, let weights, let units):
      let value = value(source, as: shape, isChannelsFirst: false, in: layer)
      return add(
        "Gemm", [value.name, othersMatrix(weights, units)], layer, part, ["transB": .integer(1)])
    case .column(let source, let weights):
      let value = value(source, as: shape, isChannelsFirst: false, in: layer)
      return add("Mul", [value.name, parameter(weights)], layer, part)
    case .factor(let source, let factor):
      let value = value(source, as: shape, isChannelsFirst: isFirst, in: layer)
      if factor == 1 { return value.name }
      return add("Mul", [value.name, constant("\(layer)/share", ONNXTensor([], [factor]))], layer, part)
    }
  }

  /// A row and the matrix for it. Where the row is an image with its channels first, the columns of the matrix follow.
  private mutating func matrix(
    _ source: BufferID, _ weights: BufferID, _ product: MatrixProduct, _ layer: String
  ) -> (row: String, matrix: String) {
    let value = value(source)
    var kernel = ONNXTensor(program.buffer(weights).shape, program.parameters(weights))
    guard value.shape.count > 1 else { return (value.name, constant(parameterName(weights), kernel)) }
    if value.isChannelsFirst {
      let units = product.outputWidth
      kernel = kernel.reshaped([units] + value.shape).channelsFirst.reshaped([units, product.inputWidth])
    }
    let row = add("Flatten", [value.name], layer, "row", ["axis": .integer(1)])
    return (row, constant(parameterName(weights), kernel))
  }

  // MARK: - Activations

  private mutating func activate(_ activate: Activate, _ step: Step, _ shape: [Int]) throws(CodedError) {
    let own = value(step.inputs[0])
    let value = value(
      step.inputs[0], as: shape, isChannelsFirst: own.isChannelsFirst && own.shape == shape, in: step.layer)
    let output = step.outputs[0]
    let part = part(output, of: step.layer, "activations")
    let name: String
    switch activate.activation {
    case .gelu:
      // Gelu is a node of its own only from opset 20 on.
      func number(_ name: String, _ value: Double) -> String {
        constant("gelu/\(name)", ONNXTensor([], [value]))
      }
      let scaled = add("Div", [value.name, number("sqrt2", 2.0.squareRoot())], step.layer, "gelu_scaled")
      let erf = add("Erf", [scaled], step.layer, "gelu_erf")
      let shifted = add("Add", [erf, number("one", 1)], step.layer, "gelu_shifted")
      let product = add("Mul", [value.name, shifted], step.layer, "gelu_product")
      name = add("Mul", [product, number("half", 0.5)], step.layer, part)
    case .step:
      let above = add(
        "Greater", [value.name, constant("step/zero", ONNXTensor([], [0]))], step.layer, "above_zero")
      name = add("Cast", [above], step.layer, part, ["to": .integer(ONNXElement.float.rawValue)])
    default:
      let (operation, attributes) = node(activate.activation, isChannelsFirst: value.isChannelsFirst)
      name = add(operation, [value.name], step.layer, part, attributes)
    }
    hold(output, ONNXValue(name, shape, isChannelsFirst: value.isChannelsFirst))
  }

  private func node(
    _ activation: Activation, isChannelsFirst: Bool
  ) -> (String, [String: ONNXAttribute]) {
    switch activation {
    case .linear, .gelu, .step: ("Identity", [:])
    case .sigmoid: ("Sigmoid", [:])
    case .tanh: ("Tanh", [:])
    case .relu: ("Relu", [:])
    case .leakyReLU: ("LeakyRelu", ["alpha": .float(0.2)])
    case .elu: ("Elu", ["alpha": .float(1)])
    case .selu: ("Selu", [:])
    case .softplus: ("Softplus", [:])
    case .softmax: ("Softmax", ["axis": .integer(isChannelsFirst ? 1 : -1)])
    }
  }

  // MARK: - Recurrent layers

  private mutating func recur(_ recurrence: Recur, _ step: Step, _ shape: [Int]) throws(CodedError) {
    guard let sums = sums(in: step.inputs[0]), sums.terms.count == 1,
      case .matrix(let source, let weights, let product) = sums.terms[0]
    else { throw noRecurrence(step, "sums that are not those of one matrix") }
    let units = recurrence.units
    let order = ONNXGates.order(recurrence.cell)
    let rows = order.flatMap { gate in (gate * units)..<(gate + 1) * units }
    func turned(_ numbers: [Double], _ width: Int) -> [Double] {
      rows.flatMap { numbers[$0 * width..<($0 + 1) * width] }
    }
    let value = value(
      source, as: [recurrence.steps, product.inputWidth], isChannelsFirst: false, in: step.layer)
    let steps = add("Transpose", [value.name], step.layer, "steps_first", ["perm": .integers([1, 0, 2])])
    let w = constant(
      parameterName(weights),
      ONNXTensor(
        [1, rows.count, product.inputWidth], turned(program.parameters(weights), product.inputWidth)))
    let r = constant(
      parameterName(step.inputs[1]),
      ONNXTensor([1, rows.count, units], turned(program.parameters(step.inputs[1]), units)))
    var inputs = [steps, w, r]
    if sums.bias != nil || step.inputs.count > 2 {
      let zeros = [Double](repeating: 0, count: rows.count)
      let own = sums.bias.map { turned(program.parameters($0), 1) } ?? zeros
      let recurrent = step.inputs.count > 2 ? turned(program.parameters(step.inputs[2]), 1) : zeros
      let name = sums.bias.map { parameterName($0) } ?? "\(step.layer)/bias"
      inputs.append(constant(name, ONNXTensor([1, 2 * rows.count], own + recurrent)))
    }
    var attributes = try activations(recurrence, step)
    attributes["hidden_size"] = .integer(units)
    attributes["direction"] = .text(recurrence.isReversed ? "reverse" : "forward")
    if recurrence.cell == .gru { attributes["linear_before_reset"] = .integer(1) }
    let output = step.outputs[0]
    let part = part(output, of: step.layer, recurrence.isReversed ? "backward" : "forward")
    let operation = recurrence.cell.rawValue.uppercased()
    let all = add(operation, inputs, step.layer, "states", attributes) {
      recurrence.returnsAll ? [$0] : ["", $0]
    }
    let axis = constant(
      recurrence.returnsAll ? "axes/1" : "axes/0", ONNXTensor(integers: [recurrence.returnsAll ? 1 : 0]))
    guard recurrence.returnsAll else {
      return hold(
        output, ONNXValue(add("Squeeze", [all, axis], step.layer, part), shape, isChannelsFirst: false))
    }
    let squeezed = add("Squeeze", [all, axis], step.layer, "one_direction")
    let name = add("Transpose", [squeezed], step.layer, part, ["perm": .integers([1, 0, 2])])
    hold(output, ONNXValue(name, shape, isChannelsFirst: false))
  }

  private func activations(_ recurrence: Recur, _ step: Step) throws(CodedError) -> [String: ONNXAttribute] {
    let all: [Activation] =
      switch recurrence.cell {
      case .rnn: [recurrence.activation]
      case .gru: [recurrence.gateActivation, recurrence.activation]
      case .lstm: [recurrence.gateActivation, recurrence.activation, recurrence.activation]
      }
    var names: [String] = []
    var (alphas, betas): ([Double], [Double]) = ([], [])
    for activation in all {
      guard let (name, alpha, beta) = ONNXGates.function(activation) else {
        throw noRecurrence(step, activation.rawValue)
      }
      names.append(name)
      if let alpha { alphas.append(alpha) }
      if let beta { betas.append(beta) }
    }
    var attributes: [String: ONNXAttribute] = ["activations": .texts(names)]
    if !alphas.isEmpty { attributes["activation_alpha"] = .floats(alphas) }
    if !betas.isEmpty { attributes["activation_beta"] = .floats(betas) }
    return attributes
  }

  private func noRecurrence(_ step: Step, _ what: String) -> CodedError {
    CodedError(
      .noCounterpart,
      "`\(step.layer)` (\(program.layer(step)?.kindName ?? "a layer")) uses \(what), which ONNX does not have within a "
        + "recurrent layer. Use tanh, sigmoid, relu, linear, leaky_relu, elu or softplus.")
  }
}

/// Where nbs and ONNX differ about gates.
enum ONNXGates {
  /// Which of nbs's gates stands at each of ONNX's places: i o f g for i f g o; a GRU's are z r n in both.
  static func order(_ cell: RecurrentCell) -> [Int] {
    switch cell {
    case .rnn: [0]
    case .lstm: [0, 3, 1, 2]
    case .gru: [0, 1, 2]
    }
  }

  /// A gate's activation, and the numbers that it takes; nil where the format has none.
  static func function(_ activation: Activation) -> (name: String, alpha: Double?, beta: Double?)? {
    switch activation {
    case .tanh: ("Tanh", nil, nil)
    case .sigmoid: ("Sigmoid", nil, nil)
    case .relu: ("Relu", nil, nil)
    case .linear: ("Affine", 1, 0)
    case .leakyReLU: ("LeakyRelu", 0.2, nil)
    case .elu: ("Elu", 1, nil)
    case .softplus: ("Softplus", nil, nil)
    case .gelu, .selu, .softmax, .step: nil
    }
  }
}
