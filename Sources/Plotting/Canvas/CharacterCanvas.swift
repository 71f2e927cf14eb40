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
