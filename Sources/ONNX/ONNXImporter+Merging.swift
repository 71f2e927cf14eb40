import Foundations
import ModelFiles
import NeuralEngine

/// Activations, sums of several values, and what is done to numbers one by one.
extension ONNXImporter {
  // MARK: - Sources

  /// The layers that a value comes from, as edges into a layer that reads an array of a shape. What cannot be an edge
  /// becomes a layer of its own first.
  mutating func sources(
    _ value: ONNXKnown, as shape: [Int], isChannelsFirst: Bool = false, _ layer: inout ONNXDraft.Layer,
    _ node: ONNXNode,
    _ place: Int
  ) throws -> [ONNXDraft.Source] {
    let value = try plain(value, node, place)
    let wanted =
      isChannelsFirst && shape.count > 1 ? ONNXKnown.channelsFirst(shape) : Array(0..<shape.reduce(1, *))
    guard value.map == wanted else {
      throw unfit(
        node, place,
        "reads numbers in an order that only a permutation brings about, and no layer permutes. Change the order where the "
          + "network was made")
    }
    switch value.content {
    case .layer(let number): return [ONNXDraft.Source(layer: reshaped(number, shape))]
    case .merged(let merge, let layers):
      guard contentShape(value) == shape else {
        return [ONNXDraft.Source(layer: reshaped(try whole(value, named: "merged"), shape))]
      }
      layer.merge = merge
      return layers.map { ONNXDraft.Source(layer: $0) }
    }
  }

  /// The shape of what a value comes from.
  func contentShape(_ value: ONNXKnown) -> [Int] {
    switch value.content {
    case .layer(let number): return draft.layers[number].shape
    case .merged(let merge, let layers):
      let shape = draft.layers[layers[0]].shape
      guard merge == .concat else { return shape }
      return shape.dropLast() + [layers.reduce(0) { $0 + (draft.layers[$1].shape.last ?? 0) }]
    }
  }

  /// A layer whose numbers are read in a shape.
  private mutating func reshaped(_ number: Int, _ shape: [Int]) -> Int {
    if draft.layers[number].shape == shape { return number }
    let kind: Layer.Kind = shape.count == 1 ? .flatten : .reshape(shape)
    // One that is there already.
    if let known = draft.layers.firstIndex(where: {
      $0.sources.count == 1 && $0.sources[0].layer == number && $0.shape == shape && $0.made.kind == kind
    }) {
      return known
    }
    return draft.add(
      ONNXDraft.Layer(
        name: shape.count == 1 ? "flat" : "shape", kind: .other(kind), shape: shape,
        sources: [ONNXDraft.Source(layer: number)]))
  }

  /// A value as one layer's; merged ones by a layer that only passes on.
  mutating func whole(_ value: ONNXKnown, named name: String) throws -> Int {
    switch value.content {
    case .layer(let number): return number
    case .merged(let merge, let layers):
      return draft.add(
        ONNXDraft.Layer(
          name: name, kind: .other(.dropout(0)), shape: contentShape(value),
          sources: layers.map { ONNXDraft.Source(layer: $0) }, merge: merge))
    }
  }

  // MARK: - Number by number

  /// Notes that numbers are multiplied and added to.
  mutating func apply(
    _ factor: [Double], _ shift: [Double], to value: ONNXKnown, _ node: ONNXNode, _ place: Int
  ) throws {
    var value = value
    if try prepare(factor, shift, value, node) { return known[node.outputs[0]] = value }
    value.isData = false
    var affine = value.affine ?? ONNXAffine(count: value.map.count)
    for place in factor.indices {
      affine.shift[place] = affine.shift[place] * factor[place] + shift[place]
      affine.factor[place] *= factor[place]
    }
    value.affine = affine
    // What is added to sums is their bias.
    if affine.isShift, case .layer(let number) = value.content, draft.layers[number].isLinear,
      canChange(number, node),
      let numbers = perUnit(affine.shift, value, number)
    {
      let old = draft.layers[number].parameters[.bias]
      draft.layers[number].parameters[.bias] = old.map { zip($0, numbers).map(+) } ?? numbers
      draft.layers[number].hasBias = true
      value.affine = nil
    }
    known[node.outputs[0]] = value
  }

