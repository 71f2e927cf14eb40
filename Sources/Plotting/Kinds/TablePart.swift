import Diagnostics
import Localization

/// A table of words, counts and small drawings.
struct TablePart: PlotPart {
  /// What stands in a cell.
  enum Cell {
    case text(String)
    /// A count and its share of the row, which shades it; on the diagonal or beside it.
    case count(Int, share: Double, isRight: Bool)
    /// A small histogram in the colour of a series.
    case strip([Int], series: Int)
    /// A bar as long as its share of the longest; characters have none.
    case bar(Double)
  }

  /// A column: its heading, and how its cells are set.
  struct Column {
    var title: String
    var isRight = true
    /// The columns of text that it takes, where that is settled; a longer number takes of the gap before it.
    var width: Int?
  }

  var columns: [Column]
  var rows: [[Cell]]
  /// What stands above the headings of the second column and those after it.
  var above: String?
  /// What strips reach over, which characters explain; the bars of a picture speak for themselves.
  var stripRange: String?

  // MARK: Characters

  /// The columns that a strip takes at most.
  private static let widestStrip = 24

  func lines(_ style: PlotStyle) -> [String] {
    let strip = rows.first?.firstIndex { if case .strip = $0 { true } else { false } }
    var widths = columns.indices.map { column in
      columns[column].width
        ?? rows.map { text($0[column]).displayWidth }.reduce(columns[column].title.displayWidth, max)
    }
    // Beside a strip names give way.
    if strip != nil { widths[0] = min(widths[0], max(style.width / 4, 6)) }
    var shown = columns.indices.filter { column in
      if case .bar? = rows.first?[column] { false } else { true }
    }
    if let strip {
      let room = style.width - shown.reduce(-2) { $0 + ($1 == strip ? 0 : widths[$1]) + 2 }
      widths[strip] = min(room, Self.widestStrip)
      if room < 4 { shown.removeAll { $0 == strip } }
    }
    let hasStrip = strip.map(shown.contains) == true
    let table = [columns.map { Cell.text($0.title) }] + rows
    let lines = table.map { row in
      shown.map { column in
        let width = widths[column]
        let gap = String.spaces(column == 0 ? 0 : 2)
        if case .strip(let counts, let series) = row[column] {
          return gap + style.inked(Self.strip(counts, width, style), .series(series))
        }
        // Colours take no width, and so a cell is set before it is coloured.
        let text = text(row[column])
        let inked = style.inked(text, ink(row[column]))
        if columns[column].isRight { return String.spaces(gap.count + width - text.displayWidth) + inked }
        return gap + text.cut(to: width, ellipsis: style.glyphs.ellipsis).padded(to: width)
      }.joined()
    }
    let head = above.map { [String.spaces(widths[0] + 2) + $0] } ?? []
    let isPlain = !hasStrip && rows.joined().allSatisfy { ink($0) == nil }
    let shades = stripRange.map {
      style.charset == .ascii
        ? localized("\($0), darker where more values lie") : localized("\($0), taller where more values lie")
    }
    let notes = hasStrip ? [shades].compactMap(\.self) : []
    return head + (isPlain ? lines.map(style.cut) : lines) + Notes(notes).lines(style)
  }

  private func text(_ cell: Cell) -> String {
    switch cell {
    case .text(let text): text
    // A dot lets the mistakes stand out among the pairs that never happen.
    case .count(let count, _, let isRight): count == 0 && !isRight ? "." : String(count)
    case .strip, .bar: ""
    }
  }

  private func ink(_ cell: Cell) -> Ink? {
    guard case .count(let count, _, let isRight) = cell else { return nil }
    return isRight ? .strong : count == 0 ? nil : .alert
  }

  /// A histogram in one row: the taller or darker, the more values.
  private static func strip(_ counts: [Int], _ width: Int, _ style: PlotStyle) -> String {
    guard !counts.isEmpty else { return .spaces(width) }
    let cells = (0..<width).map { cell -> Int in
      let first = cell * counts.count / width
      let last = max((cell + 1) * counts.count / width, first + 1)
      return counts[first..<min(last, counts.count)].reduce(0, +)
    }
    let most = max(cells.max() ?? 0, 1)
    let ramp = style.charset == .ascii ? style.glyphs.ramp : Glyphs.eighths
    return String(
      cells.map { count in
        // Only a range without values is blank.
        count == 0 ? " " : ramp[max(1, (count * (ramp.count - 1) + most / 2) / most)]
      })
  }

  // MARK: SVG

  func draw(on page: inout SVGPage) {
    let widths = columns.indices.map { column -> Double in
      switch rows.first?[column] {
      case .strip?: return 160
      case .bar?: return 250
      default:
        return rows.map { SVGPage.width(of: text($0[column])) }
          .reduce(
            max(SVGPage.width(of: columns[column].title), Double(columns[column].width ?? 0) * 6.7), max)
          + 16
      }
    }
    let lefts = widths.reduce(into: [8.0]) { $0.append($0[$0.count - 1] + $1) }
    func label(_ text: String, _ column: Int, _ classes: String) {
      let right = lefts[column] + widths[column] - 8
      page.markup.label(
        columns[column].isRight ? right : lefts[column], page.height, text, classes,
        anchor: columns[column].isRight ? "end" : "start")
    }
    if let above {
      page.height += 16
      page.markup.label(lefts[1], page.height, above, "q")
    }
    page.height += 20
    for column in columns.indices { label(columns[column].title, column, "q") }
    page.height += 6
    for row in rows {
      page.height += 26
      for (column, cell) in row.enumerated() {
        let (left, base) = (lefts[column], page.height)
        switch cell {
        case .text(let text): label(text, column, "")
        case .count(let count, let share, let isRight):
          page.markup.rect(
            left + 1, base - 18, widths[column] - 2, 25, isRight ? "f0" : "f1",
            opacity: count == 0 ? 0.04 : 0.12 + 0.5 * share)
          label(String(count), column, count == 0 ? "q" : isRight ? "b" : "")
        case .strip(let counts, let series):
          let bar = (widths[column] - 16) / Double(max(counts.count, 1))
          for (index, count) in counts.enumerated() where count > 0 {
            let height = max(20 * Double(count) / Double(max(counts.max() ?? 1, 1)), 1)
            page.markup.rect(left + Double(index) * bar, base + 2 - height, bar - 0.5, height, "f\(series)")
          }
          page.markup.line(left, base + 2, left + widths[column] - 16, base + 2, "g")
        case .bar(let share): page.markup.rect(left, base - 11, (widths[column] - 16) * share, 14, "f1")
        }
      }
    }
    page.height += 14
    page.width = max(page.width, lefts[lefts.count - 1])
  }
}
