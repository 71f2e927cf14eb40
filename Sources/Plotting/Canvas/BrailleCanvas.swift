/// Lines of braille dots, eight to a character.
struct BrailleCanvas: LineCanvas {
  static let dotsAcross = 2
  static let dotsDown = 4

  /// The bit of each dot of a braille pattern, two to a row from the top (Unicode 16, chapter 21.1).
  private static let bits: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]

  private let columns: Int
  private let rows: Int
  private var dots: [UInt8]
  private var inks: [Ink?]

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    dots = Array(repeating: 0, count: columns * rows)
    inks = Array(repeating: nil, count: columns * rows)
  }

  mutating func draw(_ rows: ClosedRange<Int>, column: Int, series: Int, isValue: Bool) {
    guard column >= 0, column < columns * Self.dotsAcross else { return }
    let last = self.rows * Self.dotsDown - 1
    for row in rows.clamped(to: 0...max(last, 0)) where row <= last {
      let index = row / Self.dotsDown * columns + column / Self.dotsAcross
      dots[index] |= Self.bits[row % Self.dotsDown * Self.dotsAcross + column % Self.dotsAcross]
      inks[index] = .series(series)
    }
  }

  func cell(column: Int, row: Int) -> Cell? {
    let index = row * columns + column
    guard dots[index] != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(dots[index])) else { return nil }
    return Cell(character: Character(scalar), ink: inks[index])
  }
}
