/// What large weights cost: `l1` · Σ |w| + `l2` · Σ w², added to the loss of every batch as by Keras's
/// `kernel_regularizer` (keras/src/regularizers).
///
/// It counts the weights of the edges that training may change; biases are free.
public struct Regularizer: Sendable, Equatable {
  /// The price of a weight's absolute value.
  public var l1: Double
  /// The price of a weight's square.
  public var l2: Double

  /// Creates a regularizer; none by default.
  public init(l1: Double = 0, l2: Double = 0) {
    self.l1 = l1
    self.l2 = l2
  }

  /// Whether weights cost nothing.
  public var isNone: Bool { l1 == 0 && l2 == 0 }
}
