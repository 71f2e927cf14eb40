/// An n-dimensional array of Float64 numbers in row-major order, with NumPy's semantics.
///
/// A tensor never changes its numbers. What was computed from a variable remembers the operation and the
/// tensors that it came from, in the same object, so that recording for `gradients(of:withRespectTo:)` costs
/// no allocation of its own. Tensors that depend on no variable record nothing.
///
/// Not `Sendable`: a session computes on one thread, and the marks of a graph walk are kept in the tensors.
public final class Tensor {
  /// The length of each axis; empty for a single number.
  public let shape: [Int]
  /// The numbers in row-major order. Only `assign(_:at:of:)` ever changes them, where nobody can tell.
  @exclusivity(unchecked)
  public internal(set) var values: [Double]
  /// Whether the tensor came from a comparison or a logical operation, so that each value is 0 or 1.
  public let isBoolean: Bool
  /// The variable that holds this tensor, or 0; see `stamped(variable:)`.
  @exclusivity(unchecked)
  public internal(set) var variable: Int32 = 0
  /// Where a walk over the graph has noted this tensor, or -1 outside of a walk.
  @exclusivity(unchecked)
  var slot = -1
  /// How many operations the longest way to a variable has, up to the largest number there is.
  @exclusivity(unchecked)
  private(set) var depth: Int32 = 0
  /// One bit (`variable & 63`) for each variable that this tensor was computed from. No bit means that nothing
  /// is recorded; as variables may share a bit, a bit alone proves nothing.
  @exclusivity(unchecked)
  var dependencies: UInt64
  /// What made this tensor from its inputs.
  @exclusivity(unchecked)
  var operation: Operation
  /// The inputs of `operation`.
  @exclusivity(unchecked)
  var first: Tensor?
  @exclusivity(unchecked)
  var second: Tensor?
  /// The inputs of the few operations that take any number of them; nil, not empty, elsewhere, since even an
  /// empty array is counted when it is copied.
  @exclusivity(unchecked)
  var others: [Tensor]?

  /// Creates a constant from its parts; `values` must have as many numbers as `shape` says.
  @inline(__always)
  init(unchecked shape: [Int], _ values: [Double], isBoolean: Bool = false) {
    self.shape = shape
    self.values = values
    self.isBoolean = isBoolean
    dependencies = 0
    operation = .constant
  }

  /// Creates the result of an operation on one tensor; one that only moves elements keeps truth values.
  @inline(__always)
  init(
    _ shape: [Int], _ values: [Double], _ operation: Operation, _ input: Tensor, isBoolean: Bool = false
  ) {
    self.shape = shape
    self.values = values
    self.isBoolean = isBoolean
    dependencies = input.dependencies
    if input.dependencies != 0 {
      self.operation = operation
      first = input
      depth = Tensor.depth(above: input.depth)
    } else {
      self.operation = .constant
    }
  }

  /// Creates the result of an operation on two tensors.
  @inline(__always)
  init(_ shape: [Int], _ values: [Double], _ operation: Operation, _ a: Tensor, _ b: Tensor) {
    self.shape = shape
    self.values = values
    isBoolean = false
    dependencies = a.dependencies | b.dependencies
    if dependencies != 0 {
      self.operation = operation
      first = a
      second = b
      depth = Tensor.depth(above: Swift.max(a.depth, b.depth))
    } else {
      self.operation = .constant
    }
  }

  /// Creates the result of an operation on any number of tensors.
  init(
    _ shape: [Int], _ values: [Double], _ operation: Operation, inputs: [Tensor], isBoolean: Bool = false
  ) {
    self.shape = shape
    self.values = values
    self.isBoolean = isBoolean
    dependencies = inputs.reduce(0) { $0 | $1.dependencies }
    self.operation = dependencies == 0 ? .constant : operation
    others = dependencies == 0 ? nil : inputs
    depth = Tensor.depth(above: inputs.reduce(0) { Swift.max($0, $1.depth) })
  }

  @inline(__always)
  private static func depth(above inputs: Int32) -> Int32 { inputs == .max ? inputs : inputs + 1 }

  /// A plain release recurses from input to input, which is fast, but would overflow the stack at the end of a
  /// long computation.
  deinit {
    if depth > Tensor.deepestRelease { releaseInputs() }
  }

  private static let deepestRelease: Int32 = 256
}

extension Tensor {
  /// Creates a single number, an array of rank 0.
  public convenience init(_ number: Double) { self.init(unchecked: [], [number]) }

  /// Creates a single truth value, printed as `true` or `false`.
  public convenience init(_ truth: Bool) {
    self.init(unchecked: [], [truth ? 1 : 0], isBoolean: true)
  }

  /// Creates an array of one axis.
  public convenience init(_ values: [Double]) { self.init(unchecked: [values.count], values) }

  /// Creates an array of any shape from its numbers in row-major order.
  ///
  /// - Throws: `bad-shape` if the shape has a negative length or does not hold as many numbers as given.
  public convenience init(shape: [Int], values: [Double], isBoolean: Bool = false) throws {
    let count = try ArraySize.count(of: shape)
    guard count == values.count else {
      throw EngineError(
        "bad-shape", "\(shape.shapeText) holds \(count) numbers, but \(values.count) were given.")
    }
    self.init(unchecked: shape, values, isBoolean: isBoolean)
  }

  /// How many numbers the tensor holds.
  @inline(__always)
  public var count: Int { values.count }

  /// How many axes the tensor has.
  @inline(__always)
  public var rank: Int { shape.count }

  /// The only number of a tensor of one element, or nil.
  public var scalar: Double? { values.count == 1 ? values[0] : nil }

  /// Whether gradients can flow through the tensor.
  public var isRecorded: Bool { dependencies != 0 }

  /// The inputs of the operation that made the tensor, in their order.
  var inputs: [Tensor] {
    others ?? [first, second].compactMap { $0 }
  }

  /// Makes a constant of the tensor, or a value of its variable that was computed from nothing.
  func forgetInputs() {
    if hasInputs { releaseInputs() }
    operation = .constant
    depth = 0
    dependencies = variable == 0 ? 0 : Tensor.bit(of: variable)
  }

  /// Lets go of everything the tensor was computed from, without recursion.
  private func releaseInputs() {
    var pending: [Tensor] = []
    var next = detachInputs(into: &pending)
    while let tensor = next {
      next = tensor.detachInputs(into: &pending)
    }
  }

  /// Takes the inputs away and gives the first one that nobody else holds and that has inputs itself; more of
  /// them go to `pending`. A chain thus needs no list at all.
  private func detachInputs(into pending: inout [Tensor]) -> Tensor? {
    var next: Tensor?
    if isKnownUniquelyReferenced(&first), first?.hasInputs == true { next = first }
    first = nil
    if isKnownUniquelyReferenced(&second), let input = second, input.hasInputs {
      if next == nil { next = input } else { pending.append(input) }
    }
    second = nil
    while var input = others?.popLast() {
      if isKnownUniquelyReferenced(&input), input.hasInputs { pending.append(input) }
    }
    return next ?? pending.popLast()
  }

  @inline(__always)
  private var hasInputs: Bool { first != nil || others != nil }
}
