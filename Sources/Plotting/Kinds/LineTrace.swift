import Outputs

/// A series gathered into the columns of a raster: however long it is, a column has one stretch.
struct LineTrace {
  /// The values that share a column.
  struct Bucket {
    var low = Double.infinity
    var high = -Double.infinity
    var first = Double.nan
    var last = Double.nan
    /// Whether a value is missing before the first, or after the last, that can be drawn.
    var breaksBefore = false
    var breaksAfter = false
    /// Whether any value is missing.
    var isFlawed = false
    /// Whether any value stands here at all, drawable or not.
    var isEmpty = true
    var isDrawable: Bool { low <= high }
  }

  let buckets: [Bucket]

  /// Gathers a series, of a plot with `count` places, into `columns`.
  init(_ series: LinePlot.Series, count: Int, columns: Int, isLogarithmic: Bool) {
    buckets = (0..<columns).map { column in
      let start = Self.start(of: column, count, columns)
      let end = Self.start(of: column + 1, count, columns)
      return Self.bucket(series, start..<max(start, end), isLogarithmic: isLogarithmic)
    }
  }

  /// The index of the first value in a column: each value goes to the column nearest to its place.
  private static func start(of column: Int, _ count: Int, _ columns: Int) -> Int {
    guard column > 0 else { return 0 }
    guard column < columns else { return count }
    guard count > 1, columns > 1 else { return column > columns / 2 ? count : 0 }
    let index = (Double(column) - 0.5) * Double(count - 1) / Double(columns - 1)
    return min(Int(index.rounded(.up)), count)
  }

  private static func bucket(
    _ series: LinePlot.Series, _ places: Range<Int>, isLogarithmic: Bool
  ) -> Bucket {
    var bucket = Bucket()
    let range = series.stretches(in: places)
    bucket.isEmpty = range.isEmpty
    for index in range {
      let stretch = series.stretch(index, isLogarithmic: isLogarithmic)
      let wasFlawed = bucket.isFlawed
      if !stretch.isWhole { bucket.isFlawed = true }
      bucket.breaksAfter = !stretch.isDrawable
      guard stretch.isDrawable else { continue }
      if !bucket.isDrawable {
        bucket.first = stretch.last
        bucket.breaksBefore = wasFlawed
      }
      bucket.low = min(bucket.low, stretch.low)
      bucket.high = max(bucket.high, stretch.high)
      bucket.last = stretch.last
    }
    return bucket
  }

  /// Draws the series, a stretch a column and the way from each to the next.
  ///
  /// `row` gives the row of a value. Where values stand close the way belongs to the line, and where they are
  /// far apart it is drawn as the guess that it is.
  func draw(series: Int, on canvas: inout some LineCanvas, waysAreValues: Bool, row: (Double) -> Int) {
    var last: (column: Int, row: Int)?
    for (column, bucket) in buckets.enumerated() where !bucket.isEmpty {
      guard bucket.isDrawable else {
        last = nil
        continue
      }
      let start = (column: column, row: row(bucket.first))
      if let last, !bucket.breaksBefore {
        canvas.drawWay(from: last, to: start, series: series, isValue: waysAreValues)
      }
      canvas.draw(row(bucket.high)...row(bucket.low), column: column, series: series, isValue: true)
      last = bucket.breaksAfter ? nil : (column, row(bucket.last))
    }
  }
}
