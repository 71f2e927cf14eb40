/// A pattern of steps that one step, or fewer, can stand for. A test holds each to the plain list: bit for bit where the
/// sums are the same.
package enum Fusion: Sendable, CaseIterable {
  /// A bias, or nothing, that a matrix product is added to: the product's chains begin with it.
  case biasIntoProduct
  /// A relu whose outputs only a max pool reads: the pool reads the preactivations and the relu follows it, on a fraction
  /// of the numbers.
  case reluBehindMaxPool
  /// A loss whose value is told from the preactivations of the activation before it.
  case lossFromPreactivations
  /// A loss and an activation whose derivatives multiply to output - target.
  case lossWithActivation
  /// Two arrays of which the first is copied and the second added to it: both are read in one pass.
  case pairOfSums
  /// A gradient that is passed on unchanged to a relu, as it is at a sum: the relu's derivative reads it where it stands.
  case gradientPassedOn
  /// A relu whose outputs a batch normalisation reads: its derivative is part of the normalisation's gradient.
  case reluIntoNormalization

  /// All of them.
  package static let all = Set(allCases)

  func apply(to plan: inout Plan) {
    switch self {
    case .biasIntoProduct: plan.fuseBiases()
    case .reluBehindMaxPool: plan.moveRelus()
    case .lossFromPreactivations: plan.readPreactivations()
    case .lossWithActivation: plan.fuseLosses()
    case .pairOfSums: plan.fusePairs()
    case .gradientPassedOn: plan.readGradientsInPlace()
    case .reluIntoNormalization: plan.fuseReluDerivatives()
    }
  }
}

extension Plan {
  fileprivate mutating func fuseBiases() {
    var replaced: Set<Int> = []
    for (number, step) in steps.enumerated() {
      let bias: BufferID? =
        switch step.operation {
        case is FillRows: step.inputs[0]
        default: nil
        }
      guard bias != nil || step.operation is Clear else { continue }
      // The next step that touches the sums must be a product that is added to them.
      let next = steps.indices.dropFirst(number + 1).first {
        steps[$0].outputs.contains(step.outputs[0]) || steps[$0].inputs.contains(step.outputs[0])
      }
      guard let next, var product = steps[next].operation as? MatrixProduct,
        steps[next].outputs == step.outputs, steps[next].accumulates
      else { continue }
      product.startsFromBias = bias != nil
      steps[next].operation = product
      steps[next].accumulates = false
      if let bias { steps[next].inputs.append(bias) }
      replaced.insert(number)
    }
    remove(replaced)
  }

  fileprivate mutating func moveRelus() {
    var replaced: Set<Int> = []
    var inserted: [(after: Int, step: Step)] = []
    for (number, step) in steps.enumerated() {
      guard let relu = step.operation as? Activate, relu.activation == .relu,
        let chain = maxPool(reading: step.outputs[0], of: number),
        var pool = steps[chain.pool].operation as? MaxPool
      else { continue }
      pool.masksRelu = true
      let pooled = steps[chain.pool].outputs[0]
      let original = buffers[pooled.number]
      let largest = addBuffer("largest of \(original.name)", original.extent, shape: original.shape)
      steps[chain.pool].operation = pool
      steps[chain.pool].inputs = [step.inputs[0]]
      steps[chain.pool].outputs[0] = largest
      let places = pool.geometry.positions
      inserted.append(
        (
          chain.pool,
          Step(
            operation: Activate(activation: .relu, width: pool.geometry.channels, places: places),
            layer: step.layer, inputs: [largest], outputs: [pooled])
        ))
      replaced.insert(number)
      if let (derivative, gradient) = chain.back {
        steps[gradient].outputs = steps[derivative].outputs
        replaced.insert(derivative)
      }
    }
    for (after, step) in inserted.sorted(by: { $0.after > $1.after }) {
      steps.insert(step, at: after + 1)
      replaced = Set(replaced.map { $0 > after ? $0 + 1 : $0 })
    }
    remove(replaced)
  }

  /// The max pool that alone reads a relu's outputs, with the steps of its way back where there is one; nil where anything
  /// else wants them.
  private func maxPool(
    reading outputs: BufferID, of relu: Int
  ) -> (pool: Int, back: (derivative: Int, gradient: Int)?)? {
    guard !results.contains(outputs) else { return nil }
    let readers = readers(of: outputs)
    guard let pool = readers.first(where: { steps[$0].operation is MaxPool }) else { return nil }
    if readers == [pool] { return (pool, nil) }
    guard readers.count == 2, let derivative = readers.first(where: { $0 != pool }),
      steps[derivative].operation is ActivateBackward, !steps[derivative].accumulates
    else { return nil }
    let dy = steps[derivative].inputs[0]
    let writers = writers(of: dy)
    guard writers.count == 1, steps[writers[0]].operation is MaxPoolGradient,
      self.readers(of: dy) == [derivative], self.writers(of: steps[derivative].outputs[0]).count == 1
    else { return nil }
    return (pool, (derivative, writers[0]))
  }

