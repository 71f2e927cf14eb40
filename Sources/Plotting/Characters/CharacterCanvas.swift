/// What a character is drawn with on a terminal that shows colour: the parameter of an ANSI SGR code.
struct Ink: Equatable {
  var code: Int

  /// What needs the eye first.
  static let alert = Ink(code: 31)
  /// The points on an area.
  static let strong = Ink(code: 1)

  /// The colour of a series or a class. Cyan and yellow come first: they differ in brightness too.
  static func series(_ index: Int) -> Ink {
    let codes = [36, 33, 35, 32, 34, 31]
    return Ink(code: codes[index % codes.count])
  }

  /// `text` in this colour.
  func around(_ text: String) -> String { "\u{1B}[\(code)m\(text)\u{1B}[0m" }
}

/// One character of a canvas.
struct Cell: Equatable {
  var character: Character
  var ink: Ink?

  static let blank = Cell(character: " ", ink: nil)
}

/// A rectangle of characters; row 0 is at the top.
struct CharacterCanvas {
  let columns: Int
  let rows: Int
  private var cells: [Cell]

  init(columns: Int, rows: Int) {
    self.columns = max(columns, 0)
    self.rows = max(rows, 0)
    cells = Array(repeating: .blank, count: self.columns * self.rows)
  }

  /// Sets a character; one outside the canvas is not drawn.
  mutating func set(_ column: Int, _ row: Int, _ character: Character, ink: Ink? = nil) {
    guard column >= 0, column < columns, row >= 0, row < rows else { return }
    cells[row * columns + column] = Cell(character: character, ink: ink)
  }

  /// A character inside the canvas.
  subscript(column: Int, row: Int) -> Cell { cells[row * columns + column] }

  /// A row as text, with the codes of its colours if `isColored`.
  func line(_ row: Int, isColored: Bool) -> String {
    let line = cells[(row * columns)..<((row + 1) * columns)]
    guard isColored else { return String(line.map(\.character)) }
    return runs(of: line).map { $0.ink?.around($0.text) ?? $0.text }.joined()
  }

  /// Neighbours of one colour together, so that a line has few codes.
  private func runs(of line: ArraySlice<Cell>) -> [(text: String, ink: Ink?)] {
    var runs: [(text: String, ink: Ink?)] = []
    for cell in line {
      if let last = runs.last, last.ink == cell.ink {
        runs[runs.count - 1].text.append(cell.character)
      } else {
        runs.append((String(cell.character), cell.ink))
      }
    }
    return runs
  }
}

/// What lines and points are drawn on: a raster of braille dots, eight to a character, or of markers, one to a character.
///
/// Column 0 is at the left and row 0 at the top. What lies outside is not drawn.
struct Raster {
  /// The raster's columns and rows in one character.
  let grain: (across: Int, down: Int)
  private let columns: Int
  private let rows: Int
  private let isBraille: Bool
  /// Of braille the dots of each character; of markers the series that have a value there, a bit each.
  private var bits: [UInt64]
  /// The series that was drawn last in each character; of markers only on its way between two values.
  private var last: [Int?]

  /// The bit of each dot of a braille pattern, two to a row from the top (Unicode 16, chapter 21.1).
  private static let dots: [UInt64] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]

  /// A raster of so many characters.
  init(columns: Int, rows: Int, isBraille: Bool) {
    grain = isBraille ? (2, 4) : (1, 1)
    (self.columns, self.rows, self.isBraille) = (columns, rows, isBraille)
    bits = Array(repeating: 0, count: columns * rows)
    last = Array(repeating: nil, count: columns * rows)
  }

  /// Draws a stretch of a series' column: its values, or only the way from one value to the next.
  mutating func draw(_ stretch: ClosedRange<Int>, column: Int, series: Int, isValue: Bool) {
    let end = rows * grain.down - 1
    guard column >= 0, column < columns * grain.across, end >= 0 else { return }
    for row in stretch.clamped(to: 0...end) {
      let index = row / grain.down * columns + column / grain.across
      if isBraille {
        bits[index] |= Self.dots[row % 4 * 2 + column % 2]
        last[index] = series
      } else if isValue {
        bits[index] |= 1 << UInt64(series % 64)
      } else {
        last[index] = series
      }
    }
  }

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

  /// The character at a place of the character canvas, nil where nothing was drawn.
  private func cell(_ index: Int) -> Cell? {
    if isBraille {
      guard bits[index] != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(bits[index])) else { return nil }
      return Cell(character: Character(scalar), ink: last[index].map(Ink.series))
    }
    switch bits[index].nonzeroBitCount {
    case 0: return last[index].map { Cell(character: Glyphs.passing, ink: .series($0)) }
    case 1:
      let series = bits[index].trailingZeroBitCount
      return Cell(character: Glyphs.marker(series), ink: .series(series))
    default: return Cell(character: Glyphs.shared, ink: nil)
    }
  }

  /// Puts what was drawn into the characters of a canvas of the same size.
  func stamp(on canvas: inout CharacterCanvas) {
    for index in bits.indices {
      guard let cell = cell(index) else { continue }
      canvas.set(index % columns, index / columns, cell.character, ink: cell.ink)
    }
  }
}