  /// What is done to data before anything else is its preparation.
  private mutating func prepare(
    _ factor: [Double], _ shift: [Double], _ value: ONNXKnown, _ node: ONNXNode
  ) throws -> Bool {
    guard value.isData, case .layer(let number) = value.content,
      let place = entries.firstIndex(where: { $0.layer == number }),
      node.inputs.allSatisfy({ known[$0] == nil || isReadOnce($0) }),
      factor.allSatisfy({ $0 != 0 && $0.isFinite }),
      shift.allSatisfy(\.isFinite)
    else { return false }
    let (factors, shifts) = (ONNXImporter.placed(factor, value.map), ONNXImporter.placed(shift, value.map))
    var scale = entries[place].scale ?? ONNXAffine(count: factor.count)
    for (own, target) in entries[place].map.enumerated() {
      scale.shift[own] = scale.shift[own] * factors[target] + shifts[target]
      scale.factor[own] *= factors[target]
    }
    entries[place].scale = scale
    return true
  }

  /// Whether a layer may still become another: nobody but this node reads what it gives.
  private func canChange(_ number: Int, _ node: ONNXNode) -> Bool {
    !draft.layers.contains { $0.sources.contains { $0.layer == number } }
      && node.inputs.filter { known[$0] != nil }.allSatisfy { input in
        guard case .layer(let own) = known[input]?.content, own == number else { return true }
        return isReadOnce(input)
      }
  }

  /// Numbers for each number of a row, as one for each unit or filter; nil where they differ within one.
  private func perUnit(_ numbers: [Double], _ value: ONNXKnown, _ number: Int) -> [Double]? {
    let units = draft.layers[number].shape.last ?? 1
    let own = ONNXImporter.placed(numbers, value.map)
    let first = Array(own.prefix(units))
    return own.indices.allSatisfy { own[$0] == first[$0 % units] } ? first : nil
  }

  /// A value to which nothing more is to be done: what is, becomes part of a layer.
  mutating func plain(_ value: ONNXKnown, _ node: ONNXNode, _ place: Int) throws -> ONNXKnown {
    guard let affine = value.affine else { return value }
    var value = value
    value.affine = nil
    if affine.isShift, affine.isFactor { return value }
    guard case .layer(let number) = value.content else {
      value.content = .layer(try whole(value, named: "merged"))
      value.affine = affine
      return try plain(value, node, place)
    }
    let isSame =
      perUnit(affine.factor, value, number) != nil && perUnit(affine.shift, value, number) != nil
    if !isSame, value.isPlain, value.batchAxis == 0, draft.layers[number].shape.count > 1,
      !draft.isSequence(number)
    {
      // An array that is read as a row, whose numbers have a factor each.
      let row = reshaped(number, [value.map.count])
      value.content = .layer(scaling(row, affine.factor, affine.shift, .linear))
      return value
    }
    guard let factor = perUnit(affine.factor, value, number), let shift = perUnit(affine.shift, value, number)
    else {
      throw unfit(
        node, place,
        "reads numbers that were each multiplied by another one within a channel, which no layer does")
    }
    value.content = .layer(scaling(number, factor, shift, .linear))
    return value
  }

