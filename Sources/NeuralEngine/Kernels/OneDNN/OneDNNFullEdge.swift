internal import COneDNN

/// A `full` edge by oneDNN's matrix product: for layers so wide that its vector code and threads pay.
final class OneDNNFullEdge: WeightedEdge<Float>, Kernel {
  typealias Scalar = Float

  private let threads: OneDNNThreads

  init(
    source: LayerBuffers<Float>, target: LayerBuffers<Float>, weights: ParameterBuffers<Float>, capacity: Int
  ) {
    threads = OneDNNThreads(work: capacity * source.width * target.width)
    super.init(source: source, target: target, weights: weights)
  }

  /// y += x Wᵀ
  func forward(rows: Int) {
    threads.run {
      OneDNNFullEdge.addProduct(
        source.outputs, Matrix(rows, source.width), weights.values,
        Matrix(target.width, source.width, isTransposed: true), to: target.outputs)
    }
  }

  /// dW += δᵀ x, dx += δ W
  func backward(rows: Int) { threads.run { passBack(rows) } }

  private func passBack(_ rows: Int) {
    guard let delta = target.gradients else { return }
    if let gradients = weights.gradients {
      OneDNNFullEdge.addProduct(
        delta, Matrix(rows, target.width, isTransposed: true), source.outputs, Matrix(rows, source.width),
        to: gradients)
    }
    if let gradients = source.gradients {
      OneDNNFullEdge.addProduct(
        delta, Matrix(rows, target.width), weights.values, Matrix(target.width, source.width), to: gradients)
    }
  }

  /// How a matrix stands in memory, row by row, and how it is to be taken.
  private struct Matrix {
    let rows: Int
    let columns: Int
    let isTransposed: Bool

    init(_ rows: Int, _ columns: Int, isTransposed: Bool = false) {
      self.rows = rows
      self.columns = columns
      self.isTransposed = isTransposed
    }

    var letter: CChar { CChar(UInt8(ascii: isTransposed ? "T" : "N")) }
    var takenRows: Int { isTransposed ? columns : rows }
    var takenColumns: Int { isTransposed ? rows : columns }
  }

  private static func addProduct(
    _ a: UnsafePointer<Float>, _ first: Matrix, _ b: UnsafePointer<Float>, _ second: Matrix,
    to c: UnsafeMutablePointer<Float>
  ) {
    dnnl_sgemm(
      first.letter, second.letter, dnnl_dim_t(first.takenRows), dnnl_dim_t(second.takenColumns),
      dnnl_dim_t(first.takenColumns), 1, a, dnnl_dim_t(first.columns), b, dnnl_dim_t(second.columns), 1, c,
      dnnl_dim_t(second.takenColumns))
  }
}
