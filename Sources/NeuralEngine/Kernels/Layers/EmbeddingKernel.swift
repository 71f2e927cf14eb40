/// Stands for each whole number of a row by a row of a table.
final class EmbeddingKernel<Scalar: EngineScalar>: Kernel {
  private let words: Int
  private let width: Int
  private let source: LayerBuffers<Scalar>
  private let target: LayerBuffers<Scalar>
  private let table: ParameterBuffers<Scalar>

  init(
    words: Int, width: Int, source: LayerBuffers<Scalar>, target: LayerBuffers<Scalar>,
    table: ParameterBuffers<Scalar>
  ) {
    self.words = words
    self.width = width
    self.source = source
    self.target = target
    self.table = table
  }

  /// The row of the table for an input. Data is checked before it gets here; what comes by `activate` is held inside.
  @inline(__always)
  private func word(_ index: Int) -> Int {
    let value = source.outputs[index]
    return value.isFinite ? min(max(Int(max(-1, min(value, 1e9))), 0), words - 1) : 0
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(rows: Int) {
    for index in 0..<rows * source.width {
      (target.outputs + index * width).update(from: table.values + word(index) * width, count: width)
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(rows: Int) {
    guard let delta = target.gradients, let gradients = table.gradients else { return }
    for index in 0..<rows * source.width {
      let into = gradients + word(index) * width
      for place in 0..<width { into[place] += delta[index * width + place] }
    }
  }
}