  /// A layer that multiplies each unit or channel by a number and adds another, then applies an activation.
  private mutating func scaling(
    _ number: Int, _ factor: [Double]?, _ shift: [Double]?, _ activation: Activation
  ) -> Int {
    let shape = draft.layers[number].shape
    let units = shape.last ?? 1
    var layer = ONNXDraft.Layer(
      name: activation == .linear ? "scale" : activation.rawValue, kind: .dense(units: units), shape: shape,
      sources: [
        ONNXDraft.Source(layer: number, type: factor == nil ? .identity : .one, weights: factor ?? [])
      ],
      activation: activation)
    if shape.count > 1, !draft.isSequence(number) {
      // A filter of one place for each channel; its ones are not to be learned.
      layer.kind = .convolution(filters: units, Window(shape.dropLast().map { _ in 1 }), groups: units)
      layer.sources = [ONNXDraft.Source(layer: number, isTrainable: factor != nil)]
      layer.parameters[.kernel] = factor ?? [Double](repeating: 1, count: units)
    }
    if let shift {
      layer.hasBias = true
      layer.parameters[.bias] = shift
    }
    return draft.add(layer)
  }

  // MARK: - Activations

  /// The activation that a node applies; nil for a node of another kind.
  func activation(_ node: ONNXNode, _ place: Int) throws -> Activation? {
    switch node.operation {
    case "Relu": return .relu
    case "Sigmoid": return .sigmoid
    case "Tanh": return .tanh
    case "Softplus": return .softplus
    case "Selu": return .selu
    case "Elu":
      guard (node.float("alpha") ?? 1) == 1 else {
        throw unfit(node, place, "has alpha=\(node.float("alpha") ?? 1), and `elu` has 1 here")
      }
      return .elu
    case "LeakyRelu":
      let slope = node.float("alpha") ?? 0.01
      guard abs(slope - 0.2) < 1e-6 else {
        throw unfit(
          node, place,
          "has the slope \(Float(slope)), and `leaky_relu` has 0.2 here as in Keras. Train it with negative_slope=0.2"
        )
      }
      return .leakyReLU
    case "Gelu":
      guard node.text("approximate") != "tanh" else {
        throw unfit(node, place, "is the approximation by tanh, and `gelu` is the exact one here")
      }
      return .gelu
    case "Softmax":
      let shape = shape(node.inputs[0])
      let axis = node.integer("axis") ?? (model.opset < 13 ? 1 : -1)
      guard let value = known[node.inputs[0]], let channels = contentShape(value).last else {
        return .softmax
      }
      let own = axis < 0 ? axis + shape.count : axis
      // The axis must be that of the channels here.
      let steps = strides(shape)
      guard shape.indices.contains(own), shape[own] == channels, own != value.batchAxis,
        value.map.count == channels
          || (value.batchAxis == 0 && value.map[min(steps[own], value.map.count - 1)] == value.map[0] + 1)
      else { throw unfit(node, place, "goes over an axis that is not that of the units or channels") }
      return .softmax
    case "Greater":
      guard constant(node.input(1))?.values == [0] else { return nil }
      return .step
    default: return nil
    }
  }

  mutating func activate(_ node: ONNXNode, _ input: String, _ activation: Activation) throws {
    guard let read = known[input] else { return }
    // What is done to sums before can be done by their weights.
    var value = try plain(read, node, 0)
    if case .layer(let number) = value.content, draft.layers[number].isLinear, canChange(number, node) {
      draft.layers[number].activation = activation
    } else if case .merged(.add, let layers) = value.content, draft.layers[layers[0]].shape.count == 1 {
      value.content = .layer(
        draft.add(
          ONNXDraft.Layer(
            name: named(node, activation), kind: .dense(units: draft.layers[layers[0]].shape[0]),
            shape: draft.layers[layers[0]].shape,
            sources: layers.map { ONNXDraft.Source(layer: $0, type: .identity) },
            activation: activation)))
    } else {
      let number = try whole(value, named: "merged")
      let made = scaling(number, nil, nil, activation)
      value.content = .layer(made)
    }
    known[node.outputs[0]] = value
  }

  private func named(_ node: ONNXNode, _ activation: Activation) -> String {
    model.producer == "nbs" ? String(node.name.split(separator: "/").first ?? "") : activation.rawValue
  }

