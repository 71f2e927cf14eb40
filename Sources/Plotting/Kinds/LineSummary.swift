import Outputs

/// What one look at a series tells: its extremes and what cannot be drawn.
struct LineSummary {
  let count: Int
  /// The smallest and the largest value that can be drawn; nil where none can.
  var range: ClosedRange<Double>?
  /// How many values can be drawn.
  var drawable = 0
  /// How many are NaN or infinite, and the index of the first of them.
  var notFinite = 0
  var firstNotFinite: Int?
  /// How many are finite and left out all the same, being zero or less on a logarithmic axis.
  var notPositive = 0
  /// The index of the first best value, where the series says which way is better.
  var best: Int?

  init(_ series: LinePlot.Series, isLogarithmic: Bool) {
    let values = series.values
    count = values.count
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isDrawable(isLogarithmic: isLogarithmic) {
      low = min(low, value)
      high = max(high, value)
      drawable += 1
    }
    range = drawable > 0 ? low...high : nil
    if drawable < count { countMissing(values) }
    best = series.lowerIsBetter.flatMap { Self.best(of: values, isLowest: $0) }
  }

  private mutating func countMissing(_ values: [Double]) {
    notFinite = values.reduce(0) { $0 + ($1.isFinite ? 0 : 1) }
    firstNotFinite = values.firstIndex { !$0.isFinite }
    notPositive = count - drawable - notFinite
  }

  private static func best(of values: [Double], isLowest: Bool) -> Int? {
    var best: Int?
    var record = isLowest ? Double.infinity : -Double.infinity
    for index in values.indices where isLowest ? values[index] < record : values[index] > record {
      guard values[index].isFinite else { continue }
      record = values[index]
      best = index
    }
    return best
  }
}

extension LinePlot {
  /// The number of places on the x axis.
  var count: Int { series.map(\.values.count).max() ?? 0 }

  /// The x of the first value, kept to where a Double still tells neighbours apart.
  var start: Int { min(max(firstX, -(1 << 51)), 1 << 51) }

  /// What one look at each series tells.
  var summaries: [LineSummary] { series.map { LineSummary($0, isLogarithmic: isLogarithmic) } }

  /// The axis of y that holds every value that can be drawn; nil where there is none.
  func yScale(_ summaries: [LineSummary]) -> Scale? {
    let ranges = summaries.compactMap(\.range)
    guard let low = ranges.map(\.lowerBound).min(), let high = ranges.map(\.upperBound).max() else {
      return nil
    }
    return Scale(from: low, to: high, isLogarithmic: isLogarithmic)
  }

  /// The axis of x; a single place stands in its middle.
  var xScale: Scale? {
    let margin = count == 1 ? 0.5 : 0
    return Scale(from: Double(start) - margin, to: Double(start + count - 1) + margin)
  }
}
