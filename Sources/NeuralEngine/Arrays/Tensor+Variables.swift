extension Tensor {
  /// The tensor as the value of the variable with this id (not 0).
  ///
  /// The same object if no variable holds it yet; otherwise another name for the same numbers, so that both
  /// variables can be differentiated by. A constant that a program keeps and uses again must be `kept()`.
  public consuming func stamped(variable id: Int32) -> Tensor {
    if variable == id { return self }
    if variable == 0 {
      mark(id)
      return self
    }
    let alias = Tensor(sharing: self, dimensions).recorded(.alias, self)
    alias.mark(id)
    return alias
  }

  private borrowing func mark(_ id: Int32) {
    storage.variable = id
    storage.dependencies |= Tensor.bit(of: id)
  }

  /// Marks a constant that a program keeps and uses again, such as a literal in a loop: a variable that takes
  /// it gets a tensor of its own, and the constant stays free of marks.
  public func kept() -> Tensor {
    storage.variable = -1
    return self
  }

  /// The same numbers, computed from nothing.
  public func detached() -> Tensor { Tensor(sharing: self, dimensions) }

  /// What an assignment to the variable should store: the tensor itself, or plain numbers if it was computed
  /// from the variable's own last value, so that a training loop does not remember all of its past.
  public consuming func assigned(to id: Int32) -> Tensor {
    guard dependsOn(variable: id) else { return stamped(variable: id) }
    if isKnownUniquelyReferenced(&storage) {
      storage.variable = id
      forgetInputs()
      return self
    }
    return detached().stamped(variable: id)
  }

  /// Whether the tensor was computed from a value of the variable, or is one.
  public borrowing func dependsOn(variable id: Int32) -> Bool {
    let bit = Tensor.bit(of: id)
    guard dependencies & bit != 0 else { return false }
    if variable == id || storage.first?.variable == id || storage.second?.variable == id {
      return true
    }
    var visited = [Tensor(storage: storage)]
    slot = 0
    defer { for tensor in visited { tensor.slot = -1 } }
    var cursor = 0
    while cursor < visited.count {
      let tensor = visited[cursor]
      if tensor.variable == id { return true }
      tensor.forEachInput { input in
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
}
