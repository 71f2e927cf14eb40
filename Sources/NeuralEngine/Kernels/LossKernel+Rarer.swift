import RealModule

/// The losses beside squares and cross-entropies. They are calls of their own, so that the switch that
/// ``OnlineChain`` goes through for every row stays small.
extension LossKernel {
  /// The losses of the first `rows` rows, added up.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func rarerTotal(_ loss: Loss, _ rows: Int) -> Double {
    let count = rows * layer.width
    let o = layer.outputs
    let t = targets
    var sum = Scalar.zero
    switch loss {
    case .mae: for index in 0..<count { sum += (o[index] - t[index]).magnitude }
    case .huber:
      for index in 0..<count {
        let error = (o[index] - t[index]).magnitude
        sum += error <= 1 ? error * error / 2 : error - 0.5
      }
    case .hinge:
      for index in 0..<count {
        let short = 1 - t[index] * o[index]
        // Written so that NaN stays NaN, as everywhere that a divergence must show.
        sum += short < 0 ? 0 : short
      }
    case .poisson: for index in 0..<count { sum += o[index] - t[index] * .log(o[index] + epsilon) }
    case .kl:
      for index in 0..<count {
        let (target, share) = (share(t[index]), share(o[index]))
        sum += target * .log(target / share)
      }
      return Double(sum)
    case .mse, .bce, .crossentropy: break
    }
    return Double(sum) / Double(layer.width)
  }

  /// Writes the gradient by the outputs, times `scale`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func rarerBackward(_ loss: Loss, rows: Int, scale: Scalar) {
    guard let g = layer.gradients else { return }
    let count = rows * layer.width
    let o = layer.outputs
    let t = targets
    let perOutput = scale / Scalar(layer.width)
    switch loss {
    case .mae:
      for index in 0..<count {
        let error = o[index] - t[index]
        g[index] = error > 0 ? perOutput : error < 0 ? -perOutput : 0
      }
    case .huber:
      for index in 0..<count {
        let error = o[index] - t[index]
        g[index] = perOutput * (error > 1 ? 1 : error < -1 ? -1 : error)
      }
    case .hinge:
      for index in 0..<count { g[index] = t[index] * o[index] < 1 ? -perOutput * t[index] : 0 }
    case .poisson: for index in 0..<count { g[index] = perOutput * (1 - t[index] / (o[index] + epsilon)) }
    // The slope goes on where a share is held at its limit, as with bce: a unit that is wholly wrong must learn.
    case .kl: for index in 0..<count { g[index] = -scale * share(t[index]) / share(o[index]) }
    case .mse, .bce, .crossentropy: break
    }
  }

  /// Keeps a share away from 0, as Keras does before it takes the logarithm of a quotient; NaN stays NaN.
  @inline(__always)
  private func share(_ p: Scalar) -> Scalar { p < epsilon ? epsilon : p > 1 ? 1 : p }
}
