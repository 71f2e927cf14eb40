internal import CKernels

/// Matrix products. Each element is one chain of fused multiply-adds, so that neither the size of the matrices nor the number
/// of threads changes a bit.
enum ProductKernels {
  /// The most multiplications for which packing would take longer than the product.
  private static let mostInPlace = 256

  /// The fewest multiplications that are worth a thread.
  private static let leastWork = 1 << 19

  /// How many multiplications there are between two looks at whether to stop.
  private static let mostWork = 1 << 30

  /// One matrix product.
  @inline(never)
  static func matrixProduct(
    _ a: borrowing Tensor, _ b: borrowing Tensor, m: Int, n: Int, k: Int, _ dimensions: Dimensions
  ) -> Tensor {
    a.withNumbers { a in
      b.withNumbers { b in
        Tensor(dimensions, count: m * n) { out in multiply(m: m, n: n, k: k, a, b, out) }
      }
    }
  }

  /// The matrix products of pairs, given where the matrices of each begin.
  static func matrixProducts(
    _ a: borrowing Tensor, _ b: borrowing Tensor, m: Int, n: Int, k: Int, starts: [(a: Int, b: Int)],
    _ dimensions: Dimensions
  ) -> Tensor {
    a.withNumbers { a in
      b.withNumbers { b in
        Tensor(dimensions, count: starts.count * m * n) { out in
          for (i, start) in starts.enumerated() {
            multiply(m: m, n: n, k: k, a + start.a, b + start.b, out + i * m * n)
          }
        }
      }
    }
  }

  /// `c = a · b` for row-major `a` (m x k), `b` (k x n) and `c` (m x n).
  private static func multiply(
    m: Int, n: Int, k: Int, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    _ c: UnsafeMutablePointer<Double>
  ) {
    // As numbers of any size: three sides may be more than an Int holds where one of them is 0.
    let work = Double(m) * Double(n) * Double(k)
    if work <= Double(mostInPlace) { return Kernels64.arrays.small_product(m, n, k, a, b, c) }
    let pieces = Pieces.count(of: m, work: work, least: leastWork)
    // Each part packs the right matrix again, which takes little beside 256 rows.
    let most = max(256, Int(min(Double(mostWork) / (Double(n) * Double(k)), 0x1p40)))
    Pieces.forEachPart(of: m, most: most, in: pieces) { rows in
      let bytes = Kernels64.products.product_scratch(rows.count, n, k)
      NumberBlock.withScratch((bytes + 7) / 8) { scratch in
        Kernels64.products.product(
          rows.count, n, k, nbs_matrix(numbers: a + rows.lowerBound * k, row: k, column: 1),
          nbs_matrix(numbers: b, row: n, column: 1), c + rows.lowerBound * n, n, NBS_FROM_ZERO, nil,
          scratch)
      }
    }
  }
}
