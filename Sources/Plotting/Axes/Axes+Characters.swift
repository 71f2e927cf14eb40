import Diagnostics

extension Axes: PlotPart {
  func lines(_ style: PlotStyle) -> [String] {
    let frame = Frame(self, style)
    return frame.lines(around: canvas(frame))
  }

  /// Whether lines and points are so many that they are dots of braille.
  fileprivate func usesBraille(_ style: PlotStyle) -> Bool {
    style.charset == .unicode
      && marks.contains { mark in
        switch mark {
        case .line: true
        case .points(let points): points.kind == .cloud && valueCount > style.width * 4
        case .bars, .ground, .surface, .way, .best, .cut: false
        }
      }
  }

  /// Whether values are so few that each has its sign; one dot of braille is easily overlooked.
  fileprivate func signsValues(_ style: PlotStyle) -> Bool { valueCount <= style.width / 6 }

  private func canvas(_ frame: Frame) -> CharacterCanvas {
    let style = frame.style
    var canvas = CharacterCanvas(columns: frame.columns, rows: frame.rows)
    var raster = Raster(columns: frame.columns, rows: frame.rows, isBraille: usesBraille(style))
    // The first series comes last, so that its colour is on top where lines of dots cross.
    for mark in marks.reversed() {
      switch mark {
      case .line(let line): line.draw(on: &raster, frame.dots)
      case .points(let points): points.draw(on: &raster, frame.dots, usesSigns: usesSigns(points, style))
      case .bars(let heights): BarMarks(heights: heights).draw(on: &canvas, style)
      case .ground(let ground): ground.draw(on: &canvas, style)
      case .surface(let surface): surface.draw(on: &canvas, style)
      case .cut(let place, _):
        let column = frame.cell(of: UnitPoint(x: place, y: 0)).column
        for row in 0..<frame.rows { canvas.set(column, row, style.glyphs.cut, ink: .strong) }
      case .way, .best: break
      }
    }
    raster.stamp(on: &canvas)
    for mark in marks.reversed() {
      switch mark {
      case .line(let line) where usesBraille(style) && !line.isContinuous:
        line.drawSigns(on: &canvas, frame, isOnValues: signsValues(style))
      case .points(let points) where usesSigns(points, style): points.drawSigns(on: &canvas)
      default: break
      }
    }
    for case .best(let place) in marks {
      let (column, row) = frame.cell(of: place)
      canvas.set(column, row, style.glyphs.best, ink: .strong)
    }
    return canvas
  }

  private func usesSigns(_ points: Points, _ style: PlotStyle) -> Bool {
    points.kind != .cloud || style.charset == .unicode && !usesBraille(style)
  }
}

// MARK: Marks

extension Line {
  fileprivate func draw(on raster: inout Raster, _ dots: (across: Int, down: Int)) {
    let waysAreValues = isContinuous || count * 3 >= dots.across
    func row(_ y: Double) -> Int { dots.down - 1 - Scale.cell(y, of: dots.down) }
    var last: (column: Int, row: Int)?
    for run in runs(columns: dots.across) {
      if let last, !run.startsLine {
        raster.drawWay(from: last, to: (run.column, row(run.first)), series: series, isValue: waysAreValues)
      }
      raster.draw(row(run.high)...row(run.low), column: run.column, series: series, isValue: true)
      last = (run.column, row(run.last))
    }
  }

  /// Puts the signs of a series on its line of dots: on every value where they are few, else on every further
  /// series in every tenth column, so that lines differ without colour.
  fileprivate func drawSigns(on canvas: inout CharacterCanvas, _ frame: Frame, isOnValues: Bool) {
    guard isOnValues || series > 0 else { return }
    var next = isOnValues ? Int.min : 2 + series * 3
    for run in runs(columns: frame.dots.across) {
      let column = run.column / frame.grain.across
      guard column >= next else { continue }
      let row = (frame.dots.down - 1 - Scale.cell(run.last, of: frame.dots.down)) / frame.grain.down
      canvas.set(column, row, Glyphs.badge(series), ink: .series(series))
      if !isOnValues { next = column + 10 }
    }
  }
}

extension Points {
  fileprivate func draw(on raster: inout Raster, _ dots: (across: Int, down: Int), usesSigns: Bool) {
    guard !usesSigns else { return }
    for point in points {
      let row = dots.down - 1 - Scale.cell(point.place.y, of: dots.down)
      raster.draw(
        row...row, column: Scale.cell(point.place.x, of: dots.across), series: point.label, isValue: true)
    }
  }

