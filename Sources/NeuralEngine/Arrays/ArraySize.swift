import Foundations
import SystemLibrary

/// Checks of shapes before anything is allocated.
enum ArraySize {
  /// The most axes an array may have; NumPy allows 64, and printing recurses once an axis.
  static let maximumRank = 32

  /// The most elements an array may have: half of the machine's memory.
  static let maximumCount: Int = {
    let bytes = sysconf(Int32(_SC_PHYS_PAGES)).multipliedReportingOverflow(by: sysconf(Int32(_SC_PAGESIZE)))
    guard !bytes.overflow, bytes.partialValue > 0 else { return 1 << 30 }
    return bytes.partialValue / (2 * MemoryLayout<Double>.stride)
  }()

  /// How many elements a new array of `shape` has, for which there is memory.
  ///
  /// - Throws: `bad-shape` for a negative length or too many axes, `too-large` for what memory cannot hold.
  static func room(for shape: [Int]) throws -> Int {
    let count = try count(of: shape)
    try MemoryLimit.reserve(count * MemoryLayout<Double>.stride) { "An array of \(shape.shapeText)" }
    return count
  }

  /// How many elements an array of `shape` has.
  ///
  /// - Throws: `bad-shape` for a negative length or too many axes, `too-large` for what memory cannot hold.
  static func count(of shape: [Int]) throws -> Int {
    guard shape.count <= maximumRank else {
      throw CodedError(
        .badShape, "An array may have \(maximumRank) axes at most, not \(shape.count).")
    }
    if let negative = shape.first(where: { $0 < 0 }) {
      throw CodedError(.badShape, "An axis cannot have a length of \(negative).")
    }
    // Zeros are left out, as NumPy does, so that no part of a shape can overflow by itself.
    var count = 1
    for length in shape where length != 0 {
      let product = count.multipliedReportingOverflow(by: length)
      guard !product.overflow, product.partialValue <= maximumCount else { throw tooLarge(shape) }
      count = product.partialValue
    }
    return shape.contains(0) ? 0 : count
  }

  private static func tooLarge(_ shape: [Int]) -> CodedError {
    let gigabytes = shape.reduce(8e-9) { $1 == 0 ? $0 : $0 * Double($1) }
    let limit = Double(maximumCount) * 8e-9
    let text = formatNumber(gigabytes < 1e9 ? gigabytes.rounded() : gigabytes, digits: 1)
    return CodedError(
      .tooLarge,
      "An array of \(shape.shapeText) would take \(text) GB; this machine has room for"
        + " \(Int(limit.rounded(.down))) GB. Work on a part of it at a time.")
  }
}

extension [Int] {
  /// A shape as messages write it: `3x2`; `a number` for rank 0.
  ///
  /// One length alone would read as a number: an array of one axis is `3 numbers`.
  package var shapeText: String {
    switch count {
    case 0: "a number"
    case 1: self[0].numbersText
    default: sizesText
    }
  }

  /// The number of elements of a shape that is known to be small enough.
  @inline(__always)
  var elementCount: Int { reduce(1) { $0 &* $1 } }

  /// How far apart in memory neighbours along each axis lie.
  var rowMajorStrides: [Int] {
    var strides = self
    var stride = 1
    for axis in indices.reversed() {
      strides[axis] = stride
      stride &*= self[axis]
    }
    return strides
  }
}

extension Tensor {
  /// Refuses another array of as many numbers, or several of them, where there is no memory for it.
  ///
  /// - Throws: `too-large`.
  @inline(__always)
  public borrowing func checkRoom(times: Int = 1) throws {
    // One that is small needs no shape for the message.
    let (count, shape) = (count, dimensions)
    try MemoryLimit.reserve(count &* MemoryLayout<Double>.stride &* times) {
      "An array of \(shape.lengths.shapeText)"
    }
  }

  /// The axis counted from the front.
  ///
  /// - Throws: `bad-axis` if the tensor has no such axis.
  func normalized(axis: Int, for function: String) throws -> Int {
    let front = axis < 0 ? axis &+ rank : axis
    guard front >= 0, front < rank else {
      let has =
        rank == 0
        ? "a number, which has no axes"
        : "\(shape.shapeText), whose axes are 0 to \(rank - 1) (or -\(rank) to -1)"
      throw CodedError(.badAxis, "`\(function)` was given axis \(axis) of \(has).")
    }
    return front
  }

  /// A whole number out of a value of the language.
  ///
  /// - Throws: `not-whole` for a fraction, NaN or a number past the range of `Int`.
  static func wholeNumber(_ value: Double, for what: String) throws -> Int {
    guard let number = Int(exactly: value) else {
      throw CodedError(
        .notWhole, "\(what) must be an integer, not \(value.brief).")
    }
    return number
  }
}
