import Foundations

extension Tensor {
  /// The sum of the elements along an axis, or of all.
  ///
  /// - Returns: the shape without the axis, or with a length of 1 there if `keepDims`.
  /// - Throws: `bad-axis`.
  public func sum(axis: Int? = nil, keepDims: Bool = false) throws -> Tensor {
    let axis = try axis.map { try normalized(axis: $0, for: "sum") }
    return total(axis: axis, keepDims: keepDims)
  }

  /// The sum along an axis that is known to exist.
  func total(axis: Int?, keepDims: Bool) -> Tensor {
    ReductionKernels.sum(self, AxisView(self, axis: axis), reduced(axis: axis, keepDims: keepDims))
      .recorded(.sum(axis: axis), self)
  }

  /// The mean of the elements along an axis, or of all; NaN of none, as in NumPy.
  ///
  /// - Throws: `bad-axis`.
  public func mean(axis: Int? = nil, keepDims: Bool = false) throws -> Tensor {
    let axis = try axis.map { try normalized(axis: $0, for: "mean") }
    let shape = reduced(axis: axis, keepDims: keepDims)
    return ReductionKernels.mean(self, AxisView(self, axis: axis), shape).recorded(.mean(axis: axis), self)
  }

  /// The variance along an axis, or of all: the mean of the squared distances from the mean.
  ///
  /// - Throws: `bad-axis`.
  public func variance(axis: Int? = nil, keepDims: Bool = false) throws -> Tensor {
    let axis = try axis.map { try normalized(axis: $0, for: "var") }
    let distance = try self - mean(axis: axis, keepDims: true)
    return try (distance * distance).mean(axis: axis, keepDims: keepDims)
  }

  /// The standard deviation along an axis, or of all. Its gradient is 0 where it is 0, as in PyTorch.
  ///
  /// - Throws: `bad-axis`.
  public func standardDeviation(axis: Int? = nil, keepDims: Bool = false) throws -> Tensor {
    let axis = try axis.map { try normalized(axis: $0, for: "std") }
    let variance = try variance(axis: axis, keepDims: keepDims)
    guard variance.isRecorded else { return Tensor.unary(.sqrt, variance) }
    let isZero = try Tensor.binary(.equal, variance, Tensor(0))
    let root = Tensor.unary(.sqrt, try Tensor.choose(isZero, Tensor(1), variance))
    return try Tensor.choose(isZero, Tensor(0), root)
  }

  /// The Euclidean norm along an axis, or of all. Its gradient is 0 where the norm is 0, as in PyTorch.
  ///
  /// - Throws: `bad-axis`.
  public func norm(axis: Int? = nil, keepDims: Bool = false) throws -> Tensor {
    let axis = try axis.map { try normalized(axis: $0, for: "norm") }
    try checkRoom()
    let squares = ElementwiseKernels.apply(.multiply, self, self, dimensions, count: count)
    let sums = squares.total(axis: axis, keepDims: keepDims)
    return ElementwiseKernels.apply(.sqrt, sums).recorded(.norm(axis: axis), self)
  }

  /// The largest element along an axis, or of all; NaN if there is one.
  ///
  /// The gradient is shared evenly among equal ones, as in PyTorch's `amax`.
  ///
  /// - Throws: `bad-axis`, `empty`.
  public func max(axis: Int? = nil, keepDims: Bool = false) throws -> Tensor {
    try extremum(axis: axis, keepDims: keepDims, largest: true)
  }

  /// The smallest element along an axis, or of all; NaN if there is one.
  ///
  /// - Throws: `bad-axis`, `empty`.
  public func min(axis: Int? = nil, keepDims: Bool = false) throws -> Tensor {
    try extremum(axis: axis, keepDims: keepDims, largest: false)
  }

  private func extremum(axis: Int?, keepDims: Bool, largest: Bool) throws -> Tensor {
    let axis = try axis.map { try normalized(axis: $0, for: largest ? "max" : "min") }
    return try extremes(
      axis: axis, keepDims: keepDims, largest: largest, areWantedAsPlaces: false, for: largest ? "max" : "min"
    ).recorded(.extremum(axis: axis), self)
  }

  /// The index of the largest element along an axis, or in row-major order; the first of equal ones.
  ///
  /// - Throws: `bad-axis`, `empty`.
  public func indexOfMax(axis: Int? = nil, keepDims: Bool = false) throws -> Tensor {
    try indexOfExtremum(axis: axis, keepDims: keepDims, largest: true, for: "argmax")
  }

  /// The index of the smallest element along an axis, or in row-major order; the first of equal ones.
  ///
  /// - Throws: `bad-axis`, `empty`.
  public func indexOfMin(axis: Int? = nil, keepDims: Bool = false) throws -> Tensor {
    try indexOfExtremum(axis: axis, keepDims: keepDims, largest: false, for: "argmin")
  }

  private func indexOfExtremum(
    axis: Int?, keepDims: Bool, largest: Bool, for function: String
  ) throws -> Tensor {
    let axis = try axis.map { try normalized(axis: $0, for: function) }
    return try extremes(
      axis: axis, keepDims: keepDims, largest: largest, areWantedAsPlaces: true, for: function)
  }

  private func extremes(
    axis: Int?, keepDims: Bool, largest: Bool, areWantedAsPlaces: Bool, for function: String
  ) throws -> Tensor {
    let view = AxisView(self, axis: axis)
    if view.length == 0 {
      throw CodedError(
        .empty, "`\(function)` of an empty array (\(shape.shapeText)) is undefined.")
    }
    return ReductionKernels.extremes(
      self, view, largest: largest, areWantedAsPlaces: areWantedAsPlaces,
      reduced(axis: axis, keepDims: keepDims))
  }

  /// The running sums along an axis, or of all elements in row-major order along one axis.
  ///
  /// - Throws: `bad-axis`.
  public func cumulativeSum(axis: Int? = nil) throws -> Tensor {
    guard let axis else { return flattened().runningSum(axis: 0, backwards: false) }
    return runningSum(axis: try normalized(axis: axis, for: "cumsum"), backwards: false)
  }

  /// The running sums along an axis that is known to exist, from its end if `backwards`.
  func runningSum(axis: Int, backwards: Bool) -> Tensor {
    ReductionKernels.cumulativeSum(self, AxisView(self, axis: axis), backwards: backwards)
      .recorded(.cumulativeSum(axis: axis, backwards: backwards), self)
  }

  /// The shape without an axis (nil: without any), or with lengths of 1 there.
  func reduced(axis: Int?, keepDims: Bool) -> Dimensions {
    if axis == nil, !keepDims { return .number }
    guard let axis else { return Dimensions([Int](repeating: 1, count: rank)) }
    var shape = shape
    if keepDims { shape[axis] = 1 } else { shape.remove(at: axis) }
    return Dimensions(shape)
  }

  /// The number of elements that a reduction makes one of.
  func length(along axis: Int?) -> Int { axis.map { dimensions[$0] } ?? count }
}
