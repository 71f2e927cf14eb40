import Outputs

/// What one look at a series of points tells: its extremes and what cannot be drawn.
struct XYSummary {
  /// How many points there are, drawable or not.
  let count: Int
  /// How many can be drawn.
  var drawable = 0
  /// How many have a coordinate that is NaN or infinite.
  var notFinite = 0
  /// The ends of what can be drawn; nil where nothing can.
  var x: ClosedRange<Double>?
  var y: ClosedRange<Double>?
  /// The x of the lowest and of the highest point, the first of equal ones.
  var lowestAt = Double.nan
  var highestAt = Double.nan
  /// Whether no point is lower, or none higher, than the one before it.
  var neverFalls = true
  var neverRises = true

  /// How many are finite and left out all the same, being zero or less on a logarithmic axis.
  var notPositive: Int { count - drawable - notFinite }

  init(_ series: XYPlot.Series, isLogarithmic: Bool) {
    count = min(series.xs.count, series.ys.count)
    var (left, right) = (Double.infinity, -Double.infinity)
    var (low, high) = (Double.infinity, -Double.infinity)
    var last = Double.nan
    for index in 0..<count {
      let (x, y) = (series.xs[index], series.ys[index])
      guard x.isFinite, y.isDrawable(isLogarithmic: isLogarithmic) else {
        if !x.isFinite || !y.isFinite { notFinite += 1 }
        continue
      }
      drawable += 1
      left = min(left, x)
      right = max(right, x)
      if y < low { (low, lowestAt) = (y, x) }
      if y > high { (high, highestAt) = (y, x) }
      if y < last { neverFalls = false }
      if y > last { neverRises = false }
      last = y
    }
    guard drawable > 0 else { return }
    x = left...right
    y = low...high
  }
}

extension XYPlot {
  /// How many points there are.
  var count: Int { series.reduce(0) { $0 + min($1.xs.count, $1.ys.count) } }

  /// What one look at each series tells.
  var summaries: [XYSummary] { series.map { XYSummary($0, isLogarithmic: isLogarithmic) } }

  /// Whether x counts something, so that ticks between whole numbers would name what there is not.
  var hasWholeX: Bool {
    kind != .function && series.allSatisfy { $0.xs.allSatisfy { !$0.isFinite || $0 == $0.rounded() } }
  }

  /// Whether the points of a series are joined.
  var isJoined: Bool { kind == .function || kind == .line }

  /// The two axes; nil where nothing can be drawn.
  func scales(_ summaries: [XYSummary]) -> (x: Scale, y: Scale)? {
    guard let x = summaries.compactMap(\.x).union, let y = summaries.compactMap(\.y).union,
      let xScale = Scale(from: x.lowerBound, to: x.upperBound),
      let yScale = Scale(from: y.lowerBound, to: y.upperBound, isLogarithmic: isLogarithmic)
    else { return nil }
    return (xScale, yScale)
  }
}

extension [ClosedRange<Double>] {
  /// The range that holds them all; nil for none.
  var union: ClosedRange<Double>? {
    guard let low = map(\.lowerBound).min(), let high = map(\.upperBound).max() else { return nil }
    return low...high
  }
}
