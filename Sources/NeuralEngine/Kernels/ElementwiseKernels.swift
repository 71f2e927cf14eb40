#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Loops over the elements of arrays: the operation is chosen outside of the loop, so that the loop itself
/// compiles to vector instructions.
enum ElementwiseKernels {
  /// `operation` on each pair of elements. Each operand has `count` elements or a single one for all.
  static func apply(
    _ operation: BinaryOperation, _ a: borrowing Tensor, _ b: borrowing Tensor, _ dimensions: Dimensions,
    count: Int
  ) -> Tensor {
    let aVaries = a.count == count
    let bVaries = b.count == count
    return a.withNumbers { x in
      b.withNumbers { y in
        // The square is by far the most common power, and a product is exact to the last bit, as in NumPy.
        let isSquare = operation == .power && b.count == 1 && y[0] == 2
        return Tensor(dimensions, count: count, isBoolean: operation.givesTruth) { out in
          if isSquare {
            run(.multiply, x, aVaries, x, aVaries, out, count)
          } else {
            run(operation, x, aVaries, y, bVaries, out, count)
          }
        }
      }
    }
  }

  /// `operation` on rows: the operand with fewer elements is one row, used again for each row of the other.
  static func applyRows(
    _ operation: BinaryOperation, _ a: borrowing Tensor, _ b: borrowing Tensor, _ dimensions: Dimensions
  ) -> Tensor {
    let count = max(a.count, b.count)
    let row = min(a.count, b.count)
    let aStep = a.count == row ? 0 : row
    let bStep = b.count == row ? 0 : row
    return a.withNumbers { x in
      b.withNumbers { y in
        Tensor(dimensions, count: count, isBoolean: operation.givesTruth) { out in
          for i in 0..<(row == 0 ? 0 : count / row) {
            run(operation, x + i * aStep, true, y + i * bStep, true, out + i * row, row)
          }
        }
      }
    }
  }

  /// `operation` on two operands that a plan repeats to a common shape.
  static func apply(
    _ operation: BinaryOperation, _ a: borrowing Tensor, _ b: borrowing Tensor, plan: BroadcastPlan
  ) -> Tensor {
    let count = plan.shape.elementCount
    return a.withNumbers { x in
      b.withNumbers { y in
        Tensor(Dimensions(plan.shape), count: count, isBoolean: operation.givesTruth) { out in
          guard count > 0 else { return }
          plan.forEachRun { run, offsetA, offsetB in
            self.run(
              operation, x + offsetA, plan.aVaries, y + offsetB, plan.bVaries, out + run * plan.run, plan.run)
          }
        }
      }
    }
  }

  /// The elements of `a` repeated by a plan whose second operand is ignored.
  static func `repeat`(_ a: borrowing Tensor, plan: BroadcastPlan) -> Tensor {
    let count = plan.shape.elementCount
    let isBoolean = a.isBoolean
    return a.withNumbers { a in
      Tensor(Dimensions(plan.shape), count: count, isBoolean: isBoolean) { out in
        guard count > 0 else { return }
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
  @inline(never)
  static func apply(_ operation: UnaryOperation, _ a: borrowing Tensor) -> Tensor {
    let count = a.count
    let dimensions = a.dimensions
    return a.withNumbers { a in
      Tensor(dimensions, count: count) { out in run(operation, a, out, count) }
    }
  }

  /// 1 where the element is 0, else 0.
  static func logicalNot(_ a: borrowing Tensor) -> Tensor {
    let count = a.count
    let dimensions = a.dimensions
    return a.withNumbers { a in
      Tensor(dimensions, count: count, isBoolean: true) { out in map(a, out, count) { $0 == 0 ? 1 : 0 } }
    }
  }

  /// Each element held between two bounds; NaN stays.
  static func clip(_ a: borrowing Tensor, low: Double, high: Double) -> Tensor {
    let count = a.count
    let dimensions = a.dimensions
    return a.withNumbers { a in
      Tensor(dimensions, count: count) { out in
        map(a, out, count) { x in x < low ? low : (x > high ? high : x) }
      }
    }
  }

  /// The elements of `a` where the condition is not 0, else of `b`; all have the same shape.
  static func choose(
    _ condition: borrowing Tensor, _ a: borrowing Tensor, _ b: borrowing Tensor
  ) -> Tensor {
    let count = condition.count
    let dimensions = condition.dimensions
    let isBoolean = a.isBoolean && b.isBoolean
    return condition.withNumbers { condition in
      a.withNumbers { a in
        b.withNumbers { b in
          Tensor(dimensions, count: count, isBoolean: isBoolean) { out in
            for i in 0..<count { out[i] = condition[i] != 0 ? a[i] : b[i] }
          }
        }
      }
    }
  }

  /// Whether no element is infinite or NaN.
  static func allFinite(_ a: borrowing Tensor) -> Bool {
    let count = a.count
    return a.withNumbers { numbers in
      let a = UnsafeBufferPointer(start: numbers, count: count)
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
    _ operation: BinaryOperation, _ a: UnsafePointer<Double>, _ aVaries: Bool, _ b: UnsafePointer<Double>,
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
    _ a: UnsafePointer<Double>, _ aVaries: Bool, _ b: UnsafePointer<Double>, _ bVaries: Bool,
    _ out: UnsafeMutablePointer<Double>, _ count: Int, _ body: (Double, Double) -> Double
  ) {
    guard count > 0 else { return }
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

  @inline(never)
  private static func run(
    _ operation: UnaryOperation, _ a: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    switch operation {
    case .negate: map(a, out, count) { -$0 }
    case .exp: map(a, out, count) { exp($0) }
    case .log: map(a, out, count) { log($0) }
    case .sqrt: map(a, out, count) { $0.squareRoot() }
    case .abs: map(a, out, count) { $0.magnitude }
    case .sin: map(a, out, count) { sin($0) }
    case .cos: map(a, out, count) { cos($0) }
    case .tan: map(a, out, count) { tan($0) }
    case .tanh: map(a, out, count) { tanh($0) }
    case .sigmoid: map(a, out, count) { 1 / (1 + exp(-$0)) }
    case .relu: map(a, out, count) { $0 > 0 ? $0 : ($0 == $0 ? 0 : $0) }
    case .step: map(a, out, count) { $0 > 0 ? 1 : ($0 == $0 ? 0 : $0) }
    case .sign: map(a, out, count) { $0 > 0 ? 1 : ($0 < 0 ? -1 : ($0 == $0 ? 0 : $0)) }
    case .round: map(a, out, count) { $0.rounded(.toNearestOrEven) }
    case .floor: map(a, out, count) { $0.rounded(.down) }
    case .ceil: map(a, out, count) { $0.rounded(.up) }
    }
  }

  @inline(__always)
  private static func map(
    _ a: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>, _ count: Int, _ body: (Double) -> Double
  ) {
    for i in 0..<count { out[i] = body(a[i]) }
  }
}
