/// The way back through each operation: from the gradient of its result to those of its inputs.
///
/// The rules are written with the tensors' own operations. Where gradients are themselves to be
/// differentiated, the inputs go in as they are and the rules are recorded in their turn; otherwise plain
/// copies go in.
struct GradientRules {
  /// Whether the gradients are to be differentiable.
  let recording: Bool
  /// The variables that gradients are wanted for, as bits of `dependencies`.
  let wanted: UInt64

  /// The gradients of the inputs of `node`, in their order; nil where none flows.
  func inputGradients(of node: Tensor, _ gradient: Tensor) throws -> [Tensor?] {
    if let details = node.storage.details {
      return try inputGradients(of: node, details.operation, gradient)
    }
    guard let a = node.first else { return [] }
    if let b = node.second {
      let pair = try gradients(of: node, gradient, a, b)
      return [pair.0, pair.1]
    }
    return [try self.gradient(of: node, gradient, a)]
  }

  private func inputGradients(
    of node: Tensor, _ operation: DetailedOperation, _ g: Tensor
  ) throws -> [Tensor?] {
    switch operation {
    case .concatenate(let axis): return try parts(of: g, node.inputs, axis: axis)
    case .custom(let operation): return try operation.backward(outputGradient: g)
    case .write(let writes): return try writeGradients(writes, node.inputs, g)
    default: break
    }
    guard let a = node.first else { return [] }
    switch operation {
    case .clip(let low, let high):
      let isInside = try Tensor.binary(
        .and, .binary(.greaterOrEqual, a, Tensor(low)), .binary(.lessOrEqual, a, Tensor(high)))
      return [try passing(g, where: isInside)]
    case .permute(let axes):
      return [g.permuted(axes.indices.map { axis in axes.firstIndex(of: axis) ?? axis })]
    case .sort:
      let order = try SortingKernels.orderOfRows(a)
      return [g.scattered(.list(order, width: 1), into: a.dimensions)]
    case .gather(let places): return [g.scattered(places, into: a.dimensions)]
    case .scatterAdd(let places): return [g.gathered(places, a.dimensions)]
    default: break
    }
    guard let b = node.second else { return [] }
    switch operation {
    case .choose(let condition):
      return [
        wants(a) ? try Tensor.choose(condition, g, Tensor(0)) : nil,
        wants(b) ? try Tensor.choose(condition, Tensor(0), g) : nil,
      ]
    case .replace(let places):
      return [
        wants(a) ? g.replaced(places, by: try Tensor.zeros([places.count])) : nil,
        wants(b) ? g.gathered(places, b.dimensions) : nil,
      ]
    default: return []
    }
  }

  func wants(_ input: Tensor) -> Bool { input.dependencies & wanted != 0 }

  private func usable(_ tensor: Tensor) -> Tensor { recording ? tensor : tensor.detached() }

  private func parts(of gradient: Tensor, _ inputs: [Tensor], axis: Int) throws -> [Tensor?] {
    var start = 0
    return try inputs.map { input in
      defer { start += input.shape[axis] }
      guard wants(input) else { return nil }
      var indexes = [ArrayIndex](repeating: .all, count: axis + 1)
      indexes[axis] = .slice(start: start, stop: start + input.shape[axis], step: nil)
      return try gradient.selecting(indexes)
    }
  }
}

extension GradientRules {
  /// Operations of one input.
  private func gradient(of node: Tensor, _ g: Tensor, _ a: Tensor) throws -> Tensor? {
    switch node.operation {
    case .alias, .version: g
    case .unary(let operation): try gradient(of: operation, node, g, a)
    case .sum(let axis): try restored(g, axis, a).broadcast(to: a.dimensions)
    case .mean(let axis):
      try restored(g / Tensor(Double(a.length(along: axis))), axis, a).broadcast(to: a.dimensions)
    case .extremum(let axis): try extremumGradient(node, g, a, axis)
    case .norm(let axis): try normGradient(node, g, a, axis)
    case .cumulativeSum(let axis, let backwards): g.runningSum(axis: axis, backwards: !backwards)
    case .softmax(let axis):
      try usable(node) * (g - (g * usable(node)).total(axis: axis, keepDims: true))
    case .logSoftmax(let axis):
      try g - Tensor.unary(.exp, usable(node)) * g.total(axis: axis, keepDims: true)
    case .reshape: g.reshaped(to: a.dimensions)
    case .transpose: g.reversingAxes()
    case .broadcast: try g.summed(to: a.dimensions)
    case .sumToShape: try g.broadcast(to: a.dimensions)
    default: nil
    }
  }

