import Diagnostics
import Localization

/// Signed numbers in one or several matrices side by side, on one scale: the weights that lead to a layer.
public struct MatrixPlot: Sendable, Equatable {
  /// One matrix.
  public struct Block: Sendable, Equatable {
    /// What it is: `inp -> hid`, `bias`.
    public var name: String
    /// How many columns it has.
    public var columns: Int
    /// Its numbers, row by row.
    public var values: [Double]

    /// Creates a matrix.
    public init(name: String, columns: Int, values: [Double]) {
      self.name = name
      self.columns = columns
      self.values = values
    }

    /// How many whole rows it has.
    public var rows: Int { columns > 0 ? values.count / columns : 0 }
  }

  /// The plot's headline: `weights of hid`.
  public var title: String
  /// What a row stands for, in the singular: `unit`.
  public var rowLabel: String
  /// The matrices.
  public var blocks: [Block]
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// The most rows of cells that the user asked for, if any.
  public var height: Int?

  /// Creates a plot.
  public init(title: String, rowLabel: String, blocks: [Block]) {
    self.title = title
    self.rowLabel = rowLabel
    self.blocks = blocks
  }
}

// MARK: - Layout

extension MatrixPlot: DrawablePlot {
  /// The plot laid out.
  public var layout: PlotLayout {
    var layout = PlotLayout(of: self, facts: extent, caption: caption)
    guard let limit else {
      layout.message = emptyText
      return layout
    }
    layout.parts = [
      MatrixCells(blocks: blocks, limit: limit),
      Notes(notFinite > 0 ? ["?? " + localized("not finite")] : []),
    ]
    return layout
  }

  /// The least and the largest finite number; nil where there is none.
  private var range: ClosedRange<Double>? { blocks.compactMap(\.values.finiteRange).union }

  /// The largest finite size of a number, where the scale ends on both sides; nil where there is none.
  private var limit: Double? { range.map { max(abs($0.lowerBound), abs($0.upperBound)) } }

  /// `-0.84 to 0.85`
  private var extent: String {
    range.map { localized("\(NumberText.short($0.lowerBound)) to \(NumberText.short($0.upperBound))") } ?? ""
  }

  private var notFinite: Int { blocks.reduce(0) { $0 + $1.values.count { !$0.isFinite } } }

  /// The plot in words.
  private var caption: String {
    let subject = localized("Matrix of \(title.onOneLine)")
    guard limit != nil else { return localized("\(subject): \(emptyText).") }
    let parts = blocks.map { block -> String in
      let size = "\(block.name.onOneLine) \(block.rows) x \(block.columns)"
      guard let range = block.values.finiteRange else { return localized("\(size) without a finite value") }
      let finite = block.values.count(where: \.isFinite)
      let positive = block.values.count { $0.isFinite && $0 > 0 }
      let (from, to) = (NumberText.short(range.lowerBound), NumberText.short(range.upperBound))
      if range.lowerBound == range.upperBound {
        return size + ", " + (finite > 1 ? localized("all \(from)") : from)
      }
      return size + localized(" from \(from) to \(to), \(positive) of \(finite) above zero")
    }
    let missing = notFinite > 0 ? [localized("\(notFinite, "value") not finite")] : []
    return localized("\(subject): \((parts + missing).joined(separator: localized("; "))).")
  }

  /// What is said in place of a drawing.
  private var emptyText: String {
    notFinite > 0 ? localized("no value is finite") : localized("nothing to plot yet")
  }
}

/// Matrices side by side as cells, on a scale that ends at `limit` on both sides.
private struct MatrixCells: PlotPart {
  let blocks: [MatrixPlot.Block]
  let limit: Double

  func lines(_ style: PlotStyle) -> [String] {
    let cells = SignedCells(limit: limit, style: style)
    let drawer = MatrixDrawer(cells: cells, style: style, mostRows: style.height ?? 24)
    return arranged(blocks.map(drawer.drawing), style) + [""] + cells.legend
  }

  /// The blocks side by side where they fit, else one below the other.
  private func arranged(_ drawings: [MatrixDrawer.Drawing], _ style: PlotStyle) -> [String] {
    let total = drawings.reduce(0) { $0 + $1.width } + 3 * max(drawings.count - 1, 0)
    guard total <= style.width else { return drawings.map(\.lines).joined(separator: [""]).map { $0 } }
    let height = drawings.map(\.lines.count).max() ?? 0
    return (0..<height).map { row in
      drawings.map { drawing in
        row < drawing.lines.count
          ? drawing.lines[row] + .spaces(drawing.width - drawing.widths[row]) : .spaces(drawing.width)
      }.joined(separator: "   ")
    }
  }

  /// Squares as large as the numbers, filled above zero and hollow below, so that the sign needs no colour (a Hinton
  /// diagram). Where squares would be too small, cells are shaded.
  func draw(on page: inout SVGPage) {
    page.legend([
      .init(meaning: localized("above zero")) { markup, x, y in markup.rect(x - 6, y - 6, 12, 12, "f0") },
      .init(meaning: localized("below zero: hollow, or half a square where it is small")) { markup, x, y in
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
      draw(grid, x + 28, rowTop + 24, size, on: &page.markup)
      lowest = max(lowest, rowTop + 24 + Double(grid.rows) * size)
      x += width
    }
    page.height = lowest + 10
  }

  private func draw(
    _ grid: MatrixGrid, _ x: Double, _ y: Double, _ size: Double, on markup: inout Markup
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
        draw(grid[row, column], place, size, on: &markup)
      }
    }
  }

  private func draw(
    _ value: Double, _ place: (x: Double, y: Double), _ size: Double, on markup: inout Markup
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

/// Draws matrices as cells of a sign and a size.
private struct MatrixDrawer {
  struct Drawing {
    var lines: [String]
    /// The columns that each line takes, whatever colour codes are in it.
    var widths: [Int]
    var width: Int { widths.max() ?? 0 }
  }

  let cells: SignedCells
  let style: PlotStyle
  let mostRows: Int

  func drawing(_ block: MatrixPlot.Block) -> Drawing {
    let labels = String(max(block.rows - 1, 0)).count + 2
    // A cell takes two columns, and a third to stand apart where there is room for it.
    let room = style.width - labels
    let cell = block.columns * 3 <= room ? 3 : 2
    let grid = MatrixGrid(block, rows: mostRows, columns: max(room / cell, 1))
    var drawing = Drawing(lines: [], widths: [])
    func add(_ line: String, _ width: Int) {
      drawing.lines.append(line)
      drawing.widths.append(width)
    }
    for line in heading(block, grid).wrapped(to: style.width) { add(line, line.displayWidth) }
    if cell == 3, block.columns > 1, block.columns <= 100 {
      let numbers = (0..<grid.columns).map { String($0).leftPadded(to: 2) + " " }.joined()
      add(.spaces(labels) + numbers, labels + grid.columns * 3)
    }
    for row in 0..<grid.rows {
      let label = String(row * grid.step.down).leftPadded(to: labels - 2) + "  "
      let texts = (0..<grid.columns).map { cells.text(grid[row, $0]) + (cell == 3 ? " " : "") }
      add(label + texts.joined(), labels + grid.columns * cell)
    }
    return drawing
  }

  private func heading(_ block: MatrixPlot.Block, _ grid: MatrixGrid) -> String {
    let size = "\(block.name.onOneLine) (\(block.rows) x \(block.columns))"
    if grid.isWhole { return size }
    return size + ", " + localized("a cell the strongest of \(grid.step.down) x \(grid.step.across)")
  }
}