  // MARK: - Several values

  mutating func combine(_ node: ONNXNode, _ place: Int, _ dynamic: [String]) throws {
    if dynamic.count == 1, node.inputs.count == 2 { return try combineConstant(node, place, dynamic[0]) }
    if dynamic.count == 1, node.inputs.count == 1 { return known[node.outputs[0]] = known[dynamic[0]] }
    guard dynamic.count == node.inputs.count else { throw unknown(node, place) }
    let values = dynamic.compactMap { known[$0] }
    let merge: Merge
    switch node.operation {
    case "Add", "Sum": merge = .add
    case "Mul": merge = .mul
    case "Max": merge = .max
    case "Mean": merge = .avg
    case "Concat": merge = .concat
    default:
      throw unfit(node, place, "combines two arrays that depend on the data in a way that no layer has")
    }
    if merge == .add, values.count == 2 {
      if try addAverage(node, values) { return }
      if try addEdges(node, place, values[0], values[1]) { return }
      if try addEdges(node, place, values[1], values[0]) { return }
    }
    try join(node, place, merge, values)
  }

  /// A number, or one for each number of a row.
  private mutating func combineConstant(_ node: ONNXNode, _ place: Int, _ name: String) throws {
    guard let value = known[name], let other = node.inputs.first(where: { $0 != name }),
      let tensor = constant(other)
    else {
      throw unknown(node, place)
    }
    var row = shape(name)
    guard shape(node.outputs[0]) == row else { throw unfit(node, place, "repeats its numbers along an axis") }
    let axis = row.count - 1 - value.batchAxis
    // Whatever differs from row to row is no constant of a layer.
    if axis < tensor.shape.count, tensor.shape[tensor.shape.count - 1 - axis] != 1 {
      throw unfit(node, place, "combines each row of the data with another number")
    }
    row[value.batchAxis] = 1
    let call = ONNXCall(node: node, inputs: [], opset: model.opset, room: 1 << 30)
    let numbers = call.spread(tensor, row)
    let isFirst = node.inputs[0] == name
    let ones = numbers.map { _ in 1.0 }
    let zeros = numbers.map { _ in 0.0 }
    switch node.operation {
    case "Add", "Sum": try apply(ones, numbers, to: value, node, place)
    case "Sub" where isFirst: try apply(ones, numbers.map { -$0 }, to: value, node, place)
    case "Sub": try apply(ones.map { -$0 }, numbers, to: value, node, place)
    case "Mul": try apply(numbers, zeros, to: value, node, place)
    case "Div" where isFirst: try apply(numbers.map { 1 / $0 }, zeros, to: value, node, place)
    default: throw unknown(node, place)
    }
  }

  /// Parts that were each multiplied by the same share are a mean as soon as all are there.
  private mutating func addAverage(_ node: ONNXNode, _ values: [ONNXKnown]) throws -> Bool {
    guard let a = values[0].affine, let b = values[1].affine, a.isFactor, b.isFactor,
      let share = a.factor.first,
      (a.factor + b.factor).allSatisfy({ $0 == share }), values[0].map == values[1].map, share < 1
    else { return false }
    var layers: [Int] = []
    for value in values {
      switch value.content {
      case .layer(let number): layers.append(number)
      case .merged(.add, let numbers): layers += numbers
      case .merged: return false
      }
    }
    guard Set(layers).count == layers.count, let shapes = alike(layers, values, node) else { return false }
    layers = shapes
    var joined = values[0]
    joined.content = .merged(.add, layers)
    if abs(share * Double(layers.count) - 1) < 1e-6 {
      joined.content = .merged(.avg, layers)
      joined.affine = nil
    }
    known[node.outputs[0]] = joined
    return true
  }