  fileprivate mutating func readPreactivations() {
    for (number, step) in steps.enumerated() {
      guard var measure = step.operation as? MeasureLoss, case .loss(let loss) = measure.signal,
        let activation = activation(of: step.inputs[0]), loss.isFused(with: activation.kind)
      else { continue }
      measure.readsPreactivations = true
      steps[number].operation = measure
      steps[number].inputs.append(activation.input)
    }
  }

  fileprivate mutating func fuseLosses() {
    var replaced: Set<Int> = []
    for (number, step) in steps.enumerated() {
      guard var gradient = step.operation as? LossGradient,
        let activation = activation(of: step.inputs[0]), gradient.signal.isFused(with: activation.kind)
      else { continue }
      let dy = step.outputs[0]
      let readers = readers(of: dy)
      guard readers.count == 1, let next = readers.first, steps[next].operation is ActivateBackward,
        writers(of: dy) == [number], !steps[next].accumulates
      else { continue }
      gradient.isFused = true
      steps[number].operation = gradient
      steps[number].outputs = steps[next].outputs
      replaced.insert(next)
    }
    remove(replaced)
  }

  fileprivate mutating func fusePairs() {
    var replaced: Set<Int> = []
    for number in steps.indices.dropLast() where !replaced.contains(number) {
      let (copy, sum) = (steps[number], steps[number + 1])
      guard let first = copy.operation as? AddScaled, let second = sum.operation as? AddScaled,
        first.factor == 1, second.factor == 1, !copy.accumulates, sum.accumulates,
        copy.outputs == sum.outputs, copy.scope == sum.scope, sum.inputs != sum.outputs
      else { continue }
      steps[number + 1].operation = AddPair(width: first.width)
      steps[number + 1].inputs = copy.inputs + sum.inputs
      steps[number + 1].accumulates = false
      replaced.insert(number)
    }
    remove(replaced)
  }

  fileprivate mutating func readGradientsInPlace() {
    var replaced: Set<Int> = []
    for (number, step) in steps.enumerated() {
      guard let copy = step.operation as? AddScaled, copy.factor == 1, !step.accumulates,
        !results.contains(step.outputs[0]), writers(of: step.outputs[0]) == [number],
        let next = onlyReluDerivative(of: step.outputs[0]), steps[next].scope == step.scope,
        buffers[step.inputs[0].number].extent == buffers[step.outputs[0].number].extent,
        // All that it reads must be there already, and stay.
        (step.inputs + steps[next].inputs.dropFirst()).allSatisfy({
          writers(of: $0).allSatisfy { $0 < number }
        })
      else { continue }
      steps[number] = steps[next]
      steps[number].inputs[0] = step.inputs[0]
      steps[next].inputs = []
      steps[next].outputs = []
      replaced.insert(next)
    }
    remove(replaced)
  }

  fileprivate mutating func fuseReluDerivatives() {
    var replaced: Set<Int> = []
    for (number, step) in steps.enumerated() {
      guard var gradient = step.operation as? NormalizeGradient, !step.accumulates,
        !results.contains(step.outputs[0]), writers(of: step.outputs[0]) == [number],
        let next = onlyReluDerivative(of: step.outputs[0]), steps[next].inputs[1] == step.inputs[1],
        steps[next].scope == step.scope, writers(of: step.inputs[1]).allSatisfy({ $0 < number })
      else { continue }
      gradient.masksRelu = true
      steps[number].operation = gradient
      steps[number].outputs = steps[next].outputs
      steps[next].inputs = []
      steps[next].outputs = []
      replaced.insert(next)
    }
    remove(replaced)
  }

  /// The relu's derivative that alone reads a gradient, and is the first to write its own; nil where anything else does.
  private func onlyReluDerivative(of gradient: BufferID) -> Int? {
    let readers = readers(of: gradient)
    guard readers.count == 1, let derivative = steps[readers[0]].operation as? ActivateBackward,
      derivative.activation == .relu, !steps[readers[0]].accumulates, steps[readers[0]].inputs[0] == gradient
    else { return nil }
    return readers[0]
  }

  /// The activation that makes an output, and what it reads.
  private func activation(of output: BufferID) -> (kind: Activation, input: BufferID)? {
    guard let number = writers(of: output).first, let activate = steps[number].operation as? Activate else {
      return nil
    }
    return (activate.activation, steps[number].inputs[0])
  }

  private mutating func addBuffer(
    _ name: String, _ extent: PlanBuffer.Extent, shape: [Int]
  ) -> BufferID {
    buffers.append(PlanBuffer(name, extent, shape: shape))
    return BufferID(number: buffers.count - 1)
  }

  private mutating func remove(_ numbers: Set<Int>) {
    steps = steps.enumerated().filter { !numbers.contains($0.offset) }.map(\.element)
  }
}
