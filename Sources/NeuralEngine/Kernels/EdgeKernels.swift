/// What an edge with weights works on.
class WeightedEdge<Scalar: EngineScalar> {
  final let source: LayerBuffers<Scalar>
  final let target: LayerBuffers<Scalar>
  final let weights: ParameterBuffers<Scalar>

  init(source: LayerBuffers<Scalar>, target: LayerBuffers<Scalar>, weights: ParameterBuffers<Scalar>) {
    self.source = source
    self.target = target
    self.weights = weights
  }
}

/// A `full` edge: the target's sums grow by W x, W of target width x source width, row-major.
final class FullEdgeKernel<Scalar: EngineScalar>: WeightedEdge<Scalar>, Kernel {
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(rows: Int) {
    BlockedProducts.addProducts(
      of: source.outputs, rows: rows, with: weights.values, rows: target.width, width: source.width,
      to: target.outputs)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(rows: Int) {
    guard let delta = target.gradients else { return }
    if let gradients = weights.gradients {
      BlockedProducts.addCombinations(
        of: source.outputs, rows: rows, width: source.width, factors: delta, perTarget: 1,
        perSource: target.width, to: gradients, rows: target.width)
    }
    if let gradients = source.gradients {
      BlockedProducts.addCombinations(
        of: weights.values, rows: target.width, width: source.width, factors: delta,
        perTarget: target.width, perSource: 1, to: gradients, rows: rows)
    }
  }
}

/// A `one` edge: the target's i-th sum grows by wᵢ xᵢ.
final class OneEdgeKernel<Scalar: EngineScalar>: WeightedEdge<Scalar>, Kernel {
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(rows: Int) {
    let width = source.width
    for row in 0..<rows {
      for unit in 0..<width {
        target.outputs[row * width + unit] += weights.values[unit] * source.outputs[row * width + unit]
      }
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(rows: Int) {
    guard let delta = target.gradients else { return }
    let width = source.width
    for row in 0..<rows {
      let start = row * width
      if let gradients = weights.gradients {
        for unit in 0..<width { gradients[unit] += delta[start + unit] * source.outputs[start + unit] }
      }
      if let sourceGradients = source.gradients {
        for unit in 0..<width { sourceGradients[start + unit] += delta[start + unit] * weights.values[unit] }
      }
    }
  }
}

/// An `identity` edge: the target's i-th sum grows by xᵢ.
final class IdentityEdgeKernel<Scalar: EngineScalar>: Kernel {
  private let source: LayerBuffers<Scalar>
  private let target: LayerBuffers<Scalar>

  init(source: LayerBuffers<Scalar>, target: LayerBuffers<Scalar>) {
    self.source = source
    self.target = target
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(rows: Int) {
    for index in 0..<rows * source.width { target.outputs[index] += source.outputs[index] }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(rows: Int) {
    guard let delta = target.gradients, let sourceGradients = source.gradients else { return }
    for index in 0..<rows * source.width { sourceGradients[index] += delta[index] }
  }
}
