/// Loops that move elements without computing anything.
enum LayoutKernels {
  /// The transpose of a row-major matrix.
  static func transpose(_ a: [Double], rows: Int, columns: Int) -> [Double] {
    ArrayAllocation.array(count: a.count) { out in
      a.withUnsafeBufferPointer { a in
        guard let a = a.baseAddress else { return }
        transpose(a, rows: rows, columns: columns, into: out)
      }
    }
  }

  /// Tiles keep both the rows read and the rows written in the cache.
  private static func transpose(
    _ a: UnsafePointer<Double>, rows: Int, columns: Int, into out: UnsafeMutablePointer<Double>
  ) {
    let tile = 16
    for rowStart in stride(from: 0, to: rows, by: tile) {
      let rowEnd = min(rowStart + tile, rows)
      for columnStart in stride(from: 0, to: columns, by: tile) {
        for row in rowStart..<rowEnd {
          for column in columnStart..<min(columnStart + tile, columns) {
            out[column * rows + row] = a[row * columns + column]
          }
        }
      }
    }
  }

  /// The elements at `places`, which must all be valid.
  static func gather(_ a: [Double], _ places: [Int]) -> [Double] {
    ArrayAllocation.array(count: places.count) { out in
      a.withUnsafeBufferPointer { a in
        for i in 0..<places.count { out[i] = a[places[i]] }
      }
    }
  }

  /// The matrix products of `count` pairs, each operand going on by its stride from pair to pair.
  static func matrixProducts(
    _ a: [Double], _ b: [Double], m: Int, n: Int, k: Int, starts: [(a: Int, b: Int)]
  ) -> [Double] {
    let count = starts.count * m * n
    return ArrayAllocation.array(count: count) { out in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          // Without anything to sum over, an operand may have no address.
          guard let a = a.baseAddress, let b = b.baseAddress, k > 0 else {
            return out.update(repeating: 0, count: count)
          }
          for (i, start) in starts.enumerated() {
            matrixMultiply(m: m, n: n, k: k, a: a + start.a, b: b + start.b, c: out + i * m * n)
          }
        }
      }
    }
  }

  /// One matrix product.
  static func matrixProduct(_ a: [Double], _ b: [Double], m: Int, n: Int, k: Int) -> [Double] {
    ArrayAllocation.array(count: m * n) { out in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          guard let a = a.baseAddress, let b = b.baseAddress, k > 0 else {
            return out.update(repeating: 0, count: m * n)
          }
          matrixMultiply(m: m, n: n, k: k, a: a, b: b, c: out)
        }
      }
    }
  }
}
