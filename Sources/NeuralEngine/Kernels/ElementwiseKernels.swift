#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Loops over the elements of arrays: the operation is chosen outside of the loop, so that the loop itself
/// compiles to vector instructions.
enum ElementwiseKernels {
  /// `operation` on each pair of elements. Each operand has `count` elements or a single one for all.
  static func apply(_ operation: BinaryOperation, _ a: [Double], _ b: [Double], count: Int) -> [Double] {
    if operation == .power, b.count == 1, b[0] == 2 {
      // The square is by far the most common power, and a product is exact to the last bit, as in NumPy.
      return ArrayAllocation.array(count: count) { out in
        a.withUnsafeBufferPointer { a in
          zip(a.baseAddress, true, a.baseAddress, true, out, count) { x, y in x * y }
        }
      }
    }
    return ArrayAllocation.array(count: count) { out in
      a.withUnsafeBufferPointer { left in
        b.withUnsafeBufferPointer { right in
          run(
            operation, left.baseAddress, left.count == count, right.baseAddress, right.count == count, out,
            count)
        }
      }
    }
  }

  /// `operation` on rows: the operand with fewer elements is one row, used again for each row of the other.
  static func applyRows(_ operation: BinaryOperation, _ a: [Double], _ b: [Double]) -> [Double] {
    let count = Swift.max(a.count, b.count)
    let row = Swift.min(a.count, b.count)
    return ArrayAllocation.array(count: count) { out in
      a.withUnsafeBufferPointer { left in
        b.withUnsafeBufferPointer { right in
          guard row > 0, let x = left.baseAddress, let y = right.baseAddress else { return }
          for start in stride(from: 0, to: count, by: row) {
            run(
              operation, left.count == row ? x : x + start, true, right.count == row ? y : y + start, true,
              out + start, row)
          }
        }
      }
    }
  }

  /// `operation` on two operands that a plan repeats to a common shape.
  static func apply(
    _ operation: BinaryOperation, _ a: [Double], _ b: [Double], plan: BroadcastPlan
  ) -> [Double] {
    let count = plan.shape.elementCount
    return ArrayAllocation.array(count: count) { out in
      a.withUnsafeBufferPointer { left in
        b.withUnsafeBufferPointer { right in
          guard let a = left.baseAddress, let b = right.baseAddress else { return }
          plan.forEachRun { run, offsetA, offsetB in
            self.run(
              operation, a + offsetA, plan.aVaries, b + offsetB, plan.bVaries, out + run * plan.run, plan.run)
          }
        }
      }
    }
  }

  /// The elements of `a` repeated by a plan whose second operand is ignored.
  static func `repeat`(_ a: [Double], plan: BroadcastPlan) -> [Double] {
    let count = plan.shape.elementCount
    return ArrayAllocation.array(count: count) { out in
      a.withUnsafeBufferPointer { source in
        guard let a = source.baseAddress else { return }
        plan.forEachRun { run, offset, _ in
          let target = out + run * plan.run
          if plan.aVaries {
            target.update(from: a + offset, count: plan.run)
          } else {
            target.update(repeating: a[offset], count: plan.run)
          }
        }
      }
    }
  }

  /// `operation` on each element.
  static func apply(_ operation: UnaryOperation, _ a: [Double]) -> [Double] {
    ArrayAllocation.array(count: a.count) { out in
      a.withUnsafeBufferPointer { a in run(operation, a, out) }
    }
  }

  /// Each element held between two bounds; NaN stays.
  static func clip(_ a: [Double], low: Double, high: Double) -> [Double] {
    ArrayAllocation.array(count: a.count) { out in
      a.withUnsafeBufferPointer { a in map(a, out) { x in x < low ? low : (x > high ? high : x) } }
    }
  }

  /// The elements of `a` where the condition is not 0, else of `b`; all have the same count.
  static func choose(_ condition: [Double], _ a: [Double], _ b: [Double]) -> [Double] {
    ArrayAllocation.array(count: condition.count) { out in
      for i in 0..<condition.count { out[i] = condition[i] != 0 ? a[i] : b[i] }
    }
  }

  /// Whether no element is infinite or NaN.
  static func allFinite(_ a: [Double]) -> Bool {
    a.withUnsafeBufferPointer { a in
      // A value times 0 is 0, unless it is not finite; eight sums at once vectorise where one cannot.
      var sums = SIMD8<Double>.zero
      var i = 0
      while i + 8 <= a.count {
        sums += eight(of: a, at: i) * 0
        i += 8
      }
      var rest = sums.sum()
      while i < a.count {
        rest += a[i] * 0
        i += 1
      }
      return rest == 0
    }
  }
}

