import Foundations

extension Tensor {
  /// The same numbers in another shape; one length may be -1, and is then what is left.
  ///
  /// - Throws: `bad-shape` if the shape does not hold as many numbers.
  public func reshaped(_ target: [Int]) throws -> Tensor {
    if target == shape { return self }
    return reshaped(to: Dimensions(try completed(target)))
  }

  /// The same numbers in another shape, which is known to hold as many.
  func reshaped(to target: Dimensions) -> Tensor {
    if target == dimensions { return self }
    return Tensor(sharing: self, target).recorded(.reshape, self)
  }

  private func completed(_ target: [Int]) throws -> [Int] {
    var target = target
    let open = target.indices.filter { target[$0] == -1 }
    if open.count == 1, let axis = open.first {
      target[axis] = 1
      let known = try ArraySize.count(of: target)
      target[axis] = known == 0 ? 0 : count / known
      if known == 0 || count % known != 0 { target[axis] = -1 }
    }
    guard !target.contains(-1), try ArraySize.count(of: target) == count else {
      let text = target.map(\.description).joined(separator: ", ")
      throw CodedError(
        .badShape,
        "`reshape` cannot make [\(text)] of \(shape.shapeText)\(rank < 2 ? "" : ", which has \(count.numbersText)"). "
          + "Give -1 for one length to have it computed.")
    }
    return target
  }

  /// All numbers along one axis.
  public func flattened() -> Tensor {
    reshaped(to: Dimensions([count]))
  }

  /// The tensor with its axes in the order given, or in reverse order (`.T`).
  ///
  /// - Throws: `bad-axis` if `axes` does not name each axis once.
  public consuming func transposed(axes: [Int]? = nil) throws -> Tensor {
    try checkRoom()
    guard let axes else { return reversingAxes() }
    return try permuted(naming: axes)
  }

  private func permuted(naming axes: [Int]) throws -> Tensor {
    let order = try axes.map { try normalized(axis: $0, for: "transpose") }
    guard order.count == rank, Set(order).count == rank else {
      throw CodedError(
        .badAxis, "`transpose` must name each of the \(rank) axes of \(shape.shapeText) once.")
    }
    return permuted(order)
  }

  /// The tensor with its axes in reverse order (`.T`).
  consuming func reversingAxes() -> Tensor {
    let shape = dimensions
    guard shape.rank == 2 else { return permuted(Array((0..<shape.rank).reversed())) }
    let (rows, columns) = (shape[0], shape[1])
    let turned =
      rows == 1 || columns == 1
      ? Tensor(sharing: self, Dimensions(rows: columns, columns: rows))
      : LayoutKernels.transpose(self, rows: rows, columns: columns)
    return turned.recorded(.transpose, self)
  }

  /// The tensor with the axes `order`, each named once.
  func permuted(_ order: [Int]) -> Tensor {
    if rank < 2 || order == Array(0..<rank) { return self }
    if rank == 2 { return reversingAxes() }
    let shape = shape
    let strides = shape.rowMajorStrides
    let layout = Layout(start: 0, lengths: order.map { shape[$0] }, strides: order.map { strides[$0] })
    return LayoutKernels.gather(self, layout, Dimensions(layout.lengths))
      .recorded(.permute(axes: order), self)
  }

  /// The tensors one after another along an axis that they have.
  ///
  /// - Throws: `shape-mismatch` if they differ along another axis; `bad-axis`, `empty`, `too-large`.
  public static func concatenated(_ tensors: [Tensor], axis: Int = 0) throws -> Tensor {
    guard let head = tensors.first else {
      throw CodedError(.empty, "`concat` needs at least one array.")
    }
    let axis = try head.normalized(axis: axis, for: "concat")
    var shape = head.shape
    for tensor in tensors.dropFirst() {
      var expected = tensor.shape
      if tensor.rank == head.rank { expected[axis] = head.shape[axis] }
      guard expected == head.shape else {
        throw CodedError(
          .shapeMismatch,
          "`concat` along axis \(axis) cannot join \(head.shape.shapeText) and \(tensor.shape.shapeText): "
            + "all other lengths must be equal.")
      }
      shape[axis] += tensor.shape[axis]
    }
    let count = try ArraySize.room(for: shape)
    let isBoolean = tensors.allSatisfy(\.isBoolean)
    return LayoutKernels.concatenate(
      tensors, axis: axis, Dimensions(shape), count: count, isBoolean: isBoolean
    ).recorded(.concatenate(axis: axis), inputs: tensors)
  }

  /// The tensors, all of one shape, along a new axis.
  ///
  /// - Throws: `shape-mismatch`, `bad-axis`, `empty`, `too-large`.
  public static func stacked(_ tensors: [Tensor], axis: Int = 0) throws -> Tensor {
    guard let head = tensors.first else {
      throw CodedError(.empty, "`stack` needs at least one array.")
    }
    if let other = tensors.first(where: { $0.shape != head.shape }) {
      throw CodedError(
        .shapeMismatch,
        "`stack` needs arrays of the same shape, not \(head.shape.shapeText) and \(other.shape.shapeText).")
    }
    let place = axis < 0 ? axis &+ head.rank &+ 1 : axis
    guard place >= 0, place <= head.rank else {
      throw CodedError(.badAxis, "`stack` can put the new axis at 0 to \(head.rank), not at \(axis).")
    }
    var shape = head.shape
    shape.insert(1, at: place)
    return try concatenated(
      tensors.map { try $0.reshaped(shape) }, axis: place)
  }
}
