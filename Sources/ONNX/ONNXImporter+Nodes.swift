import Foundations
import ModelFiles
import NeuralEngine

/// What each node makes of what is known of its inputs.
extension ONNXImporter {
  mutating func follow(_ node: ONNXNode, _ place: Int) throws {
    let dynamic = node.inputs.filter { known[$0] != nil || evaluator.dynamic.contains($0) }
    for name in dynamic where known[name] == nil { throw unknown(node, place) }
    guard !dynamic.isEmpty, !node.outputs.isEmpty else {
      throw unfit(node, place, "gives what another node or an input gives as well")
    }
    switch node.operation {
    case "Identity", "Dropout", "Cast", "CastLike": known[node.outputs[0]] = known[dynamic[0]]
    case "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze": try reshape(node, place, dynamic[0])
    case "Gemm", "MatMul": try multiply(node, place)
    case "Pad": try pad(node, place)
    case "Conv": try convolve(node, place)
    case "MaxPool", "AveragePool": try pool(node, place)
    case "GlobalMaxPool", "GlobalAveragePool", "ReduceMax", "ReduceMean": try poolWhole(node, place)
    case "BatchNormalization": try normalizeBatch(node, place)
    case "LayerNormalization": try normalizeLayer(node, place)
    case "Gather": try gather(node, place)
    case "Slice": try slice(node, place)
    case "RNN", "LSTM", "GRU": try recur(node, place)
    case "Scan": try scan(node, place)
    case "Scaler": try scale(node, place)
    case "Add", "Sum", "Sub", "Mul", "Div", "Max", "Mean", "Concat": try combine(node, place, dynamic)
    default:
      guard let activation = try activation(node, place) else { throw unknown(node, place) }
      try activate(node, dynamic[0], activation)
    }
  }

  // MARK: - Other shapes

  private mutating func reshape(_ node: ONNXNode, _ place: Int, _ input: String) throws {
    guard var value = known[input] else { return }
    let (from, to) = (shape(input), shape(node.outputs[0]))
    if node.operation == "Transpose" {
      let order = node.integers("perm") ?? from.indices.reversed()
      // The places of a row by their axes, the one of the rows left out.
      let steps = strides(from.indices.map { $0 == value.batchAxis ? 1 : from[$0] })
      let row = order.filter { $0 != value.batchAxis }
      let moved = offsets(row.map { from[$0] }, row.map { steps[$0] })
      value.map = moved.map { value.map[$0] }
      if let affine = value.affine {
        value.affine?.factor = moved.map { affine.factor[$0] }
        value.affine?.shift = moved.map { affine.shift[$0] }
      }
      value.batchAxis = order.firstIndex(of: value.batchAxis) ?? 0
    } else {
      let before = from[..<value.batchAxis].reduce(1, *)
      let rows = from[value.batchAxis]
      guard
        let axis = to.indices.first(where: { to[$0] == rows && to[..<$0].reduce(1, *) == before })
      else { throw unfit(node, place, "mixes the rows of the data with other axes") }
      value.batchAxis = axis
    }
    known[node.outputs[0]] = value
  }

  // MARK: - Sums

  /// The name that a layer gets.
  func layerName(_ node: ONNXNode, weights: String?, _ kind: String) -> String {
    if model.producer == "nbs" { return String(node.name.split(separator: "/").first ?? "") }
    if let weights, weights.hasSuffix(".weight") { return String(weights.dropLast(7)) }
    // PyTorch calls a node by its way through the modules, Keras by that through the model.
    let parts = node.name.split(separator: "/")
    return parts.count > 1 ? String(parts[parts.count - 2]) : kind
  }

