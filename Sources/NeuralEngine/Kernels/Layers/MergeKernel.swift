/// Makes one array of several.
final class MergeKernel<Scalar: EngineScalar>: Kernel {
  private let merge: Merge
  private let sources: [LayerBuffers<Scalar>]
  private let target: LayerBuffers<Scalar>
  /// How long the last axis of each source is; for concat.
  private let widths: [Int]

  init(
    _ merge: Merge, sources: [LayerBuffers<Scalar>], target: LayerBuffers<Scalar>, lastAxes widths: [Int]
  ) {
    self.merge = merge
    self.sources = sources
    self.target = target
    self.widths = widths
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(rows: Int) {
    if merge == .concat {
      return forEachPiece(rows) { source, from, into, count in
        (target.outputs + into).update(from: sources[source].outputs + from, count: count)
      }
    }
    let count = rows * target.width
    let out = target.outputs
    out.update(from: sources[0].outputs, count: count)
    for source in sources.dropFirst() {
      switch merge {
      case .add, .avg: for index in 0..<count { out[index] += source.outputs[index] }
      case .mul: for index in 0..<count { out[index] *= source.outputs[index] }
      // A NaN on either side stays.
      case .max:
        for index in 0..<count where !(out[index] >= source.outputs[index]) {
          out[index] = out[index].isNaN ? out[index] : source.outputs[index]
        }
      case .concat: break
      }
    }
    if merge == .avg {
      let share = 1 / Scalar(sources.count)
      for index in 0..<count { out[index] *= share }
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(rows: Int) {
    guard let delta = target.gradients else { return }
    if merge == .concat {
      return forEachPiece(rows) { source, from, into, count in
        guard let gradients = sources[source].gradients else { return }
        for index in 0..<count { gradients[from + index] += delta[into + index] }
      }
    }
    for (number, source) in sources.enumerated() {
      guard let gradients = source.gradients else { continue }
      for index in 0..<rows * target.width { gradients[index] += delta[index] * slope(number, index) }
    }
  }

  /// The derivative of an output by its part of a source.
  @inline(__always)
  private func slope(_ number: Int, _ index: Int) -> Scalar {
    switch merge {
    case .add, .concat: return 1
    case .avg: return 1 / Scalar(sources.count)
    case .mul:
      var product: Scalar = 1
      for (other, source) in sources.enumerated() where other != number { product *= source.outputs[index] }
      return product
    case .max:
      let value = sources[number].outputs[index]
      for (other, source) in sources.enumerated() where other != number {
        if source.outputs[index] > value || (other < number && source.outputs[index] == value) { return 0 }
      }
      return 1
    }
  }

  /// The runs of numbers that stay together: a source, where its run begins, where it goes to, and its length.
  @inline(__always)
  private func forEachPiece(_ rows: Int, _ body: (Int, Int, Int, Int) -> Void) {
    let whole = widths.reduce(0, +)
    let places = rows * target.width / whole
    var start = 0
    for (source, width) in widths.enumerated() {
      for place in 0..<places { body(source, place * width, place * whole + start, width) }
      start += width
    }
  }
}
