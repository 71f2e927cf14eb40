import RealModule

/// A small chain of dense layers trained row by row in one pass over the contiguous parameters, without a
/// call per layer: with a handful of units the calls would cost more than the arithmetic.
///
/// It does the same operations in the same order as the kernels it stands for, and gives the same bits.
final class OnlineChain<Scalar: EngineScalar> {
  /// A dense layer that is fed by one `full` edge.
  struct Link {
    let source: LayerBuffers<Scalar>
    let target: LayerBuffers<Scalar>
    let weights: UnsafeMutablePointer<Scalar>
    let biases: UnsafeMutablePointer<Scalar>
    let activation: Activation
  }

  /// What came of some rows.
  struct Outcome {
    var loss = 0.0
    var correct = 0
    /// How many rows were trained on; fewer than asked for when a loss was not finite.
    var rows = 0
    var isFinite = true
  }

  let links: [Link]
  private let loss: LossKernel<Scalar>
  private let outputs: LayerBuffers<Scalar>
  private let targets: UnsafeMutablePointer<Scalar>
  private let input: LayerBuffers<Scalar>

  /// Layers wider than this are better served by kernels that use the whole vector unit.
  static var maximumWidth: Int { 31 }

  init?(_ links: [Link], loss: LossKernel<Scalar>, targets: UnsafeMutablePointer<Scalar>) {
    guard let first = links.first, let last = links.last else { return nil }
    self.links = links
    self.loss = loss
    self.targets = targets
    input = first.source
    outputs = last.target
  }

  /// Trains on the rows that `order` names, one step of plain gradient descent a row.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func train(
    _ samples: Samples<Scalar>, order: UnsafeBufferPointer<Int>, rate: Scalar, countsCorrect: Bool
  ) -> Outcome {
    var outcome = Outcome()
    for row in order {
      samples.copyInputs(row: row, from: 0, count: input.width, to: input.outputs)
      targets.update(from: samples.targets.pointer + row * outputs.width, count: outputs.width)
      answer()
      let rowLoss = loss.total(rows: 1)
      guard rowLoss.isFinite else {
        outcome.isFinite = false
        return outcome
      }
      outcome.rows += 1
      outcome.loss += rowLoss
      if countsCorrect, loss.isCorrect(row: 0) { outcome.correct += 1 }
      learn(rate: rate)
    }
    return outcome
  }

  /// Computes the outputs for the row that stands in the input layer.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func answer() {
    for link in links { forward(link) }
  }

  /// Takes one step of plain gradient descent from the last answer towards the targets.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func learn(rate: Scalar) {
    loss.backward(rows: 1, scale: 1)
    for index in stride(from: links.count - 1, through: 0, by: -1) {
      backward(links[index], isFused: index == links.count - 1 && loss.isFused, rate: rate)
    }
  }

  @inline(__always)
  private func forward(_ link: Link) {
    let width = link.source.width
    var weights = link.weights
    for unit in 0..<link.target.width {
      var sum = Scalar.zero
      for index in 0..<width { sum += weights[index] * link.source.outputs[index] }
      weights += width
      link.target.outputs[unit] = link.biases[unit] + sum
    }
    UnitMath.activate(link.activation, link.target, rows: 1)
  }

  @inline(__always)
  private func backward(_ link: Link, isFused: Bool, rate: Scalar) {
    guard let delta = link.target.gradients else { return }
    if !isFused { UnitMath.differentiate(link.activation, link.target, rows: 1) }
    let width = link.source.width
    if let gradients = link.source.gradients {
      for index in 0..<width { gradients[index] = 0 }
      for unit in 0..<link.target.width {
        for index in 0..<width { gradients[index] += delta[unit] * link.weights[unit * width + index] }
      }
    }
    for unit in 0..<link.target.width {
      let row = link.weights + unit * width
      for index in 0..<width { row[index] -= rate * (delta[unit] * link.source.outputs[index]) }
      link.biases[unit] -= rate * delta[unit]
    }
  }
}
