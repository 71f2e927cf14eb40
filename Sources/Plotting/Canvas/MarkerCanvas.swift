/// Lines of plain characters: a marker for each series, another where several share a cell.
struct MarkerCanvas: LineCanvas {
  static let dotsAcross = 1
  static let dotsDown = 1

  private struct Mark {
    /// The series with a value here, one bit each.
    var values: UInt64 = 0
    /// The last series that passes here on its way between two values.
    var passing: Int?
  }

  private let columns: Int
  private let rows: Int
  private var marks: [Mark]

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    marks = Array(repeating: Mark(), count: columns * rows)
  }

  mutating func draw(_ rows: ClosedRange<Int>, column: Int, series: Int, isValue: Bool) {
    guard column >= 0, column < columns else { return }
    for row in rows.clamped(to: 0...max(self.rows - 1, 0)) where row < self.rows {
      let index = row * columns + column
      if isValue { marks[index].values |= 1 << UInt64(series % 64) } else { marks[index].passing = series }
    }
  }

  func cell(column: Int, row: Int) -> Cell? {
    let mark = marks[row * columns + column]
    switch mark.values.nonzeroBitCount {
    case 0: return mark.passing.map { Cell(character: Glyphs.passing, ink: .series($0)) }
    case 1:
      let series = mark.values.trailingZeroBitCount
      return Cell(character: Glyphs.marker(series), ink: .series(series))
    default: return Cell(character: Glyphs.shared, ink: nil)
    }
  }
}
