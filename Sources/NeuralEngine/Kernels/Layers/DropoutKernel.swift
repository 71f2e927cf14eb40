/// In training sets a share of the numbers to 0 and enlarges the others, so that their mean stays (inverted
/// dropout, as PyTorch and Keras have it); else passes them on.
final class DropoutKernel<Scalar: EngineScalar>: Kernel {
  private let source: LayerBuffers<Scalar>
  private let target: LayerBuffers<Scalar>
  private let share: Double
  private let phase: PlanPhase
  /// What each number was multiplied by.
  private let factors: Buffer<Scalar>

  init(
    share: Double, source: LayerBuffers<Scalar>, target: LayerBuffers<Scalar>, capacity: Int, phase: PlanPhase
  ) {
    self.share = share
    self.source = source
    self.target = target
    self.phase = phase
    factors = Buffer(count: capacity * target.width)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(rows: Int) {
    let count = rows * target.width
    if phase.isTraining { draw(count) } else { factors.pointer.update(repeating: 1, count: count) }
    for index in 0..<count { target.outputs[index] = source.outputs[index] * factors.pointer[index] }
  }

  @inline(__always)
  private func draw(_ count: Int) {
    let kept = Scalar(1 / (1 - share))
    // 32 bits decide on each number, so that one draw serves two.
    let limit = UInt64(share * 0x1p32)
    var bits: UInt64 = 0
    for index in 0..<count {
      bits = index.isMultiple(of: 2) ? phase.random.next() : bits >> 32
      factors.pointer[index] = bits & 0xFFFF_FFFF < limit ? 0 : kept
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(rows: Int) {
    guard let delta = target.gradients, let gradients = source.gradients else { return }
    for index in 0..<rows * target.width { gradients[index] += delta[index] * factors.pointer[index] }
  }
}
