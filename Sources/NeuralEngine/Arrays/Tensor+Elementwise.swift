extension Tensor {
  /// `operation` on each pair of elements, the smaller tensor repeated as NumPy broadcasts.
  ///
  /// Truth values count as 0 and 1. Division by zero gives an infinity or NaN; see `nonFiniteOrigin(from:_:)`.
  ///
  /// - Returns: a tensor of the common shape; truth values for a comparison and for `and`, `or`.
  /// - Throws: `shape-mismatch`, `too-large`.
  public static func binary(
    _ operation: BinaryOperation, _ a: consuming Tensor, _ b: consuming Tensor
  ) throws -> Tensor {
    let result = try combined(operation, a, b)
    return operation.givesTruth ? result : result.recorded(.binary(operation), a, b)
  }

  /// A function of its own, so that `binary` itself hands its operands on to the record as it got them.
  @inline(never)
  private static func combined(
    _ operation: BinaryOperation, _ a: borrowing Tensor, _ b: borrowing Tensor
  ) throws -> Tensor {
    if a.count < b.count { try b.checkRoom() } else { try a.checkRoom() }
    if a.dimensions == b.dimensions || (b.count == 1 && b.rank <= a.rank) {
      return ElementwiseKernels.apply(operation, a, b, a.dimensions, count: a.count)
    }
    if a.count == 1, a.rank <= b.rank {
      return ElementwiseKernels.apply(operation, a, b, b.dimensions, count: b.count)
    }
    if a.isRows(of: b) || b.isRows(of: a) {
      return ElementwiseKernels.applyRows(operation, a, b, a.rank > b.rank ? a.dimensions : b.dimensions)
    }
    return ElementwiseKernels.apply(operation, a, b, plan: try plan(a.shape, b.shape, for: operation.symbol))
  }

  /// Whether the last axes are the shape of `row`: the commonest broadcast, a bias on a batch.
  @inline(__always)
  private borrowing func isRows(of row: borrowing Tensor) -> Bool {
    let skipped = rank - row.rank
    guard skipped > 0, count > 0 else { return false }
    for axis in 0..<row.rank where dimensions[skipped + axis] != row.dimensions[axis] { return false }
    return true
  }

  /// `operation` on each element.
  public static func unary(_ operation: UnaryOperation, _ a: consuming Tensor) -> Tensor {
    ElementwiseKernels.apply(operation, a).recorded(.unary(operation), a)
  }

  /// True where the element is 0.
  public func logicalNot() -> Tensor { ElementwiseKernels.logicalNot(self) }

  /// Each element held between two bounds: min(max(x, low), high), so that `high` wins where it is below `low`, as in NumPy
  /// and PyTorch. The gradient passes at the bounds themselves, as in PyTorch.
  public func clipped(low: Double?, high: Double?) -> Tensor {
    let low = low ?? -.infinity
    let high = high ?? .infinity
    return ElementwiseKernels.clip(self, low: low, high: high).recorded(.clip(low: low, high: high), self)
  }

  /// The elements of `a` where the condition is true (not 0), else those of `b`, all three broadcast.
  ///
  /// - Throws: `shape-mismatch`, `too-large`.
  public static func choose(_ condition: Tensor, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    let shape = try plan(a.shape, b.shape, for: "where").shape
    let common = try plan(condition.shape, shape, for: "where").shape
    let condition = try condition.detached().broadcast(to: common)
    let a = try a.isPlainNumber ? a : a.broadcast(to: common)
    let b = try b.isPlainNumber ? b : b.broadcast(to: common)
    let result = ElementwiseKernels.choose(condition, a, b)
    return result.isBoolean ? result : result.recorded(.choose(condition: condition), a, b)
  }

  /// Whether the tensor is a single number through which no gradient flows.
  private var isPlainNumber: Bool { count == 1 && !isRecorded }

  /// Whether no element is infinite or NaN.
  public var isFinite: Bool { ElementwiseKernels.allFinite(self) }

  /// What went wrong if this tensor, computed from `a` (and `b`), is the first that is not finite; nil if it
  /// is finite, or if an operand was not finite already, so that a notice is given once and where it started.
  public func nonFiniteOrigin(from a: Tensor, _ b: Tensor? = nil) -> NonFinite? {
    if isFinite { return nil }
    if !a.isFinite || b?.isFinite == false { return nil }
    let isNaN = withValues { numbers in numbers.indices.contains { numbers[$0].isNaN } }
    return isNaN ? .notANumber : .infinite
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
  public static func + (a: consuming Tensor, b: consuming Tensor) throws -> Tensor {
    try binary(.add, a, b)
  }
  /// The difference of each pair of elements.
  public static func - (a: consuming Tensor, b: consuming Tensor) throws -> Tensor {
    try binary(.subtract, a, b)
  }
  /// The product of each pair of elements.
  public static func * (a: consuming Tensor, b: consuming Tensor) throws -> Tensor {
    try binary(.multiply, a, b)
  }
  /// The quotient of each pair of elements.
  public static func / (a: consuming Tensor, b: consuming Tensor) throws -> Tensor {
    try binary(.divide, a, b)
  }
  /// Each element with its sign turned.
  public static prefix func - (a: consuming Tensor) -> Tensor { unary(.negate, a) }
  /// Each element of `a` to the power of that of `b`.
  public consuming func power(_ exponent: consuming Tensor) throws -> Tensor {
    try Tensor.binary(.power, self, exponent)
  }
}
