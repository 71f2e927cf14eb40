/// A `full` edge: the target's sums grow by W x, W of target width x source width, row-major.
final class FullEdgeKernel<Scalar: EngineScalar>: Kernel {
  private let source: LayerBuffers<Scalar>
  private let target: LayerBuffers<Scalar>
  private let weights: ParameterBuffers<Scalar>

  init(source: LayerBuffers<Scalar>, target: LayerBuffers<Scalar>, weights: ParameterBuffers<Scalar>) {
    self.source = source
    self.target = target
    self.weights = weights
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(rows: Int) {
    for row in 0..<rows {
      let x = source.outputs + row * source.width
      let z = target.outputs + row * target.width
      for unit in 0..<target.width {
        z[unit] += Primitives.dot(weights.values + unit * source.width, x, source.width)
      }
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(rows: Int) {
    guard let delta = target.gradients else { return }
    for row in 0..<rows {
      let d = delta + row * target.width
      let x = source.outputs + row * source.width
      if let gradients = weights.gradients {
        for unit in 0..<target.width {
          Primitives.add(d[unit], times: x, to: gradients + unit * source.width, source.width)
        }
      }
      if let sourceGradients = source.gradients {
        let g = sourceGradients + row * source.width
        for unit in 0..<target.width {
          Primitives.add(d[unit], times: weights.values + unit * source.width, to: g, source.width)
        }
      }
    }
  }
}

/// A `one` edge: the target's i-th sum grows by wᵢ xᵢ.
final class OneEdgeKernel<Scalar: EngineScalar>: Kernel {
  private let source: LayerBuffers<Scalar>
  private let target: LayerBuffers<Scalar>
  private let weights: ParameterBuffers<Scalar>

  init(source: LayerBuffers<Scalar>, target: LayerBuffers<Scalar>, weights: ParameterBuffers<Scalar>) {
    self.source = source
    self.target = target
    self.weights = weights
  }

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
