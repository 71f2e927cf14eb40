extension Tensor {
  /// `operation` on each pair of elements, the smaller tensor repeated as NumPy broadcasts.
  ///
  /// Truth values count as 0 and 1. Division by zero gives an infinity or NaN; see `nonFiniteOrigin(from:_:)`.
  ///
  /// - Returns: a tensor of the common shape; truth values for a comparison and for `and`, `or`.
  /// - Throws: `shape-mismatch`, `too-large`.
  public static func binary(_ operation: BinaryOperation, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    let shape: [Int]
    let values: [Double]
    if a.shape == b.shape || (b.count == 1 && b.rank <= a.rank) {
      shape = a.shape
      values = ElementwiseKernels.apply(operation, a.values, b.values, count: a.count)
    } else if a.count == 1, a.rank <= b.rank {
      shape = b.shape
      values = ElementwiseKernels.apply(operation, a.values, b.values, count: b.count)
    } else if a.isRows(of: b) || b.isRows(of: a) {
      shape = a.rank > b.rank ? a.shape : b.shape
      values = ElementwiseKernels.applyRows(operation, a.values, b.values)
    } else {
      let plan = try plan(a.shape, b.shape, for: operation.symbol)
      shape = plan.shape
      values = ElementwiseKernels.apply(operation, a.values, b.values, plan: plan)
    }
    if operation.givesTruth { return Tensor(unchecked: shape, values, isBoolean: true) }
    return Tensor(shape, values, .binary(operation), a, b)
  }

  /// Whether the last axes are the shape of `row`: the commonest broadcast, a bias on a batch.
  @inline(__always)
  private func isRows(of row: Tensor) -> Bool {
    let skipped = rank - row.rank
    guard skipped > 0, count > 0 else { return false }
    for axis in 0..<row.rank where shape[skipped + axis] != row.shape[axis] { return false }
    return true
  }

  /// `operation` on each element.
  public static func unary(_ operation: UnaryOperation, _ a: Tensor) -> Tensor {
    Tensor(a.shape, ElementwiseKernels.apply(operation, a.values), .unary(operation), a)
  }

  /// True where the element is 0.
  public func logicalNot() -> Tensor {
    Tensor(unchecked: shape, values.map { $0 == 0 ? 1 : 0 }, isBoolean: true)
  }

  /// Each element held between two bounds; the gradient passes at the bounds themselves, as in PyTorch.
  public func clipped(low: Double?, high: Double?) -> Tensor {
    let low = low ?? -.infinity
    let high = high ?? .infinity
    let values = ElementwiseKernels.clip(values, low: low, high: high)
    return Tensor(shape, values, .clip(low: low, high: high), self)
  }

  /// The elements of `a` where the condition is true (not 0), else those of `b`, all three broadcast.
  ///
  /// - Throws: `shape-mismatch`, `too-large`.
  public static func choose(_ condition: Tensor, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    let shape = try plan(a.shape, b.shape, for: "where").shape
    let common = try plan(condition.shape, shape, for: "where").shape
    let condition = try condition.detached().broadcast(to: common)
    let a = try a.broadcast(to: common)
    let b = try b.broadcast(to: common)
    let values = ElementwiseKernels.choose(condition.values, a.values, b.values)
    if a.isBoolean, b.isBoolean { return Tensor(unchecked: common, values, isBoolean: true) }
    return Tensor(common, values, .choose(condition: condition), a, b)
  }

  /// Whether no element is infinite or NaN.
  public var isFinite: Bool { ElementwiseKernels.allFinite(values) }

  /// What went wrong if this tensor, computed from `a` (and `b`), is the first that is not finite; nil if it
  /// is finite, or if an operand was not finite already, so that a notice is given once and where it started.
  public func nonFiniteOrigin(from a: Tensor, _ b: Tensor? = nil) -> NonFinite? {
    if isFinite { return nil }
    if !a.isFinite || b?.isFinite == false { return nil }
    return values.contains { $0.isNaN } ? .notANumber : .infinite
  }

  /// A kind of value that is no finite number.
  public enum NonFinite: Sendable {
    /// Infinity, as from a division by zero or an overflow.
    case infinite
    /// Not a number, as from the logarithm of a negative number.
    case notANumber
  }
}

/// The operators of the language, for code that reads like it.
extension Tensor {
  /// The sum of each pair of elements.
  public static func + (a: Tensor, b: Tensor) throws -> Tensor { try binary(.add, a, b) }
  /// The difference of each pair of elements.
  public static func - (a: Tensor, b: Tensor) throws -> Tensor { try binary(.subtract, a, b) }
  /// The product of each pair of elements.
  public static func * (a: Tensor, b: Tensor) throws -> Tensor { try binary(.multiply, a, b) }
  /// The quotient of each pair of elements.
  public static func / (a: Tensor, b: Tensor) throws -> Tensor { try binary(.divide, a, b) }
  /// Each element with its sign turned.
  public static prefix func - (a: Tensor) -> Tensor { unary(.negate, a) }
  /// Each element of `a` to the power of that of `b`.
  public func power(_ exponent: Tensor) throws -> Tensor { try Tensor.binary(.power, self, exponent) }
}
