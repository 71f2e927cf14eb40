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

  /// Gathers `values`, of a plot with `count` places, into `columns`.
  init(_ values: [Double], count: Int, columns: Int, isLogarithmic: Bool) {
    buckets = (0..<columns).map { column in
      let start = min(Self.start(of: column, count, columns), values.count)
      let end = min(Self.start(of: column + 1, count, columns), values.count)
      return Self.bucket(values, start..<max(start, end), isLogarithmic: isLogarithmic)
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

  private static func bucket(_ values: [Double], _ range: Range<Int>, isLogarithmic: Bool) -> Bucket {
    var bucket = Bucket()
    bucket.isEmpty = range.isEmpty
    var isMissing = false
    for index in range {
      let value = values[index]
      let canBeDrawn = value.isDrawable(isLogarithmic: isLogarithmic)
      isMissing = !canBeDrawn
      guard canBeDrawn else {
        bucket.isFlawed = true
        continue
      }
      if !bucket.isDrawable {
        bucket.first = value
        bucket.breaksBefore = bucket.isFlawed
      }
      bucket.low = min(bucket.low, value)
      bucket.high = max(bucket.high, value)
      bucket.last = value
    }
    bucket.breaksAfter = isMissing
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
