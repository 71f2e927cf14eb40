extension Tensor {
  /// The elements in ascending order along an axis, NaN last, or all of them along one axis if nil.
  ///
  /// - Throws: `bad-axis`.
  public func sorted(axis: Int? = -1) throws -> Tensor {
    guard let axis else { return try flattened().sorted(axis: 0) }
    let view = AxisView(self, axis: try normalized(axis: axis, for: "sort"))
    let values = values
    var places = [Int](repeating: 0, count: count)
    for block in 0..<view.outer where view.length > 0 {
      for column in 0..<view.inner {
        let start = block * view.length * view.inner + column
        let lane = stride(from: start, to: start + view.length * view.inner, by: view.inner)
        let order = lane.sorted { Tensor.precedes(values[$0], $0, values[$1], $1) }
        for (place, source) in zip(lane, order) { places[place] = source }
      }
    }
    return gathered(.list(places), dimensions)
  }

  /// Equal elements keep their order, so that the gradient goes to the same one each time.
  @inline(__always)
  private static func precedes(_ a: Double, _ i: Int, _ b: Double, _ j: Int) -> Bool {
    if a < b { return true }
    if b < a { return false }
    if a.isNaN != b.isNaN { return b.isNaN }
    return i < j
  }

  /// The different elements in ascending order, along one axis; NaN last, once.
  public func unique() throws -> Tensor {
    var result: [Double] = []
    for value in try detached().sorted(axis: nil).values {
      if let last = result.last, last == value || (last.isNaN && value.isNaN) { continue }
      result.append(value)
    }
    return Tensor(unchecked: [result.count], result, isBoolean: isBoolean)
  }
}
