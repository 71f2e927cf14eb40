internal import CKernels

/// Operations element by element, on several threads where arrays are large.
enum ElementwiseKernels {
  /// `operation` on each pair of elements. Each operand has `count` elements or a single one for all.
  static func apply(
    _ operation: BinaryOperation, _ a: borrowing Tensor, _ b: borrowing Tensor, _ dimensions: Dimensions,
    count: Int
  ) -> Tensor {
    let aStep = a.count == count ? 1 : 0
    let bStep = b.count == count ? 1 : 0
    return a.withNumbers { x in
      b.withNumbers { y in
        Tensor(dimensions, count: count, isBoolean: operation.givesTruth) { out in
          Pieces.forEach(of: count) { piece in
            let i = piece.lowerBound
            run(operation, x + i * aStep, aStep, y + i * bStep, bStep, out + i, piece.count)
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
    let width = min(a.count, b.count)
    let block = BroadcastPlan.Block(
      start: 0, offsetA: 0, offsetB: 0, runs: width == 0 ? 0 : count / width,
      strideA: a.count == width ? 0 : width, strideB: b.count == width ? 0 : width)
    return a.withNumbers { x in
      b.withNumbers { y in
        Tensor(dimensions, count: count, isBoolean: operation.givesTruth) { out in
          run(operation, x, 1, y, 1, out, block, width: width)
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
          plan.forEachBlock { block in
            run(operation, x, plan.aVaries ? 1 : 0, y, plan.bVaries ? 1 : 0, out, block, width: plan.run)
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
        plan.forEachBlock { block in
          Pieces.forEach(of: block.runs, costing: plan.run) { rows in
            let source = a + block.offsetA + rows.lowerBound * block.strideA
            let target = out + block.start + rows.lowerBound * plan.run
            if plan.aVaries {
              Kernels64.arrays.copy_rows(source, block.strideA, target, plan.run, rows.count, plan.run)
            } else {
              for row in 0..<rows.count {
                Kernels64.arrays.fill(source[row * block.strideA], target + row * plan.run, plan.run)
              }
            }
          }
        }
      }
    }
  }

  /// `operation` on each element.
  @inline(never)
  static func apply(_ operation: UnaryOperation, _ a: borrowing Tensor) -> Tensor {
    map(a) { run(operation, $0, $1, $2) }
  }

  /// 1 where the element is 0, else 0.
  static func logicalNot(_ a: borrowing Tensor) -> Tensor {
    map(a, isBoolean: true) { Kernels64.arrays.unary(NBS_NOT, $0, $1, $2) }
  }

  /// min(max(x, low), high) of each element; NaN stays.
  static func clip(_ a: borrowing Tensor, low: Double, high: Double) -> Tensor {
    map(a) { Kernels64.arrays.clip($0, low, high, $1, $2) }
  }

  /// What a kernel makes of each element: it is given elements, the place for its results and how many there are.
  @inline(__always)
  private static func map(
    _ a: borrowing Tensor, isBoolean: Bool = false,
    _ kernel: (UnsafePointer<Double>, UnsafeMutablePointer<Double>, Int) -> Void
  ) -> Tensor {
    let count = a.count
    let dimensions = a.dimensions
    return a.withNumbers { a in
      Tensor(dimensions, count: count, isBoolean: isBoolean) { out in
        Pieces.forEach(of: count) { kernel(a + $0.lowerBound, out + $0.lowerBound, $0.count) }
      }
    }
  }

  /// The elements of `a` where the condition is not 0, else of `b`; each of the two has the condition's shape or is a single
  /// number.
  static func choose(
    _ condition: borrowing Tensor, _ a: borrowing Tensor, _ b: borrowing Tensor
  ) -> Tensor {
    let count = condition.count
    let dimensions = condition.dimensions
    let isBoolean = a.isBoolean && b.isBoolean
    let aStep = a.count == count ? 1 : 0
    let bStep = b.count == count ? 1 : 0
    return condition.withNumbers { condition in
      a.withNumbers { a in
        b.withNumbers { b in
          Tensor(dimensions, count: count, isBoolean: isBoolean) { out in
            Pieces.forEach(of: count) { piece in
              let i = piece.lowerBound
              Kernels64.arrays.choose(
                condition + i, a + i * aStep, aStep, b + i * bStep, bStep, out + i, piece.count)
            }
          }
        }
      }
    }
  }

  /// Whether no element is infinite or NaN.
  static func allFinite(_ a: borrowing Tensor) -> Bool {
    let count = a.count
    return a.withNumbers { numbers in
      let pieces = Pieces.count(of: count)
      if pieces == 1 { return Kernels64.arrays.all_finite(numbers, count) }
      return withUnsafeTemporaryAllocation(of: Bool.self, capacity: pieces) { areFinite in
        Pieces.forEach(of: count, in: pieces) { piece, range in
          areFinite[piece] = Kernels64.arrays.all_finite(numbers + range.lowerBound, range.count)
        }
        return areFinite.allSatisfy { $0 }
      }
    }
  }
}

extension ElementwiseKernels {
  /// `operation` on a block of rows.
  private static func run(
    _ operation: BinaryOperation, _ a: UnsafePointer<Double>, _ aStep: Int, _ b: UnsafePointer<Double>,
    _ bStep: Int, _ out: UnsafeMutablePointer<Double>, _ block: BroadcastPlan.Block, width: Int
  ) {
    Pieces.forEach(of: block.runs, costing: width) { rows in
      let x = a + block.offsetA + rows.lowerBound * block.strideA
      let y = b + block.offsetB + rows.lowerBound * block.strideB
      let target = out + block.start + rows.lowerBound * width
      if let kernel = operation.kernel {
        Kernels64.arrays.binary(
          kernel, nbs_operand(numbers: x, row: block.strideA, step: aStep),
          nbs_operand(numbers: y, row: block.strideB, step: bStep), target, rows.count, width)
      } else {
        for row in 0..<rows.count {
          power(x + row * block.strideA, aStep, y + row * block.strideB, bStep, target + row * width, width)
        }
      }
    }
  }

  @inline(__always)
  private static func run(
    _ operation: BinaryOperation, _ a: UnsafePointer<Double>, _ aStep: Int, _ b: UnsafePointer<Double>,
    _ bStep: Int, _ out: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    guard let kernel = operation.kernel else { return power(a, aStep, b, bStep, out, count) }
    Kernels64.arrays.binary(
      kernel, nbs_operand(numbers: a, row: 0, step: aStep), nbs_operand(numbers: b, row: 0, step: bStep), out,
      1,
      count)
  }

  /// Squares and roots are exact to the last bit by a product and a square root, as in NumPy.
  private static func power(
    _ a: UnsafePointer<Double>, _ aStep: Int, _ b: UnsafePointer<Double>, _ bStep: Int,
    _ out: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    guard count > 0 else { return }
    if bStep == 0 || count == 1, aStep == 1 {
      if b[0] == 2 { return run(.multiply, a, 1, a, 1, out, count) }
      if b[0] == 0.5 { return Kernels64.arrays.unary(NBS_HALF_POWER, a, out, count) }
    }
    Kernels64.functions.power(a, aStep, b, bStep, out, count)
  }

  private static func run(
    _ operation: UnaryOperation, _ a: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    switch operation.kernel {
    case .unary(let kernel): Kernels64.arrays.unary(kernel, a, out, count)
    case .function(let function): Kernels64.functions.apply(function, a, out, count)
    }
  }
}

extension BinaryOperation {
  /// The kernel's name for the operation; nil for the power, which is a function.
  @inline(__always)
  fileprivate var kernel: nbs_binary? {
    switch self {
    case .add: NBS_ADD
    case .subtract: NBS_SUBTRACT
    case .multiply: NBS_MULTIPLY
    case .divide: NBS_DIVIDE
    case .power: nil
    case .equal: NBS_EQUAL
    case .notEqual: NBS_NOT_EQUAL
    case .less: NBS_LESS
    case .lessOrEqual: NBS_LESS_OR_EQUAL
    case .greater: NBS_GREATER
    case .greaterOrEqual: NBS_GREATER_OR_EQUAL
    case .and: NBS_AND
    case .or: NBS_OR
    }
  }
}

extension UnaryOperation {
  fileprivate enum Kernel {
    case unary(nbs_unary)
    case function(nbs_function)
  }

  @inline(__always)
  fileprivate var kernel: Kernel {
    switch self {
    case .negate: .unary(NBS_NEGATE)
    case .exp: .function(NBS_EXP)
    case .log: .function(NBS_LOG)
    case .sqrt: .function(NBS_SQRT)
    case .abs: .unary(NBS_ABSOLUTE)
    case .sin: .function(NBS_SIN)
    case .cos: .function(NBS_COS)
    case .tan: .function(NBS_TAN)
    case .tanh: .function(NBS_TANH_FUNCTION)
    case .sigmoid: .function(NBS_SIGMOID_FUNCTION)
    case .relu: .unary(NBS_POSITIVE_PART)
    case .step: .unary(NBS_UNIT_STEP)
    case .sign: .unary(NBS_SIGN)
    case .round: .unary(NBS_ROUND)
    case .floor: .unary(NBS_FLOOR)
    case .ceil: .unary(NBS_CEILING)
    }
  }
}
