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
  /// How many stretches can be drawn: as many as values, where all are kept.
  var stretches = 0
  /// The first best value and its index, where the series says which way is better.
  var best: (value: Double, index: Int)?

  init(_ series: LinePlot.Series, isLogarithmic: Bool) {
    count = series.count
    var low = Double.infinity
    var high = -Double.infinity
    for index in 0..<series.stretchCount {
      let stretch = series.stretch(index, isLogarithmic: isLogarithmic)
      guard stretch.isDrawable else { continue }
      low = min(low, stretch.low)
      high = max(high, stretch.high)
      stretches += 1
    }
    range = stretches > 0 ? low...high : nil
    if let buckets = series.buckets {
      take(buckets, isLogarithmic: isLogarithmic)
      best = series.lowerIsBetter.flatMap { $0 ? buckets.lowest : buckets.highest }.map {
        ($0.value, $0.index)
      }
    } else {
      drawable = stretches
      if drawable < count { countMissing(series.values) }
      best = series.lowerIsBetter.flatMap { Self.best(of: series.values, isLowest: $0) }
    }
  }

  private mutating func take(_ buckets: LinePlot.Buckets, isLogarithmic: Bool) {
    notFinite = buckets.notFinite
    firstNotFinite = buckets.firstNotFinite
    notPositive = isLogarithmic ? buckets.notPositive : 0
    drawable = count - notFinite - notPositive
  }

  private mutating func countMissing(_ values: [Double]) {
    notFinite = values.reduce(0) { $0 + ($1.isFinite ? 0 : 1) }
    firstNotFinite = values.firstIndex { !$0.isFinite }
    notPositive = count - drawable - notFinite
  }

  private static func best(of values: [Double], isLowest: Bool) -> (value: Double, index: Int)? {
    var best: (value: Double, index: Int)?
    var record = isLowest ? Double.infinity : -Double.infinity
    for index in values.indices where isLowest ? values[index] < record : values[index] > record {
      guard values[index].isFinite else { continue }
      record = values[index]
      best = (record, index)
    }
    return best
  }
}

extension LinePlot {
  /// The number of places on the x axis.
  var count: Int { series.map(\.count).max() ?? 0 }

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
