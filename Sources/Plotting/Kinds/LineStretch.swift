import Outputs

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

  /// The values to draw, in an order that ends with the last.
  var values: [Double] { low == high ? [last] : [low, high, last] }

  fileprivate init(_ value: Double, isLogarithmic: Bool) {
    guard value.isDrawable(isLogarithmic: isLogarithmic) else { return }
    (low, high, last, mean, isWhole) = (value, value, value, value, true)
  }

  fileprivate init(_ bucket: LinePlot.Buckets.Bucket, isLogarithmic: Bool) {
    guard bucket.low <= bucket.high, bucket.high.isDrawable(isLogarithmic: isLogarithmic) else { return }
    high = bucket.high
    last = bucket.last.isDrawable(isLogarithmic: isLogarithmic) ? bucket.last : high
    // How low the values above zero go is not known where others are zero or less.
    let isLowDrawable = bucket.low.isDrawable(isLogarithmic: isLogarithmic)
    low = isLowDrawable ? bucket.low : last
    mean = bucket.mean.isDrawable(isLogarithmic: isLogarithmic) ? bucket.mean : last
    isWhole = bucket.isWhole && isLowDrawable
  }
}

extension LinePlot.Series {
  /// How many values there are, kept one by one or in buckets.
  var count: Int { buckets?.count ?? values.count }

  /// The first value, finite or not.
  var first: Double? { buckets?.first ?? values.first }

  /// How many stretches there are.
  var stretchCount: Int { values.count }

  /// A stretch.
  func stretch(_ index: Int, isLogarithmic: Bool) -> LineStretch {
    if let buckets { return LineStretch(buckets.buckets[index], isLogarithmic: isLogarithmic) }
    return LineStretch(values[index], isLogarithmic: isLogarithmic)
  }

  /// The stretches that end at one of some places.
  func stretches(in places: Range<Int>) -> Range<Int> {
    let width = buckets?.width ?? 1
    func index(_ place: Int) -> Int { place >= count ? values.count : min(place / width, values.count) }
    let start = index(places.lowerBound)
    return start..<max(start, index(places.upperBound))
  }

  /// The place at which a stretch ends, from 0.
  func place(ofStretch index: Int) -> Int {
    guard let buckets else { return index }
    return min((index + 1) * buckets.width, buckets.count) - 1
  }
}
