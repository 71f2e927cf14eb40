import Foundations

extension Tensor {
  /// The elements that the indexes select, as NumPy indexes.
  ///
  /// Axes without an index are taken whole. Lists and masks are broadcast together.
  ///
  /// - Throws: `index-out-of-range` naming index, axis and shape; `too-many-indexes`, `bad-index`,
  ///   `not-whole`, `shape-mismatch`, `too-large`.
  public func selecting(_ indexes: [ArrayIndex]) throws -> Tensor {
    let selection = try selection(indexes)
    try MemoryLimit.reserve(8 * selection.places.count) { "A selection of \(selection.shape.shapeText)" }
    return gathered(selection.places, Dimensions(selection.shape))
  }

  /// Which elements the indexes select, and in which shape. One place along each of the first axes is the
  /// commonest case, and needs none of the tables that the general one makes.
  func selection(_ indexes: [ArrayIndex]) throws -> (places: Places, shape: [Int]) {
    let shape = shape
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
    try checkRoom()
    return replaced(selection.places, by: value)
  }

  static func fitted(_ value: Tensor, to shape: [Int]) throws -> Tensor {
    // As in NumPy, axes of length 1 in front of the value may be left away.
    let extra = value.rank - shape.count
    if extra > 0, value.shape[..<extra].allSatisfy({ $0 == 1 }) {
      return try value.reshaped(Array(value.shape[extra...])).broadcast(to: shape)
    }
    guard let plan = BroadcastPlan(value.shape, shape), plan.shape == shape else {
      throw CodedError(
        .shapeMismatch,
        "An array of \(value.shape.shapeText) cannot be assigned to a part of \(shape.shapeText).")
    }
    return try value.broadcast(to: shape)
  }

  /// The elements at the places, in a shape of as many elements.
  func gathered(_ places: Places, _ target: Dimensions) -> Tensor {
    let picked: Tensor
    if case .run(0, count) = places {
      picked = Tensor(sharing: self, target)
    } else {
      picked = LayoutKernels.gather(self, places, target)
    }
    return picked.recorded(.gather(places), version)
  }

  /// The tensor with the elements at the places replaced, one for one.
  func replaced(_ places: Places, by value: Tensor) -> Tensor {
    let result = LayoutKernels.replace(self, at: places, by: value, isBoolean: isBoolean && value.isBoolean)
    return result.isBoolean ? result : result.recorded(.replace(places), self, value)
  }

  /// Zeros of `target` with the elements added at the places: the way back of `gathered`.
  func scattered(_ places: Places, into target: Dimensions) -> Tensor {
    LayoutKernels.scatter(self, to: places, target).recorded(.scatterAdd(places), self)
  }
}