  private func gradient(
    of operation: UnaryOperation, _ node: Tensor, _ g: Tensor, _ a: Tensor
  ) throws -> Tensor? {
    switch operation {
    case .negate: -g
    case .exp: try g * usable(node)
    case .log: try g / usable(a)
    case .sqrt: try g / (Tensor(2) * usable(node))
    case .abs: try g * Tensor.unary(.sign, usable(a))
    case .sin: try g * Tensor.unary(.cos, usable(a))
    case .cos: try -(g * Tensor.unary(.sin, usable(a)))
    case .tan: try g * (Tensor(1) + usable(node) * usable(node))
    case .tanh: try g * (Tensor(1) - usable(node) * usable(node))
    case .sigmoid: try g * (usable(node) * (Tensor(1) - usable(node)))
    case .relu: try passing(g, where: Tensor.binary(.greater, a, Tensor(0)))
    // Flat everywhere but at their jumps: the gradient is 0, which is what nil becomes in the end.
    case .step, .sign, .round, .floor, .ceil: nil
    }
  }

  /// The gradient where the condition holds, else 0; a product would make NaN of infinities.
  private func passing(_ g: Tensor, where condition: Tensor) throws -> Tensor {
    try Tensor.choose(condition, g, Tensor(0))
  }

  /// A reduction's result or its gradient, with the axis that was lost put back with a length of 1.
  private func restored(_ reduced: Tensor, _ axis: Int?, _ input: Tensor) -> Tensor {
    reduced.reshaped(to: input.reduced(axis: axis, keepDims: true))
  }

  private func extremumGradient(_ node: Tensor, _ g: Tensor, _ a: Tensor, _ axis: Int?) throws -> Tensor {
    let ties = try Tensor.binary(.equal, a, restored(node.detached(), axis, a))
    let share = try restored(g, axis, a) / ties.total(axis: axis, keepDims: true)
    return try passing(share, where: ties)
  }

  private func normGradient(_ node: Tensor, _ g: Tensor, _ a: Tensor, _ axis: Int?) throws -> Tensor {
    let norm = restored(usable(node), axis, a)
    let direction = try restored(g, axis, a) * usable(a) / norm
    return try passing(direction, where: Tensor.binary(.notEqual, norm, Tensor(0)))
  }
}

extension GradientRules {
  /// Operations of two inputs.
  private func gradients(
    of node: Tensor, _ g: Tensor, _ a: Tensor, _ b: Tensor
  ) throws -> (Tensor?, Tensor?) {
    switch node.operation {
    case .binary(let operation):
      let first = wants(a) ? try firstGradient(of: operation, g, a, b)?.summed(to: a.dimensions) : nil
      let second = wants(b) ? try secondGradient(of: operation, node, g, a, b)?.summed(to: b.dimensions) : nil
      return (first, second)
    case .matrixProduct:
      return try Tensor.matrixProductGradients(
        g, usable(a), usable(b), wantsFirst: wants(a), wantsSecond: wants(b))
    default: return (nil, nil)
    }
  }

  private func firstGradient(
    of operation: BinaryOperation, _ g: Tensor, _ a: Tensor, _ b: Tensor
  ) throws -> Tensor? {
    switch operation {
    case .add, .subtract: g
    case .multiply: try g * usable(b)
    case .divide: try g / usable(b)
    case .power: try powerBaseGradient(g, usable(a), usable(b))
    default: nil
    }
  }

  private func secondGradient(
    of operation: BinaryOperation, _ node: Tensor, _ g: Tensor, _ a: Tensor, _ b: Tensor
  ) throws -> Tensor? {
    switch operation {
    case .add: g
    case .subtract: -g
    case .multiply: try g * usable(a)
    case .divide: try -(g * usable(node) / usable(b))
    case .power: try powerExponentGradient(g, usable(a), usable(b), usable(node))
    default: nil
    }
  }

  /// b·a^(b-1), and 0 for an exponent of 0, also where the base is 0.
  private func powerBaseGradient(_ g: Tensor, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    if b.scalar == 2 { return try g * (b * a) }
    let derivative = try b * a.power(b - Tensor(1))
    return try passing(g * derivative, where: Tensor.binary(.notEqual, b, Tensor(0)))
  }

  /// log(a)·a^b, and 0 for a base of 0 with an exponent that is not negative.
  private func powerExponentGradient(
    _ g: Tensor, _ a: Tensor, _ b: Tensor, _ power: Tensor
  ) throws -> Tensor {
    let derivative = try power * Tensor.unary(.log, a)
    let isFlat = try Tensor.binary(
      .and, .binary(.equal, a, Tensor(0)), .binary(.greaterOrEqual, b, Tensor(0)))
    return try Tensor.choose(isFlat, Tensor(0), g * derivative)
  }
}
