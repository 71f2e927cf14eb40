/// The one door to matrix products: `c = a · b` for row-major `a` (m x k), `b` (k x n) and `c` (m x n).
///
/// Small products are done here, large ones by the system's BLAS if it has one.
func matrixMultiply(
  m: Int, n: Int, k: Int, a: UnsafePointer<Double>, b: UnsafePointer<Double>, c: UnsafeMutablePointer<Double>
) {
  if m &* n &* k <= 8192 || n < 4 || m < 4 {
    multiplySmall(m: m, n: n, k: k, a: a, b: b, c: c)
  } else if !SystemBLAS.multiply(m: m, n: n, k: k, a: a, b: b, c: c) {
    multiplyBlocked(m: m, n: n, k: k, a: a, b: b, c: c)
  }
}

/// Row by row: what is best when everything is in the nearest cache.
private func multiplySmall(
  m: Int, n: Int, k: Int, a: UnsafePointer<Double>, b: UnsafePointer<Double>, c: UnsafeMutablePointer<Double>
) {
  if n == 1, k >= 8 {
    for i in 0..<m { c[i] = dot(a + i * k, b, k) }
    return
  }
  if n < 8, k <= 16 {
    multiplyTiny(m: m, n: n, k: k, a: a, b: b, c: c)
    return
  }
  for i in 0..<m {
    let row = c + i * n
    row.update(repeating: 0, count: n)
    for p in 0..<k {
      let factor = a[i * k + p]
      let other = b + p * n
      for j in 0..<n { row[j] += factor * other[j] }
    }
  }
}

/// A handful of numbers: each sum stays in a register, added up in the order of the rows above. The loops are
/// written out, because setting up a range takes longer than what is done in it.
private func multiplyTiny(
  m: Int, n: Int, k: Int, a: UnsafePointer<Double>, b: UnsafePointer<Double>, c: UnsafeMutablePointer<Double>
) {
  var row = a
  var target = c
  var i = 0
  while i < m {
    var column = b
    var j = 0
    while j < n {
      var sum = 0.0
      var other = column
      var p = 0
      while p < k {
        sum += row[p] * other.pointee
        other += n
        p &+= 1
      }
      target.pointee = sum
      target += 1
      column += 1
      j &+= 1
    }
    row += k
    i &+= 1
  }
}

@inline(__always)
private func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
  let a = UnsafeBufferPointer(start: a, count: count)
  let b = UnsafeBufferPointer(start: b, count: count)
  var sums = SIMD8<Double>.zero
  var p = 0
  while p + 8 <= count {
    sums += eight(of: a, at: p) * eight(of: b, at: p)
    p += 8
  }
  var total = sums.sum()
  while p < count {
    total += a[p] * b[p]
    p += 1
  }
  return total
}

/// Columns of a panel of `b`, copied so that the innermost loop reads it in order.
private let panelWidth = 4
/// Rows of `b` at a time, so that a panel (and four rows of `a`) stay in the first cache.
private let depth = 256

/// Panels of four columns against four rows, whose sixteen sums stay in registers.
private func multiplyBlocked(
  m: Int, n: Int, k: Int, a: UnsafePointer<Double>, b: UnsafePointer<Double>, c: UnsafeMutablePointer<Double>
) {
  c.update(repeating: 0, count: m * n)
  let panels = (n + panelWidth - 1) / panelWidth
  let packed = UnsafeMutablePointer<SIMD4<Double>>.allocate(capacity: panels * min(depth, k))
  defer { packed.deallocate() }
  for start in stride(from: 0, to: k, by: depth) {
    let rows = min(depth, k - start)
    pack(b + start * n, rows: rows, n: n, into: packed)
    for i in stride(from: 0, to: m, by: 4) {
      for panel in 0..<panels {
        let block = packed + panel * rows
        let width = min(panelWidth, n - panel * panelWidth)
        let target = c + i * n + panel * panelWidth
        if i + 4 <= m {
          addFourRows(a + i * k + start, k, block, rows, target, n, width)
        } else {
          for row in 0..<(m - i) {
            addRow(a + (i + row) * k + start, block, rows, target + row * n, width)
          }
        }
      }
    }
  }
}

/// Copies the rows of `b` as panels, the last one filled up with zeros.
private func pack(
  _ b: UnsafePointer<Double>, rows: Int, n: Int, into packed: UnsafeMutablePointer<SIMD4<Double>>
) {
  for panel in 0..<((n + panelWidth - 1) / panelWidth) {
    let column = panel * panelWidth
    for p in 0..<rows {
      var four = SIMD4<Double>.zero
      for lane in 0..<min(panelWidth, n - column) { four[lane] = b[p * n + column + lane] }
      packed[panel * rows + p] = four
    }
  }
}

@inline(__always)
private func addFourRows(
  _ a: UnsafePointer<Double>, _ stride: Int, _ panel: UnsafePointer<SIMD4<Double>>, _ depth: Int,
  _ c: UnsafeMutablePointer<Double>, _ n: Int, _ width: Int
) {
  var c0 = SIMD4<Double>.zero
  var c1 = SIMD4<Double>.zero
  var c2 = SIMD4<Double>.zero
  var c3 = SIMD4<Double>.zero
  for p in 0..<depth {
    let four = panel[p]
    c0 += four * a[p]
    c1 += four * a[stride + p]
    c2 += four * a[2 * stride + p]
    c3 += four * a[3 * stride + p]
  }
  add(c0, to: c, width)
  add(c1, to: c + n, width)
  add(c2, to: c + 2 * n, width)
  add(c3, to: c + 3 * n, width)
}

@inline(__always)
private func addRow(
  _ a: UnsafePointer<Double>, _ panel: UnsafePointer<SIMD4<Double>>, _ depth: Int,
  _ c: UnsafeMutablePointer<Double>, _ width: Int
) {
  var sum = SIMD4<Double>.zero
  for p in 0..<depth { sum += panel[p] * a[p] }
  add(sum, to: c, width)
}

@inline(__always)
private func add(_ four: SIMD4<Double>, to c: UnsafeMutablePointer<Double>, _ width: Int) {
  for lane in 0..<width { c[lane] += four[lane] }
}
