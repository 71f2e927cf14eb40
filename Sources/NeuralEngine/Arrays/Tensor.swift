import Foundations

/// An n-dimensional array of Float64 numbers in row-major order, with NumPy's semantics.
///
/// A tensor never changes its numbers. What was computed from a variable remembers the operation and the
/// tensors that it came from, in the same memory, so that recording for `gradients(of:withRespectTo:)` costs
/// no allocation of its own. Tensors that depend on no variable record nothing.
///
/// Copies of a tensor are one and the same, marks included; `===` tells whether two are. Operations take their
/// operands over where they can (`consuming`), so that recording a result that nothing else needs counts no
/// references.
///
/// Not `Sendable`: a session computes on one thread, and the marks of a graph walk are kept in the tensors.
///
/// ```swift
/// let a = try Tensor(shape: [2, 2], values: [1, 2, 3, 4])
/// let b = try (a * a).sum()  // 30
/// ```
public struct Tensor {
  var storage: TensorStorage
}

extension Tensor {
  /// Creates a single number, an array of rank 0.
  public init(_ number: Double) {
    self.init(.number, count: 1) { $0[0] = number }
  }

  /// Creates a single truth value, printed as `true` or `false`.
  public init(_ truth: Bool) {
    self.init(.number, count: 1, isBoolean: true) { $0[0] = truth ? 1 : 0 }
  }

  /// Creates an array of one axis.
  public init(_ values: [Double]) { self.init(unchecked: [values.count], values) }

  /// Creates an array of any shape from its numbers in row-major order.
  ///
  /// - Throws: `bad-shape` if the shape has a negative length or does not hold as many numbers as given.
  public init(shape: [Int], values: [Double], isBoolean: Bool = false) throws {
    let count = try ArraySize.count(of: shape)
    guard count == values.count else {
      throw CodedError(
        .badShape, "\(shape.shapeText) holds \(count.numbersText), but \(values.count) were given.")
    }
    self.init(unchecked: shape, values, isBoolean: isBoolean)
  }

  /// Creates a constant from its parts; `values` must have as many numbers as `shape` says.
  init(unchecked shape: [Int], _ values: [Double], isBoolean: Bool = false) {
    self.init(Dimensions(shape), values, isBoolean: isBoolean)
  }

  /// Creates a constant with the numbers of another tensor, in a shape of as many.
  init(sharing other: borrowing Tensor, _ dimensions: Dimensions) {
    storage = TensorStorage.create(sharing: other.storage, dimensions)
  }

  /// The length of each axis; empty for a single number.
  public var shape: [Int] { dimensions.lengths }

  /// Whether the tensor came from a comparison or a logical operation, so that each value is 0 or 1.
  public var isBoolean: Bool { storage.isBoolean }

  /// How many numbers the tensor holds.
  @inline(__always)
  public var count: Int { storage.count }

  /// How many axes the tensor has.
  @inline(__always)
  public var rank: Int { storage.dimensions.rank }

  /// The length of each axis, as cheap as it can be had.
  @inline(__always)
  var dimensions: Dimensions { storage.dimensions }

  /// The only number of a tensor of one element, or nil.
  public var scalar: Double? { count == 1 ? number(at: 0) : nil }

  /// What tells the tensor from all others, as long as it is there.
  public var identity: ObjectIdentifier { ObjectIdentifier(storage) }

  /// Whether both are the same tensor, not only equal.
  public static func === (a: Tensor, b: Tensor) -> Bool { a.storage === b.storage }

  /// Whether the two are different tensors, equal or not.
  public static func !== (a: Tensor, b: Tensor) -> Bool { a.storage !== b.storage }
}
