/// Loops that move elements without computing anything.
enum LayoutKernels {
  /// The transpose of a matrix.
  @inline(never)
  static func transpose(_ a: borrowing Tensor, rows: Int, columns: Int) -> Tensor {
    let isBoolean = a.isBoolean
    return a.withNumbers { a in
      Tensor(Dimensions(rows: columns, columns: rows), count: rows * columns, isBoolean: isBoolean) { out in
        transpose(a, rows: rows, columns: columns, into: out)
      }
    }
  }

  /// Tiles keep both the rows read and the rows written in the cache.
  private static func transpose(
    _ a: UnsafePointer<Double>, rows: Int, columns: Int, into out: UnsafeMutablePointer<Double>
  ) {
    let tile = 16
    if rows <= tile, columns <= tile {
      for row in 0..<rows {
        for column in 0..<columns { out[column * rows + row] = a[row * columns + column] }
      }
      return
    }
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
  static func gather(
    _ a: borrowing Tensor, _ places: [Int], _ dimensions: Dimensions, isBoolean: Bool
  ) -> Tensor {
    a.withNumbers { a in
      Tensor(dimensions, count: places.count, isBoolean: isBoolean) { out in
        for i in 0..<places.count { out[i] = a[places[i]] }
      }
    }
  }

  /// `count` elements that follow each other, which must all be there.
  static func slice(_ a: borrowing Tensor, from start: Int, count: Int, _ dimensions: Dimensions) -> Tensor {
    let isBoolean = a.isBoolean
    return a.withNumbers { a in
      Tensor(dimensions, count: count, isBoolean: isBoolean) { out in
        out.update(from: a + start, count: count)
      }
    }
  }

  /// The elements of `a` with those at `places` replaced, one for one; the places must all be valid.
  static func replace(
    _ a: borrowing Tensor, at places: Places, by new: borrowing Tensor, isBoolean: Bool
  ) -> Tensor {
    let count = a.count
    let dimensions = a.dimensions
    return a.withNumbers { a in
      new.withNumbers { new in
        Tensor(dimensions, count: count, isBoolean: isBoolean) { out in
          out.update(from: a, count: count)
          write(new, at: places, of: out)
        }
      }
    }
  }

  /// Writes one number to each place of a tensor that nobody else holds; the places must all be valid.
  static func write(_ new: borrowing Tensor, at places: Places, of tensor: borrowing Tensor) {
    new.withNumbers { new in tensor.withOwnNumbers { write(new, at: places, of: $0) } }
  }

  private static func write(
    _ new: UnsafePointer<Double>, at places: Places, of out: UnsafeMutablePointer<Double>
  ) {
    switch places {
    case .run(let start, let count): (out + start).update(from: new, count: count)
    case .list(let list): for i in list.indices { out[list[i]] = new[i] }
    }
  }

  /// Zeros with the elements of `a` added at `places`, which must all be valid.
  static func scatter(_ a: borrowing Tensor, to places: Places, _ dimensions: Dimensions) -> Tensor {
    let count = dimensions.lengths.elementCount
    return a.withNumbers { a in
      Tensor(dimensions, count: count) { out in
        out.update(repeating: 0, count: count)
        switch places {
        case .run(let start, let count): (out + start).update(from: a, count: count)
        case .list(let list): for i in list.indices { out[list[i]] += a[i] }
        }
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
            matrixMultiply(m: m, n: n, k: k, a: a + start.a, b: b + start.b, c: out + i * m * n)
          }
        }
      }
    }
  }

  /// One matrix product.
  @inline(never)
  static func matrixProduct(
    _ a: borrowing Tensor, _ b: borrowing Tensor, m: Int, n: Int, k: Int, _ dimensions: Dimensions
  ) -> Tensor {
    a.withNumbers { a in
      b.withNumbers { b in
        Tensor(dimensions, count: m * n) { out in matrixMultiply(m: m, n: n, k: k, a: a, b: b, c: out) }
      }
    }
  }
}
