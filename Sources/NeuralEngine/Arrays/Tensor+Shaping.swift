extension Tensor {
  /// The same numbers in another shape; one length may be -1, and is then what is left.
  ///
  /// - Throws: `bad-shape` if the shape does not hold as many numbers.
  public func reshaped(_ target: [Int]) throws -> Tensor {
    if target == shape { return self }
    return Tensor(try completed(target), values, .reshape, self, isBoolean: isBoolean)
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
      throw EngineError(
        "bad-shape",
        "`reshape` cannot make [\(text)] of \(shape.shapeText)\(rank < 2 ? "" : ", which has \(count) numbers"). "
          + "Give -1 for one length to have it worked out.")
    }
    return target
  }

  /// All numbers along one axis.
  public func flattened() -> Tensor {
    rank == 1 ? self : Tensor([count], values, .reshape, self, isBoolean: isBoolean)
  }

  /// The tensor with its axes in the order given, or in reverse order (`.T`).
  ///
  /// - Throws: `bad-axis` if `axes` does not name each axis once.
  public func transposed(axes: [Int]? = nil) throws -> Tensor {
    guard let axes else { return rank == 2 ? transposedMatrix() : permuted(Array((0..<rank).reversed())) }
    let order = try axes.map { try normalized(axis: $0, for: "transpose") }
    guard order.count == rank, Set(order).count == rank else {
      throw EngineError(
        "bad-axis", "`transpose` must name each of the \(rank) axes of \(shape.shapeText) once.")
    }
    return rank == 2 && order[0] == 1 ? transposedMatrix() : permuted(order)
  }

  private func transposedMatrix() -> Tensor {
    let (rows, columns) = (shape[0], shape[1])
    let turned =
      rows == 1 || columns == 1 ? values : LayoutKernels.transpose(values, rows: rows, columns: columns)
    return Tensor(
      rows == columns ? shape : [columns, rows], turned, .transpose(axes: [1, 0]), self,
      isBoolean: isBoolean)
  }

  /// The tensor with the axes `order`, each named once.
  func permuted(_ order: [Int]) -> Tensor {
    if rank < 2 || order == Array(0..<rank) { return self }
    let strides = shape.rowMajorStrides
    let tables = order.map { axis in (0..<shape[axis]).map { $0 &* strides[axis] } }
    let turned = LayoutKernels.gather(values, Places.sums(of: tables, from: 0))
    return Tensor(
      order.map { shape[$0] }, turned, .transpose(axes: order), self, isBoolean: isBoolean)
  }

  /// The tensors one after another along an axis that they have.
  ///
  /// - Throws: `shape-mismatch` if they differ along another axis; `bad-axis`, `empty`, `too-large`.
  public static func concatenated(_ tensors: [Tensor], axis: Int = 0) throws -> Tensor {
    guard let head = tensors.first else {
      throw EngineError("empty", "`concat` needs at least one array.")
    }
    let axis = try head.normalized(axis: axis, for: "concat")
    var shape = head.shape
    for tensor in tensors.dropFirst() {
      var expected = tensor.shape
      if tensor.rank == head.rank { expected[axis] = head.shape[axis] }
      guard expected == head.shape else {
        throw EngineError(
          "shape-mismatch",
          "`concat` along axis \(axis) cannot join \(head.shape.shapeText) and \(tensor.shape.shapeText): "
            + "all other lengths must be equal.")
      }
      shape[axis] += tensor.shape[axis]
    }
    let count = try ArraySize.count(of: shape)
    return Tensor(
      shape, joined(tensors, axis: axis, count: count), .concatenate(axis: axis), inputs: tensors,
      isBoolean: tensors.allSatisfy(\.isBoolean))
  }

  private static func joined(_ tensors: [Tensor], axis: Int, count: Int) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(count)
    for block in 0..<AxisView(tensors[0].shape, axis: axis).outer where count > 0 {
      for tensor in tensors {
        let view = AxisView(tensor.shape, axis: axis)
        let size = view.length * view.inner
        values.append(contentsOf: tensor.values[(block * size)..<((block + 1) * size)])
      }
    }
    return values
  }

  /// The tensors, all of one shape, along a new axis.
  ///
  /// - Throws: `shape-mismatch`, `bad-axis`, `empty`, `too-large`.
  public static func stacked(_ tensors: [Tensor], axis: Int = 0) throws -> Tensor {
    guard let head = tensors.first else {
      throw EngineError("empty", "`stack` needs at least one array.")
    }
    if let other = tensors.first(where: { $0.shape != head.shape }) {
      throw EngineError(
        "shape-mismatch",
        "`stack` needs arrays of one shape, not \(head.shape.shapeText) and \(other.shape.shapeText).")
    }
    let place = axis < 0 ? axis &+ head.rank &+ 1 : axis
    guard place >= 0, place <= head.rank else {
      throw EngineError("bad-axis", "`stack` can put the new axis at 0 to \(head.rank), not at \(axis).")
    }
    var shape = head.shape
    shape.insert(1, at: place)
    return try concatenated(
      tensors.map { try $0.reshaped(shape) }, axis: place)
  }
}
