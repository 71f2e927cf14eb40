import Outputs

/// Puts points on a raster, joined in their order: neighbours that share a column become one stretch, so that
/// a million points cost a look each.
struct XYTrace {
  let x: Scale
  let y: Scale
  private let columns: Int
  private let rows: Int
  private let series: Int
  /// Whether the ways between points count as values, points being close.
  private let waysAreValues: Bool

  /// The stretch that is gathered: its column, its ends and its last value.
  private var column = -1
  private var low = 0.0
  private var high = 0.0
  private var last = 0.0
  /// Where the line comes from; nil at a break.
  private var previous: (column: Int, row: Int)?
  /// The columns of points that cannot be drawn.
  private(set) var flaws: Set<Int> = []

  init(series: Int, x: Scale, y: Scale, dots: (across: Int, down: Int), waysAreValues: Bool) {
    self.series = series
    self.x = x
    self.y = y
    columns = dots.across
    rows = dots.down
    self.waysAreValues = waysAreValues
  }

  /// Draws a series.
  mutating func draw(_ points: XYPlot.Series, on canvas: inout some LineCanvas) {
    for index in 0..<min(points.xs.count, points.ys.count) {
      let (px, py) = (points.xs[index], points.ys[index])
      guard px.isFinite, py.isDrawable(isLogarithmic: y.isLogarithmic) else {
        finishStretch(on: &canvas)
        previous = nil
        if px.isFinite { flaws.insert(x.cell(px, of: columns)) }
        continue
      }
      let place = x.cell(px, of: columns)
      if place == column {
        low = min(low, py)
        high = max(high, py)
        last = py
      } else {
        finishStretch(on: &canvas)
        begin(place, py, on: &canvas)
      }
    }
    finishStretch(on: &canvas)
  }

  private mutating func begin(_ place: Int, _ value: Double, on canvas: inout some LineCanvas) {
    if let previous {
      canvas.drawWay(from: previous, to: (place, row(value)), series: series, isValue: waysAreValues)
    }
    (column, low, high, last) = (place, value, value, value)
  }

  private mutating func finishStretch(on canvas: inout some LineCanvas) {
    guard column >= 0 else { return }
    canvas.draw(row(high)...row(low), column: column, series: series, isValue: true)
    previous = (column, row(last))
    column = -1
  }

  private func row(_ value: Double) -> Int { rows - 1 - y.cell(value, of: rows) }
}

extension XYTrace {
  /// Draws a series as points on their own.
  mutating func drawPoints(_ points: XYPlot.Series, on canvas: inout some LineCanvas) {
    for (px, py) in zip(points.xs, points.ys) {
      guard px.isFinite, py.isDrawable(isLogarithmic: y.isLogarithmic) else {
        if px.isFinite { flaws.insert(x.cell(px, of: columns)) }
        continue
      }
      let row = row(py)
      canvas.draw(row...row, column: x.cell(px, of: columns), series: series, isValue: true)
    }
  }
}
