internal import CKernels

/// An array seen as `outer` blocks of `length` rows of `inner` elements, the middle axis being the one that a
/// reduction goes along.
struct AxisView {
  var outer: Int
  var length: Int
  var inner: Int

  /// The view of a tensor along `axis`, or of all its elements as one axis.
  init(_ tensor: borrowing Tensor, axis: Int?) {
    guard let axis else {
      (outer, length, inner) = (1, tensor.count, 1)
      return
    }
    let dimensions = tensor.dimensions
    (outer, length, inner) = (1, dimensions[axis], 1)
    for before in 0..<axis { outer &*= dimensions[before] }
    for after in (axis + 1)..<max(dimensions.rank, axis + 1) { inner &*= dimensions[after] }
  }

  /// The number of results of a reduction.
  var results: Int { outer &* inner }

  /// Calls `body` for parts of the view, at once on several threads where it is large: for a range of the blocks, and of
  /// the columns where there is a single block.
  fileprivate func forEachPiece(_ body: (_ blocks: Range<Int>, _ columns: Range<Int>) -> Void) {
    if outer == 1 {
      Pieces.forEach(of: inner, costing: length) { body(0..<1, $0) }
    } else {
      Pieces.forEach(of: outer, costing: length &* inner) { body($0, 0..<inner) }
    }
  }
}

/// Reductions of an array along an axis.
enum ReductionKernels {
  // MARK: Sums

  /// The sums along the middle axis.
  static func sum(_ a: borrowing Tensor, _ view: AxisView, _ dimensions: Dimensions) -> Tensor {
    a.withNumbers { a in
      Tensor(dimensions, count: view.results) { out in sum(a, view, out) }
    }
  }

  /// The means along the middle axis; NaN of nothing.
  static func mean(_ a: borrowing Tensor, _ view: AxisView, _ dimensions: Dimensions) -> Tensor {
    let count = view.results
    return a.withNumbers { a in
      Tensor(dimensions, count: count) { out in
        sum(a, view, out)
        withUnsafePointer(to: Double(view.length)) { length in
          Kernels64.arrays.binary(
            NBS_DIVIDE, nbs_operand(numbers: out, row: 0, step: 1),
            nbs_operand(numbers: length, row: 0, step: 0),
            out, 1, count)
        }
      }
    }
  }

  private static func sum(_ a: UnsafePointer<Double>, _ view: AxisView, _ out: UnsafeMutablePointer<Double>) {
    guard view.inner == 1 else {
      return view.forEachPiece { blocks, columns in
        for block in blocks {
          Kernels64.arrays.sum_columns(
            a + block * view.length * view.inner + columns.lowerBound, view.inner, view.length, columns.count,
            out + block * view.inner + columns.lowerBound, false)
        }
      }
    }
    if view.length >= 2 * Pieces.leastNumbers {
      for row in 0..<view.outer { out[row] = longSum(a + row * view.length, view.length) }
    } else {
      Pieces.forEach(of: view.outer, costing: view.length) { rows in
        Kernels64.arrays.sum_rows(
          a + rows.lowerBound * view.length, rows.count, view.length, out + rows.lowerBound, false)
      }
    }
  }

