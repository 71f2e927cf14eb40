public import Foundations
import NeuralEngine

/// The ways of bringing columns to a common scale.
public enum Scaling: Sendable, Equatable {
  /// Mean 0 and standard deviation 1.
  case zscore
  /// From 0 to 1.
  case minmax
  /// Divided by the largest absolute value.
  case max
  /// Divided by a number: 255 for 8-bit images.
  case divide(Double)
}

/// The scale of each column, found on the training part and then used for every row.
///
/// A value x becomes (x - offset) / divisor. Networks keep it, so that predictions take and give the user's own
/// units. A column that is constant has nothing to scale: its divisor is 1.
///
/// ```swift
/// let preparation = try Preparation.fitted(to: train, .minmax)
/// let scaled = preparation.apply(to: train).inputs  // 0 and 1 for the least and the largest
/// ```
public struct Preparation: Sendable, Equatable {
  /// The offset that is taken from the values of a column, and the divisor of what is left.
  public struct Scale: Sendable, Equatable {
    /// The number that is taken away.
    public var offset: Double
    /// The number that is divided by; never 0.
    public var divisor: Double
    /// What the value becomes before that, for a target; nil for itself.
    public var transform: TargetTransform?

    /// Creates a scale.
    public init(offset: Double = 0, divisor: Double = 1, transform: TargetTransform? = nil) {
      self.offset = offset
      self.divisor = divisor
      self.transform = transform
    }

    /// The value on the scale.
    public func apply(_ value: Double) -> Double {
      ((transform?.apply(value) ?? value) - offset) / divisor
    }
    /// The value as it was before.
    public func undo(_ value: Double) -> Double {
      let amount = value * divisor + offset
      return transform?.undo(amount) ?? amount
    }
  }

  /// The scales of the inputs: one for all, or one a column.
  public var inputs: [Scale]
  /// The scales of the targets, one a column; nil when targets stay as they are.
  public var targets: [Scale]?
  /// The inputs that are constant in the training part, by name: nothing is learnt from them.
  public var constant: [String]

  /// Creates a preparation, as it was kept.
  public init(inputs: [Scale], targets: [Scale]? = nil, constant: [String] = []) {
    self.inputs = inputs
    self.targets = targets
    self.constant = constant
  }

  /// Finds the scales of the training part.
  ///
  /// - Parameter scalesTargets: nil for yes where targets are measured, and not classes or within 0 and 1; `divide`
  ///   is for inputs.
  /// - Throws: `bad-divisor`.
  public static func fitted(
    to train: Dataset, _ scaling: Scaling, scalesTargets: Bool? = nil
  ) throws(CodedError) -> Preparation {
    var inputs: [Scale] = []
    var constant: [String] = []
    if case .divide(let divisor) = scaling {
      guard divisor.isFinite, divisor != 0 else {
        throw CodedError(
          .badDivisor, "divide= takes a number other than 0.", suggestion: "divide=255")
      }
      inputs = [Scale(divisor: divisor)]
    } else {
      let columns = statistics(of: train)
      inputs = columns.map { $0.scale(scaling) }
      // Of images many pixels are constant, and nobody wants to read which.
      if train.inputShape.count == 1 {
        constant = zip(train.inputNames, columns).filter { $0.1.low == $0.1.high }.map(\.0)
      }
    }
    let own = Preparation(transformsOf: train)
    let train =
      own.map { train.replacing(storage: train.storage, targets: $0.apply(toTargets: train.targets)) }
      ?? train
    var targets = own?.targets
    if scalesTargets ?? isMeasured(train, scaling), train.targetWidth > 0 {
      targets = zip(
        ColumnStatistics.all(train.targets, width: train.targetWidth), train.targetColumns
      ).map { statistics, column in
        // Beside amounts, classes stay as they are.
        guard column.levels == nil, !(statistics.isBinary && train.targetWidth > 1) else { return Scale() }
        var scale = statistics.scale(scaling)
        scale.transform = column.transform
        return scale
      }
    }
    return Preparation(inputs: inputs, targets: targets, constant: constant)
  }

  /// What data says of its own targets, such as that their logarithm is learned; nil where it says nothing.
  public init?(transformsOf data: Dataset) {
    guard data.targetColumns.contains(where: { $0.transform != nil }) else { return nil }
    self.init(inputs: [Scale()], targets: data.targetColumns.map { Scale(transform: $0.transform) })
  }

