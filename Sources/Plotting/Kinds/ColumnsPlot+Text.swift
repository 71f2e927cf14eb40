import Diagnostics
import Outputs

extension ColumnsPlot: DrawablePlot {
  /// The plot as lines, in a style that is already fitted to it.
  func lines(_ style: PlotStyle) -> [String] {
    let head = [title.onOneLine, size].map(style.cut)
    guard !columns.isEmpty else { return [head[0], style.cut("nothing to plot yet")] }
    if style.isNarrow { return head }
    let names = nameWidth(style)
    let figures = columns.map { column in self.figures(column.histogram) }
    let widths = (0..<3).map { place in
      max(figures.map { $0[place].displayWidth }.max() ?? 0, Self.headings[place].count)
    }
    // Each figure has two columns before it.
    let room = style.width - names - 2 - widths.reduce(0) { $0 + $1 + 2 }
    let bars = room >= 4 ? min(room, Column.widest) : 0
    let heading = row("", "", Self.headings, names, bars, widths)
    let rows = zip(columns, figures).map { column, figures in
      row(
        name(column).cut(to: names, ellipsis: style.glyphs.ellipsis), strip(column, bars, style), figures,
        names, bars, widths)
    }
    return style.flow(head) + [""]
      + ([heading] + rows).map { bars > 0 ? $0 : style.cut($0) } + legend(bars, style)
  }

  private static let headings = ["min", "mean", "max"]

  private var size: String { "\(rows.counted("row")), \((columns.count + hidden).counted("column"))" }

  private func name(_ column: Column) -> String {
    column.name.onOneLine + (column.isTarget ? " (target)" : "")
  }

  private func nameWidth(_ style: PlotStyle) -> Int {
    min(columns.map { name($0).displayWidth }.max() ?? 0, max(style.width / 4, 6))
  }

  private func figures(_ histogram: HistogramPlot) -> [String] {
    guard let figures = histogram.figures else { return ["nan", "nan", "nan"] }
    return [figures.range.lowerBound, figures.mean, figures.range.upperBound].map(NumberText.short)
  }

  private func row(
    _ name: String, _ strip: String, _ figures: [String], _ names: Int, _ bars: Int, _ widths: [Int]
  ) -> String {
    let numbers = zip(figures, widths).map { "  " + $0.leftPadded(to: $1) }.joined()
    let pad = strip.isEmpty ? String.spaces(bars) : strip
    return name.padded(to: names) + (bars > 0 ? "  " + pad : "") + numbers
  }

  /// A column's histogram in one row: the taller or darker, the more values.
  private func strip(_ column: Column, _ width: Int, _ style: PlotStyle) -> String {
    let counts = column.histogram.counts
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
    return style.inked(text, .series(column.isTarget ? 1 : 0))
  }

  private func legend(_ bars: Int, _ style: PlotStyle) -> [String] {
    let more = hidden > 0 ? ["\(hidden.counted("more column")) not shown"] : []
    let shade = style.charset == .ascii ? "darker" : "taller"
    return ((bars > 0 ? ["from min to max, \(shade) where more values lie"] : []) + more)
      .flatMap { $0.wrapped(to: style.width) }.map(style.cut)
  }
}

extension ColumnsPlot.Column {
  /// The columns that a strip takes at most.
  static let widest = 24
}

extension ColumnsPlot {
  /// The plot in words.
  var caption: String {
    let subject = "Columns of \(title.onOneLine): \(size)"
    let shown = columns.prefix(6).map { column -> String in
      guard let figures = column.histogram.figures else { return "\(name(column)) without a finite value" }
      let (low, high) = (figures.range.lowerBound, figures.range.upperBound)
      return low == high
        ? "\(name(column)) always \(NumberText.short(low))"
        : "\(name(column)) from \(NumberText.range(figures.range))"
    }
    let notFinite = columns.reduce(0) { $0 + $1.histogram.notFinite }
    let rest = columns.count + hidden - shown.count
    return subject + (shown.isEmpty ? "" : "; " + (shown + (rest > 0 ? ["\(rest) more"] : [])).listed)
      + (notFinite > 0 ? "; \(notFinite.counted("value")) not finite" : "") + "."
  }
}
