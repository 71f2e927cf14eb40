extension Tensor {
  /// The elements that the indexes select, as NumPy indexes.
  ///
  /// Axes without an index are taken whole. Lists and masks are broadcast together.
  ///
  /// - Throws: `index-out-of-range` naming index, axis and shape; `too-many-indexes`, `bad-index`,
  ///   `not-whole`, `shape-mismatch`, `too-large`.
  public func selecting(_ indexes: [ArrayIndex]) throws -> Tensor {
    if let part = try selectingPlaces(indexes) { return part }
    let selection = try Selection(indexes, of: shape)
    return gathered(selection.places, shape: selection.shape)
  }

  /// What one place along each of the first axes selects, the commonest case; nil if there are other indexes.
  private func selectingPlaces(_ indexes: [ArrayIndex]) throws -> Tensor? {
    guard indexes.count <= rank else { return nil }
    var start = 0
    var size = count
    for (axis, index) in indexes.enumerated() {
      guard case .at(let place) = index else { return nil }
      let front = try Selection.checked(place, axis: axis, of: shape)
      size /= shape[axis]
      start += front * size
    }
    return gathered(.run(start: start, count: size), shape: Array(shape[indexes.count...]))
  }

  /// The tensor with the elements that the indexes select replaced by `value`, broadcast to their shape.
  ///
  /// Where a list names a place twice, the last value stays.
  ///
  /// - Throws: what `selecting(_:)` throws; `shape-mismatch` if the value does not fit.
  public func replacing(_ indexes: [ArrayIndex], with value: Tensor) throws -> Tensor {
    let selection = try Selection(indexes, of: shape)
    let value = try Tensor.fitted(value, to: selection.shape)
    return replaced(selection.places, by: value)
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
    switch places {
    case .run(let start, let count): result.replaceSubrange(start..<(start + count), with: value.values)
    case .list(let list): for (i, place) in list.enumerated() { result[place] = value.values[i] }
    }
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
