import Diagnostics
import Outputs

extension BoundaryPlot {
  /// The plot as lines, in a style that is already fitted to it.
  func lines(_ style: PlotStyle) -> [String] {
    let x = Scale(from: xRange.lowerBound, to: xRange.upperBound)
    let y = Scale(from: yRange.lowerBound, to: yRange.upperBound)
    guard let grid = BoundaryGrid(self), let x, let y else {
      return [title.onOneLine, "nothing to plot yet"].map(style.cut)
    }
    if style.isNarrow { return [title.onOneLine, score ?? "no points"].map(style.cut) }
    return style.flow([title.onOneLine, score].compactMap(\.self)) + [""] + drawing(grid, x, y, style)
  }

  /// `3 of 4 points classified correctly`; nil without points.
  var score: String? {
    guard !points.isEmpty else { return nil }
    let correct = points.reduce(0) { $0 + ($1.isMisclassified ? 0 : 1) }
    return "\(correct) of \(points.count.counted("point")) classified correctly"
  }

  // MARK: Drawing

  private func drawing(_ grid: BoundaryGrid, _ x: Scale, _ y: Scale, _ style: PlotStyle) -> [String] {
    let rows = style.height ?? min(20, (style.width - 6) / 2)
    var frame = Frame(style, rows: rows, y: y, xLabel: xLabel.onOneLine, yLabel: yLabel.onOneLine)
    // A character is about twice as high as it is wide, so this is a square.
    frame.columns = min(frame.columns, rows * 2 + 1)
    frame.legend = legend(grid, style)
    frame.isLegendBeside =
      frame.legend.entries.count <= rows
      && style.width - frame.gutter - frame.columns - 4 >= frame.legend.width
    frame.setTicks(x: x)
    var canvas = CharacterCanvas(columns: frame.columns, rows: rows)
    shade(grid, style, on: &canvas)
    drawPoints(x, y, on: &canvas)
    return frame.lines(around: canvas)
  }

  /// Draws the points over the ground, those that the network gets wrong on top.
  private func drawPoints(_ x: Scale, _ y: Scale, on canvas: inout CharacterCanvas) {
    let inside = points.filter(isInside).sorted { !$0.isMisclassified && $1.isMisclassified }
    let places = inside.map {
      (x.cell($0.x, of: canvas.columns), canvas.rows - 1 - y.cell($0.y, of: canvas.rows))
    }
    // A blank on either side lets a point stand out, unless the points are so many that blanks are all
    // there would be left of the ground.
    if inside.count * 12 <= canvas.columns * canvas.rows {
      for (column, row) in places {
        canvas.set(column - 1, row, " ")
        canvas.set(column + 1, row, " ")
      }
    }
    for (point, (column, row)) in zip(inside, places) {
      canvas.set(column, row, point.sign, ink: point.isMisclassified ? .alert : .strong)
    }
  }

  private func isInside(_ point: Point) -> Bool { xRange.contains(point.x) && yRange.contains(point.y) }

  /// How many points have no place in the drawing.
  var outside: Int { points.reduce(0) { $0 + (isInside($1) ? 0 : 1) } }
}

extension BoundaryPlot.Point {
  /// Whether the network says another class than the data.
  var isMisclassified: Bool { truth != predicted }

  /// The sign of the point's class.
  var sign: Character { isMisclassified ? Glyphs.misclassified(truth) : Glyphs.point(truth) }
}