  /// The sum of a long row, by parts of a size that leaves the sum as it is.
  private static func longSum(_ a: UnsafePointer<Double>, _ count: Int) -> Double {
    let part = 1 << 12
    let parts = count / part
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: parts + 1) { sums in
      guard let sums = sums.baseAddress else { return 0 }
      Pieces.forEach(of: parts, costing: part) { piece in
        Kernels64.arrays.sum_rows(
          a + piece.lowerBound * part, piece.count, part, sums + piece.lowerBound, false)
      }
      let rest = count - parts * part
      Kernels64.arrays.sum_rows(a + parts * part, 1, rest, sums + parts, false)
      var total = 0.0
      Kernels64.arrays.sum_tree(sums, rest > 0 ? parts + 1 : parts, &total)
      return total
    }
  }

  /// The elements of `b` summed onto the plan's first operand, of this shape.
  static func sum(_ b: borrowing Tensor, plan: BroadcastPlan, to dimensions: Dimensions, count: Int) -> Tensor
  {
    let isEmpty = b.count == 0
    return b.withNumbers { b in
      Tensor(dimensions, count: count) { sums in
        sums.update(repeating: 0, count: count)
        if isEmpty { return }
        plan.forEachBlock { block in add(b + block.start, block, plan, to: sums + block.offsetA) }
      }
    }
  }

  /// Adds a block's rows to one row of sums, or the sum of each to a sum of its own: were it otherwise, the plan would have
  /// made one axis of the two.
  private static func add(
    _ b: UnsafePointer<Double>, _ block: BroadcastPlan.Block, _ plan: BroadcastPlan,
    to sums: UnsafeMutablePointer<Double>
  ) {
    if plan.aVaries {
      Pieces.forEach(of: plan.run, costing: block.runs) { columns in
        Kernels64.arrays.sum_columns(
          b + columns.lowerBound, plan.run, block.runs, columns.count, sums + columns.lowerBound, true)
      }
    } else {
      Pieces.forEach(of: block.runs, costing: plan.run) { rows in
        Kernels64.arrays.sum_rows(
          b + rows.lowerBound * plan.run, rows.count, plan.run, sums + rows.lowerBound, true)
      }
    }
  }

  // MARK: Extremes

  /// The largest (or smallest) elements along the middle axis, which must not be empty, or their places there; the first NaN
  /// wins, as in NumPy.
  static func extremes(
    _ a: borrowing Tensor, _ view: AxisView, largest: Bool, areWantedAsPlaces: Bool, _ dimensions: Dimensions
  ) -> Tensor {
    a.withNumbers { a in
      Tensor(dimensions, count: view.results) { out in
        let values = areWantedAsPlaces ? nil : out
        let places = areWantedAsPlaces ? out : nil
        guard view.inner == 1 else {
          return view.forEachPiece { blocks, columns in
            for block in blocks {
              let result = block * view.inner + columns.lowerBound
              Kernels64.arrays.extremes_of_columns(
                largest, a + block * view.length * view.inner + columns.lowerBound, view.inner, view.length,
                columns.count, values.map { $0 + result }, places.map { $0 + result })
            }
          }
        }
        if view.length >= 2 * Pieces.leastNumbers {
          for row in 0..<view.outer {
            let place = longExtreme(a + row * view.length, view.length, largest: largest)
            out[row] = areWantedAsPlaces ? Double(place) : a[row * view.length + place]
          }
        } else {
          Pieces.forEach(of: view.outer, costing: view.length) { rows in
            Kernels64.arrays.extremes_of_rows(
              largest, a + rows.lowerBound * view.length, rows.count, view.length,
              values.map { $0 + rows.lowerBound }, places.map { $0 + rows.lowerBound })
          }
        }
      }
    }
  }

  /// The place of the extreme of a long row.
  private static func longExtreme(_ a: UnsafePointer<Double>, _ count: Int, largest: Bool) -> Int {
    let pieces = Pieces.count(of: count)
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: pieces) { places in
      Pieces.forEach(of: count, in: pieces) { piece, range in
        var place = 0.0
        Kernels64.arrays.extremes_of_rows(largest, a + range.lowerBound, 1, range.count, nil, &place)
        places[piece] = range.lowerBound + Int(place)
      }
      return places.dropFirst().reduce(places[0]) { best, place in
        let (value, extreme) = (a[place], a[best])
        if extreme.isNaN { return best }
        return value.isNaN || (largest ? value > extreme : value < extreme) ? place : best
      }
    }
  }

  // MARK: Running sums

  /// The running sums along the middle axis, from its end if `backwards`.
  static func cumulativeSum(_ a: borrowing Tensor, _ view: AxisView, backwards: Bool) -> Tensor {
    let count = a.count
    let dimensions = a.dimensions
    return a.withNumbers { a in
      Tensor(dimensions, count: count) { out in
        Pieces.forEach(of: view.outer, costing: view.length &* view.inner) { blocks in
          let start = blocks.lowerBound * view.length * view.inner
          Kernels64.arrays.running_sums(
            a + start, out + start, blocks.count, view.length, view.inner, backwards)
        }
      }
    }
  }
}
