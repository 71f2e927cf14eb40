/// Brings each channel to mean 0 and variance 1, then scales it by gamma and shifts it by beta
/// (S. Ioffe and C. Szegedy, ICML 2015). In training by the batch's own mean and variance, which the running ones
/// follow; else by the running ones.
final class BatchNormKernel<Scalar: EngineScalar>: Kernel {
  /// The four runs of parameters, a number a channel each.
  struct Parts {
    let gamma: ParameterBuffers<Scalar>
    let beta: ParameterBuffers<Scalar>
    let mean: UnsafeMutablePointer<Scalar>
    let variance: UnsafeMutablePointer<Scalar>
  }

  private let source: LayerBuffers<Scalar>
  private let target: LayerBuffers<Scalar>
  private let parts: Parts
  private let channels: Int
  private let epsilon: Scalar
  private let momentum: Scalar
  private let phase: PlanPhase
  /// The inputs at mean 0 and variance 1.
  private let normal: Buffer<Scalar>
  /// A channel's mean and 1 / deviation, as the last batch was normalised by.
  private let means: Buffer<Scalar>
  private let scales: Buffer<Scalar>
  /// A channel's two sums while a gradient is worked out.
  private let sums: Buffer<Scalar>
  private let products: Buffer<Scalar>
  private var isByBatch = false

  init(
    _ options: BatchNorm, channels: Int, source: LayerBuffers<Scalar>, target: LayerBuffers<Scalar>,
    parts: Parts, capacity: Int, phase: PlanPhase
  ) {
    self.channels = channels
    self.source = source
    self.target = target
    self.parts = parts
    self.phase = phase
    epsilon = Scalar(options.epsilon)
    momentum = Scalar(options.momentum)
    normal = Buffer(count: capacity * target.width)
    means = Buffer(count: channels)
    scales = Buffer(count: channels)
    sums = Buffer(count: channels)
    products = Buffer(count: channels)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(rows: Int) {
    isByBatch = phase.isTraining
    if isByBatch {
      measure(rows * target.width / channels)
    } else {
      means.pointer.update(from: parts.mean, count: channels)
      for channel in 0..<channels {
        scales.pointer[channel] = 1 / (parts.variance[channel] + epsilon).squareRoot()
      }
    }
    for place in 0..<rows * target.width / channels {
      let start = place * channels
      for channel in 0..<channels {
        let value = (source.outputs[start + channel] - means.pointer[channel]) * scales.pointer[channel]
        normal.pointer[start + channel] = value
        target.outputs[start + channel] = value * parts.gamma.values[channel] + parts.beta.values[channel]
      }
    }
  }

  /// The batch's mean and variance, in two passes: one pass would lose what a large mean leaves of the variance.
  @inline(__always)
  private func measure(_ places: Int) {
    let share = 1 / Scalar(places)
    means.clear()
    products.clear()
    for place in 0..<places {
      for channel in 0..<channels { means.pointer[channel] += source.outputs[place * channels + channel] }
    }
    for channel in 0..<channels { means.pointer[channel] *= share }
    for place in 0..<places {
      for channel in 0..<channels {
        let distance = source.outputs[place * channels + channel] - means.pointer[channel]
        products.pointer[channel] += distance * distance
      }
    }
    for channel in 0..<channels {
      let variance = products.pointer[channel] * share
      scales.pointer[channel] = 1 / (variance + epsilon).squareRoot()
      parts.mean[channel] = parts.mean[channel] * momentum + means.pointer[channel] * (1 - momentum)
      parts.variance[channel] = parts.variance[channel] * momentum + variance * (1 - momentum)
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(rows: Int) {
    guard let delta = target.gradients else { return }
    let places = rows * target.width / channels
    sums.clear()
    products.clear()
    for place in 0..<places {
      for channel in 0..<channels {
        let index = place * channels + channel
        sums.pointer[channel] += delta[index]
        products.pointer[channel] += delta[index] * normal.pointer[index]
      }
    }
    if let gradients = parts.beta.gradients {
      for channel in 0..<channels { gradients[channel] += sums.pointer[channel] }
    }
    if let gradients = parts.gamma.gradients {
      for channel in 0..<channels { gradients[channel] += products.pointer[channel] }
    }
    passOn(delta, places)
  }

  /// By the batch: γ / σ (δ - mean δ - x̂ mean(δ x̂)), as mean and variance depend on each number; by the running
  /// figures simply γ / σ δ.
  @inline(__always)
  private func passOn(_ delta: UnsafePointer<Scalar>, _ places: Int) {
    guard let gradients = source.gradients else { return }
    let share = isByBatch ? 1 / Scalar(places) : 0
    for place in 0..<places {
      for channel in 0..<channels {
        let index = place * channels + channel
        let pull = (sums.pointer[channel] + normal.pointer[index] * products.pointer[channel]) * share
        gradients[index] += parts.gamma.values[channel] * scales.pointer[channel] * (delta[index] - pull)
      }
    }
  }
}
