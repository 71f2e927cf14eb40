internal import CKernels
internal import Foundations

extension Tensor {
  /// Numbers above 0 that sum to 1 along an axis: exp(x) / sum(exp(x)).
  ///
  /// The largest element is taken off first, so that no exponential overflows.
  ///
  /// - Throws: `bad-axis`; a single number has no axis to go along.
  public func softmax(axis: Int = -1) throws -> Tensor {
    let axis = try normalized(axis: axis, for: "softmax")
    guard count > 0 else { return self }
    let shifted = try shiftedByMaximum(axis: axis)
    let powers = Tensor.unary(.exp, shifted)
    let result = try powers / powers.total(axis: axis, keepDims: true)
    return result.recorded(.softmax(axis: axis), self)
  }

  /// The logarithm of `softmax`, without the loss of precision of taking both.
  ///
  /// - Throws: `bad-axis`.
  public func logSoftmax(axis: Int = -1) throws -> Tensor {
    let axis = try normalized(axis: axis, for: "log_softmax")
    guard count > 0 else { return self }
    let shifted = try shiftedByMaximum(axis: axis)
    let total = Tensor.unary(.exp, shifted).total(axis: axis, keepDims: true)
    let result = try shifted - Tensor.unary(.log, total)
    return result.recorded(.logSoftmax(axis: axis), self)
  }

  private func shiftedByMaximum(axis: Int) throws -> Tensor {
    let plain = detached()
    return try plain - plain.max(axis: axis, keepDims: true)
  }

  /// Keras keeps probabilities this far from 0 and 1, so that their logarithms stay finite.
  static let probabilityMargin = 1e-7

  /// The mean of the squared differences, a single number.
  ///
  /// - Throws: `shape-mismatch`.
  public static func meanSquaredError(_ target: Tensor, _ prediction: Tensor) throws -> Tensor {
    let difference = try losing("mse", target, prediction) { try $0 - $1 }
    return try (difference * difference).mean()
  }

  /// The binary cross-entropy of probabilities, a single number: the mean of
  /// -(y·log(p) + (1 - y)·log(1 - p)), with p clipped to [1e-7, 1 - 1e-7] as in Keras.
  ///
  /// - Throws: `shape-mismatch`.
  public static func binaryCrossEntropy(_ target: Tensor, _ probability: Tensor) throws -> Tensor {
    let margin = probabilityMargin
    let one = Tensor(1)
    let loss = try losing("bce", target, probability) { y, p in
      let p = p.clipped(low: margin, high: 1 - margin)
      return try y * unary(.log, p) + (one - y) * unary(.log, one - p)
    }
    return try -loss.mean()
  }

  /// The categorical cross-entropy of probabilities along the last axis, a single number: the mean over
  /// samples of -sum(y·log(p)).
  ///
  /// As in Keras, the probabilities of a sample are first made to sum to 1, and clipped to [1e-7, 1 - 1e-7].
  ///
  /// - Parameters:
  ///   - target: probabilities in the shape of `probability`, or class numbers in that shape without its last
  ///     axis.
  /// - Throws: `shape-mismatch`, `index-out-of-range` for a class number that is no class.
  public static func crossEntropy(_ target: Tensor, _ probability: Tensor) throws -> Tensor {
    guard let classes = probability.shape.last else {
      throw CodedError(.shapeMismatch, "`crossentropy` needs an array of probabilities, not a number.")
    }
    var target = target
    if target.shape == Array(probability.shape.dropLast()) { target = try target.oneHot(classes: classes) }
    let axis = probability.rank - 1
    let loss = try losing("crossentropy", target, probability) { y, p in
      let p = try p / p.total(axis: axis, keepDims: true)
      let margin = probabilityMargin
      return try y * unary(.log, p.clipped(low: margin, high: 1 - margin))
    }
    return try -loss.total(axis: axis, keepDims: false).mean()
  }

  /// A loss of two tensors of one shape. Broadcasting a target silently is a classic mistake: 4 against 4x1
  /// would compare each with each.
  private static func losing(
    _ name: String, _ target: Tensor, _ prediction: Tensor, _ loss: (Tensor, Tensor) throws -> Tensor
  ) throws -> Tensor {
    guard target.shape == prediction.shape || target.rank == 0 || prediction.rank == 0 else {
      throw CodedError(
        .shapeMismatch,
        "`\(name)` compares arrays of the same shape, not \(target.shape.shapeText) with "
          + "\(prediction.shape.shapeText): reshape one of them.")
    }
    return try loss(target, prediction)
  }

  /// A row for each class number, 1 at that class and 0 elsewhere.
  ///
  /// - Parameter classes: the length of a row; the largest number and one more if nil.
  /// - Returns: the shape with an axis of `classes` added at its end.
  /// - Throws: `not-whole`, `index-out-of-range`, `too-large`.
  public func oneHot(classes: Int? = nil) throws -> Tensor {
    let (least, most) = try classRange()
    let classes = classes ?? (most == .max ? most : most + 1)
    let rows = count
    let size = try ArraySize.room(for: shape + [classes])
    if let wrong = [least, most].first(where: { $0 < 0 || $0 >= classes }), rows > 0 {
      throw CodedError(
        .indexOutOfRange, "`onehot` has \(classes) classes, 0 to \(classes - 1), and was given \(wrong).")
    }
    return withNumbers { numbers in
      Tensor(Dimensions(shape + [classes]), count: size) { out in
        Pieces.forEach(of: rows, costing: classes) { piece in
          Kernels64.arrays.one_hot(
            numbers + piece.lowerBound, piece.count, classes, out + piece.lowerBound * classes)
        }
      }
    }
  }

  /// The smallest and the largest class number; 0 and -1 of none.
  private func classRange() throws -> (least: Int, most: Int) {
    var (least, most) = (0, -1)
    try withValues { numbers in
      for i in numbers.indices {
        let number = try Tensor.wholeNumber(numbers[i], for: "A class in `onehot`")
        least = Swift.min(least, number)
        most = Swift.max(most, number)
      }
    }
    return (least, most)
  }
}
