internal import CKernels

/// Moving elements without computing anything.
enum LayoutKernels {
  // MARK: Transposes

  /// The transpose of a matrix.
  @inline(never)
  static func transpose(_ a: borrowing Tensor, rows: Int, columns: Int) -> Tensor {
    let isBoolean = a.isBoolean
    return a.withNumbers { a in
      Tensor(Dimensions(rows: columns, columns: rows), count: rows * columns, isBoolean: isBoolean) { out in
        if rows <= 8, columns <= 8 {
          transposeSmall(a, rows: rows, columns: columns, into: out)
        } else {
          gather(a, Layout(start: 0, lengths: [columns, rows], strides: [1, columns]), into: out)
        }
      }
    }
  }

  /// A few numbers: describing the layout would take longer than moving them.
  private static func transposeSmall(
    _ a: UnsafePointer<Double>, rows: Int, columns: Int, into out: UnsafeMutablePointer<Double>
  ) {
    var source = a
    for row in 0..<rows {
      for column in 0..<columns { out[column * rows + row] = source[column] }
      source += columns
    }
  }

  // MARK: Reading

  /// The elements of a layout, which must all be there.
  static func gather(_ a: borrowing Tensor, _ layout: Layout, _ dimensions: Dimensions) -> Tensor {
    let isBoolean = a.isBoolean
    return a.withNumbers { a in
      Tensor(dimensions, count: layout.count, isBoolean: isBoolean) { out in gather(a, layout, into: out) }
    }
  }

  private static func gather(
    _ a: UnsafePointer<Double>, _ layout: Layout, into out: UnsafeMutablePointer<Double>
  ) {
    guard let length = layout.lengths.first, length > 0 else {
      return layout.withKernelLayout { Kernels64.arrays.gather_layout(a + layout.start, $0, out) }
    }
    let row = layout.count / length
    Pieces.forEach(of: length, costing: row) { piece in
      var part = layout
      part.lengths[0] = piece.count
      part.withKernelLayout {
        Kernels64.arrays.gather_layout(
          a + layout.start + piece.lowerBound * layout.strides[0], $0, out + piece.lowerBound * row)
      }
    }
  }

  /// The elements at the places, which must all be there.
  static func gather(_ a: borrowing Tensor, _ places: Places, _ dimensions: Dimensions) -> Tensor {
    let isBoolean = a.isBoolean
    switch places {
    case .layout(let layout): return gather(a, layout, dimensions)
    case .run(let start, let count):
      return a.withNumbers { a in
        Tensor(dimensions, count: count, isBoolean: isBoolean) { out in copy(a + start, to: out, count) }
      }
    case .list(let starts, let width):
      return a.withNumbers { a in
        Tensor(dimensions, count: starts.count * width, isBoolean: isBoolean) { out in
          starts.withPlaces { list in
            Pieces.forEach(of: starts.count, costing: width) { piece in
              let i = piece.lowerBound
              Kernels64.arrays.gather(a, list + i, piece.count, width, out + i * width)
            }
          }
        }
      }
    case .mask(let mask, let total, let width):
      return a.withNumbers { a in
        mask.withNumbers { mask in
          Tensor(dimensions, count: total * width, isBoolean: isBoolean) { out in
            Kernels64.arrays.compress(mask, total, a, width, out)
          }
        }
      }
    }
  }

  // MARK: Writing

  /// The elements of `a` with those at `places` replaced, one for one; the places must all be valid.
  static func replace(
    _ a: borrowing Tensor, at places: Places, by new: borrowing Tensor, isBoolean: Bool
  ) -> Tensor {
    let count = a.count
    let dimensions = a.dimensions
    return a.withNumbers { a in
      new.withNumbers { new in
        Tensor(dimensions, count: count, isBoolean: isBoolean) { out in
          copy(a, to: out, count)
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
    case .run(let start, let count): copy(new, to: out + start, count)
    case .layout(let layout):
      layout.withKernelLayout { Kernels64.arrays.scatter_layout(new, $0, out + layout.start) }
    case .list(let starts, let width):
      starts.withPlaces { Kernels64.arrays.scatter(new, $0, starts.count, width, out) }
    case .mask(let mask, let total, let width):
      mask.withNumbers { Kernels64.arrays.expand($0, total, new, width, out) }
    }
  }

  /// Zeros with the elements of `a` added at `places`, which must all be valid.
  static func scatter(_ a: borrowing Tensor, to places: Places, _ dimensions: Dimensions) -> Tensor {
    let sums = Tensor(zeros: dimensions, count: dimensions.lengths.elementCount)
    a.withNumbers { a in
      sums.withOwnNumbers { sums in
        if case .list(let starts, let width) = places {
          starts.withPlaces { Kernels64.arrays.scatter_add(a, $0, starts.count, width, sums) }
        } else {
          // No place comes twice.
          write(a, at: places, of: sums)
        }
      }
    }
    return sums
  }

  /// The tensors one after another along the middle axis of their views.
  static func concatenate(
    _ tensors: [Tensor], axis: Int, _ dimensions: Dimensions, count: Int, isBoolean: Bool
  ) -> Tensor {
    let outer = tensors.first.map { AxisView($0, axis: axis).outer } ?? 0
    let row = outer == 0 ? 0 : count / outer
    return Tensor(dimensions, count: count, isBoolean: isBoolean) { out in
      var start = out
      for tensor in tensors {
        let width = outer == 0 ? 0 : tensor.count / outer
        tensor.withNumbers { numbers in
          if outer == 1 { return copy(numbers, to: start, width) }
          Pieces.forEach(of: outer, costing: width) { rows in
            Kernels64.arrays.copy_rows(
              numbers + rows.lowerBound * width, width, start + rows.lowerBound * row, row, rows.count, width)
          }
        }
        start += width
      }
    }
  }

  private static func copy(_ a: UnsafePointer<Double>, to out: UnsafeMutablePointer<Double>, _ count: Int) {
    Pieces.forEach(of: count) { piece in
      (out + piece.lowerBound).update(from: a + piece.lowerBound, count: piece.count)
    }
  }

  /// Fills `count` places with one number.
  static func fill(_ out: UnsafeMutablePointer<Double>, _ count: Int, with number: Double) {
    Pieces.forEach(of: count) { piece in
      Kernels64.arrays.fill(number, out + piece.lowerBound, piece.count)
    }
  }
}

extension Layout {
  /// Calls `body` with the layout as the kernels take it, counted from its start.
  fileprivate func withKernelLayout(_ body: (nbs_layout) -> Void) {
    lengths.withUnsafeBufferPointer { lengths in
      strides.withUnsafeBufferPointer { strides in
        body(nbs_layout(rank: lengths.count, lengths: lengths.baseAddress, strides: strides.baseAddress))
      }
    }
  }
}
