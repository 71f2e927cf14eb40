extension Tensor {
  /// The elements in ascending order along an axis, NaN last, or all of them along one axis if nil.
  ///
  /// Of equal elements the first comes first, so that the gradient goes to the same one each time.
  ///
  /// - Throws: `bad-axis`.
  public func sorted(axis: Int? = -1) throws -> Tensor {
    // The sorted numbers, and as many that are moved there and back.
    try checkRoom(times: 2)
    guard let axis else { return flattened().rowsSorted() }
    let front = try normalized(axis: axis, for: "sort")
    if front == rank - 1 { return rowsSorted() }
    var order = Array(0..<rank)
    order.swapAt(front, rank - 1)
    return permuted(order).rowsSorted().permuted(order)
  }

  /// The elements in ascending order along the last axis.
  private func rowsSorted() -> Tensor {
    SortingKernels.sortRows(self).recorded(.sort, self)
  }

  /// The different elements in ascending order, along one axis; NaN last, once.
  public func unique() throws -> Tensor {
    try checkRoom(times: 3)
    return SortingKernels.unique(self)
  }
}
