import Foundations

/// The inputs of a table of examples, row by row: numbers, or 8-bit images that stay 8-bit.
public enum ExampleInputs: Sendable, Equatable {
  /// Any numbers.
  case doubles([Double])
  /// Bytes, and how they are turned into numbers when they are read.
  case bytes(ByteInputs)

  /// How many values there are: rows x inputs.
  public var count: Int {
    switch self {
    case .doubles(let values): values.count
    case .bytes(let inputs): inputs.values.count
    }
  }

  /// All values as doubles; for bytes that takes eight times their memory.
  public var doubles: [Double] {
    switch self {
    case .doubles(let values): values
    case .bytes(let inputs): inputs.doubles(in: 0..<inputs.values.count)
    }
  }

  /// All values as an array of rows x width, for which memory is asked first: bytes take eight times as much as numbers.
  ///
  /// - Throws: `too-large`, and `bad-shape` where the values are no whole rows.
  package func tensor(rows: Int, width: Int) throws -> Tensor {
    let shape = [rows, width]
    guard try ArraySize.room(for: shape) == count else {
      throw CodedError(.badShape, "\(shape.shapeText) does not hold \(count.numbersText).")
    }
    switch self {
    case .doubles(let values): return Tensor(unchecked: shape, values)
    case .bytes(let inputs):
      return Tensor(Dimensions(shape), count: count) { out in
        // A stretch at a time, so that the numbers are not in memory twice.
        for start in stride(from: 0, to: inputs.values.count, by: 1 << 16) {
          let stretch = inputs.doubles(in: start..<Swift.min(start + 1 << 16, inputs.values.count))
          for (place, value) in stretch.enumerated() { out[start + place] = value }
        }
      }
    }
  }

  /// Some of the rows, in the order given.
  ///
  /// - Parameter steps: the steps of each row, of `width` numbers each, where rows are sequences of their own lengths.
  package func rows(_ chosen: [Int], width: Int, steps: SequenceSteps? = nil) -> ExampleInputs {
    switch self {
    case .doubles(let values): .doubles(values.rows(chosen, width: width, steps: steps))
    case .bytes(let bytes):
      .bytes(
        ByteInputs(
          bytes.values.rows(chosen, width: width, steps: steps), offsets: bytes.offsets,
          divisors: bytes.divisors))
    }
  }
}

extension Array {
  /// Some of the rows of `width` values each, in the order given.
  ///
  /// - Parameter steps: the steps of each row, of `width` values each, where rows are sequences of their own lengths.
  package func rows(_ chosen: [Int], width: Int, steps: SequenceSteps? = nil) -> [Element] {
    var picked: [Element] = []
    if let steps {
      picked.reserveCapacity(chosen.reduce(0) { $0 + steps.length(ofRow: $1) } * width)
      for row in chosen {
        picked += self[steps[row].lowerBound * width..<steps[row].upperBound * width]
      }
      return picked
    }
    picked.reserveCapacity(chosen.count * width)
    for row in chosen { picked += self[row * width..<(row + 1) * width] }
    return picked
  }
}

/// Bytes that stand for the numbers (byte - offset) / divisor.
///
/// Preparing images changes the offsets and divisors and leaves the bytes alone: 60,000 images of 28x28 take
/// 47 MB like this and 376 MB as doubles.
public struct ByteInputs: Sendable, Equatable {
  /// The bytes, row by row.
  public let values: [UInt8]
  /// What is taken away: one number for all columns, or one a column.
  public let offsets: [Double]
  /// What is divided by then, never 0: as many as there are offsets.
  public let divisors: [Double]

  /// Creates inputs; without offsets and divisors a byte stands for itself.
  public init(_ values: [UInt8], offsets: [Double] = [0], divisors: [Double] = [1]) {
    precondition(offsets.count == divisors.count && !offsets.isEmpty, "one divisor an offset")
    self.values = values
    self.offsets = offsets
    self.divisors = divisors
  }

  /// The numbers of some places of `values`.
  public func doubles(in range: Range<Int>) -> [Double] {
    guard offsets.count > 1 else {
      let table = (0...255).map { (Double($0) - offsets[0]) / divisors[0] }
      return values[range].map { table[Int($0)] }
    }
    return range.map { place in
      let column = place % offsets.count
      return (Double(values[place]) - offsets[column]) / divisors[column]
    }
  }
}