  /// Puts a sign on each point.
  fileprivate func drawSigns(on canvas: inout CharacterCanvas) {
    let places = points.map { point in
      (
        Scale.cell(point.place.x, of: canvas.columns),
        canvas.rows - 1 - Scale.cell(point.place.y, of: canvas.rows)
      )
    }
    // A blank on either side lets a point stand out from the ground, unless the points are so many that blanks are
    // all there would be left of it.
    if kind == .overGround, points.count * 12 <= canvas.columns * canvas.rows {
      for (column, row) in places {
        canvas.set(column - 1, row, " ")
        canvas.set(column + 1, row, " ")
      }
    }
    for (point, (column, row)) in zip(points, places) {
      canvas.set(column, row, sign(point), ink: ink(point))
    }
  }

  private func sign(_ point: Point) -> Character {
    if kind == .cloud { return Glyphs.badge(point.label) }
    return point.isWrong ? Glyphs.misclassified(point.label) : Glyphs.point(point.label)
  }

  private func ink(_ point: Point) -> Ink {
    kind == .overGround ? (point.isWrong ? .alert : .strong) : .series(point.label)
  }
}

/// The bars of a histogram in columns of characters.
private struct BarMarks {
  let heights: [Double]

  func draw(on canvas: inout CharacterCanvas, _ style: PlotStyle) {
    // In steps of a row, or of an eighth of one where characters are so fine.
    let grain = style.charset == .unicode ? 8 : 1
    for column in 0..<canvas.columns {
      guard let share = height(at: column, of: canvas.columns), share > 0 else { continue }
      let height = Scale.cell(share, of: canvas.rows * grain) + 1
      for row in 0..<(height / grain) {
        canvas.set(column, canvas.rows - 1 - row, grain == 1 ? "#" : "█", ink: .series(0))
      }
      guard !height.isMultiple(of: grain) else { continue }
      canvas.set(
        column, canvas.rows - 1 - height / grain, Glyphs.eighths[height % grain], ink: .series(0))
    }
  }

  /// The bar that stands in a column; nil for the gap between wide bars.
  private func height(at column: Int, of columns: Int) -> Double? {
    let first = column * heights.count / columns
    let next = (column + 1) * heights.count / columns
    // More bars than columns: the highest of those that share the column.
    if next > first + 1 { return heights[first..<next].max() }
    return next > first && columns >= heights.count * 3 ? nil : heights[first]
  }
}

// MARK: Legend

extension LegendEntry {
  /// The entry in characters; nil for what they do not show.
  fileprivate func characters(_ axes: Axes, _ style: PlotStyle) -> Legend.Entry? {
    let isASCII = style.charset == .ascii
    let (sign, ink): (String, Ink?)
    switch symbol {
    case .line(let series):
      let badge = series == 0 && !axes.signsValues(style) ? "⠤" : Glyphs.badge(series)
      (sign, ink) = (isASCII ? String(Glyphs.marker(series)) : "⠤\(badge)⠤", .series(series))
    case .point(let series):
      let dots = axes.usesBraille(style) ? "⠤⠤⠤" : String(Glyphs.badge(series))
      (sign, ink) = (isASCII ? String(Glyphs.marker(series)) : dots, .series(series))
    case .classPoint(let label): (sign, ink) = (String(Glyphs.point(label)), .series(label))
    case .shared:
      guard isASCII else { return nil }
      (sign, ink) = (String(Glyphs.shared), nil)
    case .best: (sign, ink) = (String(style.glyphs.best), .strong)
    case .flaw: (sign, ink) = (String(Glyphs.flaw), .alert)
    case .cut: (sign, ink) = (String(style.glyphs.cut), .strong)
    case .heights: (sign, ink) = ("[" + String(style.glyphs.ramp) + "]", nil)
    case .ramp: (sign, ink) = ("0 [" + String(style.glyphs.ramp) + "] 1", nil)
    case .texture(let label):
      (sign, ink) = (String(repeating: style.glyphs.texture(label), count: 2), .series(label))
    case .label(let label, let isWrong):
      sign = String(isWrong ? Glyphs.misclassified(label) : Glyphs.point(label))
      ink = isWrong ? .alert : .strong
    case .text(let text, let isAlert): (sign, ink) = (text, isAlert ? .alert : .strong)
    }
    return Legend.Entry(sign: sign, ink: ink, meaning: meaning.onOneLine)
  }
}

// MARK: Frame

