/// Brings each row of the last axis to mean 0 and variance 1, then scales it by gamma and shifts it by beta
/// (J. Ba, J. Kiros and G. Hinton, 2016).
final class LayerNormKernel<Scalar: EngineScalar>: Kernel {
  private let source: LayerBuffers<Scalar>
  private let target: LayerBuffers<Scalar>
  private let gamma: ParameterBuffers<Scalar>
  private let beta: ParameterBuffers<Scalar>
  /// How long the last axis is.
  private let width: Int
  private let epsilon: Scalar
  /// The inputs at mean 0 and variance 1, and each row's 1 / deviation.
  private let normal: Buffer<Scalar>
  private let scales: Buffer<Scalar>

  init(
    epsilon: Double, width: Int, source: LayerBuffers<Scalar>, target: LayerBuffers<Scalar>,
    gamma: ParameterBuffers<Scalar>, beta: ParameterBuffers<Scalar>, capacity: Int
  ) {
    self.epsilon = Scalar(epsilon)
    self.width = width
    self.source = source
    self.target = target
    self.gamma = gamma
    self.beta = beta
    normal = Buffer(count: capacity * target.width)
    scales = Buffer(count: capacity * target.width / width)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(rows: Int) {
    let share = 1 / Scalar(width)
    for row in 0..<rows * target.width / width {
      let from = source.outputs + row * width
      let into = target.outputs + row * width
      let even = normal.pointer + row * width
      var mean = Scalar.zero
      for index in 0..<width { mean += from[index] }
      mean *= share
      var variance = Scalar.zero
      for index in 0..<width {
        even[index] = from[index] - mean
        variance += even[index] * even[index]
      }
      let scale = 1 / (variance * share + epsilon).squareRoot()
      scales.pointer[row] = scale
      for index in 0..<width {
        even[index] *= scale
        into[index] = even[index] * gamma.values[index] + beta.values[index]
      }
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(rows: Int) {
    guard let gradients = target.gradients else { return }
    for row in 0..<rows * target.width / width {
      let delta = gradients + row * width
      let even = normal.pointer + row * width
      if let into = beta.gradients { for index in 0..<width { into[index] += delta[index] } }
      if let into = gamma.gradients { for index in 0..<width { into[index] += delta[index] * even[index] } }
      if let into = source.gradients { passOn(delta, even, scales.pointer[row], to: into + row * width) }
    }
  }

  @inline(__always)
  private func passOn(
    _ delta: UnsafePointer<Scalar>, _ even: UnsafePointer<Scalar>, _ scale: Scalar,
    to into: UnsafeMutablePointer<Scalar>
  ) {
    var (sum, product) = (Scalar.zero, Scalar.zero)
    for index in 0..<width {
      let pull = delta[index] * gamma.values[index]
      sum += pull
      product += pull * even[index]
    }
    let share = 1 / Scalar(width)
    for index in 0..<width {
      let pull = delta[index] * gamma.values[index]
      into[index] += scale * (pull - (sum + even[index] * product) * share)
    }
  }
}
