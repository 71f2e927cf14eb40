/// Products of a batch with a matrix of weights, in blocks that read each row once for several others: a large
/// layer's weights do not fit the nearest cache, and reading them once for every row would take most of the time.
///
/// How the rows fall into blocks does not change a bit of the results.
enum BlockedProducts {
  /// z[i, j] += Σₖ x[i, k] w[j, k], for `rows` rows x, `units` rows w, both `width` wide, and z of `rows` x `units`.
  @inline(__always)
  static func addProducts<Scalar: EngineScalar>(
    of x: UnsafePointer<Scalar>, rows: Int, with w: UnsafePointer<Scalar>, rows units: Int, width: Int,
    to z: UnsafeMutablePointer<Scalar>
  ) {
    var row = 0
    while row + 4 <= rows {
      let four = x + row * width
      let target = z + row * units
      var unit = 0
      while unit + 2 <= units {
        let (a, b) = dots(four, w + unit * width, w + (unit + 1) * width, width)
        for i in 0..<4 {
          target[i * units + unit] += a[i]
          target[i * units + unit + 1] += b[i]
        }
        unit += 2
      }
      if unit < units {
        let a = dots(four, w + unit * width, width)
        for i in 0..<4 { target[i * units + unit] += a[i] }
      }
      row += 4
    }
    while row < rows {
      addProducts(of: x + row * width, with: w, rows: units, width: width, to: z + row * units)
      row += 1
    }
  }

  /// The same for one row x.
  @inline(__always)
  private static func addProducts<Scalar: EngineScalar>(
    of x: UnsafePointer<Scalar>, with w: UnsafePointer<Scalar>, rows units: Int, width: Int,
    to z: UnsafeMutablePointer<Scalar>
  ) {
    var unit = 0
    while unit + 4 <= units {
      let a = dots(w + unit * width, x, width)
      for i in 0..<4 { z[unit + i] += a[i] }
      unit += 4
    }
    while unit < units {
      z[unit] += Primitives.dot(w + unit * width, x, width)
      unit += 1
    }
  }

  /// A call, because the optimizer, seeing four such sums at once, would turn the loop before them inside out and
  /// make it five times slower.
  @inline(never)
  private static func sum<Lanes: SIMD>(_ lanes: Lanes) -> Lanes.Scalar where Lanes.Scalar: FloatingPoint {
    lanes.sum()
  }

  /// Four rows of `a` times `b`, each as ``Primitives/dot(_:_:_:)`` has it.
  @inline(__always)
  private static func dots<Scalar: EngineScalar>(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, _ count: Int
  ) -> SIMD4<Scalar> {
    let (a1, a2, a3) = (a + count, a + 2 * count, a + 3 * count)
    var sums = SIMD4<Scalar>.zero
    var k = 0
    if count >= Primitives.shortest {
      var (s0, s1, s2, s3) = (Scalar.Lanes.zero, Scalar.Lanes.zero, Scalar.Lanes.zero, Scalar.Lanes.zero)
      while k + Scalar.Lanes.scalarCount <= count {
        let other = Primitives.load(b + k)
        s0 += Primitives.load(a + k) * other
        s1 += Primitives.load(a1 + k) * other
        s2 += Primitives.load(a2 + k) * other
        s3 += Primitives.load(a3 + k) * other
        k += Scalar.Lanes.scalarCount
      }
      sums = SIMD4(sum(s0), sum(s1), sum(s2), sum(s3))
    }
    while k < count {
      sums += SIMD4(a[k], a1[k], a2[k], a3[k]) * b[k]
      k += 1
    }
    return sums
  }