  private mutating func multiply(_ node: ONNXNode, _ place: Int) throws {
    guard let value = known[node.inputs[0]], let matrix = constant(node.input(1)), matrix.shape.count == 2
    else {
      throw unfit(node, place, "multiplies two arrays that both depend on the data, and no layer does")
    }
    let isGemm = node.operation == "Gemm"
    guard !isGemm || node.integer("transA") ?? 0 == 0 else { throw unfit(node, place, "has transA=1") }
    // Outputs x inputs, as here.
    var kernel = isGemm && node.integer("transB") == 1 ? matrix : matrix.transposed([1, 0])
    let (units, width) = (kernel.shape[0], kernel.shape[1])
    guard units > 0, width > 0 else { throw unfit(node, place, "multiplies by an empty matrix") }
    let factor = isGemm ? node.float("alpha") ?? 1 : 1
    if factor != 1 { kernel.values = kernel.values.map { $0 * factor } }
    let rank = shape(node.inputs[0]).count
    let name = layerName(node, weights: node.input(1), "dense")
    var layer = ONNXDraft.Layer(name: name, kind: .dense(units: units), shape: [units])
    let source: [ONNXDraft.Source]
    if rank == 2 {
      guard value.map.count == width else { throw unfit(node, place, "reads \(width) numbers a row") }
      var numbers = value
      let map = numbers.map
      numbers.map = Array(map.indices)
      if let affine = numbers.affine {
        numbers.affine?.factor = ONNXImporter.placed(affine.factor, map)
        numbers.affine?.shift = ONNXImporter.placed(affine.shift, map)
      }
      source = try sources(numbers, as: [width], &layer, node, place)
      var turned = kernel.values
      for unit in 0..<units {
        for (column, target) in map.enumerated() {
          turned[unit * width + target] = kernel.values[unit * width + column]
        }
      }
      kernel.values = turned
    } else {
      guard rank == 3, value.isPlain else {
        throw unfit(node, place, "multiplies an array that is no sequence")
      }
      layer.shape = [value.map.count / width, units]
      source = try sources(value, as: [value.map.count / width, width], &layer, node, place)
    }
    layer.sources = source
    if layer.merge != nil {
      layer.parameters[.kernel] = kernel.values
    } else {
      layer.sources[0].weights = kernel.values
    }
    if isGemm, let bias = node.input(2) {
      guard let numbers = constant(bias), [1, units].contains(numbers.values.count) else {
        throw unfit(node, place, "has a bias that is not a number for each output")
      }
      let beta = node.float("beta") ?? 1
      layer.hasBias = true
      layer.parameters[.bias] = (0..<units).map { numbers.values[numbers.values.count == 1 ? 0 : $0] * beta }
    }
    let count = layer.shape.reduce(1, *)
    let number = draft.add(layer)
    known[node.outputs[0]] = ONNXKnown(.layer(number), batchAxis: value.batchAxis, map: Array(0..<count))
  }

  /// Numbers in the order of a file, in that of nbs.
  static func placed(_ numbers: [Double], _ map: [Int]) -> [Double] {
    var result = numbers
    for (place, target) in map.enumerated() { result[target] = numbers[place] }
    return result
  }

  /// Zeros before a convolution are its padding.
  private mutating func pad(_ node: ONNXNode, _ place: Int) throws {
    let lengths = shape(node.inputs[0])
    let pads = constant(node.input(1))?.values.map { Int($0) } ?? node.integers("pads") ?? []
    let filler = constant(node.input(2))?.values.first ?? node.float("value") ?? 0
    guard let value = known[node.inputs[0]], node.text("mode") ?? "constant" == "constant", filler == 0,
      pads.count == 2 * lengths.count, lengths.count > 2, pads[0] == 0, pads[1] == 0,
      pads[lengths.count] == 0,
      pads[lengths.count + 1] == 0,
      model.graph.nodes.allSatisfy({ !$0.inputs.contains(node.outputs[0]) || $0.operation == "Conv" })
    else { throw unknown(node, place) }
    known[node.outputs[0]] = value
    padded[node.outputs[0]] = (
      Array(lengths[2...]), Array(pads[2..<lengths.count]) + Array(pads[(lengths.count + 2)...])
    )
  }