  /// Layers that are read in one shape: those that are rows in the file are rows here.
  ///
  /// - Returns: nil where their numbers do not stand alike.
  private mutating func alike(_ layers: [Int], _ values: [ONNXKnown], _ node: ONNXNode) -> [Int]? {
    let shape = draft.layers[layers[0]].shape
    if layers.allSatisfy({ draft.layers[$0].shape == shape }) { return layers }
    guard values.allSatisfy(\.isPlain) else { return nil }
    var row = self.shape(node.outputs[0])
    row.remove(at: values[0].batchAxis)
    var result: [Int] = []
    for layer in layers { result.append(reshaped(layer, row)) }
    return result
  }

  /// A dense layer's sums and another value: one more edge into the layer.
  private mutating func addEdges(
    _ node: ONNXNode, _ place: Int, _ sums: ONNXKnown, _ other: ONNXKnown
  ) throws -> Bool {
    guard case .layer(let number) = sums.content, sums.affine == nil, draft.layers[number].isDense,
      draft.layers[number].isLinear, draft.layers[number].merge == nil, canChange(number, node),
      sums.map == other.map,
      sums.batchAxis == other.batchAxis, sums.isPlain, case .layer(let read) = other.content,
      read != number
    else { return false }
    var second = read
    let own = draft.layers[number].sources.map(\.layer)
    let layer = draft.layers[second]
    let isView = layer.shape != draft.layers[number].shape
    guard !isView || draft.layers[number].shape.count == 1 else { return false }
    if other.affine == nil, !isView, layer.isDense, layer.isLinear, layer.merge == nil,
      canChange(second, node),
      second == draft.layers.count - 1 || number == draft.layers.count - 1,
      !layer.sources.contains(where: { own.contains($0.layer) })
    {
      // Two layers become one; the later one goes, so that no place changes.
      let (kept, gone) = (min(number, second), max(number, second))
      guard gone == draft.layers.count - 1 else { return false }
      let last = draft.layers[gone]
      draft.layers[kept].sources += last.sources
      if let bias = last.parameters[.bias] {
        let old = draft.layers[kept].parameters[.bias]
        draft.layers[kept].parameters[.bias] = old.map { zip($0, bias).map(+) } ?? bias
        draft.layers[kept].hasBias = true
      }
      draft.layers.removeLast()
      known[node.outputs[0]] = ONNXKnown(.layer(kept), batchAxis: sums.batchAxis, map: sums.map)
      return true
    }
    guard !own.contains(second), draft.layers[number].shape.count == 1 || draft.isSequence(second) else {
      return false
    }
    var source = ONNXDraft.Source(layer: second, type: .identity)
    if let affine = other.affine {
      let factor = isView ? affine.factor : perUnit(affine.factor, other, second)
      guard affine.isFactor, let factor else { return false }
      source.type = .one
      source.weights = factor
    }
    if isView {
      // An array that is read as a row.
      second = reshaped(second, draft.layers[number].shape)
      guard !own.contains(second) else { return false }
      source.layer = second
    }
    draft.layers[number].sources.append(source)
    known[node.outputs[0]] = ONNXKnown(.layer(number), batchAxis: sums.batchAxis, map: sums.map)
    return true
  }

