/// Starts a layer's sums at its biases, so that every edge into it can simply add.
final class BiasKernel<Scalar: EngineScalar>: Kernel {
  private let layer: LayerBuffers<Scalar>
  /// Nil for a layer without biases, whose sums start at 0.
  private let biases: ParameterBuffers<Scalar>?

  init(layer: LayerBuffers<Scalar>, biases: ParameterBuffers<Scalar>?) {
    self.layer = layer
    self.biases = biases
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(rows: Int) {
    guard let biases else { return layer.outputs.update(repeating: 0, count: rows * layer.width) }
    for row in 0..<rows {
      (layer.outputs + row * layer.width).update(from: biases.values, count: layer.width)
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(rows: Int) {
    guard let delta = layer.gradients, let gradients = biases?.gradients else { return }
    for row in 0..<rows {
      for unit in 0..<layer.width { gradients[unit] += delta[row * layer.width + unit] }
    }
  }
}

/// Applies an activation to a layer's sums in place; backward it turns the gradient by the outputs into the
/// gradient by the sums.
final class ActivationKernel<Scalar: EngineScalar>: Kernel {
  private let layer: LayerBuffers<Scalar>
  /// How many rows of the activation's own a row of the network has: the places of an image.
  private let repeats: Int
  private let activation: Activation
  /// Whether the loss has already given the gradient by the sums, so that nothing is left to do backward.
  private let isFusedWithLoss: Bool

  init(layer: LayerBuffers<Scalar>, repeats: Int, activation: Activation, isFusedWithLoss: Bool) {
    self.layer = layer
    self.repeats = repeats
    self.activation = activation
    self.isFusedWithLoss = isFusedWithLoss
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(rows: Int) { UnitMath.activate(activation, layer, rows: rows * repeats) }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(rows: Int) {
    if !isFusedWithLoss { UnitMath.differentiate(activation, layer, rows: rows * repeats) }
  }
}