extension ElementwiseKernels {
  @inline(never)
  private static func run(
    _ operation: BinaryOperation, _ a: UnsafePointer<Double>?, _ aVaries: Bool, _ b: UnsafePointer<Double>?,
    _ bVaries: Bool, _ out: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    switch operation {
    case .add: zip(a, aVaries, b, bVaries, out, count) { $0 + $1 }
    case .subtract: zip(a, aVaries, b, bVaries, out, count) { $0 - $1 }
    case .multiply: zip(a, aVaries, b, bVaries, out, count) { $0 * $1 }
    case .divide: zip(a, aVaries, b, bVaries, out, count) { $0 / $1 }
    case .power: zip(a, aVaries, b, bVaries, out, count) { pow($0, $1) }
    case .equal: zip(a, aVaries, b, bVaries, out, count) { $0 == $1 ? 1 : 0 }
    case .notEqual: zip(a, aVaries, b, bVaries, out, count) { $0 != $1 ? 1 : 0 }
    case .less: zip(a, aVaries, b, bVaries, out, count) { $0 < $1 ? 1 : 0 }
    case .lessOrEqual: zip(a, aVaries, b, bVaries, out, count) { $0 <= $1 ? 1 : 0 }
    case .greater: zip(a, aVaries, b, bVaries, out, count) { $0 > $1 ? 1 : 0 }
    case .greaterOrEqual: zip(a, aVaries, b, bVaries, out, count) { $0 >= $1 ? 1 : 0 }
    case .and: zip(a, aVaries, b, bVaries, out, count) { $0 != 0 && $1 != 0 ? 1 : 0 }
    case .or: zip(a, aVaries, b, bVaries, out, count) { $0 != 0 || $1 != 0 ? 1 : 0 }
    }
  }

  @inline(__always)
  private static func zip(
    _ a: UnsafePointer<Double>?, _ aVaries: Bool, _ b: UnsafePointer<Double>?, _ bVaries: Bool,
    _ out: UnsafeMutablePointer<Double>, _ count: Int, _ body: (Double, Double) -> Double
  ) {
    // An empty array may have no address at all.
    guard count > 0, let a, let b else { return }
    if aVaries, bVaries {
      for i in 0..<count { out[i] = body(a[i], b[i]) }
    } else if aVaries {
      let y = b[0]
      for i in 0..<count { out[i] = body(a[i], y) }
    } else if bVaries {
      let x = a[0]
      for i in 0..<count { out[i] = body(x, b[i]) }
    } else {
      out.update(repeating: body(a[0], b[0]), count: count)
    }
  }

  private static func run(
    _ operation: UnaryOperation, _ a: UnsafeBufferPointer<Double>, _ out: UnsafeMutablePointer<Double>
  ) {
    switch operation {
    case .negate: map(a, out) { -$0 }
    case .exp: map(a, out) { exp($0) }
    case .log: map(a, out) { log($0) }
    case .sqrt: map(a, out) { $0.squareRoot() }
    case .abs: map(a, out) { $0.magnitude }
    case .sin: map(a, out) { sin($0) }
    case .cos: map(a, out) { cos($0) }
    case .tan: map(a, out) { tan($0) }
    case .tanh: map(a, out) { tanh($0) }
    case .sigmoid: map(a, out) { 1 / (1 + exp(-$0)) }
    case .relu: map(a, out) { $0 > 0 ? $0 : ($0 == $0 ? 0 : $0) }
    case .step: map(a, out) { $0 > 0 ? 1 : ($0 == $0 ? 0 : $0) }
    case .sign: map(a, out) { $0 > 0 ? 1 : ($0 < 0 ? -1 : ($0 == $0 ? 0 : $0)) }
    case .round: map(a, out) { $0.rounded(.toNearestOrEven) }
    case .floor: map(a, out) { $0.rounded(.down) }
    case .ceil: map(a, out) { $0.rounded(.up) }
    }
  }

  @inline(__always)
  private static func map(
    _ a: UnsafeBufferPointer<Double>, _ out: UnsafeMutablePointer<Double>, _ body: (Double) -> Double
  ) {
    guard let source = a.baseAddress else { return }
    for i in 0..<a.count { out[i] = body(source[i]) }
  }
}
