import Foundations

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
    if let tally = series.buckets?.tally {
      notFinite = tally.notFinite
      firstNotFinite = tally.firstNotFinite.map { $0 - 1 }
      notPositive = isLogarithmic ? tally.notPositive : 0
      drawable = count - notFinite - notPositive
      best = series.lowerIsBetter.flatMap { $0 ? tally.lowest : tally.highest }.map {
        ($0.value, $0.place - 1)
      }
    } else {
      drawable = stretches
      if drawable < count { countMissing(series.values) }
      best = series.lowerIsBetter.flatMap { Self.best(of: series.values, isLowest: $0) }
    }
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

/// What a drawing looks at one after the other in a series: a value, or a bucket of neighbours where the series is
/// too long to be kept whole.
struct LineStretch {
  /// The lowest and the highest value that can be drawn; `low` is above `high` where there is none.
  var low = Double.infinity
  var high = -Double.infinity
  /// The last value that can be drawn, as far as it is known.
  var last = Double.nan
  /// The mean of the values, as far as they can be drawn.
  var mean = Double.nan
  /// Whether every value can be drawn.
  var isWhole = false

  /// Whether any value can be drawn.
  var isDrawable: Bool { low <= high }

  /// The values to draw, NaN where there is none: the last one first, since a line leads to where it goes on from.
  var values: [Double] { low == high ? [last] : isDrawable ? [last, low, high, last] : [.nan] }

  fileprivate init(_ value: Double, isLogarithmic: Bool) {
    guard value.isDrawable(isLogarithmic: isLogarithmic) else { return }
    (low, high, last, mean, isWhole) = (value, value, value, value, true)
  }

  fileprivate init(_ bucket: DecimatedSeries.Bucket, size: Int, isLogarithmic: Bool) {
    guard bucket.low <= bucket.high, bucket.high.isDrawable(isLogarithmic: isLogarithmic) else { return }
    high = bucket.high
    last = bucket.last.isDrawable(isLogarithmic: isLogarithmic) ? bucket.last : high
    // How low the values above zero go is not known where others are zero or less.
    let isLowDrawable = bucket.low.isDrawable(isLogarithmic: isLogarithmic)
    low = isLowDrawable ? bucket.low : last
    mean = bucket.mean.isDrawable(isLogarithmic: isLogarithmic) ? bucket.mean : last
    isWhole = bucket.finite == size && isLowDrawable
  }
}

extension LinePlot.Series {
  /// How many values there are, kept one by one or in buckets.
  var count: Int { buckets?.count ?? values.count }

  /// How many stretches there are.
  var stretchCount: Int { values.count }

  /// A stretch.
  func stretch(_ index: Int, isLogarithmic: Bool) -> LineStretch {
    guard let buckets else { return LineStretch(values[index], isLogarithmic: isLogarithmic) }
    return LineStretch(buckets.buckets[index], size: buckets.size(of: index), isLogarithmic: isLogarithmic)
  }

  /// The place at which a stretch ends, from 0.
  func place(ofStretch index: Int) -> Int {
    guard let buckets else { return index }
    return min((index + 1) * buckets.width, buckets.count) - 1
  }
}
