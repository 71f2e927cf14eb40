/// The memory of a tensor: what is known about it and, behind that in the same allocation, its numbers.
///
/// A loop of maths on small arrays takes as long as its allocations and its counts of references take, so a
/// small array is one allocation. The numbers of a large one lie in a block of their own, which tensors share.
final class TensorStorage: ManagedBuffer<TensorHeader, Double> {
  /// The most numbers that lie behind the header. Copying as many takes less time than a block would.
  private static let mostInPlace = 64

  /// Creates a constant without its numbers.
  @inline(never)
  static func create(_ dimensions: Dimensions, count: Int, isBoolean: Bool) -> TensorStorage {
    if count <= mostInPlace { return small(dimensions, count: count, isBoolean: isBoolean) }
    return sharing(NumberBlock(count: count), dimensions, count: count, isBoolean: isBoolean)
  }

  /// Creates a constant of zeros.
  static func zeros(_ dimensions: Dimensions, count: Int) -> TensorStorage {
    if count > mostInPlace {
      return sharing(NumberBlock(zeros: count), dimensions, count: count, isBoolean: false)
    }
    let storage = small(dimensions, count: count, isBoolean: false)
    storage.numbers.update(repeating: 0, count: count)
    return storage
  }

  /// Creates a constant with the numbers of another, in a shape of as many.
  @inline(never)
  static func create(sharing other: TensorStorage, _ dimensions: Dimensions) -> TensorStorage {
    if let block = other.address.pointee.rest?.block {
      return sharing(block, dimensions, count: other.count, isBoolean: other.isBoolean)
    }
    let storage = small(dimensions, count: other.count, isBoolean: other.isBoolean)
    storage.numbers.update(from: other.numbers, count: other.count)
    return storage
  }

  /// Creates a node of a graph whose numbers nobody reads.
  static func withoutNumbers(_ dimensions: Dimensions) -> TensorStorage {
    small(dimensions, count: 0, isBoolean: false)
  }

  @inline(__always)
  private static func small(_ dimensions: Dimensions, count: Int, isBoolean: Bool) -> TensorStorage {
    let buffer = create(minimumCapacity: count) { buffer in
      TensorHeader(
        numbers: buffer.withUnsafeMutablePointerToElements { $0 }, count: count, dimensions: dimensions,
        isBoolean: isBoolean)
    }
    // `create` makes an object of the class that it is called on, but its type does not say so.
    return unsafeDowncast(buffer, to: TensorStorage.self)
  }

  private static func sharing(
    _ block: NumberBlock, _ dimensions: Dimensions, count: Int, isBoolean: Bool
  ) -> TensorStorage {
    let buffer = create(minimumCapacity: 0) { _ in
      TensorHeader(
        numbers: block.pointer, count: count, dimensions: dimensions, isBoolean: isBoolean,
        rest: TensorRest(block: block))
    }
    return unsafeDowncast(buffer, to: TensorStorage.self)
  }

  /// Notes what made the tensor, which must be a new one: nothing is there yet that would have to be released.
  @inline(__always)
  func record(
    _ operation: Operation, dependencies: UInt64, depth: Int32, _ first: consuming Tensor,
    _ second: consuming Tensor?
  ) {
    address.pointee.operation = operation
    address.pointee.dependencies = dependencies
    address.pointee.depth = depth
    let firstPlace = withUnsafeMutablePointer(to: &address.pointee.first) { $0 }
    firstPlace.initialize(to: first)
    let secondPlace = withUnsafeMutablePointer(to: &address.pointee.second) { $0 }
    secondPlace.initialize(to: second)
  }

  /// Gives numbers that are shared a block of their own, so that they can be changed.
  func makeNumbersUnique() {
    guard let rest = address.pointee.rest, rest.block != nil, !isKnownUniquelyReferenced(&rest.block) else {
      return
    }
    let block = NumberBlock(count: count)
    block.pointer.update(from: numbers, count: count)
    rest.block = block
    address.pointee.numbers = block.pointer
  }

  /// A plain release goes from input to input by recursion, which is fast, but would overflow the stack at the
  /// end of a long computation.
  deinit {
    if depth > TensorStorage.deepestRelease { releaseInputs() }
  }

  private static let deepestRelease: Int32 = 256

  /// Where the header lies, good for as long as the object is there: reading `header` itself would copy it as
  /// a whole, references and all.
  @inline(__always)
  fileprivate var address: UnsafeMutablePointer<TensorHeader> { withUnsafeMutablePointerToHeader { $0 } }
}

/// What is known about a tensor besides its numbers; `TensorStorage` has a property for each part.
struct TensorHeader {
  /// Where the numbers are: behind the header, or in the block.
  fileprivate var numbers: UnsafeMutablePointer<Double>
  fileprivate let count: Int
  fileprivate let dimensions: Dimensions
  fileprivate let isBoolean: Bool
  fileprivate var operation: Operation = .constant
  fileprivate var variable: Int32 = 0
  fileprivate var depth: Int32 = 0
  fileprivate var slot = -1
  fileprivate var dependencies: UInt64 = 0
  fileprivate var first: Tensor?
  fileprivate var second: Tensor?
  fileprivate var rest: TensorRest?
}

