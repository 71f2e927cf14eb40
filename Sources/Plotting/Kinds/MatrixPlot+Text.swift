import Diagnostics
import Outputs

extension MatrixPlot: DrawablePlot {
  /// The plot as lines, in a style that is already fitted to it.
  func lines(_ style: PlotStyle) -> [String] {
    guard let limit else { return [title.onOneLine, emptyText].map(style.cut) }
    let head = style.flow([title.onOneLine, extent])
    if style.isNarrow { return head }
    let cells = SignedCells(limit: limit, style: style)
    let drawer = MatrixDrawer(cells: cells, style: style, mostRows: style.height ?? 24)
    return head + [""] + arranged(blocks.map(drawer.drawing), style) + [""] + cells.legend
      + (notFinite > 0 ? [style.cut("?? not finite")] : [])
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
    return size + ", a cell the strongest of \(grid.step.down) x \(grid.step.across)"
  }
}