  private mutating func convolve(_ node: ONNXNode, _ place: Int) throws {
    guard let value = known[node.inputs[0]], let kernel = constant(node.input(1)),
      (3...5).contains(kernel.shape.count)
    else {
      throw unfit(node, place, "has filters that depend on the data, or a number of axes other than 1 to 3")
    }
    let lengths = shape(node.inputs[0])
    var windowed = node
    if let (_, pads) = padded[node.inputs[0]] {
      let own = node.integers("pads") ?? pads.map { _ in 0 }
      guard own.count == pads.count, ["NOTSET", "VALID"].contains(node.text("auto_pad") ?? "NOTSET") else {
        throw unfit(node, place, "pads what has been padded before")
      }
      windowed.attributes["pads"] = .integers(zip(own, pads).map(+))
    }
    let frame = try ONNXWindow(
      windowed, Array(kernel.shape[2...]), over: padded[node.inputs[0]]?.lengths ?? Array(lengths[2...]))
    guard let fit = ONNXFit(frame) else {
      throw unfit(
        node, place,
        "has pads \(frame.before.shapeText) before and \(frame.after.shapeText) after, which are neither padding=valid nor "
          + "padding=same of any filter. Export the network with such a padding")
    }
    let filters = kernel.shape[0]
    var layer = ONNXDraft.Layer(
      name: layerName(node, weights: node.input(1), "conv"),
      kind: .convolution(filters: filters, fit.window, groups: node.integer("group") ?? 1),
      shape: frame.output + [filters])
    layer.sources = try sources(
      value, as: frame.input + [lengths[1]], isChannelsFirst: true, &layer, node, place)
    // Filters x channels x window become filters x window x channels.
    let numbers = fit.widened(kernel).channelsLast.values
    if layer.merge == nil { layer.sources[0].weights = [] }
    layer.parameters[.kernel] = numbers
    if let bias = node.input(2) {
      guard let bias = constant(bias) else { throw unfit(node, place, "has biases that depend on the data") }
      layer.hasBias = true
      layer.parameters[.bias] = bias.values
    }
    let shape = layer.shape
    let number = draft.add(layer)
    known[node.outputs[0]] = ONNXKnown(.layer(number), map: ONNXKnown.channelsFirst(shape))
  }

  private mutating func pool(_ node: ONNXNode, _ place: Int) throws {
    guard let value = known[node.inputs[0]], let size = node.integers("kernel_shape") else { return }
    let lengths = shape(node.inputs[0])
    let frame = try ONNXWindow(node, size, over: Array(lengths[2...]))
    guard let fit = ONNXFit(frame), fit.isExact, frame.dilation.allSatisfy({ $0 == 1 }) else {
      throw unfit(
        node, place,
        "has pads \(frame.before.shapeText) before and \(frame.after.shapeText) after over \(frame.input.shapeText), or a "
          + "dilation, which no pool has here: pads are those of padding=valid or padding=same")
    }
    let isPadded = (frame.before + frame.after).contains { $0 > 0 }
    if node.integer("count_include_pad") == 1, isPadded {
      throw unfit(node, place, "counts the zeros at the edges (count_include_pad=1), and pools here do not")
    }
    let pool = Pool(node.operation == "MaxPool" ? .max : .avg, fit.window)
    try add(
      .pool(pool), frame.output + [lengths[1]], value, as: frame.input + [lengths[1]], isChannelsFirst: true,
      node, place,
      node.operation == "MaxPool" ? "maxpool" : "avgpool")
  }

  private mutating func poolWhole(_ node: ONNXNode, _ place: Int) throws {
    guard let value = known[node.inputs[0]] else { return }
    let lengths = shape(node.inputs[0])
    var isFirst = true
    let rank = lengths.count
    if node.operation.hasPrefix("Reduce") {
      let wanted = constant(node.input(1))?.values.map { Int($0) } ?? node.integers("axes") ?? []
      let axes = wanted.map { $0 < 0 ? $0 + rank : $0 }.sorted()
      isFirst = axes == Array(2..<max(rank, 2))
      guard rank > 2, isFirst || axes == Array(1..<rank - 1) else {
        throw unfit(
          node, place,
          "takes axes together that are not all but the channels. The nearest layer is `globalavgpool`")
      }
    }
    let channels = isFirst ? lengths[1] : lengths[rank - 1]
    let spatial = Array(isFirst ? lengths[2...] : lengths[1..<rank - 1])
    let isMax = node.operation.hasSuffix("MaxPool") || node.operation == "ReduceMax"
    try add(
      .globalPool(isMax ? .max : .avg), [channels], value, as: spatial + [channels], isChannelsFirst: isFirst,
      node, place,
      isMax ? "globalmaxpool" : "globalavgpool")
  }