  /// Four rows of `a` times `b` and times `c`.
  @inline(__always)
  private static func dots<Scalar: EngineScalar>(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, _ c: UnsafePointer<Scalar>, _ count: Int
  ) -> (SIMD4<Scalar>, SIMD4<Scalar>) {
    let (a1, a2, a3) = (a + count, a + 2 * count, a + 3 * count)
    var (sums, others) = (SIMD4<Scalar>.zero, SIMD4<Scalar>.zero)
    var k = 0
    if count >= Primitives.shortest {
      var (s0, s1, s2, s3) = (Scalar.Lanes.zero, Scalar.Lanes.zero, Scalar.Lanes.zero, Scalar.Lanes.zero)
      var (t0, t1, t2, t3) = (s0, s1, s2, s3)
      while k + Scalar.Lanes.scalarCount <= count {
        let (s, t) = (Primitives.load(b + k), Primitives.load(c + k))
        let (x0, x1) = (Primitives.load(a + k), Primitives.load(a1 + k))
        let (x2, x3) = (Primitives.load(a2 + k), Primitives.load(a3 + k))
        s0 += x0 * s
        s1 += x1 * s
        s2 += x2 * s
        s3 += x3 * s
        t0 += x0 * t
        t1 += x1 * t
        t2 += x2 * t
        t3 += x3 * t
        k += Scalar.Lanes.scalarCount
      }
      sums = SIMD4(sum(s0), sum(s1), sum(s2), sum(s3))
      others = SIMD4(sum(t0), sum(t1), sum(t2), sum(t3))
    }
    while k < count {
      let column = SIMD4(a[k], a1[k], a2[k], a3[k])
      sums += column * b[k]
      others += column * c[k]
      k += 1
    }
    return (sums, others)
  }
}

extension BlockedProducts {
  /// Columns taken at a time, so that a batch's worth of them stays in the nearest cache.
  private static var columns: Int { 256 }

  /// y[i, :] += Σⱼ f[i, j] x[j, :] for `targets` rows y and `sources` rows x, all `width` wide; j goes in order.
  ///
  /// - Parameters:
  ///   - perTarget: how far apart f[i, j] and f[i + 1, j] stand.
  ///   - perSource: how far apart f[i, j] and f[i, j + 1] stand.
  @inline(__always)
  static func addCombinations<Scalar: EngineScalar>(
    of x: UnsafePointer<Scalar>, rows sources: Int, width: Int, factors: UnsafePointer<Scalar>,
    perTarget: Int, perSource: Int, to y: UnsafeMutablePointer<Scalar>, rows targets: Int
  ) {
    var start = 0
    while start < width {
      let count = min(columns, width - start)
      for i in 0..<targets {
        let target = y + i * width + start
        let f = factors + i * perTarget
        var j = 0
        while j + 4 <= sources {
          let four = SIMD4(
            f[j * perSource], f[(j + 1) * perSource], f[(j + 2) * perSource], f[(j + 3) * perSource])
          add(four, x + j * width + start, apart: width, count, to: target)
          j += 4
        }
        while j < sources {
          add(f[j * perSource], x + j * width + start, count, to: target)
          j += 1
        }
      }
      start += count
    }
  }

  /// y += Σ f[j] x[j, :] for four rows x.
  @inline(__always)
  private static func add<Scalar: EngineScalar>(
    _ f: SIMD4<Scalar>, _ x: UnsafePointer<Scalar>, apart: Int, _ count: Int,
    to y: UnsafeMutablePointer<Scalar>
  ) {
    let (x1, x2, x3) = (x + apart, x + 2 * apart, x + 3 * apart)
    var k = 0
    while k + Scalar.Lanes.scalarCount <= count {
      var sum = Primitives.load(y + k)
      sum += Primitives.load(x + k) * f[0]
      sum += Primitives.load(x1 + k) * f[1]
      sum += Primitives.load(x2 + k) * f[2]
      sum += Primitives.load(x3 + k) * f[3]
      Primitives.store(sum, y + k)
      k += Scalar.Lanes.scalarCount
    }
    while k < count {
      for j in 0..<4 { y[k] += f[j] * x[j * apart + k] }
      k += 1
    }
  }

  /// y += f x
  @inline(__always)
  private static func add<Scalar: EngineScalar>(
    _ f: Scalar, _ x: UnsafePointer<Scalar>, _ count: Int, to y: UnsafeMutablePointer<Scalar>
  ) {
    var k = 0
    while k + Scalar.Lanes.scalarCount <= count {
      Primitives.store(Primitives.load(y + k) + Primitives.load(x + k) * f, y + k)
      k += Scalar.Lanes.scalarCount
    }
    while k < count {
      y[k] += f * x[k]
      k += 1
    }
  }
}
