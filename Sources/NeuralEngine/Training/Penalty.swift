/// What large weights cost: `l1` · Σ |w| + `l2` · Σ w², added to the loss of every batch as by Keras's
/// `kernel_regularizer` (keras/src/regularizers).
///
/// It counts the weights of the edges that training may change; biases are free.
public struct Penalty: Sendable, Equatable {
  /// The price of a weight's absolute value.
  public var l1: Double
  /// The price of a weight's square.
  public var l2: Double

  /// Creates a penalty; none by default.
  public init(l1: Double = 0, l2: Double = 0) {
    self.l1 = l1
    self.l2 = l2
  }

  /// Whether weights cost nothing.
  public var isNone: Bool { l1 == 0 && l2 == 0 }
}

extension Parameters {
  /// What the weights cost as they are.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func cost(_ penalty: Penalty) -> Double {
    guard !penalty.isNone else { return 0 }
    var (sizes, squares) = (0.0, 0.0)
    for range in penalisedRanges {
      for index in range {
        let weight = Double(values.pointer[index])
        sizes += weight.magnitude
        squares += weight * weight
      }
    }
    return penalty.l1 * sizes + penalty.l2 * squares
  }

  /// Adds the slope of ``cost(_:)`` to the gradients; that of |w| is 0 at 0.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func addSlope(of penalty: Penalty) {
    guard !penalty.isNone else { return }
    let (l1, l2) = (Scalar(penalty.l1), Scalar(2 * penalty.l2))
    for range in penalisedRanges {
      for index in range {
        let weight = values.pointer[index]
        gradients.pointer[index] += l2 * weight + (weight > 0 ? l1 : weight < 0 ? -l1 : 0)
      }
    }
  }

  /// Shortens the gradient of all parameters together to a length, if it is longer: Keras's `global_clipnorm`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func clipGradients(to limit: Double) {
    var squares = 0.0
    for index in 0..<gradients.count {
      let gradient = Double(gradients.pointer[index])
      squares += gradient * gradient
    }
    let length = squares.squareRoot()
    // An infinite gradient has no direction to keep; the step fails, and the training says so.
    guard length.isFinite, length > limit else { return }
    let scale = Scalar(limit / length)
    for index in 0..<gradients.count { gradients.pointer[index] *= scale }
  }
}
