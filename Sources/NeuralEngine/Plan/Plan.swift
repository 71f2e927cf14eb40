/// A network compiled for up to a fixed number of rows: a flat list of kernels over buffers that are
/// allocated once. Running it allocates nothing and looks nothing up.
final class Plan<Scalar: EngineScalar> {
  /// What a plan is for; a plan that only answers keeps no gradients.
  enum Purpose: Equatable {
    case answering
    /// Takes a gradient by the outputs back to the parameters and the inputs.
    case differentiating
    case training(Loss, isPerceptron: Bool)
  }

  /// The most rows that it can take at once.
  let capacity: Int
  let purpose: Purpose
  /// Whether answers near 0 and 1 stand for classes: linear ones are amounts, unless the loss is hinge.
  let tellsClasses: Bool
  /// The whole network as one pass, where it is a small chain trained row by row.
  let chain: OnlineChain<Scalar>?
  private let parameters: Parameters<Scalar>
  private let forwardKernels: [any Kernel<Scalar>]
  private let backwardKernels: [any Kernel<Scalar>]
  private let losses: [LossKernel<Scalar>]
  private let inputs: [LayerBuffers<Scalar>]
  private let outputs: [LayerBuffers<Scalar>]
  private let targets: [UnsafeMutablePointer<Scalar>]
  /// Whether the plan trains at the moment, and what it draws from.
  let phase: PlanPhase
  /// What is zeroed before a backward pass, since kernels add to it.
  private let gradients: [Buffer<Scalar>]
  /// Owns the memory that the kernels point into.
  private let buffers: [Buffer<Scalar>]
  /// The layers in the order of the computation, to name the one where a NaN first shows.
  private let layers: [(name: String, buffers: LayerBuffers<Scalar>)]

  init(_ builder: PlanBuilder<Scalar>) {
    capacity = builder.capacity
    purpose = builder.purpose
    chain = builder.chain
    parameters = builder.parameters
    forwardKernels = builder.kernels
    backwardKernels = builder.kernels.reversed()
    losses = builder.losses
    inputs = builder.inputs
    outputs = builder.outputs
    targets = builder.targets
    tellsClasses = builder.tellsClasses
    gradients = builder.gradients.map(\.buffer)
    phase = builder.phase
    buffers = builder.buffers
    layers = builder.layers
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(rows: Int) {
    for kernel in forwardKernels { kernel.forward(rows: rows) }
  }

  /// The losses of the rows, added up; ``forward(rows:)`` comes first.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func loss(rows: Int) -> Double {
    var sum = 0.0
    for loss in losses { sum += loss.total(rows: rows) }
    return sum
  }

  /// Leaves the gradient of (loss times `scale`) in the parameters' gradients.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(rows: Int, scale: Scalar) {
    clearGradients(rows: rows)
    for loss in losses { loss.backward(rows: rows, scale: scale) }
    for kernel in backwardKernels { kernel.backward(rows: rows) }
  }

  private func clearGradients(rows: Int) {
    parameters.gradients.pointer.update(repeating: 0, count: parameters.gradients.count)
    for buffer in gradients { buffer.pointer.update(repeating: 0, count: rows * (buffer.count / capacity)) }
  }

  /// Takes a gradient by the outputs (rows x output width) back to the parameters' gradients.
  ///
  /// - Returns: the gradient by the inputs, rows x input width.
  func backward(rows: Int, outputGradients: [Double]) -> [Double] {
    clearGradients(rows: rows)
    var index = 0
    for row in 0..<rows {
      for layer in outputs {
        for unit in 0..<layer.width {
          layer.gradients?[row * layer.width + unit] = Scalar(outputGradients[index])
          index += 1
        }
      }
    }
    for kernel in backwardKernels { kernel.backward(rows: rows) }
    return (0..<rows).flatMap { row in
      inputs.flatMap { layer in
        (0..<layer.width).map { Double(layer.gradients?[row * layer.width + $0] ?? 0) }
      }
    }
  }

  /// How many of the rows are classified as their targets say, by each of the output layers.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func correct(rows: Int) -> Int {
    var correct = 0
    for row in 0..<rows {
      var isCorrect = true
      for loss in losses where !loss.isCorrect(row: row) { isCorrect = false }
      if isCorrect { correct += 1 }
    }
    return correct
  }

  /// What a layer gave for the first row of the last ``forward(rows:)``; nil when there is no such layer.
  func values(ofLayer name: String) -> [Double]? {
    layers.first { $0.name == name }.map { layer in
      (0..<layer.buffers.width).map { Double(layer.buffers.outputs[$0]) }
    }
  }

  /// The widths of the output layers, side by side.
  var outputWidths: [Int] { outputs.map(\.width) }

  /// The name of the first layer, in the order of the computation, with a value that is not finite. When there
  /// is none, the loss itself has grown too large, and the last layer is named.
  func firstNonFiniteLayer(rows: Int) -> String? {
    let first = layers.first { layer in
      (0..<rows * layer.buffers.width).contains { index in
        !layer.buffers.outputs[index].isFinite || layer.buffers.sums?[index].isFinite == false
      }
    }
    return (first ?? layers.last)?.name
  }
}

extension Plan {
  /// Deals the rows `order[start..<start + rows]` of the samples out to the input layers and the targets.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func load(_ samples: Samples<Scalar>, order: UnsafePointer<Int>, rows: Int) {
    for row in 0..<rows {
      var column = 0
      for layer in inputs {
        samples.copyInputs(
          row: order[row], from: column, count: layer.width, to: layer.outputs + row * layer.width)
        column += layer.width
      }
    }
    guard !targets.isEmpty else { return }
    for row in 0..<rows {
      var from = samples.targets.pointer + order[row] * samples.targetWidth
      for (layer, target) in zip(outputs, targets) {
        (target + row * layer.width).update(from: from, count: layer.width)
        from += layer.width
      }
    }
  }

  /// Takes one row of inputs from the language's side.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func setInputs(_ values: [Double]) {
    var index = 0
    for layer in inputs {
      for unit in 0..<layer.width { layer.outputs[unit] = Scalar(values[index + unit]) }
      index += layer.width
    }
  }

  /// The row of inputs that was last taken.
  var inputValues: [Double] {
    inputs.flatMap { layer in (0..<layer.width).map { Double(layer.outputs[$0]) } }
  }

  /// Takes one row of targets from the language's side.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func setTargets(_ values: [Double]) {
    var index = 0
    for (layer, target) in zip(outputs, targets) {
      for unit in 0..<layer.width { target[unit] = Scalar(values[index + unit]) }
      index += layer.width
    }
  }

  /// Whether the outputs of the first row are all finite.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func hasFiniteOutputs() -> Bool {
    for layer in outputs {
      for unit in 0..<layer.width where !layer.outputs[unit].isFinite { return false }
    }
    return true
  }

  /// The outputs of the first `rows` rows, all output layers side by side.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func outputValues(rows: Int) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(rows * outputs.reduce(0) { $0 + $1.width })
    for row in 0..<rows {
      for layer in outputs {
        for unit in 0..<layer.width { values.append(Double(layer.outputs[row * layer.width + unit])) }
      }
    }
    return values
  }
}