  /// Whether the inputs are scaled.
  public var scalesInputs: Bool { inputs.contains { $0 != Scale() } }
  /// Whether the targets are not learned as they are, but by their logarithm.
  public var transformsTargets: Bool { targets?.contains { $0.transform != nil } ?? false }

  /// The statistics of each input; those of a series are the same at every step of its windows.
  private static func statistics(of train: Dataset) -> [ColumnStatistics] {
    guard let window = train.window else { return ColumnStatistics.all(of: train) }
    let features = ColumnStatistics.all(train.inputs, width: train.inputWidth / window.steps)
    return (0..<window.steps).flatMap { _ in features }
  }

  /// Tells whether targets are amounts, and neither classes nor shares.
  private static func isMeasured(_ train: Dataset, _ scaling: Scaling) -> Bool {
    if case .divide = scaling { return false }
    let amounts = train.targets.indices.lazy.filter { place in
      train.targetColumns[place % train.targetWidth].levels == nil
    }.map { train.targets[$0] }
    guard let low = amounts.min(), let high = amounts.max() else { return false }
    if low >= 0, high <= 1 { return false }
    // 0, 1, … without a gap are the numbers of classes.
    let different = Set(train.targets)
    let areClasses =
      train.targetWidth == 1 && low == 0 && high < 1000 && different.count == Int(high) + 1
      && different.allSatisfy { $0 == $0.rounded() }
    return !areClasses
  }
}

/// The statistics of a column that scales are made of.
struct ColumnStatistics {
  var low = Double.infinity
  var high = -Double.infinity
  var mean = 0.0
  /// Over all rows, not all but one: as scikit-learn does.
  var deviation = 0.0

  /// Whether all values are 0 or 1.
  var isBinary = true

  /// The statistics of the columns of a table, row by row.
  static func all(_ values: [Double], width: Int) -> [ColumnStatistics] {
    all(rows: values.count / width, width: width) { values[$0] }
  }

  /// The statistics of the inputs.
  static func all(of data: Dataset) -> [ColumnStatistics] {
    switch data.storage {
    case .doubles(let values): return all(values, width: data.inputWidth)
    case .bytes(let bytes):
      let scales = bytes.offsets.indices.map { (bytes.offsets[$0], bytes.divisors[$0]) }
      return all(rows: data.inputRows, width: data.inputWidth) { place in
        let (offset, divisor) = scales[scales.count == 1 ? 0 : place % scales.count]
        return (Double(bytes.values[place]) - offset) / divisor
      }
    }
  }

  private static func all(rows: Int, width: Int, value: (Int) -> Double) -> [ColumnStatistics] {
    var columns = [ColumnStatistics](repeating: ColumnStatistics(), count: width)
    // Two passes: the sum of squares less the square of the sum loses all digits of large, close values.
    for row in 0..<rows {
      for column in 0..<width {
        let value = value(row * width + column)
        if value != 0, value != 1 { columns[column].isBinary = false }
        columns[column].low = min(columns[column].low, value)
        columns[column].high = Swift.max(columns[column].high, value)
        columns[column].mean += value / Double(rows)
      }
    }
    for row in 0..<rows {
      for column in 0..<width {
        let distance = value(row * width + column) - columns[column].mean
        columns[column].deviation += distance * distance / Double(rows)
      }
    }
    for column in 0..<width {
      columns[column].deviation = columns[column].deviation.squareRoot()
      // The mean of equal numbers is one of them, whatever their sum is rounded to.
      if columns[column].low == columns[column].high {
        (columns[column].mean, columns[column].deviation) = (columns[column].low, 0)
      }
    }
    return columns
  }

  /// The scale for one way of scaling.
  func scale(_ scaling: Scaling) -> Preparation.Scale {
    switch scaling {
    case .divide(let divisor): return Preparation.Scale(divisor: divisor)
    case .max:
      let largest = Swift.max(abs(low), abs(high))
      return Preparation.Scale(divisor: largest == 0 || !largest.isFinite ? 1 : largest)
    case .minmax:
      let range = high - low
      return Preparation.Scale(offset: low, divisor: range == 0 || !range.isFinite ? 1 : range)
    case .zscore:
      return Preparation.Scale(offset: mean, divisor: deviation == 0 || !deviation.isFinite ? 1 : deviation)
    }
  }
}
