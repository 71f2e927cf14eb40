import RealModule

/// The inner loops of the Swift kernels. Long rows go through explicit SIMD: the compiler may not reorder a
/// floating-point sum on its own, and a sum in order cannot be vectorised.
enum Primitives {
  /// Rows shorter than this are summed in order, which ``OnlineChain`` relies on.
  @inline(__always) static var shortest: Int { 32 }

  /// Σ a[i] b[i]
  @inline(__always)
  static func dot<Scalar: EngineScalar>(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, _ count: Int
  ) -> Scalar {
    var index = 0
    var sum = Scalar.zero
    if count >= shortest {
      var lanes = Scalar.Lanes.zero
      while index + Scalar.Lanes.scalarCount <= count {
        lanes += load(a + index) * load(b + index)
        index += Scalar.Lanes.scalarCount
      }
      sum = lanes.sum()
    }
    while index < count {
      sum += a[index] * b[index]
      index += 1
    }
    return sum
  }

  @inline(__always)
  static func load<Scalar: EngineScalar>(_ pointer: UnsafePointer<Scalar>) -> Scalar.Lanes {
    UnsafeRawPointer(pointer).loadUnaligned(as: Scalar.Lanes.self)
  }

  @inline(__always)
  static func load<Scalar: EngineScalar>(_ pointer: UnsafeMutablePointer<Scalar>) -> Scalar.Lanes {
    load(UnsafePointer(pointer))
  }

  @inline(__always)
  static func store<Scalar: EngineScalar>(_ value: Scalar.Lanes, _ pointer: UnsafeMutablePointer<Scalar>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Scalar.Lanes.self)
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
