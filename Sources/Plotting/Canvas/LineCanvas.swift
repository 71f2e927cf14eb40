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
