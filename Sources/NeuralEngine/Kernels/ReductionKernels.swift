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
}

/// Eight neighbours, which the compiler turns into as many vectors as the machine needs.
@inline(__always)
func eight(of a: UnsafeBufferPointer<Double>, at i: Int) -> SIMD8<Double> {
  UnsafeRawBufferPointer(a).loadUnaligned(
    fromByteOffset: i * MemoryLayout<Double>.stride, as: SIMD8<Double>.self)
}

/// Loops that reduce an array along an axis.
enum ReductionKernels {
  /// The sums along the middle axis, divided by `divisor`.
  static func sum(
    _ a: borrowing Tensor, _ view: AxisView, _ dimensions: Dimensions, over divisor: Double = 1
  ) -> Tensor {
    let count = a.count
    return a.withNumbers { numbers in
      let a = UnsafeBufferPointer(start: numbers, count: count)
      return Tensor(dimensions, count: view.results) { out in
        if view.inner == 1 {
          for row in 0..<view.outer {
            out[row] = sum(UnsafeBufferPointer(start: numbers + row * view.length, count: view.length))
          }
        } else {
          addRows(a, out, view)
        }
        if divisor != 1 { for i in 0..<view.results { out[i] /= divisor } }
      }
    }
  }

  /// The means along the middle axis; NaN of nothing.
  static func mean(_ a: borrowing Tensor, _ view: AxisView, _ dimensions: Dimensions) -> Tensor {
    sum(a, view, dimensions, over: Double(view.length))
  }

  private static func addRows(
    _ a: UnsafeBufferPointer<Double>, _ out: UnsafeMutablePointer<Double>, _ view: AxisView
  ) {
    out.update(repeating: 0, count: view.results)
    guard let a = a.baseAddress else { return }
    for block in 0..<view.outer {
      let target = out + block * view.inner
      for row in 0..<view.length {
        let source = a + (block * view.length + row) * view.inner
        for i in 0..<view.inner { target[i] += source[i] }
      }
    }
  }

  /// The sum of all elements. Eight partial sums are faster than one and lose less to rounding.
  private static func sum(_ a: UnsafeBufferPointer<Double>) -> Double {
    var sums = SIMD8<Double>.zero
    var i = 0
    while i + 8 <= a.count {
      sums += eight(of: a, at: i)
      i += 8
    }
    var total = sums.sum()
    while i < a.count {
      total += a[i]
      i += 1
    }
    return total
  }

  /// The elements of `b` summed onto the plan's first operand, of this shape.
  static func sum(_ b: borrowing Tensor, plan: BroadcastPlan, to dimensions: Dimensions, count: Int) -> Tensor
  {
    let isEmpty = b.count == 0
    return b.withNumbers { b in
      Tensor(dimensions, count: count) { sums in
        sums.update(repeating: 0, count: count)
        if isEmpty { return }
        plan.forEachRun { run, offset, _ in
          let source = b + run * plan.run
          if plan.aVaries {
            for i in 0..<plan.run { sums[offset + i] += source[i] }
          } else {
            sums[offset] += sum(UnsafeBufferPointer(start: source, count: plan.run))
          }
        }
      }
    }
  }

  /// The index along the middle axis of the largest (or smallest) element; the first NaN wins, as in NumPy.
  static func extremeIndexes(_ a: borrowing Tensor, _ view: AxisView, largest: Bool) -> [Int] {
    let count = a.count
    return a.withNumbers { numbers in
      let a = UnsafeBufferPointer(start: numbers, count: count)
      return [Int](unsafeUninitializedCapacity: view.results) { out, filled in
        filled = view.results
        for block in 0..<view.outer {
          for i in 0..<view.inner {
            out[block * view.inner + i] = extremeIndex(
              a, start: block * view.length * view.inner + i, view, largest: largest)
          }
        }
      }
    }
  }

  @inline(__always)
  private static func extremeIndex(
    _ a: UnsafeBufferPointer<Double>, start: Int, _ view: AxisView, largest: Bool
  ) -> Int {
    if view.inner == 1, view.length >= 64 {
      return extremeIndex(
        UnsafeBufferPointer(rebasing: a[start..<(start + view.length)]), largest: largest)
    }
    var best = 0
    var extreme = a[start]
    for row in 1..<max(view.length, 1) {
      let value = a[start + row * view.inner]
      if extreme != extreme { break }
      if (largest ? value > extreme : value < extreme) || value != value {
        extreme = value
        best = row
      }
    }
    return best
  }

  /// The same for a long row: the extreme first, eight numbers at a time, and then where it is.
  private static func extremeIndex(_ a: UnsafeBufferPointer<Double>, largest: Bool) -> Int {
    var extremes = eight(of: a, at: 0)
    var isNumber = extremes .== extremes
    var i = 8
    while i + 8 <= a.count {
      let next = eight(of: a, at: i)
      isNumber .&= next .== next
      extremes.replace(with: next, where: largest ? next .> extremes : next .< extremes)
      i += 8
    }
    guard all(isNumber) else { return a.firstIndex { $0 != $0 } ?? 0 }
    var extreme = largest ? extremes.max() : extremes.min()
    for value in a[i...] {
      if value != value { return a.firstIndex { $0 != $0 } ?? 0 }
      if largest ? value > extreme : value < extreme { extreme = value }
    }
    return a.firstIndex(of: extreme) ?? 0
  }

  /// The running sums along the middle axis, from its end if `backwards`.
  static func cumulativeSum(_ a: borrowing Tensor, _ view: AxisView, backwards: Bool) -> Tensor {
    let count = a.count
    let dimensions = a.dimensions
    return a.withNumbers { a in
      Tensor(dimensions, count: count) { out in
        out.update(from: a, count: count)
        for block in 0..<view.outer {
          for step in 1..<max(view.length, 1) {
            let row = block * view.length + (backwards ? view.length - 1 - step : step)
            let before = backwards ? row + 1 : row - 1
            for i in 0..<view.inner { out[row * view.inner + i] += out[before * view.inner + i] }
          }
        }
      }
    }
  }
}
