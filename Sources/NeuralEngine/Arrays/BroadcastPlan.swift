import Foundations

/// How two arrays of different shapes are repeated to a common shape, as NumPy broadcasts them: shapes are
/// aligned at their last axes, and an axis of length 1, or a missing one, is stretched.
///
/// The result is filled in runs: the innermost axes in which neither operand changes its behaviour are one
/// run, over which an operand either varies or stays at one element. Only the axes outside of it are counted
/// up one by one.
struct BroadcastPlan {
  /// The common shape.
  let shape: [Int]
  /// The number of elements in a run.
  private(set) var run = 1
  /// Whether the operand goes through as many elements as the run has, rather than one.
  private(set) var aVaries = false
  private(set) var bVaries = false
  /// The axes outside of the run.
  private var outer: [Axis] = []

  private struct Axis {
    var length: Int
    var strideA: Int
    var strideB: Int
  }

  /// Plans the repetition of arrays of shapes `a` and `b`; nil if an axis fits neither way.
  init?(_ a: [Int], _ b: [Int]) {
    let rank = Swift.max(a.count, b.count)
    var shape = [Int](repeating: 1, count: rank)
    var axes: [Axis] = []
    axes.reserveCapacity(rank)
    var strideA = 1
    var strideB = 1
    for fromEnd in 1..<Swift.max(rank + 1, 1) {
      let lengthA = fromEnd <= a.count ? a[a.count - fromEnd] : 1
      let lengthB = fromEnd <= b.count ? b[b.count - fromEnd] : 1
      guard lengthA == lengthB || lengthA == 1 || lengthB == 1 else { return nil }
      let length = lengthA == 1 ? lengthB : lengthA
      shape[rank - fromEnd] = length
      guard length != 1 else { continue }
      let axis = Axis(
        length: length, strideA: lengthA == 1 ? 0 : strideA, strideB: lengthB == 1 ? 0 : strideB)
      BroadcastPlan.add(axis, to: &axes)
      strideA &*= lengthA
      strideB &*= lengthB
    }
    self.shape = shape
    guard let inner = axes.first else { return }
    run = inner.length
    aVaries = inner.strideA != 0
    bVaries = inner.strideB != 0
    outer = Array(axes.dropFirst())
  }

  /// Adds the next axis outwards, as a part of the last one if both operands go on in the same way.
  private static func add(_ axis: Axis, to axes: inout [Axis]) {
    if let last = axes.last, (last.strideA == 0) == (axis.strideA == 0),
      (last.strideB == 0) == (axis.strideB == 0)
    {
      axes[axes.count - 1].length &*= axis.length
    } else {
      axes.append(axis)
    }
  }

  /// Runs of the result that follow each other, in equal steps through both operands.
  struct Block {
    /// Where the first run begins in the result and in the operands.
    var start: Int
    var offsetA: Int
    var offsetB: Int
    /// How many runs there are.
    var runs: Int
    /// How far apart the runs begin in the operands.
    var strideA: Int
    var strideB: Int
  }

  /// Calls `body` for each block of runs; together they are the result.
  @inline(__always)
  func forEachBlock(_ body: (Block) -> Void) {
    guard let axis = outer.first else {
      return body(Block(start: 0, offsetA: 0, offsetB: 0, runs: 1, strideA: 0, strideB: 0))
    }
    var position = [Int](repeating: 0, count: outer.count)
    var block = Block(
      start: 0, offsetA: 0, offsetB: 0, runs: axis.length, strideA: axis.strideA, strideB: axis.strideB)
    for _ in 0..<outer.dropFirst().reduce(1, { $0 * $1.length }) {
      body(block)
      block.start += axis.length * run
      step(&position, &block.offsetA, &block.offsetB)
    }
  }

  /// Counts up the axes outside of the innermost outer one.
  private func step(_ position: inout [Int], _ offsetA: inout Int, _ offsetB: inout Int) {
    for level in 1..<Swift.max(outer.count, 1) {
      let axis = outer[level]
      offsetA += axis.strideA
      offsetB += axis.strideB
      position[level] += 1
      if position[level] < axis.length { return }
      offsetA -= axis.length * axis.strideA
      offsetB -= axis.length * axis.strideB
      position[level] = 0
    }
  }
}

extension Tensor {
  /// The plan for an operation on tensors of two shapes.
  ///
  /// - Throws: `shape-mismatch` naming the operation and both shapes; `too-large`.
  static func plan(_ a: [Int], _ b: [Int], for operation: String) throws -> BroadcastPlan {
    guard let plan = BroadcastPlan(a, b) else {
      throw CodedError(.shapeMismatch, mismatch(a, b, operation))
    }
    _ = try ArraySize.room(for: plan.shape)
    return plan
  }

  private static func mismatch(_ a: [Int], _ b: [Int], _ operation: String) -> String {
    let start = "`\(operation)` cannot combine \(a.shapeText) with \(b.shapeText): "
    if a.count == 2, a == b.reversed() {
      return start + "transpose one of them with `.T`."
    }
    if a.count + b.count == 3, let rows = a.first, rows == b.first {
      return start + "for one number for each row, make it a column: reshape(…, [\(rows), 1])."
    }
    return start + "counted from the last axis, lengths must be equal or one of them 1."
  }

  /// The tensor repeated to `shape`.
  ///
  /// - Throws: `shape-mismatch` if it does not fit; `too-large`.
  public func broadcast(to target: [Int]) throws -> Tensor { try broadcast(to: Dimensions(target)) }

  /// The tensor repeated to a shape.
  func broadcast(to dimensions: Dimensions) throws -> Tensor {
    if self.dimensions == dimensions { return self }
    let target = dimensions.lengths
    guard let plan = BroadcastPlan(shape, target), plan.shape == target else {
      throw CodedError(.shapeMismatch, "\(shape.shapeText) cannot be repeated to \(target.shapeText).")
    }
    _ = try ArraySize.room(for: target)
    return ElementwiseKernels.repeat(self, plan: plan).recorded(.broadcast, self)
  }

  /// The tensor summed over the axes that broadcasting from `target` would add or stretch: the way back of
  /// `broadcast(to:)`.
  func summed(to dimensions: Dimensions) throws -> Tensor {
    if self.dimensions == dimensions { return self }
    let target = dimensions.lengths
    guard let plan = BroadcastPlan(target, shape), plan.shape == shape else {
      throw CodedError(.shapeMismatch, "\(shape.shapeText) cannot be summed to \(target.shapeText).")
    }
    return ReductionKernels.sum(self, plan: plan, to: dimensions, count: target.elementCount)
      .recorded(.sumToShape, self)
  }
}