  private mutating func normalizeBatch(_ node: ONNXNode, _ place: Int) throws {
    guard let value = known[node.inputs[0]], let gamma = constant(node.input(1)),
      let beta = constant(node.input(2)),
      let mean = constant(node.input(3)), let variance = constant(node.input(4))
    else { throw unfit(node, place, "has parameters that depend on the data") }
    let lengths = shape(node.inputs[0])
    let own = Array(lengths[2...]) + [lengths[1]]
    let momentum = node.float("momentum") ?? 0.9
    let options = BatchNorm(
      momentum: (0..<1).contains(momentum) ? momentum : 0.9, epsilon: node.float("epsilon") ?? 1e-5)
    try add(
      .batchNorm(options), own, value, as: own, isChannelsFirst: own.count > 1, node, place, "batchnorm",
      [.gamma: gamma.values, .beta: beta.values, .mean: mean.values, .variance: variance.values])
  }

  private mutating func normalizeLayer(_ node: ONNXNode, _ place: Int) throws {
    guard let value = known[node.inputs[0]], let gamma = constant(node.input(1)) else {
      throw unfit(node, place, "has parameters that depend on the data")
    }
    let own = Array(shape(node.inputs[0]).dropFirst())
    let axis = node.integer("axis") ?? -1
    guard axis == -1 || axis == own.count else {
      throw unfit(node, place, "normalises more than the last axis, and `layernorm` does that alone")
    }
    let beta = constant(node.input(2))?.values ?? gamma.values.map { _ in 0 }
    try add(
      .layerNorm(epsilon: node.float("epsilon") ?? 1e-5), own, value, as: own, isChannelsFirst: false, node,
      place,
      "layernorm", [.gamma: gamma.values, .beta: beta])
  }

  /// Adds a layer of one input.
  private mutating func add(
    _ kind: Layer.Kind, _ shape: [Int], _ value: ONNXKnown, as own: [Int], isChannelsFirst: Bool,
    _ node: ONNXNode,
    _ place: Int, _ name: String, _ parameters: [ParameterRole: [Double]] = [:], weights: String? = nil
  ) throws {
    var layer = ONNXDraft.Layer(
      name: layerName(node, weights: weights ?? node.input(1), name), kind: .other(kind), shape: shape)
    layer.sources = try sources(value, as: own, isChannelsFirst: isChannelsFirst, &layer, node, place)
    layer.parameters = parameters
    let number = draft.add(layer)
    let isFirst = isChannelsFirst && shape.count > 1
    known[node.outputs[0]] = ONNXKnown(
      .layer(number), map: isFirst ? ONNXKnown.channelsFirst(shape) : Array(0..<shape.reduce(1, *)))
  }

  private mutating func gather(_ node: ONNXNode, _ place: Int) throws {
    if let table = constant(node.input(0)), let value = known[node.inputs[1]] {
      let lengths = shape(node.inputs[1])
      guard table.shape.count == 2, lengths.count == 2, node.integer("axis") ?? 0 == 0 else {
        throw unfit(node, place, "takes rows of an array that is not vocabulary x dimension")
      }
      try add(
        .embedding(vocabulary: table.shape[0], dimension: table.shape[1]), [lengths[1], table.shape[1]],
        value,
        as: [lengths[1]], isChannelsFirst: false, node, place, "embedding", [.kernel: table.values],
        weights: node.input(0))
      return
    }
    guard let indices = constant(node.input(1)), indices.values.count == 1 else { throw unknown(node, place) }
    let lengths = shape(node.inputs[0])
    let axis = node.integer("axis") ?? 0
    try takeStep(
      node, place, axis: axis < 0 ? axis + lengths.count : axis, index: Int(indices.values[0]))
  }

  private mutating func slice(_ node: ONNXNode, _ place: Int) throws {
    let lengths = shape(node.inputs[0])
    let starts = constant(node.input(1))?.values ?? node.integers("starts")?.map(Double.init) ?? []
    let axes = constant(node.input(3))?.values ?? node.integers("axes")?.map(Double.init) ?? [0]
    let result = shape(node.outputs[0])
    // A slice of everything changes nothing.
    if result == lengths { return known[node.outputs[0]] = known[node.inputs[0]] }
    guard starts.count == 1, axes.count == 1, let start = Int(exactly: starts[0]),
      let axis = Int(exactly: axes[0])
    else {
      throw unfit(node, place, "takes a part of an array, and no layer does")
    }
    let own = axis < 0 ? axis + lengths.count : axis
    guard lengths.indices.contains(own), result[own] == 1 else {
      throw unfit(node, place, "takes a part of an array, and no layer does")
    }
    try takeStep(node, place, axis: own, index: start)
  }