  private mutating func join(_ node: ONNXNode, _ place: Int, _ merge: Merge, _ values: [ONNXKnown]) throws {
    var layers: [Int] = []
    let plainValues = try values.map { try plain($0, node, place) }
    guard plainValues.allSatisfy({ $0.batchAxis == plainValues[0].batchAxis }) else {
      throw unknown(node, place)
    }
    for value in plainValues {
      // A sum of sums is one sum.
      if case .merged(let inner, let numbers) = value.content, inner == merge, merge != .avg {
        layers += numbers
      } else {
        layers.append(try whole(value, named: "merged"))
      }
    }
    // The same twice is no edge: the second is passed on by a layer.
    for (place, number) in layers.enumerated() where layers[..<place].contains(number) {
      layers[place] = draft.add(
        ONNXDraft.Layer(
          name: "again", kind: .other(.dropout(0)), shape: draft.layers[number].shape,
          sources: [ONNXDraft.Source(layer: number)]))
    }
    var joined = plainValues[0]
    if merge == .concat, plainValues.allSatisfy(\.isPlain), shape(node.outputs[0]).count == 2 {
      // Rows, whatever they were.
      for place in layers.indices {
        layers[place] = reshaped(layers[place], [draft.layers[layers[place]].shape.reduce(1, *)])
      }
    }
    if merge == .concat {
      let shapes = layers.map { draft.layers[$0].shape }
      let shape = Array(shapes[0].dropLast()) + [shapes.reduce(0) { $0 + ($1.last ?? 0) }]
      let lengths = self.shape(node.outputs[0])
      let axis = node.integer("axis") ?? 0
      let own = axis < 0 ? axis + lengths.count : axis
      let isFirst =
        shape.count > 1 && plainValues[0].map == ONNXKnown.channelsFirst(contentShape(plainValues[0]))
        && own == 1
      let isFitting =
        isFirst
        ? plainValues.allSatisfy { $0.map == ONNXKnown.channelsFirst(contentShape($0)) }
        : own == lengths.count - 1 && plainValues.allSatisfy(\.isPlain) && lengths.count == shape.count + 1
      guard lengths.indices.contains(own), isFitting else {
        throw unfit(node, place, "joins arrays along an axis that is not that of the units or channels")
      }
      joined.map = isFirst ? ONNXKnown.channelsFirst(shape) : Array(0..<shape.reduce(1, *))
    } else {
      guard plainValues.allSatisfy({ $0.map == joined.map }) else {
        throw unfit(node, place, "combines arrays whose numbers stand in different orders")
      }
      guard let shaped = alike(layers, plainValues, node) else {
        throw unfit(node, place, "combines arrays of different shapes")
      }
      layers = shaped
    }
    joined.content = .merged(merge, layers)
    if let both = bidirectional(merge, layers) {
      joined.content = .layer(both)
    }
    known[node.outputs[0]] = joined
  }

  /// Two recurrent layers that read the same sequence from both ends are one.
  private mutating func bidirectional(_ merge: Merge, _ layers: [Int]) -> Int? {
    guard layers.count == 2, merge != .max, layers[1] == draft.layers.count - 1,
      case .recurrent(let cell, let units, let gates, let all, false, nil) = draft.layers[layers[0]].kind,
      case .recurrent(let otherCell, let otherUnits, let otherGates, let otherAll, true, nil) = draft.layers[
        layers[1]
      ].kind,
      cell == otherCell, units == otherUnits, gates == otherGates, all == otherAll,
      draft.layers[layers[0]].activation == draft.layers[layers[1]].activation,
      draft.layers[layers[0]].hasBias == draft.layers[layers[1]].hasBias,
      draft.layers[layers[0]].merge == nil, draft.layers[layers[1]].merge == nil,
      draft.layers[layers[0]].sources.map(\.layer) == draft.layers[layers[1]].sources.map(\.layer),
      !draft.layers.contains(where: { $0.sources.contains { layers.contains($0.layer) } })
    else { return nil }
    let backward = draft.layers.removeLast()
    let first = layers[0]
    draft.layers[first].kind = .recurrent(
      cell, units: units, gates: gates, returnsAll: all, isReversed: false, both: merge)
    let width = merge == .concat ? 2 * units : units
    draft.layers[first].shape = Array(draft.layers[first].shape.dropLast()) + [width]
    for (role, other): (ParameterRole, ParameterRole) in [
      (.kernel, .backwardKernel), (.recurrent, .backwardRecurrent), (.bias, .backwardBias),
      (.recurrentBias, .backwardRecurrentBias),
    ] {
      draft.layers[first].parameters[other] = backward.parameters[role]
    }
    return first
  }
}
