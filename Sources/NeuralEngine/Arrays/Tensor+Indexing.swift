extension Tensor {
  /// The elements that the indexes select, as NumPy indexes.
  ///
  /// Axes without an index are taken whole. Lists and masks are broadcast together.
  ///
  /// - Throws: `index-out-of-range` naming index, axis and shape; `too-many-indexes`, `bad-index`,
  ///   `not-whole`, `shape-mismatch`, `too-large`.
  public func selecting(_ indexes: [ArrayIndex]) throws -> Tensor {
    let selection = try selection(indexes)
    return gathered(selection.places, shape: selection.shape)
  }

  /// Which elements the indexes select, and in which shape. One place along each of the first axes is the
  /// commonest case, and needs none of the tables that the general one makes.
  private func selection(_ indexes: [ArrayIndex]) throws -> (places: Places, shape: [Int]) {
    var start = 0
    var size = count
    for (axis, index) in indexes.enumerated() {
      guard case .at(let place) = index, axis < rank else {
        let selection = try Selection(indexes, of: shape)
        return (selection.places, selection.shape)
      }
      let front = try Selection.checked(place, axis: axis, of: shape)
      size /= shape[axis]
      start += front * size
    }
    return (.run(start: start, count: size), Array(shape[indexes.count...]))
  }

  /// The tensor with the elements that the indexes select replaced by `value`, broadcast to their shape.
  ///
  /// Where a list names a place twice, the last value stays.
  ///
  /// - Throws: what `selecting(_:)` throws; `shape-mismatch` if the value does not fit.
  public func replacing(_ indexes: [ArrayIndex], with value: Tensor) throws -> Tensor {
    let selection = try selection(indexes)
    let value = try Tensor.fitted(value, to: selection.shape)
    return replaced(selection.places, by: value)
  }

  /// Writes `value` where the indexes say, as `a[…] = value` does: what `replacing(_:with:)` gives, stored as
  /// plain numbers under the same variable, since it depends on the variable's own last value.
  ///
  /// If `tensor` is the only reference to its tensor, the numbers are changed where they are, so that a loop
  /// that fills an array takes time for what it writes and not for the whole array.
  ///
  /// - Throws: what `replacing(_:with:)` throws; `tensor` is then as it was.
  public static func assign(
    _ value: Tensor, at indexes: [ArrayIndex], of tensor: inout Tensor
  ) throws {
    guard isKnownUniquelyReferenced(&tensor), tensor !== value, tensor.isBoolean == value.isBoolean else {
      let variable = tensor.variable
      let replaced = try tensor.replacing(indexes, with: value).detached()
      tensor = variable == 0 ? replaced : replaced.stamped(variable: variable)
      return
    }
    let selection = try tensor.selection(indexes)
    let value = try fitted(value, to: selection.shape)
    tensor.overwrite(selection.places, with: value.values)
  }

  /// Changes the numbers, and forgets what they were computed from.
  private func overwrite(_ places: Places, with new: [Double]) {
    var buffer = values
    values = []  // so that `buffer` is not shared, and is not copied by a change
    places.write(new, into: &buffer)
    values = buffer
    forgetInputs()
  }

  private static func fitted(_ value: Tensor, to shape: [Int]) throws -> Tensor {
    // As in NumPy, axes of length 1 in front of the value may be left away.
    let extra = value.rank - shape.count
    if extra > 0, value.shape[..<extra].allSatisfy({ $0 == 1 }) {
      return try value.reshaped(Array(value.shape[extra...])).broadcast(to: shape)
    }
    guard let plan = BroadcastPlan(value.shape, shape), plan.shape == shape else {
      throw EngineError(
        "shape-mismatch",
        "An array of \(value.shape.shapeText) cannot be put into a place of \(shape.shapeText).")
    }
    return try value.broadcast(to: shape)
  }

  /// The elements at the places, in a shape of as many elements.
  func gathered(_ places: Places, shape: [Int]) -> Tensor {
    let picked: [Double]
    switch places {
    case .run(0, count): picked = values
    case .run(let start, let count): picked = Array(values[start..<(start + count)])
    case .list(let list): picked = LayoutKernels.gather(values, list)
    }
    return Tensor(shape, picked, .gather(places), self, isBoolean: isBoolean)
  }

  /// The tensor with the elements at the places replaced, one for one.
  func replaced(_ places: Places, by value: Tensor) -> Tensor {
    var result = values
    places.write(value.values, into: &result)
    if isBoolean, value.isBoolean { return Tensor(unchecked: shape, result, isBoolean: true) }
    return Tensor(shape, result, .replace(places), self, value)
  }

  /// Zeros of `target` with the elements added at the places: the way back of `gathered`.
  func scattered(_ places: Places, into target: [Int]) -> Tensor {
    var result = [Double](repeating: 0, count: target.elementCount)
    switch places {
    case .run(let start, let count): result.replaceSubrange(start..<(start + count), with: values)
    case .list(let list): for (i, place) in list.enumerated() { result[place] += values[i] }
    }
    return Tensor(target, result, .scatterAdd(places), self)
  }
}
