/// Points of a series that were measured one after the other while a cell ran: the loss of each epoch, what
/// `record` notes.
///
/// They come in batches, and thinned: a small network has a million epochs a second, and nobody can look at them.
public struct MetricBatch: Sendable, Equatable {
  /// What was trained on what, `solver on xor`; nil for what `record` notes.
  public var subject: String?
  /// The name of the figure, or the one given to `record`.
  public var name: String
  /// The steps that were measured, from 1. A batch that starts at 1 starts a series anew.
  public var steps: ClosedRange<Int>
  /// The last value of all.
  public var last: Double
  /// The least and the greatest of all values that are numbers, where there are any.
  public var least, greatest: Double?
  /// The points that are kept.
  public var stretches: [Stretch]

  /// Points at even distances.
  public struct Stretch: Sendable, Equatable {
    /// The step of the first value.
    public var first: Int
    /// From one value's step to the next one's.
    public var stride: Int
    /// The values.
    public var values: [Double]

    /// Creates a stretch.
    public init(first: Int, stride: Int, values: [Double]) {
      self.first = first
      self.stride = stride
      self.values = values
    }
  }

  /// Creates a batch of the values at `steps`, which `value` gives.
  @inlinable
  public init(subject: String?, name: String, steps: ClosedRange<Int>, value: (Int) -> Double) {
    self.subject = subject
    self.name = name
    self.steps = steps
    last = value(steps.upperBound)
    var (least, greatest) = (Double.infinity, -Double.infinity)
    for step in steps {
      // Comparing is false for what is no number.
      let value = value(step)
      if value < least, value > -.infinity { least = value }
      if value > greatest, value < .infinity { greatest = value }
    }
    self.least = least.isFinite ? least : nil
    self.greatest = greatest.isFinite ? greatest : nil
    stretches = Thinning.kept(of: steps).map { kept in
      Stretch(
        first: kept.first, stride: kept.stride,
        values: stride(from: kept.first, through: kept.last, by: kept.stride).map(value))
    }
  }

  /// Takes in the batch of the steps that follow.
  public mutating func append(_ next: MetricBatch) {
    steps = steps.lowerBound...max(steps.lowerBound, next.steps.upperBound)
    last = next.last
    least = [least, next.least].compactMap(\.self).min()
    greatest = [greatest, next.greatest].compactMap(\.self).max()
    for stretch in next.stretches {
      if let end = stretches.last, end.stride == stretch.stride {
        stretches[stretches.count - 1].values += stretch.values
      } else {
        stretches.append(stretch)
      }
    }
  }
}

/// Which points of a long series are kept: all of the first 1024, then every second up to 2048, every fourth up
/// to 4096 and so on, 512 for each doubling.
///
/// The rule looks at a step's number alone, so the same run keeps the same points however fast it was, and what
/// two runs keep can be laid side by side. A thousand million epochs come to 11,000 points.
public enum Thinning {
  /// Steps up to here are all kept.
  public static let whole = 1024

  /// The distance between points that are kept around a step.
  public static func stride(at step: Int) -> Int {
    guard step > whole else { return 1 }
    let exponent = Int.bitWidth - 1 - (step - 1).leadingZeroBitCount
    return 1 << (exponent - 9)
  }

  /// The steps that are kept of a range.
  public static func kept(of steps: ClosedRange<Int>) -> [(first: Int, last: Int, stride: Int)] {
    var kept: [(first: Int, last: Int, stride: Int)] = []
    var step = steps.lowerBound
    while step <= steps.upperBound {
      let stride = stride(at: step)
      // The last step that has this stride.
      let limit = min(steps.upperBound, stride * whole)
      let first = (step + stride - 1) / stride * stride
      if first <= limit { kept.append((first, limit / stride * stride, stride)) }
      step = limit + 1
    }
    return kept
  }
}
