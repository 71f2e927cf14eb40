import Diagnostics
import Outputs

extension HistogramPlot: DrawablePlot {
  /// The plot as lines, in a style that is already fitted to it.
  func lines(_ style: PlotStyle) -> [String] {
    guard let figures, let x = Scale(from: range.lowerBound, to: range.upperBound), let y = yScale else {
      return [title.onOneLine, emptyText].map(style.cut)
    }
    let words = [
      "n \(figures.count)", "mean \(NumberText.short(figures.mean))",
      "sd \(NumberText.short(figures.deviation))",
    ]
    if style.isNarrow { return ([title.onOneLine] + words).map(style.cut) }
    return style.flow([title.onOneLine, words.joined(separator: ", ")]) + [""]
      + drawing(x, y, style) + missing.map(style.cut)
  }

  /// What is said in place of a drawing.
  var emptyText: String { notFinite == 0 ? "nothing to plot yet" : "nothing to plot: no value is finite" }

  /// The axis of counts, from none to the most.
  var yScale: Scale? {
    counts.max().flatMap { $0 > 0 ? Scale(from: 0, to: Double($0)) : nil }
  }

  private var missing: [String] { notFinite > 0 ? ["! \(notFinite.counted("value")) not finite"] : [] }

  private func drawing(_ x: Scale, _ y: Scale, _ style: PlotStyle) -> [String] {
    let rows = style.height ?? min(max(style.width / 6, 8), 16)
    let grain = style.charset == .unicode ? 8 : 1
    var frame = Frame(
      style, rows: rows, y: y, xLabel: xLabel.onOneLine, yLabel: "count", grain: (1, grain), wholeY: true)
    frame.setTicks(x: x)
    var canvas = CharacterCanvas(columns: frame.columns, rows: rows)
    for column in 0..<canvas.columns {
      guard let count = count(at: column, of: canvas.columns), count > 0 else { continue }
      // In steps of a row, or of an eighth of one where characters are so fine.
      let height = y.cell(Double(count), of: rows * grain) + 1
      draw(height, grain: grain, column: column, on: &canvas)
    }
    return frame.lines(around: canvas)
  }

  /// The count that stands in a column; nil for the gap between wide bars.
  private func count(at column: Int, of columns: Int) -> Int? {
    let first = column * counts.count / columns
    let next = (column + 1) * counts.count / columns
    // More ranges than columns: the fullest of those that share the column.
    if next > first + 1 { return counts[first..<next].max() }
    let isLast = next > first
    return isLast && columns >= counts.count * 3 ? nil : counts[first]
  }

  private func draw(_ height: Int, grain: Int, column: Int, on canvas: inout CharacterCanvas) {
    let full: Character = grain == 1 ? "#" : "█"
    for row in 0..<(height / grain) {
      canvas.set(column, canvas.rows - 1 - row, full, ink: .series(0))
    }
    let rest = height % grain
    guard rest > 0 else { return }
    canvas.set(column, canvas.rows - 1 - height / grain, Glyphs.eighths[rest], ink: .series(0))
  }
}

extension HistogramPlot {
  /// The plot in words.
  var caption: String {
    let subject = "Histogram of \(title.onOneLine): "
    guard let figures, let most = counts.max(), let fullest = counts.firstIndex(of: most) else {
      return subject + emptyText + "."
    }
    let (low, high) = (figures.range.lowerBound, figures.range.upperBound)
    let left = notFinite > 0 ? ", \(notFinite.counted("value")) not finite left out" : ""
    if low == high {
      return subject + "\(figures.count.counted("value")), all \(NumberText.short(low))\(left)."
    }
    let ends = NumberText.apart(edge(fullest), edge(fullest + 1))
    return subject + "\(figures.count.counted("value")) from \(NumberText.range(low...high)), mean "
      + "\(NumberText.short(figures.mean)), standard deviation \(NumberText.short(figures.deviation)), the most "
      + "(\(most)) from \(ends.first) to \(ends.second)\(left)."
  }

  /// Where a range begins.
  func edge(_ index: Int) -> Double {
    let part = Double(index) / Double(max(counts.count, 1))
    let edge = range.lowerBound * (1 - part) + range.upperBound * part
    // The widened ranges of few values reach beyond them, and nobody asks about there.
    guard let figures else { return edge }
    return min(max(edge, figures.range.lowerBound), figures.range.upperBound)
  }
}