  /// The last step of what a recurrent layer gives: the layer then gives it alone.
  private mutating func takeStep(_ node: ONNXNode, _ place: Int, axis: Int, index: Int) throws {
    let lengths = shape(node.inputs[0])
    guard var value = known[node.inputs[0]], case .layer(let number) = value.content, value.affine == nil,
      case .recurrent(let cell, let units, let gates, true, let isReversed, nil) = draft.layers[number].kind,
      isReadOnce(node.inputs[0]), value.isPlain, value.batchAxis != axis,
      lengths[axis] == draft.layers[number].shape[0],
      lengths.indices.first(where: { $0 != value.batchAxis && lengths[$0] > 1 }) ?? axis == axis,
      (index < 0 ? index + lengths[axis] : index) == (isReversed ? 0 : lengths[axis] - 1)
    else {
      throw unfit(
        node, place,
        "takes one place of an array. Only the last step of a recurrent layer of one direction can be taken")
    }
    draft.layers[number].kind = .recurrent(
      cell, units: units, gates: gates, returnsAll: false, isReversed: isReversed, both: nil)
    draft.layers[number].shape = [units]
    if axis < value.batchAxis, shape(node.outputs[0]).count < lengths.count { value.batchAxis -= 1 }
    value.map = Array(0..<units)
    known[node.outputs[0]] = value
  }

  /// scikit-learn's `StandardScaler` and its like.
  private mutating func scale(_ node: ONNXNode, _ place: Int) throws {
    guard let value = known[node.inputs[0]] else { return }
    let count = value.map.count
    func all(_ name: String, _ rest: Double) -> [Double] {
      let own = node.floats(name) ?? [rest]
      return own.count == count ? own : [Double](repeating: own.first ?? rest, count: count)
    }
    let (offset, factor) = (all("offset", 0), all("scale", 1))
    try apply(factor, zip(offset, factor).map { -$0 * $1 }, to: value, node, place)
  }

  // MARK: - Recurrent layers

  private mutating func recur(_ node: ONNXNode, _ place: Int) throws {
    guard let value = known[node.inputs[0]], let w = constant(node.input(1)), let r = constant(node.input(2))
    else {
      throw unfit(node, place, "has weights that depend on the data")
    }
    let cell: RecurrentCell = node.operation == "LSTM" ? .lstm : node.operation == "GRU" ? .gru : .rnn
    let lengths = shape(node.inputs[0])
    if let given = constant(node.input(4)), given.values.contains(where: { $0 != Double(lengths[0]) }) {
      throw unfit(node, place, "has sequences of several lengths")
    }
    if cell == .gru, node.integer("linear_before_reset") ?? 0 == 0 {
      throw unfit(
        node, place,
        "has linear_before_reset=0: its reset gate works before the matrix, and a `gru` here, in PyTorch and in Keras with "
          + "reset_after works behind it")
    }
    if node.integer("input_forget") == 1 { throw unfit(node, place, "couples its input and forget gates") }
    let (units, features) = (r.shape[2], w.shape[2])
    let directions = w.shape[0]
    let usesAll = node.outputs.first.map { !$0.isEmpty && readers[$0] != nil } ?? false
    let usesLast = node.outputs.count > 1 && readers[node.outputs[1]] != nil
    guard !(usesAll && usesLast), !(node.outputs.count > 2 && readers[node.outputs[2]] != nil) else {
      throw unfit(
        node, place,
        "gives both all steps and its last state, or its cells, and a layer here gives one of them")
    }
    let (gates, activation) = try activations(node, place, cell, directions)
    let width = directions * units
    var layer = ONNXDraft.Layer(
      name: layerName(node, weights: nil, cell.rawValue),
      kind: .recurrent(
        cell, units: units, gates: gates, returnsAll: usesAll,
        isReversed: node.text("direction") == "reverse",
        both: directions == 2 ? .concat : nil),
      shape: usesAll ? [lengths[0], width] : [width], activation: activation)
    layer.sources = try sources(value, as: [lengths[0], features], &layer, node, place)
    guard value.batchAxis == 1 else { throw unfit(node, place, "reads rows where its steps should be") }
    layer.hasBias = node.input(3) != nil
    let bias = constant(node.input(3))?.values
    for direction in 0..<directions { take(cell, units, features, direction, w, r, bias, &layer) }
    let number = draft.add(layer)
    let steps = lengths[0]
    if usesAll {
      known[node.outputs[0]] = ONNXKnown(.layer(number), batchAxis: 2, map: Array(0..<steps * width))
    } else if node.outputs.count > 1 {
      known[node.outputs[1]] = ONNXKnown(.layer(number), batchAxis: 1, map: Array(0..<width))
    }
  }

