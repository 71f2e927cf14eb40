import RealModule

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
  private let activation: Activation
  /// Whether the loss has already given the gradient by the sums, so that nothing is left to do backward.
  private let isFusedWithLoss: Bool

  init(layer: LayerBuffers<Scalar>, activation: Activation, isFusedWithLoss: Bool) {
    self.layer = layer
    self.activation = activation
    self.isFusedWithLoss = isFusedWithLoss
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(rows: Int) { UnitMath.activate(activation, layer, rows: rows) }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(rows: Int) {
    if !isFusedWithLoss { UnitMath.differentiate(activation, layer, rows: rows) }
  }
}

/// The activations and their derivatives, which can all be told from the output alone.
enum UnitMath {
  /// Turns a layer's sums into its outputs, in place.
  @inline(__always)
  static func activate<Scalar: EngineScalar>(
    _ activation: Activation, _ layer: LayerBuffers<Scalar>, rows: Int
  ) {
    let count = rows * layer.width
    let z = layer.outputs
    layer.logits?.update(from: z, count: count)
    switch activation {
    case .linear: break
    case .sigmoid: for index in 0..<count { z[index] = Primitives.sigmoid(z[index]) }
    case .tanh: for index in 0..<count { z[index] = .tanh(z[index]) }
    // Written so that NaN stays NaN: a NaN that turned into 0 here would hide where it came from.
    case .relu: for index in 0..<count where z[index] < 0 { z[index] = 0 }
    case .softmax: for row in 0..<rows { Primitives.softmax(z + row * layer.width, layer.width) }
    case .step: for index in 0..<count where !z[index].isNaN { z[index] = z[index] > 0 ? 1 : 0 }
    }
  }

  /// Turns the gradient by a layer's outputs into that by its sums, in place.
  @inline(__always)
  static func differentiate<Scalar: EngineScalar>(
    _ activation: Activation, _ layer: LayerBuffers<Scalar>, rows: Int
  ) {
    guard let g = layer.gradients else { return }
    let count = rows * layer.width
    let a = layer.outputs
    switch activation {
    case .linear: break
    case .sigmoid: for index in 0..<count { g[index] *= a[index] * (1 - a[index]) }
    case .tanh: for index in 0..<count { g[index] *= 1 - a[index] * a[index] }
    case .relu: for index in 0..<count where a[index] <= 0 { g[index] = 0 }
    case .softmax:
      for row in 0..<rows { softmax(a + row * layer.width, g + row * layer.width, layer.width) }
    case .step: for index in 0..<count { g[index] = 0 }
    }
  }

  /// dL/dzᵢ = aᵢ (dL/daᵢ - Σ aⱼ dL/daⱼ)
  @inline(__always)
  private static func softmax<Scalar: EngineScalar>(
    _ a: UnsafeMutablePointer<Scalar>, _ g: UnsafeMutablePointer<Scalar>, _ width: Int
  ) {
    let mean = Primitives.dot(a, g, width)
    for unit in 0..<width { g[unit] = a[unit] * (g[unit] - mean) }
  }
}
