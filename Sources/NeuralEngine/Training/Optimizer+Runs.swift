extension Optimizer {
  /// A run of parameters that training may change, and what the optimizer keeps in mind of them.
  struct Run {
    let count: Int
    let weights: UnsafeMutablePointer<Scalar>
    let gradients: UnsafePointer<Scalar>
    let first: UnsafeMutablePointer<Scalar>
    let second: UnsafeMutablePointer<Scalar>
  }
}

/// One step over a run. A square is never negative, but the compiler must be told so at every root: it then
/// takes several at once.
extension Optimizer.Run {
  private var epsilon: Scalar { 1e-7 }

  @inline(__always)
  func descend(rate: Scalar) {
    for index in 0..<count { weights[index] -= rate * gradients[index] }
  }

  @inline(__always)
  func follow(rate: Scalar, momentum: Scalar) {
    for index in 0..<count {
      first[index] = momentum * first[index] - rate * gradients[index]
      weights[index] += first[index]
    }
  }

  @inline(__always)
  func lookAhead(rate: Scalar, momentum: Scalar) {
    for index in 0..<count {
      let fall = rate * gradients[index]
      first[index] = momentum * first[index] - fall
      weights[index] += momentum * first[index] - fall
    }
  }

  @inline(__always)
  func shrink(by share: Scalar) {
    for index in 0..<count { weights[index] -= weights[index] * share }
  }

  @inline(__always)
  func adam(rate: Scalar) {
    let epsilon = epsilon
    for index in 0..<count {
      let (mean, square) = means(index)
      let root = (square < 0 ? 0 : square).squareRoot()
      weights[index] -= mean * rate / (root + epsilon)
    }
  }

  @inline(__always)
  func nadam(_ factors: Optimizer.NadamFactors) {
    let epsilon = epsilon
    for index in 0..<count {
      let (mean, square) = means(index)
      let corrected = square * factors.square
      let root = (corrected < 0 ? 0 : corrected).squareRoot()
      weights[index] -= (mean * factors.mean + gradients[index] * factors.gradient) / (root + epsilon)
    }
  }

  /// Adam's running means of the gradient and of its square, brought up to date.
  @inline(__always)
  private func means(_ index: Int) -> (Scalar, Scalar) {
    let gradient = gradients[index]
    let mean = first[index] + (gradient - first[index]) * 0.1
    let square = second[index] + (gradient * gradient - second[index]) * 0.001
    first[index] = mean
    second[index] = square
    return (mean, square)
  }

  @inline(__always)
  func rmsprop(rate: Scalar) {
    let epsilon = epsilon
    for index in 0..<count {
      let square = 0.9 * first[index] + 0.1 * (gradients[index] * gradients[index])
      first[index] = square
      weights[index] -= rate * gradients[index] / (square < 0 ? epsilon : square + epsilon).squareRoot()
    }
  }

  @inline(__always)
  func adagrad(rate: Scalar) {
    let epsilon = epsilon
    for index in 0..<count {
      let square = first[index] + gradients[index] * gradients[index]
      first[index] = square
      weights[index] -= rate * gradients[index] / (square < 0 ? epsilon : square + epsilon).squareRoot()
    }
  }

  @inline(__always)
  func adadelta(rate: Scalar) {
    let epsilon = epsilon
    for index in 0..<count {
      let gradient = gradients[index]
      let square = 0.95 * first[index] + 0.05 * (gradient * gradient)
      let length = second[index]
      let step =
        (length < 0 ? epsilon : length + epsilon).squareRoot()
        / (square < 0 ? epsilon : square + epsilon).squareRoot() * gradient
      first[index] = square
      second[index] = 0.95 * length + 0.05 * (step * step)
      weights[index] -= rate * step
    }
  }
}
