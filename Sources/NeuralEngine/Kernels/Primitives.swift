import RealModule

/// The inner loops of the Swift kernels. Long rows go through explicit SIMD: the compiler may not reorder a
/// floating-point sum on its own, and a sum in order cannot be vectorised.
enum Primitives {
  /// Σ a[i] b[i]
  @inline(__always)
  static func dot<Scalar: EngineScalar>(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, _ count: Int
  ) -> Scalar {
    var index = 0
    var sum = Scalar.zero
    if count >= 32 {
      var low = SIMD16<Scalar>.zero
      var high = SIMD16<Scalar>.zero
      while index + 32 <= count {
        low += load(a + index) * load(b + index)
        high += load(a + index + 16) * load(b + index + 16)
        index += 32
      }
      sum = (low + high).sum()
    }
    while index < count {
      sum += a[index] * b[index]
      index += 1
    }
    return sum
  }

  /// y[i] += factor · x[i]
  @inline(__always)
  static func add<Scalar: EngineScalar>(
    _ factor: Scalar, times x: UnsafePointer<Scalar>, to y: UnsafeMutablePointer<Scalar>, _ count: Int
  ) {
    var index = 0
    while index + 16 <= count {
      store(load(UnsafePointer(y + index)) + load(x + index) * SIMD16(repeating: factor), y + index)
      index += 16
    }
    while index < count {
      y[index] += factor * x[index]
      index += 1
    }
  }

  @inline(__always)
  private static func load<Scalar: EngineScalar>(_ pointer: UnsafePointer<Scalar>) -> SIMD16<Scalar> {
    UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<Scalar>.self)
  }

  @inline(__always)
  private static func store<Scalar: EngineScalar>(
    _ value: SIMD16<Scalar>, _ pointer: UnsafeMutablePointer<Scalar>
  ) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: SIMD16<Scalar>.self)
  }

  /// 1 / (1 + e⁻ᶻ). For large -z the exponential is infinite and the quotient 0, as it should be.
  @inline(__always)
  static func sigmoid<Scalar: EngineScalar>(_ z: Scalar) -> Scalar { 1 / (1 + .exp(-z)) }

  /// Softmax in place over one row, from the largest value down so that no exponential overflows.
  @inline(__always)
  static func softmax<Scalar: EngineScalar>(_ row: UnsafeMutablePointer<Scalar>, _ count: Int) {
    var largest = row[0]
    for index in 1..<max(1, count) where row[index] > largest { largest = row[index] }
    var sum = Scalar.zero
    for index in 0..<count {
      row[index] = .exp(row[index] - largest)
      sum += row[index]
    }
    let scale = 1 / sum
    for index in 0..<count { row[index] *= scale }
  }
}
