import Diagnostics
import Outputs

extension MatrixPlot: DrawablePlot {
  /// The plot as lines, in a style that is already fitted to it.
  func lines(_ style: PlotStyle) -> [String] {
    guard let limit else { return [title.onOneLine, emptyText].map(style.cut) }
    let extent = "-\(NumberText.short(limit)) to \(NumberText.short(limit))"
    let parts = [title.onOneLine, extent].map(style.cut)
    let head = flow(parts.map { ($0, $0.displayWidth) }, width: style.width, gap: 3)
    if style.isNarrow { return head }
    let drawer = MatrixDrawer(limit: limit, style: style, mostRows: style.height ?? 24)
    return head + [""] + arranged(blocks.map(drawer.drawing), style) + [""] + drawer.legend
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

  let limit: Double
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
    let name = style.cut(heading(block, grid))
    add(name, name.displayWidth)
    if cell == 3, block.columns > 1, block.columns <= 100 {
      let numbers = (0..<grid.columns).map { String($0).leftPadded(to: 2) + " " }.joined()
      add(.spaces(labels) + numbers, labels + grid.columns * 3)
    }
    for row in 0..<grid.rows {
      let label = String(row * grid.step.down).leftPadded(to: labels - 2) + "  "
      let cells = (0..<grid.columns).map { text(grid[row, $0]) + (cell == 3 ? " " : "") }
      add(label + cells.joined(), labels + grid.columns * cell)
    }
    return drawing
  }

  private func heading(_ block: MatrixPlot.Block, _ grid: MatrixGrid) -> String {
    let size = "\(block.name.onOneLine) (\(block.rows) x \(block.columns))"
    if grid.isWhole { return size }
    return size + ", a cell the strongest of \(grid.step.down) x \(grid.step.across)"
  }

  // MARK: Cells

  private var sizes: [Character] { Array(style.charset == .ascii ? "123456789" : "░▒▓█") }

  /// The size's step from 0, which is as good as nothing, to the number of signs.
  private func step(_ value: Double) -> Int {
    guard limit > 0 else { return 0 }
    return Int((abs(value) / limit * Double(sizes.count)).rounded())
  }

  private func text(_ value: Double) -> String {
    guard value.isFinite else { return inked("??", .alert) }
    let step = step(value)
    guard step > 0 else { return " ." }
    return inked((value > 0 ? "+" : "-") + String(sizes[step - 1]), .series(value > 0 ? 0 : 1))
  }

  private func inked(_ text: String, _ ink: Ink) -> String { style.usesColor ? ink.around(text) : text }

  /// What the ends of the scale and its middle mean.
  var legend: [String] {
    guard limit > 0, let last = sizes.last else { return [style.cut(" . all are zero")] }
    let smallest = NumberText.short(limit / Double(sizes.count) / 2)
    let end = NumberText.short(limit)
    let parts = [
      (inked("+\(last)", .series(0)), " \(end)"), (inked("-\(last)", .series(1)), " -\(end)"),
      (".", " below \(smallest) in size"),
    ]
    let entries = parts.enumerated().map { index, part in
      let sign = index < 2 ? 2 : 1
      let meaning = part.1.cut(to: style.width - sign, ellipsis: style.glyphs.ellipsis)
      return (text: part.0 + meaning, width: sign + meaning.displayWidth)
    }
    return flow(entries, width: style.width, gap: 3)
  }
}