/// What most tensors do not have, behind one reference of the header: each more would have to be released.
private final class TensorRest {
  /// The numbers, if there are too many to lie behind the header.
  var block: NumberBlock?
  /// What `operation` leaves out, for the operations that have more to say.
  var details: OperationDetails?

  init(block: NumberBlock? = nil) { self.block = block }
}

extension TensorStorage {
  @inline(__always)
  fileprivate var numbers: UnsafeMutablePointer<Double> { address.pointee.numbers }

  /// How many numbers there are.
  @inline(__always)
  var count: Int { address.pointee.count }

  /// The length of each axis.
  @inline(__always)
  var dimensions: Dimensions { address.pointee.dimensions }

  /// Whether each number is 0 or 1 and stands for a truth value.
  @inline(__always)
  var isBoolean: Bool { address.pointee.isBoolean }

  /// What made the tensor from its inputs.
  @inline(__always)
  var operation: Operation {
    get { address.pointee.operation }
    set { address.pointee.operation = newValue }
  }

  /// The variable that holds the tensor, or 0; see `Tensor.stamped(variable:)`.
  @inline(__always)
  var variable: Int32 {
    get { address.pointee.variable }
    set { address.pointee.variable = newValue }
  }

  /// How many operations the longest way to a variable has, up to the largest number there is.
  @inline(__always)
  var depth: Int32 {
    get { address.pointee.depth }
    set { address.pointee.depth = newValue }
  }

  /// Where a walk over the graph has noted the tensor, or -1 outside of a walk.
  @inline(__always)
  var slot: Int {
    get { address.pointee.slot }
    set { address.pointee.slot = newValue }
  }

  /// One bit (`variable & 63`) for each variable that the tensor was computed from. No bit means that nothing
  /// is recorded; as variables may share a bit, a bit alone proves nothing.
  @inline(__always)
  var dependencies: UInt64 {
    get { address.pointee.dependencies }
    set { address.pointee.dependencies = newValue }
  }

  /// The first input of `operation`.
  @inline(__always)
  var first: Tensor? {
    get { address.pointee.first }
    set { address.pointee.first = newValue }
  }

  /// The second input of `operation`.
  @inline(__always)
  var second: Tensor? {
    get { address.pointee.second }
    set { address.pointee.second = newValue }
  }

  /// What `operation` leaves out, for the operations that have more to say.
  @inline(__always)
  var details: OperationDetails? {
    get { address.pointee.rest?.details }
    set {
      if newValue != nil, address.pointee.rest == nil { address.pointee.rest = TensorRest() }
      address.pointee.rest?.details = newValue
    }
  }
}

extension Tensor {
  /// Creates a constant of `count` numbers that `fill` writes, all of them, at the address it is given.
  @inline(__always)
  init(
    _ dimensions: Dimensions, count: Int, isBoolean: Bool = false,
    fill: (UnsafeMutablePointer<Double>) -> Void
  ) {
    storage = TensorStorage.create(dimensions, count: count, isBoolean: isBoolean)
    fill(storage.numbers)
  }

  /// Creates a constant of zeros.
  init(zeros dimensions: Dimensions, count: Int) {
    storage = TensorStorage.zeros(dimensions, count: count)
  }

  /// Creates a constant from its numbers.
  init(_ dimensions: Dimensions, _ values: [Double], isBoolean: Bool = false) {
    self.init(dimensions, count: values.count, isBoolean: isBoolean) { out in
      values.withUnsafeBufferPointer { values in
        if let source = values.baseAddress { out.update(from: source, count: values.count) }
      }
    }
  }

  /// Calls `body` with the address of the numbers.
  @inline(__always)
  borrowing func withNumbers<Result>(_ body: (UnsafePointer<Double>) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) { try body(UnsafePointer(storage.numbers)) }
  }

  /// Calls `body` with the address of the numbers of a tensor that is still being filled.
  borrowing func withFreshNumbers(_ body: (UnsafeMutablePointer<Double>) -> Void) {
    withExtendedLifetime(storage) { body(storage.numbers) }
  }

  /// The numbers in row-major order. A list is made for it: ask once, or use `withValues(_:)`.
  public var values: [Double] {
    withNumbers { Array(UnsafeBufferPointer(start: $0, count: count)) }
  }

  /// Calls `body` with the numbers in row-major order, which takes no copy of them.
  public borrowing func withValues<Result>(_ body: (Span<Double>) throws -> Result) rethrows -> Result {
    let count = count
    return try withNumbers { try body(UnsafeBufferPointer(start: $0, count: count).span) }
  }

  /// The number at a place in row-major order.
  @inline(__always)
  borrowing func number(at place: Int) -> Double {
    precondition(place >= 0 && place < storage.count)
    return withNumbers { $0[place] }
  }

  /// Calls `body` with the address of the numbers, to change them; only for a tensor that nobody else holds.
  @inline(__always)
  borrowing func withOwnNumbers(_ body: (UnsafeMutablePointer<Double>) -> Void) {
    storage.makeNumbersUnique()
    withExtendedLifetime(storage) { body(storage.numbers) }
  }
}