  /// Takes a direction's parameters over, in the order of the gates here.
  private func take(
    _ cell: RecurrentCell, _ units: Int, _ features: Int, _ direction: Int, _ w: ONNXTensor, _ r: ONNXTensor,
    _ bias: [Double]?, _ layer: inout ONNXDraft.Layer
  ) {
    let order = ONNXGates.order(cell)
    let gates = order.count
    /// Gate `order[g]` of nbs stands at place g of the file.
    func turned(_ numbers: ArraySlice<Double>, _ width: Int) -> [Double] {
      var result = [Double](repeating: 0, count: numbers.count)
      let block = units * width
      for (place, gate) in order.enumerated() {
        for step in 0..<block {
          result[gate * block + step] = numbers[numbers.startIndex + place * block + step]
        }
      }
      return result
    }
    let rows = gates * units
    let isFirst = direction == 0
    layer.parameters[isFirst ? .kernel : .backwardKernel] = turned(
      w.values[direction * rows * features..<(direction + 1) * rows * features], features)
    layer.parameters[isFirst ? .recurrent : .backwardRecurrent] = turned(
      r.values[direction * rows * units..<(direction + 1) * rows * units], units)
    guard let bias else { return }
    let own = turned(bias[direction * 2 * rows..<direction * 2 * rows + rows], 1)
    let recurrent = turned(bias[direction * 2 * rows + rows..<(direction + 1) * 2 * rows], 1)
    if cell == .gru {
      layer.parameters[isFirst ? .bias : .backwardBias] = own
      layer.parameters[isFirst ? .recurrentBias : .backwardRecurrentBias] = recurrent
    } else {
      // Two biases that are added are one.
      layer.parameters[isFirst ? .bias : .backwardBias] = zip(own, recurrent).map(+)
    }
  }

  private func activations(
    _ node: ONNXNode, _ place: Int, _ cell: RecurrentCell, _ directions: Int
  ) throws -> (gates: Activation, activation: Activation) {
    let rest: [String] =
      switch cell {
      case .rnn: ["Tanh"]
      case .gru: ["Sigmoid", "Tanh"]
      case .lstm: ["Sigmoid", "Tanh", "Tanh"]
      }
    let names = node.texts("activations") ?? [[String]](repeating: rest, count: directions).flatMap { $0 }
    var alphas = (node.floats("activation_alpha") ?? [])[...]
    var found: [Activation] = []
    for name in names {
      let activation: Activation? =
        switch name.lowercased() {
        case "tanh": .tanh
        case "sigmoid": .sigmoid
        case "relu": .relu
        case "softplus": .softplus
        case "affine": alphas.popFirst() ?? 1 == 1 ? .linear : nil
        case "elu": alphas.popFirst() ?? 1 == 1 ? .elu : nil
        case "leakyrelu": abs((alphas.popFirst() ?? 0.01) - 0.2) < 1e-6 ? .leakyReLU : nil
        default: nil
        }
      guard let activation else {
        throw unfit(node, place, "has the activation \(name.shownName), which no recurrent layer has here")
      }
      found.append(activation)
    }
    guard found.count == rest.count * directions,
      found.prefix(rest.count) + [] == found.suffix(rest.count) + [],
      cell != .lstm || found[1] == found[2]
    else { throw unfit(node, place, "has different activations for its directions, or for cell and output") }
    return cell == .rnn ? (.sigmoid, found[0]) : (found[0], found[1])
  }
}
