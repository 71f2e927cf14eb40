import Diagnostics
import Localization

/// The pictures of a layer's channels or filters, in rows of as many as fit, each over its name.
struct PictureSheet: PlotPart {
  let plot: PanelsPlot

  func lines(_ style: PlotStyle) -> [String] { CharacterSheet(plot, style).lines }

  func draw(on page: inout SVGPage) {
    page.legend(signs)
    let columns = plot.units.flatMap(\.pictures).map(\.columns).max() ?? 1
    let size = min(max(76 / Double(max(columns, 1)), 2), 22)
    var (x, y) = (8.0, page.height + 4)
    var lowest = y
    for unit in plot.units {
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
    let end = NumberText.short(plot.limit)
    let above = SVGPage.Entry(
      meaning: plot.isSigned ? localized("up to \(end)") : localized("0 to \(end), the darker the larger")
    ) {
      $0.rect($1 - 6, $2 - 6, 12, 12, "f0")
    }
    let below = SVGPage.Entry(meaning: localized("half a square: down to -\(end)")) {
      $0.add("path", ["d": "M\(px($1 - 6)) \(px($2 - 6))v12h12z", "class": "f1"])
    }
    return plot.isSigned ? [above, below] : [above]
  }

  private func draw(_ grid: MatrixGrid, _ x: Double, _ y: Double, _ size: Double, on markup: inout Markup) {
    CellShades(limit: plot.limit).draw(grid, x, y, size, on: &markup)
    markup.add(
      "rect",
      [
        "x": px(x), "y": px(y), "width": px(Double(grid.columns) * size),
        "height": px(Double(grid.rows) * size), "class": "g",
      ])
  }
}

/// The same in characters.
private struct CharacterSheet {
  private let plot: PanelsPlot
  private let style: PlotStyle
  private let pictures: [(name: String, block: MatrixPlot.Block)]
  /// The rows and columns of the largest picture.
  private let extent: (down: Int, across: Int)
  /// The columns of a cell: small pictures have room for signs that stand apart.
  private let cell: Int
  private static let gap = 2
  /// So many lines fill a page; pictures are drawn smaller, but not without end, so that they need no more.
  private static let page = 60
  private static let smallest = 6

  init(_ plot: PanelsPlot, _ style: PlotStyle) {
    self.plot = plot
    self.style = style
    pictures = plot.units.flatMap { unit in unit.pictures.map { (unit.label(of: $0), $0) } }
    let blocks = pictures.map(\.block)
    extent = (max(blocks.map(\.rows).max() ?? 1, 1), max(blocks.map(\.columns).max() ?? 1, 1))
    cell = plot.isSigned && extent.across <= 7 ? 3 : 2
  }

  var lines: [String] {
    let step = step
    let panels: [(name: String, grid: MatrixGrid)] = pictures.map { name, block in
      // As many cells as it takes for steps of this size, in both directions.
      (name, MatrixGrid(block, rows: parts(block.rows, step), columns: parts(block.columns, step)))
    }
    let (width, across) = (width(step), across(step))
    var lines: [String] = []
    for start in stride(from: 0, to: panels.count, by: across) {
      if start > 0 { lines.append("") }
      lines += row(panels[start..<min(start + across, panels.count)], width)
    }
    let shrunk = panels.first { !$0.grid.isWhole }.map {
      style.cut(localized("a cell the strongest of \($0.grid.step.down) x \($0.grid.step.across)"))
    }
    return lines + [""] + cells.legend + [shrunk].compactMap(\.self)
  }

  // MARK: Sizes

  /// How many numbers a cell stands for in each direction: the fewest with which the sheet fits the page.
  private var step: Int {
    let largest = max(extent.down, extent.across)
    return (1...largest).first(where: isFit) ?? largest
  }

  private func isFit(_ step: Int) -> Bool {
    let height = parts(extent.down, step)
    guard width(step) <= style.width else { return false }
    if let most = style.height { return height <= most }
    return height <= Self.smallest || parts(pictures.count, across(step)) * (height + 2) <= Self.page
  }

  private func parts(_ count: Int, _ size: Int) -> Int { (count + size - 1) / size }

  /// The columns of a picture; a name of usual length has room, too.
  private func width(_ step: Int) -> Int {
    let names = min(pictures.map(\.name.displayWidth).max() ?? 0, 8)
    return max(cell * parts(extent.across, step) - (cell - 2), names)
  }

  /// How many stand side by side; the slices of one unit are not parted where they fit.
  private func across(_ step: Int) -> Int {
    let fitting = max((style.width + Self.gap) / (width(step) + Self.gap), 1)
    let slices = plot.units.first?.pictures.count ?? 1
    return slices > 1 && fitting > slices ? fitting / slices * slices : fitting
  }

  // MARK: Parts

  private var cells: any NumberCells {
    plot.isSigned
      ? SignedCells(limit: plot.limit, style: style) : ShadedCells(limit: plot.limit, style: style)
  }

  private func row(_ panels: ArraySlice<(name: String, grid: MatrixGrid)>, _ width: Int) -> [String] {
    let cells = cells
    let height = panels.map(\.grid.rows).max() ?? 0
    let gap = String.spaces(Self.gap)
    let rows = (0..<height).map { row in
      panels.map { _, grid in
        guard row < grid.rows, grid.columns > 0 else { return .spaces(width) }
        let texts = (0..<grid.columns).map { cells.text(grid[row, $0]) }
        return texts.joined(separator: .spaces(cell - 2)) + .spaces(width - cell * grid.columns + cell - 2)
      }.joined(separator: gap)
    }
    let names = panels.map { $0.name.cut(to: width, ellipsis: style.glyphs.ellipsis).padded(to: width) }
    return rows + [names.joined(separator: gap)]
  }
}
