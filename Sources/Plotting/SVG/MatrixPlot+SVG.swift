import Diagnostics
import Outputs

extension MatrixPlot {
  /// Draws the picture: squares as large as the numbers, filled above zero and hollow below, so that the sign
  /// needs no colour (a Hinton diagram). Where squares would be too small, cells are shaded.
  func draw(on page: inout SVGPage) {
    page.head(title, extent)
    guard let limit else { return page.note(emptyText) }
    page.legend([
      .init(meaning: "above zero") { markup, x, y in markup.rect(x - 6, y - 6, 12, 12, "f0") },
      .init(meaning: "below zero: hollow, or half a square where it is small") { markup, x, y in
        markup.add(
          "rect", ["x": px(x - 6), "y": px(y - 6), "width": "12", "height": "12", "class": "l1"])
      },
    ])
    var x = 8.0
    var lowest = page.height
    let top = page.height
    var rowTop = top
    for block in blocks {
      let room = page.width - 60
      let grid = MatrixGrid(block, rows: 100, columns: 190)
      let size = min(
        max(room / Double(max(grid.columns, 1)), 3), 34, max(420 / Double(max(grid.rows, 1)), 3))
      let words = "\(block.name.onOneLine) (\(block.rows) x \(block.columns))"
      let width = max(Double(grid.columns) * size, SVGPage.width(of: words)) + 44
      if x > 8, x + width > page.width {
        (x, rowTop) = (8, lowest + 8)
      }
      page.markup.label(x, rowTop + 14, words)
      draw(grid, limit, x + 28, rowTop + 24, size, on: &page.markup)
      lowest = max(lowest, rowTop + 24 + Double(grid.rows) * size)
      x += width
    }
    page.height = lowest + 10
  }

  private func draw(
    _ grid: MatrixGrid, _ limit: Double, _ x: Double, _ y: Double, _ size: Double, on markup: inout Markup
  ) {
    let step = max(Int((14 / size).rounded(.up)), 1)
    for row in stride(from: 0, to: grid.rows, by: step) {
      let label = String(row * grid.step.down)
      markup.label(x - 4, y + (Double(row) + 0.5) * size + 4, label, "q", anchor: "end")
    }
    markup.add(
      "rect",
      [
        "x": px(x), "y": px(y), "width": px(Double(grid.columns) * size),
        "height": px(Double(grid.rows) * size), "class": "g",
      ])
    guard size >= 9 else { return CellShades(limit: limit).draw(grid, x, y, size, on: &markup) }
    for row in 0..<grid.rows {
      for column in 0..<grid.columns {
        let place = (x + Double(column) * size, y + Double(row) * size)
        draw(grid[row, column], limit, place, size, on: &markup)
      }
    }
  }

  private func draw(
    _ value: Double, _ limit: Double, _ place: (x: Double, y: Double), _ size: Double, on markup: inout Markup
  ) {
    guard value.isFinite else {
      return markup.label(place.x + size / 2, place.y + size / 2 + 4, "!", "b ef", anchor: "middle")
    }
    let share = limit > 0 ? abs(value) / limit : 0
    guard share >= 0.01 else { return }
    let side = max((size - 4) * share.squareRoot(), 2)
    let (left, top) = (place.x + (size - side) / 2, place.y + (size - side) / 2)
    if value > 0 { return markup.rect(left, top, side, side, "f0") }
    markup.add(
      "rect",
      [
        "x": px(left + 0.8), "y": px(top + 0.8), "width": px(max(side - 1.6, 0.5)),
        "height": px(max(side - 1.6, 0.5)), "class": "l1", "style": "stroke-dasharray:none",
      ])
  }
}
