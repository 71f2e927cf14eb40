import Diagnostics
import Localization

/// Rows of bars about a common zero line: the signals of channels along time, or the numbers of units.
struct BarStrips: PlotPart {
  let plot: PanelsPlot

  /// Every unit's number, where each is one bar.
  private var bars: [Double] { plot.units.map { $0.pictures.first?.values.first ?? .nan } }

  /// The steps in which bars are numbered: the smallest of 1, 2 and 5 times a power of ten that has room.
  fileprivate static func step(_ count: Int, hasRoom: (Int) -> Bool) -> Int {
    [1, 10, 100, 1000, 10_000, 100_000, 1_000_000].lazy.flatMap { [$0, 2 * $0, 5 * $0] }.first(where: hasRoom)
      ?? max(count, 1)
  }

  func lines(_ style: PlotStyle) -> [String] {
    let range = plot.summary.range
    if plot.form == .bars {
      let ends = [range?.upperBound ?? 0, range?.lowerBound ?? 0].map(NumberText.short)
      let strip = BarStrip(style, range: range, labels: ends + ["0"], rows: style.height ?? 8)
      return strip.lines(bars, sides: .init(axis: "0", top: ends[0], bottom: ends[1]))
        + strip.foot(bars.count, localizedNoun(plot.noun))
    }
    let strip = BarStrip(
      style, range: range, labels: plot.units.map(\.name), rows: style.height ?? 3, hasGaps: false)
    let signals = plot.units.map { $0.pictures.first?.values ?? [] }
    return [style.cut(localizedNoun(plot.noun))]
      + zip(plot.units, signals).flatMap { strip.lines($1, sides: .init(axis: $0.name.onOneLine)) }
      + strip.foot(signals.map(\.count).max() ?? 0, localized("step")) + [
        style.cut(localized("bars from \(plot.extent)"))
      ]
  }

  // MARK: SVG

  func draw(on page: inout SVGPage) {
    if plot.form == .bars { return drawBars(on: &page) }
    for unit in plot.units {
      page.markup.label(8, page.height + 30, unit.name.cut(to: 10, ellipsis: "…"), "q")
      drawStrip(unit.pictures.first?.values ?? [], height: 44, on: &page)
    }
    drawFoot(plot.units.first?.pictures.first?.values.count ?? 0, localized("step"), on: &page)
  }

  private func drawBars(on page: inout SVGPage) {
    drawStrip(bars, height: 160, on: &page)
    drawFoot(bars.count, localizedNoun(plot.noun), on: &page)
  }

  private static var left: Double { 84 }

  private func drawStrip(_ values: [Double], height: Double, on page: inout SVGPage) {
    let grid = MatrixGrid(.init(name: "", columns: values.count, values: values), rows: 1, columns: 500)
    let room = page.width - Self.left - 12
    let bar = min(room / Double(max(grid.columns, 1)), 40)
    let (low, high) = (
      min(plot.summary.range?.lowerBound ?? 0, 0), max(plot.summary.range?.upperBound ?? 0, 0)
    )
    let unit = plot.limit > 0 ? height / (high / plot.limit - low / plot.limit) : 0
    let zero = page.height + 8 + high / max(plot.limit, .leastNormalMagnitude) * unit
    for index in 0..<grid.columns {
      let x = Self.left + Double(index) * bar
      let value = grid[0, index]
      guard value.isFinite else {
        page.markup.label(x + bar / 2, zero - 2, "!", "b ef", anchor: "middle")
        continue
      }
      let length = plot.limit > 0 ? abs(value) / plot.limit * unit : 0
      if length == 0 { continue }
      page.markup.rect(
        x, value > 0 ? zero - length : zero, bar - (bar > 5 ? 2 : 0), max(length, 0.6),
        value > 0 ? "f0" : "f1")
    }
    page.markup.line(Self.left, zero, Self.left + bar * Double(grid.columns), zero, "a")
    page.markup.label(Self.left - 8, zero + 4, "0", "q", anchor: "end")
    // The strips of signals share their ends, and the headline names them.
    for (value, y) in plot.form == .signals ? [] : [(high, page.height + 8), (low, page.height + 8 + height)]
    where value != 0 {
      guard abs(y - zero) > 12 else { continue }
      page.markup.label(Self.left - 8, y + 4, NumberText.short(value), "q", anchor: "end")
    }
    page.height += height + 16
  }

  private func drawFoot(_ count: Int, _ label: String, on page: inout SVGPage) {
    let bar = min((page.width - Self.left - 12) / Double(max(count, 1)), 40)
    let step = Self.step(count) { Double($0) * bar >= SVGPage.width(of: "\(count)") + 10 }
    for index in stride(from: 0, to: count, by: step) {
      page.markup.label(
        Self.left + (Double(index) + 0.5) * bar, page.height + 10, "\(index)", "q", anchor: "middle")
    }
    page.markup.label(
      Self.left + Double(count) * bar / 2, page.height + 28, label.onOneLine, anchor: "middle")
    page.height += 32
  }
}

