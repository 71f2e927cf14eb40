/// What lines are drawn on: a raster that may be finer than the characters it ends as.
///
/// Column 0 is at the left and row 0 at the top. What lies outside is not drawn.
protocol LineCanvas {
  /// The raster's columns in one character.
  static var dotsAcross: Int { get }
  /// The raster's rows in one character.
  static var dotsDown: Int { get }

  /// A canvas of so many characters.
  init(columns: Int, rows: Int)

  /// Draws a stretch of a series' column: its values, or only the way from one value to the next.
  mutating func draw(_ rows: ClosedRange<Int>, column: Int, series: Int, isValue: Bool)

  /// The character at a place of the character canvas, nil where nothing was drawn.
  func cell(column: Int, row: Int) -> Cell?
}

extension LineCanvas {
  /// Draws the straight way from one value to the next: each column has the rows between its two edges.
  mutating func drawWay(
    from: (column: Int, row: Int), to: (column: Int, row: Int), series: Int, isValue: Bool
  ) {
    let (left, right) = from.column <= to.column ? (from, to) : (to, from)
    let between = min(from.row, to.row)...max(from.row, to.row)
    guard left.column < right.column else {
      return draw(between, column: left.column, series: series, isValue: isValue)
    }
    let slope = Double(right.row - left.row) / Double(right.column - left.column)
    for column in left.column...right.column {
      // A level way adds nothing to the values at its ends.
      if (column == left.column || column == right.column) && from.row == to.row { continue }
      let offset = Double(column - left.column)
      let edges = [offset - 0.5, offset + 0.5].map { edge in
        let row = Int((Double(left.row) + slope * edge).rounded())
        return min(max(row, between.lowerBound), between.upperBound)
      }
      draw(
        min(edges[0], edges[1])...max(edges[0], edges[1]), column: column, series: series, isValue: isValue)
    }
  }
}

extension CharacterCanvas {
  /// Puts what was drawn on a finer raster into the characters.
  mutating func stamp(_ lines: some LineCanvas) {
    for row in 0..<rows {
      for column in 0..<columns {
        guard let cell = lines.cell(column: column, row: row) else { continue }
        set(column, row, cell.character, ink: cell.ink)
      }
    }
  }
}