/// Axes as characters: the room for the drawing, and what stands beside it.
private struct Frame {
  let style: PlotStyle
  let rows: Int
  /// The raster's steps in a character, so that ticks fall into the same characters as the values.
  let grain: (across: Int, down: Int)
  private let axes: Axes
  private let yTicks: [Tick]
  private let xTicks: [Tick]
  private let xRoom: TickRow
  private let legend: Legend
  /// Whether the legend stands to the right of the drawing, not under it.
  private let isLegendBeside: Bool

  init(_ axes: Axes, _ style: PlotStyle) {
    (self.axes, self.style) = (axes, style)
    rows = style.height ?? axes.shape.rows(width: style.width)
    // The eighths of bars are no dots, but ticks go by them too.
    grain =
      axes.usesBraille(style) ? (2, 4) : axes.shape == .low && style.charset == .unicode ? (1, 8) : (1, 1)
    let yRoom = TickColumn(rows: rows, width: style.width)
    yTicks = axes.y.ticks.filter(yRoom.accepts).thinned(where: yRoom.accepts)
    var xRoom = TickRow(below: yTicks, width: style.width, shape: axes.shape, rows: rows)
    legend = Legend(entries: axes.legend.compactMap { $0.characters(axes, style) })
    // A legend stands beside the drawing where that keeps it sixty columns, or leaves a square as it is.
    let rest = style.width - xRoom.gutter - 1 - legend.width - 3
    let needed = axes.shape == .square ? xRoom.columns : 60
    isLegendBeside = !legend.entries.isEmpty && legend.entries.count <= rows && rest >= needed
    if isLegendBeside { xRoom.columns = axes.shape.columns(of: rest, rows: rows) }
    xTicks = axes.x.ticks.thinned(where: xRoom.accepts)
    self.xRoom = xRoom
  }

  /// The columns of the drawing area.
  var columns: Int { xRoom.columns }

  /// The raster's steps across and down the drawing.
  var dots: (across: Int, down: Int) { (columns * grain.across, rows * grain.down) }

  /// The character of a place.
  func cell(of place: UnitPoint) -> (column: Int, row: Int) { (column(of: place.x), row(of: place.y)) }

  private func column(of x: Double) -> Int { Scale.cell(x, of: dots.across) / grain.across }
  private func row(of y: Double) -> Int { (dots.down - 1 - Scale.cell(y, of: dots.down)) / grain.down }

  /// The drawing within its axes, and its legend.
  func lines(around canvas: CharacterCanvas) -> [String] {
    let body = (0..<rows).map { leftEdge($0) + canvas.line($0, isColored: style.usesColor) }
    let lines = [style.cut(axes.y.label)] + body + [bottomEdge, tickLabels, centredLabel]
    return isLegendBeside ? beside(lines, legend.column(style)) : lines + legend.lines(style)
  }

  /// The frame's lines with others, from the drawing's first row down, three columns to their right.
  private func beside(_ lines: [String], _ others: [String]) -> [String] {
    lines.enumerated().map { index, line in
      let row = index - 1
      guard others.indices.contains(row) else { return line }
      // A row of the drawing is as wide as the frame, whatever colour codes are in it.
      return (row < rows ? line : line.padded(to: xRoom.gutter + 1 + columns)) + "   " + others[row]
    }
  }

  private func leftEdge(_ row: Int) -> String {
    let label = yTicks.first { self.row(of: $0.fraction) == row }?.label
    let sign = label == nil ? style.glyphs.vertical : style.glyphs.yTick
    return (label ?? "").leftPadded(to: xRoom.gutter - 1) + " " + String(sign)
  }

  private var bottomEdge: String {
    let ticks = Set(xTicks.map { column(of: $0.fraction) })
    let flaws = Set(axes.flaws.map(column(of:)))
    var canvas = CharacterCanvas(columns: columns, rows: 1)
    for column in 0..<columns {
      canvas.set(column, 0, ticks.contains(column) ? style.glyphs.xTick : style.glyphs.horizontal)
      if flaws.contains(column) { canvas.set(column, 0, Glyphs.flaw, ink: .alert) }
    }
    return .spaces(xRoom.gutter) + String(style.glyphs.corner) + canvas.line(0, isColored: style.usesColor)
  }

  private var tickLabels: String {
    xTicks.reduce(into: "") { line, tick in
      line = line.padded(to: xRoom.start(of: tick, at: column(of: tick.fraction))) + tick.label
    }
  }

  private var centredLabel: String {
    let label = style.cut(axes.x.label)
    let middle = xRoom.gutter + 1 + columns / 2
    return .spaces(min(middle - label.displayWidth / 2, style.width - label.displayWidth)) + label
  }
}