/// Rows of bars about a common zero line, as characters.
private struct BarStrip {
  /// What stands left of a strip.
  struct Sides {
    var axis: String
    var top = ""
    var bottom = ""
  }

  private let style: PlotStyle
  private let gutter: Int
  private let up: Int
  private let down: Int
  private let hasGaps: Bool
  /// What one row is worth.
  private let unit: Double

  /// - Parameters:
  ///   - range: the smallest and the largest number of all strips.
  ///   - labels: all that stands left of a strip.
  ///   - rows: how many rows a strip has besides its zero line.
  ///   - hasGaps: whether bars stand apart; those of a signal touch.
  init(
    _ style: PlotStyle, range: ClosedRange<Double>?, labels: [String], rows: Int, hasGaps: Bool = true
  ) {
    self.hasGaps = hasGaps
    self.style = style
    let widest = labels.map(\.onOneLine.displayWidth).max() ?? 0
    gutter = min(widest, style.width / 3) + 1
    let high = max(range?.upperBound ?? 0, 0)
    let low = max(-(range?.lowerBound ?? 0), 0)
    // Halves, since the sum of two large numbers would not be finite.
    let share = high > 0 || low > 0 ? (high / 2) / (high / 2 + low / 2) : 1
    let wish = Int((Double(rows) * share).rounded())
    up = high > 0 ? max(min(wish, low > 0 ? rows - 1 : rows), 1) : (low > 0 ? 0 : rows)
    down = low > 0 ? max(rows - up, 1) : 0
    unit = max(up > 0 ? high / Double(up) : 0, down > 0 ? low / Double(down) : 0)
  }

  private var room: Int { max(style.width - gutter, 1) }

  /// The columns of a bar and the gap behind it.
  private func cell(_ count: Int) -> Int { max(min(room / max(count, 1), 4), 1) }

  /// How many numbers share a bar.
  private func shared(_ count: Int) -> Int { max((count + room - 1) / room, 1) }

  /// A strip of bars.
  func lines(_ values: [Double], sides: Sides) -> [String] {
    let cell = cell(values.count)
    let grid = MatrixGrid(.init(name: "", columns: values.count, values: values), rows: 1, columns: room)
    var canvas = CharacterCanvas(columns: grid.columns * cell, rows: up + 1 + down)
    for column in 0..<canvas.columns { canvas.set(column, up, style.glyphs.horizontal) }
    for index in 0..<grid.columns {
      for column in index * cell..<index * cell + max(cell - (hasGaps ? 1 : 0), 1) {
        draw(grid[0, index], column, on: &canvas)
      }
    }
    return (0..<canvas.rows).map { row in
      let label = row == up ? sides.axis : row == 0 ? sides.top : row == canvas.rows - 1 ? sides.bottom : ""
      return label.cut(to: gutter - 1, ellipsis: style.glyphs.ellipsis).leftPadded(to: gutter - 1) + " "
        + canvas.line(row, isColored: style.usesColor)
    }
  }

  private func draw(_ value: Double, _ column: Int, on canvas: inout CharacterCanvas) {
    guard value.isFinite else { return canvas.set(column, up, Glyphs.flaw, ink: .alert) }
    guard unit > 0, value != 0 else { return }
    let length = abs(value) / unit
    for row in 0..<(value > 0 ? up : down) {
      let part = min(length - Double(row), 1)
      guard let sign = value > 0 ? rising(part, row) : falling(part, row) else { continue }
      canvas.set(column, value > 0 ? up - 1 - row : up + 1 + row, sign, ink: .series(value > 0 ? 0 : 1))
    }
  }

  /// What is not zero shows, however small it is: its first row is never empty.
  private func rising(_ part: Double, _ row: Int) -> Character? {
    guard part > 0 else { return nil }
    if style.charset == .ascii { return part >= 0.5 ? "#" : row == 0 ? "." : nil }
    let eighths = Int((part * 8).rounded())
    return eighths > 0 || row == 0 ? Glyphs.eighths[max(eighths, 1)] : nil
  }

  private func falling(_ part: Double, _ row: Int) -> Character? {
    guard part > 0 else { return nil }
    if style.charset == .ascii { return part >= 0.5 ? "#" : row == 0 ? "'" : nil }
    return part >= 0.75 ? "█" : part >= 0.25 ? "▀" : row == 0 ? "▔" : nil
  }

  /// The numbers below the strips, and what they count.
  func foot(_ count: Int, _ label: String) -> [String] {
    let (cell, shared) = (cell(count), shared(count))
    func place(_ index: Int) -> Int { index / shared * cell }
    let widest = String(max(count - 1, 0)).count + 1
    let step = BarStrips.step(count) { place($0) >= widest }
    var line = String.spaces(gutter)
    for index in stride(from: 0, to: count, by: step) {
      let text = String(index)
      guard gutter + place(index) + text.count <= style.width else { break }
      line = line.padded(to: gutter + place(index)) + text
    }
    let columns = (count + shared - 1) / shared * cell
    let middle = gutter + (columns - label.displayWidth) / 2
    return [line, style.cut(.spaces(max(min(middle, style.width - label.displayWidth), 0)) + label)]
  }
}
