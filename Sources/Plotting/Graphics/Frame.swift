import Diagnostics

/// The axes around a drawing: where it may be drawn, and what stands beside it.
struct Frame {
  let style: PlotStyle
  let rows: Int
  /// The columns left of the vertical axis, a space before it included.
  let gutter: Int
  /// The raster's steps in a character, so that ticks fall into the same characters as the values.
  let grain: (across: Int, down: Int)
  /// The columns of the drawing area.
  var columns: Int
  var yTicks: [Tick]
  var xTicks: [Tick] = []
  var xLabel: String
  var yLabel: String
  /// The drawing's columns that are marked on the axis, since values are missing there.
  var flaws: Set<Int> = []
  /// What the signs in the drawing mean.
  var legend = Legend()
  /// Whether the legend stands to the right of the drawing, not under it.
  var isLegendBeside = false

  /// A frame of the style's width around `rows` rows, its y axis laid out.
  init(
    _ style: PlotStyle, rows: Int, y: Scale, xLabel: String, yLabel: String,
    grain: (across: Int, down: Int) = (1, 1), wholeY: Bool = false
  ) {
    self.style = style
    self.rows = rows
    self.grain = grain
    self.xLabel = xLabel
    self.yLabel = yLabel
    // A tick to every third row at most; labels may take a third of the width, and wider ones go.
    yTicks = Ticks.on(y, wholeOnly: wholeY) { $0.count <= max(rows / 3, 2) }.filter {
      $0.label.displayWidth <= style.width / 3
    }
    gutter = (yTicks.map(\.label.displayWidth).max() ?? 0) + 1
    columns = max(style.width - gutter - 1, 1)
  }

  /// Puts a legend beside the drawing where that keeps it sixty columns, else under it.
  mutating func place(_ legend: Legend) {
    self.legend = legend
    let rest = columns - legend.width - 3
    isLegendBeside = !legend.entries.isEmpty && legend.entries.count <= rows && rest >= 60
    if isLegendBeside { columns = rest }
  }

  /// Lays out the x axis, once the drawing's columns are settled.
  mutating func setTicks(x: Scale, wholeOnly: Bool = false) {
    xTicks = Ticks.on(x, wholeOnly: wholeOnly) { hasRoom(for: $0) }
  }

  /// The raster's steps across and down the drawing.
  var dots: (across: Int, down: Int) { (columns * grain.across, rows * grain.down) }

  /// The drawing within its axes, and its legend.
  func lines(around canvas: CharacterCanvas) -> [String] {
    let body = (0..<rows).map { row in
      leftEdge(row) + canvas.line(row, isColored: style.usesColor)
    }
    let lines = [style.cut(yLabel)] + body + [bottomEdge, tickLabels, centredLabel]
    return isLegendBeside ? beside(lines, legend.column(style)) : lines + legend.lines(style)
  }

  /// The frame's lines with others, from the drawing's first row down, three columns to their right.
  private func beside(_ lines: [String], _ others: [String]) -> [String] {
    lines.enumerated().map { index, line in
      let row = index - 1
      guard others.indices.contains(row) else { return line }
      // A row of the drawing is as wide as the frame, whatever colour codes are in it.
      let isDrawing = row < rows
      return (isDrawing ? line : line.padded(to: gutter + 1 + columns)) + "   " + others[row]
    }
  }

  // MARK: Parts

  private func leftEdge(_ row: Int) -> String {
    let label = yTicks.first { self.row(of: $0) == row }?.label
    let sign = label == nil ? style.glyphs.vertical : style.glyphs.yTick
    return (label ?? "").leftPadded(to: gutter - 1) + " " + String(sign)
  }

  private var bottomEdge: String {
    let ticks = Set(xTicks.map(column(of:)))
    var canvas = CharacterCanvas(columns: columns, rows: 1)
    for column in 0..<columns {
      let isTick = ticks.contains(column)
      canvas.set(column, 0, isTick ? style.glyphs.xTick : style.glyphs.horizontal)
      if flaws.contains(column) { canvas.set(column, 0, Glyphs.flaw, ink: .alert) }
    }
    return .spaces(gutter) + String(style.glyphs.corner) + canvas.line(0, isColored: style.usesColor)
  }

  private var tickLabels: String {
    xTicks.reduce(into: "") { line, tick in
      line = line.padded(to: start(of: tick)) + tick.label
    }
  }

  private var centredLabel: String {
    let label = style.cut(xLabel)
    let middle = gutter + 1 + columns / 2
    let start = min(middle - label.displayWidth / 2, style.width - label.displayWidth)
    return .spaces(start) + label
  }

  // MARK: Places

  private func row(of tick: Tick) -> Int {
    (dots.down - 1 - Scale.cell(tick.fraction, of: dots.down)) / grain.down
  }

  private func column(of tick: Tick) -> Int {
    Scale.cell(tick.fraction, of: dots.across) / grain.across
  }

  /// The column of the line at which a tick's label starts: under the tick, but on the line.
  private func start(of tick: Tick) -> Int {
    let width = tick.label.displayWidth
    let centred = gutter + 1 + column(of: tick) - width / 2
    return max(min(centred, gutter + 1 + columns - width), 0)
  }

  /// Whether labels stand at least three columns apart; more than a dozen help nobody.
  private func hasRoom(for ticks: [Tick]) -> Bool {
    ticks.count <= 12
      && zip(ticks, ticks.dropFirst()).allSatisfy { left, right in
        start(of: left) + left.label.displayWidth + 3 <= start(of: right)
      } && ticks.allSatisfy { $0.label.displayWidth <= gutter + 1 + columns }
  }
}
