import Diagnostics
import Outputs

extension PanelsPlot {
  /// Draws the picture: small squares for each number, or bars about a zero line.
  func draw(on page: inout SVGPage) {
    page.head(title, extent)
    guard summary.range != nil, !units.isEmpty else { return page.note(emptyText) }
    switch form {
    case .pictures: drawPictures(on: &page)
    case .signals: drawSignals(on: &page)
    case .bars: drawBars(on: &page)
    }
    for fact in facts { page.note(fact) }
  }

  // MARK: Pictures

  private func drawPictures(on page: inout SVGPage) {
    page.legend(signs)
    let columns = units.flatMap(\.pictures).map(\.columns).max() ?? 1
    let size = min(max(76 / Double(max(columns, 1)), 2), 22)
    var (x, y) = (8.0, page.height + 4)
    var lowest = y
    for unit in units {
      for picture in unit.pictures {
        let grid = MatrixGrid(picture, rows: 150, columns: 150)
        let name = unit.label(of: picture)
        let extent = (across: Double(grid.columns) * size, down: Double(grid.rows) * size)
        let width = max(extent.across, SVGPage.width(of: name)) + 14
        if x > 8, x + width > page.width { (x, y) = (8, lowest + 8) }
        draw(grid, x, y, size, on: &page.markup)
        page.markup.label(x, y + extent.down + 14, name, "q")
        lowest = max(lowest, y + extent.down + 20)
        x += width
      }
    }
    page.height = lowest
  }

  private var signs: [SVGPage.Entry] {
    let end = NumberText.short(limit)
    let above = SVGPage.Entry(meaning: isSigned ? "up to \(end)" : "0 to \(end), the darker the larger") {
      $0.rect($1 - 6, $2 - 6, 12, 12, "f0")
    }
    let below = SVGPage.Entry(meaning: "half a square: down to -\(end)") {
      $0.add("path", ["d": "M\(px($1 - 6)) \(px($2 - 6))v12h12z", "class": "f1"])
    }
    return isSigned ? [above, below] : [above]
  }

  private func draw(_ grid: MatrixGrid, _ x: Double, _ y: Double, _ size: Double, on markup: inout Markup) {
    CellShades(limit: limit).draw(grid, x, y, size, on: &markup)
    markup.add(
      "rect",
      [
        "x": px(x), "y": px(y), "width": px(Double(grid.columns) * size),
        "height": px(Double(grid.rows) * size), "class": "g",
      ])
  }

  // MARK: Bars

  private func drawSignals(on page: inout SVGPage) {
    for unit in units {
      page.markup.label(8, page.height + 30, unit.name.cut(to: 10, ellipsis: "…"), "q")
      drawStrip(unit.pictures.first?.values ?? [], height: 44, on: &page)
    }
    drawFoot(units.first?.pictures.first?.values.count ?? 0, "step", on: &page)
  }

  private func drawBars(on page: inout SVGPage) {
    drawStrip(bars, height: 160, on: &page)
    drawFoot(bars.count, noun, on: &page)
  }

  private static var left: Double { 84 }

  private func drawStrip(_ values: [Double], height: Double, on page: inout SVGPage) {
    let grid = MatrixGrid(.init(name: "", columns: values.count, values: values), rows: 1, columns: 500)
    let room = page.width - Self.left - 12
    let bar = min(room / Double(max(grid.columns, 1)), 40)
    let (low, high) = (min(summary.range?.lowerBound ?? 0, 0), max(summary.range?.upperBound ?? 0, 0))
    let unit = limit > 0 ? height / (high / limit - low / limit) : 0
    let zero = page.height + 8 + high / max(limit, .leastNormalMagnitude) * unit
    for index in 0..<grid.columns {
      let x = Self.left + Double(index) * bar
      let value = grid[0, index]
      guard value.isFinite else {
        page.markup.label(x + bar / 2, zero - 2, "!", "b ef", anchor: "middle")
        continue
      }
      let length = limit > 0 ? abs(value) / limit * unit : 0
      if length == 0 { continue }
      page.markup.rect(
        x, value > 0 ? zero - length : zero, bar - (bar > 5 ? 2 : 0), max(length, 0.6),
        value > 0 ? "f0" : "f1")
    }
    page.markup.line(Self.left, zero, Self.left + bar * Double(grid.columns), zero, "a")
    page.markup.label(Self.left - 8, zero + 4, "0", "q", anchor: "end")
    // The strips of signals share their ends, and the headline names them.
    for (value, y) in form == .signals ? [] : [(high, page.height + 8), (low, page.height + 8 + height)]
    where value != 0 {
      guard abs(y - zero) > 12 else { continue }
      page.markup.label(Self.left - 8, y + 4, NumberText.short(value), "q", anchor: "end")
    }
    page.height += height + 16
  }

  private func drawFoot(_ count: Int, _ label: String, on page: inout SVGPage) {
    let bar = min((page.width - Self.left - 12) / Double(max(count, 1)), 40)
    let steps = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000].flatMap { [$0, 2 * $0, 5 * $0] }
    let step = steps.first { Double($0) * bar >= SVGPage.width(of: "\(count)") + 10 } ?? max(count, 1)
    for index in stride(from: 0, to: count, by: step) {
      page.markup.label(
        Self.left + (Double(index) + 0.5) * bar, page.height + 10, "\(index)", "q", anchor: "middle")
    }
    page.markup.label(
      Self.left + Double(count) * bar / 2, page.height + 28, label.onOneLine, anchor: "middle")
    page.height += 32
  }
}
