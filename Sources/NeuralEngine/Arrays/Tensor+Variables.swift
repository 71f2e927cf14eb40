extension Tensor {
  /// The tensor as the value of the variable with this id (not 0).
  ///
  /// The same object if no variable holds it yet; otherwise another name for the same numbers, so that both
  /// variables can be differentiated by. A constant that a program keeps and uses again must be `kept()`.
  public func stamped(variable id: Int32) -> Tensor {
    if variable == id { return self }
    let tensor = variable == 0 ? self : Tensor(shape, values, .alias, self, isBoolean: isBoolean)
    tensor.variable = id
    tensor.dependencies |= Tensor.bit(of: id)
    return tensor
  }

  /// Marks a constant that a program keeps and uses again, such as a literal in a loop: a variable that takes
  /// it gets a tensor of its own, and the constant stays free of marks.
  public func kept() -> Tensor {
    variable = -1
    return self
  }

  /// The same numbers, computed from nothing.
  public func detached() -> Tensor { Tensor(unchecked: shape, values, isBoolean: isBoolean) }

  /// What an assignment to the variable should store: the tensor itself, or plain numbers if it was computed
  /// from the variable's own last value, so that a training loop does not remember all of its past.
  public func assigned(to id: Int32) -> Tensor {
    (dependsOn(variable: id) ? detached() : self).stamped(variable: id)
  }

  /// Whether the tensor was computed from a value of the variable, or is one.
  public func dependsOn(variable id: Int32) -> Bool {
    let bit = Tensor.bit(of: id)
    guard dependencies & bit != 0 else { return false }
    if variable == id || first?.variable == id || second?.variable == id { return true }
    var visited: [Tensor] = [self]
    slot = 0
    defer { for tensor in visited { tensor.slot = -1 } }
    var cursor = 0
    while cursor < visited.count {
      if visited[cursor].variable == id { return true }
      visited[cursor].forEachInput { input in
        guard input.dependencies & bit != 0, input.slot < 0 else { return }
        input.slot = visited.count
        visited.append(input)
      }
      cursor += 1
    }
    return false
  }

  /// The bit that stands for a variable in `dependencies`.
  @inline(__always)
  static func bit(of variable: Int32) -> UInt64 { 1 << UInt64(variable & 63) }

  /// Calls `body` with each input, in order, without making a list of them.
  @inline(__always)
  func forEachInput(_ body: (Tensor) -> Void) {
    if let first { body(first) }
    if let second { body(second) }
    if let others { for input in others { body(input) } }
  }
}
