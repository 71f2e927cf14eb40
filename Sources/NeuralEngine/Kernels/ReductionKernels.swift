/// An array seen as `outer` blocks of `length` rows of `inner` elements, the middle axis being the one that a
/// reduction goes along.
struct AxisView {
  var outer: Int
  var length: Int
  var inner: Int

  /// The view of `shape` along `axis`, or of all its elements as one axis.
  init(_ shape: [Int], axis: Int?) {
    guard let axis else {
      (outer, length, inner) = (1, shape.elementCount, 1)
      return
    }
    outer = shape[..<axis].reduce(1, &*)
    length = shape[axis]
    inner = shape[(axis + 1)...].reduce(1, &*)
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
  /// The sums along the middle axis.
  static func sum(_ a: [Double], _ view: AxisView) -> [Double] {
    if view.results == 1 { return [a.withUnsafeBufferPointer { sum($0) }] }
    return ArrayAllocation.array(count: view.results) { out in
      a.withUnsafeBufferPointer { a in
        if view.inner == 1 {
          for row in 0..<view.outer {
            out[row] = sum(UnsafeBufferPointer(rebasing: a[(row * view.length)..<((row + 1) * view.length)]))
          }
        } else {
          addRows(a, out, view)
        }
      }
    }
  }

  /// The means along the middle axis; NaN of nothing.
  static func mean(_ a: [Double], _ view: AxisView) -> [Double] {
    var sums = sum(a, view)
    let length = Double(view.length)
    for i in sums.indices { sums[i] /= length }
    return sums
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

  /// The elements of `b` summed onto the `count` elements of the plan's first operand.
  static func sum(_ b: [Double], plan: BroadcastPlan, count: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    guard !b.isEmpty else { return sums }
    sums.withUnsafeMutableBufferPointer { sums in
      b.withUnsafeBufferPointer { b in
        guard let sums = sums.baseAddress, let b = b.baseAddress else { return }
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
    return sums
  }

  /// The index along the middle axis of the largest (or smallest) element; the first NaN wins, as in NumPy.
  static func extremeIndexes(_ a: [Double], _ view: AxisView, largest: Bool) -> [Int] {
    a.withUnsafeBufferPointer { a in
      [Int](unsafeUninitializedCapacity: view.results) { out, filled in
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
  static func cumulativeSum(_ a: [Double], _ view: AxisView, backwards: Bool) -> [Double] {
    var out = a
    out.withUnsafeMutableBufferPointer { out in
      for block in 0..<view.outer {
        for step in 1..<max(view.length, 1) {
          let row = block * view.length + (backwards ? view.length - 1 - step : step)
          let before = backwards ? row + 1 : row - 1
          for i in 0..<view.inner { out[row * view.inner + i] += out[before * view.inner + i] }
        }
      }
    }
    return out
  }
}
