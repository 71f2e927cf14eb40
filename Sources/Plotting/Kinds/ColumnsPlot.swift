import Diagnostics
import Outputs

extension ColumnsPlot: DrawablePlot {
  /// The plot laid out.
  var layout: PlotLayout {
    var layout = PlotLayout(title: title, facts: size, caption: caption)
    guard !columns.isEmpty else {
      (layout.facts, layout.message) = ("", "nothing to plot yet")
      return layout
    }
    let rows = columns.map { column in
      let figures = column.histogram.figures.map { [$0.range.lowerBound, $0.mean, $0.range.upperBound] }
      return ColumnTable.Row(
        name: column.name.onOneLine, isTarget: column.isTarget, counts: column.histogram.counts,
        figures: (figures ?? [.nan, .nan, .nan]).map(NumberText.short))
    }
    let more = hidden > 0 ? ["\(hidden.counted("more column")) not shown"] : []
    layout.parts = [ColumnTable(rows: rows), Notes(more)]
    return layout
  }

  private var size: String { "\(rows.counted("row")), \((columns.count + hidden).counted("column"))" }

  /// The plot in words.
  private var caption: String {
    let subject = "Columns of \(title.onOneLine): \(size)"
    let shown = columns.prefix(6).map { column -> String in
      let name = column.name.onOneLine + (column.isTarget ? " (target)" : "")
      guard let figures = column.histogram.figures else { return "\(name) without a finite value" }
      let (low, high) = (figures.range.lowerBound, figures.range.upperBound)
      return low == high
        ? "\(name) always \(NumberText.short(low))"
        : "\(name) from \(NumberText.range(figures.range))"
    }
    let notFinite = columns.reduce(0) { $0 + $1.histogram.notFinite }
    let rest = columns.count + hidden - shown.count
    return subject + (shown.isEmpty ? "" : "; " + (shown + (rest > 0 ? ["\(rest) more"] : [])).listed)
      + (notFinite > 0 ? "; \(notFinite.counted("value")) not finite" : "") + "."
  }
}

/// A row for each column of a data set: its name, its spread as a small histogram, and three figures.
private struct ColumnTable: PlotPart {
  struct Row {
    var name: String
    var isTarget: Bool
    var counts: [Int]
    var figures: [String]

    /// The name and what else the column is, within so many columns of text.
    func name(within width: Int?, _ ellipsis: String) -> String {
      (width.map { name.cut(to: $0, ellipsis: ellipsis) } ?? name) + (isTarget ? " (target)" : "")
    }
  }

  let rows: [Row]
  private static let headings = ["min", "mean", "max"]
  /// The columns that a strip takes at most.
  private static let widest = 24

  func lines(_ style: PlotStyle) -> [String] {
    let ellipsis = style.glyphs.ellipsis
    let labels = rows.map { $0.name(within: nil, ellipsis) }
    let names = min(labels.map(\.displayWidth).max() ?? 0, max(style.width / 4, 6))
    let widths = Self.headings.indices.map { place in
      max(rows.map { $0.figures[place].displayWidth }.max() ?? 0, Self.headings[place].count)
    }
    // Each figure has two columns before it.
    let room = style.width - names - 2 - widths.reduce(0) { $0 + $1 + 2 }
    let bars = room >= 4 ? min(room, Self.widest) : 0
    let table =
      [line("", "", Self.headings, names, bars, widths)]
      + zip(labels, rows).map { label, row in
        line(
          label.cut(to: names, ellipsis: ellipsis), strip(row, bars, style), row.figures, names, bars, widths)
      }
    let shade = style.charset == .ascii ? "darker" : "taller"
    let legend = bars > 0 ? ["from min to max, \(shade) where more values lie"] : []
    return table.map { bars > 0 ? $0 : style.cut($0) } + Notes(legend).lines(style)
  }

  private func line(
    _ name: String, _ strip: String, _ figures: [String], _ names: Int, _ bars: Int, _ widths: [Int]
  ) -> String {
    let numbers = zip(figures, widths).map { "  " + $0.leftPadded(to: $1) }.joined()
    let pad = strip.isEmpty ? String.spaces(bars) : strip
    return name.padded(to: names) + (bars > 0 ? "  " + pad : "") + numbers
  }

  /// A column's histogram in one row: the taller or darker, the more values.
  private func strip(_ row: Row, _ width: Int, _ style: PlotStyle) -> String {
    let counts = row.counts
    guard width > 0, !counts.isEmpty else { return "" }
    let cells = (0..<width).map { cell -> Int in
      let first = cell * counts.count / width
      let last = max((cell + 1) * counts.count / width, first + 1)
      return counts[first..<min(last, counts.count)].reduce(0, +)
    }
    guard let most = cells.max(), most > 0 else { return .spaces(width) }
    let ramp = style.charset == .ascii ? style.glyphs.ramp : Glyphs.eighths
    let text = String(
      cells.map { count in
        // Only a range without values is blank.
        count == 0 ? " " : ramp[max(1, (count * (ramp.count - 1) + most / 2) / most)]
      })
    return style.inked(text, .series(row.isTarget ? 1 : 0))
  }

  func draw(on page: inout SVGPage) {
    page.height += 14
    let places = [425.0, 525, 625]
    for (place, heading) in zip(places, Self.headings) {
      page.markup.label(place, page.height, heading, "q", anchor: "end")
    }
    for row in rows {
      page.height += 26
      let base = page.height
      page.markup.label(8, base, row.name(within: 20, "…"))
      let most = Double(max(row.counts.max() ?? 1, 1))
      let width = 150 / Double(max(row.counts.count, 1))
      for (index, count) in row.counts.enumerated() where count > 0 {
        let height = max(20 * Double(count) / most, 1)
        page.markup.rect(
          190 + Double(index) * width, base + 2 - height, width - 0.5, height, row.isTarget ? "f1" : "f0")
      }
      page.markup.line(190, base + 2, 340, base + 2, "g")
      for (place, figure) in zip(places, row.figures) {
        page.markup.label(place, base, figure, anchor: "end")
      }
    }
    page.height += 10
  }
}
