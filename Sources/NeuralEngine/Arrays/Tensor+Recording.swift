/// What a tensor remembers of how it was computed.
extension Tensor {
  /// The tensor as the result of an operation on another, which is remembered if that depends on a variable.
  @inline(__always)
  consuming func recorded(_ operation: Operation, _ input: consuming Tensor) -> Tensor {
    let dependencies = input.dependencies
    if dependencies != 0 {
      let depth = Tensor.depth(above: input.depth)
      storage.record(operation, dependencies: dependencies, depth: depth, input, nil)
    }
    return self
  }

  /// The tensor as the result of an operation on two others.
  @inline(__always)
  consuming func recorded(_ operation: Operation, _ a: consuming Tensor, _ b: consuming Tensor) -> Tensor {
    let dependencies = a.dependencies | b.dependencies
    if dependencies != 0 {
      let depth = Tensor.depth(above: Swift.max(a.depth, b.depth))
      storage.record(operation, dependencies: dependencies, depth: depth, a, b)
    }
    return self
  }

  /// The tensor as the result of an operation that has more to say than its name.
  func recorded(_ operation: @autoclosure () -> DetailedOperation, _ input: Tensor) -> Tensor {
    if input.dependencies != 0 { storage.details = OperationDetails(operation()) }
    return recorded(.detailed, input)
  }

  /// The tensor as the result of an operation on two others that has more to say than its name.
  func recorded(_ operation: @autoclosure () -> DetailedOperation, _ a: Tensor, _ b: Tensor) -> Tensor {
    if a.dependencies | b.dependencies != 0 { storage.details = OperationDetails(operation()) }
    return recorded(.detailed, a, b)
  }

  /// The tensor as the result of an operation on any number of others.
  func recorded(_ operation: @autoclosure () -> DetailedOperation, inputs: [Tensor]) -> Tensor {
    let dependencies = inputs.reduce(0) { $0 | $1.dependencies }
    if dependencies != 0 {
      storage.dependencies = dependencies
      storage.operation = .detailed
      storage.details = OperationDetails(operation(), inputs: inputs)
      storage.depth = Tensor.depth(above: inputs.reduce(0) { Swift.max($0, $1.depth) })
    }
    return self
  }

  @inline(__always)
  private static func depth(above inputs: Int32) -> Int32 { inputs == .max ? inputs : inputs + 1 }
}

extension Tensor {
  /// The variable that holds this tensor, or 0; see `stamped(variable:)`.
  @inline(__always)
  public var variable: Int32 { storage.variable }

  /// Whether gradients can flow through the tensor.
  public var isRecorded: Bool { dependencies != 0 }

  @inline(__always)
  var dependencies: UInt64 { storage.dependencies }

  @inline(__always)
  var depth: Int32 { storage.depth }

  @inline(__always)
  var operation: Operation { storage.operation }

  @inline(__always)
  var first: Tensor? { storage.first }

  @inline(__always)
  var second: Tensor? { storage.second }

  /// Where a walk over the graph has noted this tensor, or -1 outside of a walk.
  @inline(__always)
  var slot: Int {
    get { storage.slot }
    nonmutating set { storage.slot = newValue }
  }

  /// The inputs of the operation that made the tensor, in their order.
  var inputs: [Tensor] {
    var inputs: [Tensor] = []
    forEachInput { inputs.append($0) }
    return inputs
  }

  /// Calls `body` with each input, in order, without making a list of them.
  @inline(__always)
  func forEachInput(_ body: (Tensor) throws -> Void) rethrows {
    if let first { try body(first) }
    if let second { try body(second) }
    if let details = storage.details {
      for input in details.inputs { try body(input) }
    }
  }

  /// Makes a constant of the tensor, or a value of its variable that was computed from nothing.
  func forgetInputs() {
    storage.releaseInputs()
    storage.details = nil
    storage.operation = .constant
    storage.depth = 0
    storage.dependencies = variable == 0 ? 0 : Tensor.bit(of: variable)
  }
}

extension TensorStorage {
  /// Lets go of everything the tensor was computed from, without recursion.
  func releaseInputs() {
    var pending: [Tensor] = []
    var next = detachInputs(into: &pending)
    while let tensor = next {
      next = tensor.storage.detachInputs(into: &pending)
    }
  }

  /// Takes the inputs away and gives the first one that nobody else holds and that has inputs itself; more of
  /// them go to `pending`. A chain thus needs no list at all.
  private func detachInputs(into pending: inout [Tensor]) -> Tensor? {
    var next: Tensor?
    if var input = first.take(), input.isLastWithInputs { next = input }
    if var input = second.take(), input.isLastWithInputs {
      if next == nil { next = input } else { pending.append(input) }
    }
    if let details = details {
      while var input = details.inputs.popLast() {
        if input.isLastWithInputs { pending.append(input) }
      }
    }
    return next ?? pending.popLast()
  }
}

extension Tensor {
  /// Whether this is the only reference to a tensor that was computed from others.
  fileprivate var isLastWithInputs: Bool {
    mutating get {
      isKnownUniquelyReferenced(&storage) && (storage.first != nil || storage.details != nil)
    }
  }
}
