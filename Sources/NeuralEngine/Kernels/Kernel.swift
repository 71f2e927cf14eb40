/// One step of a plan: it reads and writes buffers that were fixed when the plan was made.
///
/// A layer's values live in two buffers of `rows` x width: its outputs, first used for the sums that become
/// them, and the gradient of the loss by its outputs, which turns into the gradient by its sums in place.
protocol Kernel<Scalar>: AnyObject {
  associatedtype Scalar: EngineScalar
  /// Computes outputs for the first `rows` rows.
  func forward(rows: Int)
  /// Adds to the gradients of parameters and of what the kernel read, for the first `rows` rows.
  func backward(rows: Int)
}

/// Where a layer's values stand in a plan.
struct LayerBuffers<Scalar: EngineScalar> {
  let width: Int
  let outputs: UnsafeMutablePointer<Scalar>
  /// The gradient of the loss; nil for an input, which nothing wants the gradient of.
  let gradients: UnsafeMutablePointer<Scalar>?
  /// A copy of the sums from before the activation, kept for a loss that is computed from them and for an
  /// activation whose derivative is.
  let sums: UnsafeMutablePointer<Scalar>?
}

extension LayerBuffers {
  /// Takes the derivative of a relu, told from its outputs, along in the gradient by them.
  @inline(__always)
  func maskGradients(rows: Int) {
    guard let gradients else { return }
    // Written so that several are taken at once.
    for index in 0..<rows * width { gradients[index] = outputs[index] > 0 ? gradients[index] : 0 }
  }

  /// Adds a gradient that was made apart, because other kernels write to this one, too.
  @inline(__always)
  func addGradients(_ own: Buffer<Scalar>, rows: Int) {
    guard let gradients else { return }
    for index in 0..<rows * width { gradients[index] += own.pointer[index] }
  }
}

/// Where a run of parameters stands, and its gradient.
struct ParameterBuffers<Scalar: EngineScalar> {
  let values: UnsafeMutablePointer<Scalar>
  /// Nil for frozen parameters.
  let gradients: UnsafeMutablePointer<Scalar>?
}
