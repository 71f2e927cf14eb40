import Diagnostics
import Localization

/// A matrix in as many cells as there is room for; where that is too few, a cell stands for several numbers
/// by the one of them that is furthest from zero.
struct MatrixGrid {
  let rows: Int
  let columns: Int
  /// How many numbers a cell stands for, down and across.
  let step: (down: Int, across: Int)
  private let block: MatrixPlot.Block

  init(_ block: MatrixPlot.Block, rows: Int, columns: Int) {
    self.block = block
    let down = max((block.rows + max(rows, 1) - 1) / max(rows, 1), 1)
    let across = max((block.columns + max(columns, 1) - 1) / max(columns, 1), 1)
    step = (down, across)
    self.rows = (block.rows + down - 1) / down
    self.columns = (max(block.columns, 0) + across - 1) / across
  }

  /// The number of a cell: NaN where one of its numbers is.
  subscript(row: Int, column: Int) -> Double {
    var strongest = 0.0
    for r in row * step.down..<min((row + 1) * step.down, block.rows) {
      for c in column * step.across..<min((column + 1) * step.across, block.columns) {
        let value = block.values[r * block.columns + c]
        if !value.isFinite { return .nan }
        if abs(value) > abs(strongest) { strongest = value }
      }
    }
    return strongest
  }

  var isWhole: Bool { step == (1, 1) }
}

// MARK: Characters

/// Numbers as cells of two columns.
protocol NumberCells {
  /// The cell of a number.
  func text(_ value: Double) -> String
  /// What the ends of the scale mean.
  var legend: [String] { get }
}

/// Signed numbers as cells of two columns, a sign and a size, on a scale that ends at `limit` on both sides.
struct SignedCells: NumberCells {
  let limit: Double
  let style: PlotStyle

  private var sizes: [Character] { Array(style.charset == .ascii ? "123456789" : "░▒▓█") }

  /// The size's step from 0, which is as good as nothing, to the number of signs.
  private func step(_ value: Double) -> Int {
    guard limit > 0 else { return 0 }
    return Int((abs(value) / limit * Double(sizes.count)).rounded())
  }

  /// The cell of a number.
  func text(_ value: Double) -> String {
    guard value.isFinite else { return style.inked("??", .alert) }
    let step = step(value)
    guard step > 0 else { return " ." }
    return style.inked((value > 0 ? "+" : "-") + String(sizes[step - 1]), .series(value > 0 ? 0 : 1))
  }

  /// What the ends of the scale and its middle mean.
  var legend: [String] {
    guard limit > 0, let last = sizes.last else { return [style.cut(" . " + localized("all are zero"))] }
    let smallest = NumberText.short(limit / Double(sizes.count) / 2)
    let end = NumberText.short(limit)
    let legend = Legend(entries: [
      .init(sign: "+\(last)", ink: .series(0), meaning: end),
      .init(sign: "-\(last)", ink: .series(1), meaning: "-\(end)"),
      .init(sign: ".", ink: nil, meaning: localized("below \(smallest) in size")),
    ])
    return legend.lines(style)
  }
}

/// Numbers from 0 up as cells of two columns, the darker the larger.
struct ShadedCells: NumberCells {
  let limit: Double
  let style: PlotStyle

  /// The cell of a number.
  func text(_ value: Double) -> String {
    guard value.isFinite else { return style.inked("??", .alert) }
    let ramp = style.glyphs.ramp
    let share = limit > 0 ? value / limit : 0
    // What is not zero shows, however small it is.
    let step = share > 0 ? max(1, Int(share * Double(ramp.count))) : 0
    let shade = ramp[min(step, ramp.count - 1)]
    return String([shade, shade])
  }

  /// What the ends of the scale mean.
  var legend: [String] {
    [style.cut("0 [\(String(style.glyphs.ramp))] \(NumberText.short(limit))")]
  }
}

// MARK: SVG

/// Many small cells as few paths: one for each shade of either sign.
struct CellShades {
  /// The size that is drawn in full.
  let limit: Double
  /// The class that fills what is above zero.
  var positive = "f0"
  /// How many shades a sign has.
  var steps = 8

  func draw(
    _ grid: MatrixGrid, _ x: Double, _ y: Double, _ size: Double, on markup: inout Markup
  ) {
    markup.open("g", ["transform": "translate(\(px(x)) \(px(y))) scale(\(px(size, 2)))"])
    for (step, path) in paths(grid).sorted(by: { $0.key < $1.key }) {
      let isFlaw = step > steps
      let classes = isFlaw ? "ef" : step > 0 ? positive : "f1"
      let opacity = isFlaw ? 1 : Double(abs(step)) / Double(steps)
      markup.add("path", ["d": path, "class": classes, "fill-opacity": px(opacity, 2)])
    }
    markup.close("g")
  }

  /// The cells of each shade, those of numbers that are not finite under one more than there are shades.
  private func paths(_ grid: MatrixGrid) -> [Int: String] {
    var paths: [Int: String] = [:]
    for row in 0..<grid.rows {
      for column in 0..<grid.columns {
        let value = grid[row, column]
        let share = value.isFinite && limit > 0 ? value / limit : 0
        let step = value.isFinite ? Int((share * Double(steps)).rounded()) : steps + 1
        // Half a square below zero, so that the sign needs no colour.
        let shape = step < 0 ? "v1h1z" : "h1v1h-1z"
        if step != 0 { paths[step, default: ""] += "M\(column) \(row)" + shape }
      }
    }
    return paths
  }
}
