import Foundations

extension Tensor {
  /// The matrix product `a @ b`, as NumPy's `matmul`.
  ///
  /// (m x k) @ (k x n) is m x n. An array of one axis is a row on the left and a column on the right, and
  /// loses that axis again in the result. Axes before the last two are a batch, and are broadcast.
  ///
  /// - Throws: `shape-mismatch` naming both shapes, `too-large`.
  public static func matrixProduct(_ a: consuming Tensor, _ b: consuming Tensor) throws -> Tensor {
    let (left, right) = (a.dimensions, b.dimensions)
    guard left.rank == 2, right.rank == 2, left[1] == right[0] else { return try generalProduct(a, b) }
    let (m, k, n) = (left[0], left[1], right[1])
    // A million elements fit anywhere.
    if m | n > 0x3FF { _ = try ArraySize.room(for: [m, n]) }
    let shape = Dimensions(rows: m, columns: n)
    return ProductKernels.matrixProduct(a, b, m: m, n: n, k: k, shape).recorded(.matrixProduct, a, b)
  }

  private static func generalProduct(_ a: Tensor, _ b: Tensor) throws -> Tensor {
    guard a.rank > 0, b.rank > 0 else {
      throw CodedError(
        .shapeMismatch,
        "`@` multiplies matrices, and cannot take \(a.shape.shapeText) and \(b.shape.shapeText): use `*`.")
    }
    let left = a.shape.asMatrix(onLeft: true)
    let right = b.shape.asMatrix(onLeft: false)
    let (m, k, n) = (left[left.count - 2], left[left.count - 1], right[right.count - 1])
    guard k == right[right.count - 2], let batch = BroadcastPlan(left.dropLastTwo, right.dropLastTwo) else {
      throw CodedError(.shapeMismatch, mismatch(a.shape, b.shape))
    }
    let shape = batch.shape + (a.rank > 1 ? [m] : []) + (b.rank > 1 ? [n] : [])
    _ = try ArraySize.room(for: shape)
    let starts = batch.starts(a: m * k, b: k * n)
    return ProductKernels.matrixProducts(a, b, m: m, n: n, k: k, starts: starts, Dimensions(shape))
      .recorded(.matrixProduct, a, b)
  }

  private static func mismatch(_ a: [Int], _ b: [Int]) -> String {
    let start = "`@` cannot multiply \(a.shapeText) by \(b.shapeText): "
    let left = a.asMatrix(onLeft: true)
    let right = b.asMatrix(onLeft: false)
    let (columns, rows) = (left[left.count - 1], right[right.count - 2])
    guard columns != rows else { return start + "the axes before the last two must be equal or 1." }
    var hint = ""
    if b.count == 2, columns == b[1] { hint = " Transpose the right one: `.T`." }
    if a.count == 2, a[0] == rows { hint = " Transpose the left one: `.T`." }
    return start + "the left one has \(columns) columns, the right one \(rows) rows; they must agree." + hint
  }

  /// The gradients of both inputs of a matrix product; nil where none is wanted.
  static func matrixProductGradients(
    _ gradient: Tensor, _ a: Tensor, _ b: Tensor, wantsFirst: Bool, wantsSecond: Bool
  ) throws -> (Tensor?, Tensor?) {
    if a.rank == 2, b.rank == 2 {
      return (
        wantsFirst ? try matrixProduct(gradient, b.reversingAxes()) : nil,
        wantsSecond ? try matrixProduct(a.reversingAxes(), gradient) : nil
      )
    }
    let left = a.shape.asMatrix(onLeft: true)
    let right = b.shape.asMatrix(onLeft: false)
    let batch = BroadcastPlan(left.dropLastTwo, right.dropLastTwo)?.shape ?? []
    let gradient = try gradient.reshaped(batch + [left[left.count - 2], right[right.count - 1]])
    var gradientA: Tensor?
    var gradientB: Tensor?
    if wantsFirst {
      let other = try b.reshaped(right).swappingLastAxes()
      gradientA = try matrixProduct(gradient, other).summed(to: Dimensions(left)).reshaped(to: a.dimensions)
    }
    if wantsSecond {
      let other = try a.reshaped(left).swappingLastAxes()
      gradientB = try matrixProduct(other, gradient).summed(to: Dimensions(right)).reshaped(to: b.dimensions)
    }
    return (gradientA, gradientB)
  }

  private func swappingLastAxes() throws -> Tensor {
    if rank == 2 { return reversingAxes() }
    var axes = Array(0..<rank)
    axes.swapAt(rank - 1, rank - 2)
    return try transposed(axes: axes)
  }
}

extension [Int] {
  /// The shape of a matrix (or a batch of them) that an array of this shape stands for in a product.
  fileprivate func asMatrix(onLeft: Bool) -> [Int] {
    guard count == 1 else { return self }
    return onLeft ? [1] + self : self + [1]
  }

  fileprivate var dropLastTwo: [Int] { Array(dropLast(2)) }
}

extension BroadcastPlan {
  /// Where each pair of a batch begins, given the size of one matrix of either side.
  fileprivate func starts(a: Int, b: Int) -> [(a: Int, b: Int)] {
    guard !shape.contains(0) else { return [] }
    var starts: [(a: Int, b: Int)] = []
    starts.reserveCapacity(shape.elementCount)
    forEachBlock { block in
      for row in 0..<block.runs {
        let (offsetA, offsetB) = (block.offsetA + row * block.strideA, block.offsetB + row * block.strideB)
        for i in 0..<run {
          starts.append(((offsetA + (aVaries ? i : 0)) * a, (offsetB + (bVaries ? i : 0)) * b))
        }
      }
    }
    return starts
  }
}
