import Diagnostics
import Outputs

extension HistogramPlot {
  /// Draws the picture.
  func draw(on page: inout SVGPage) {
    guard let figures, let x = Scale(from: range.lowerBound, to: range.upperBound), let y = yScale else {
      page.head(title)
      return page.note(emptyText)
    }
    let missing = notFinite > 0 ? ", \(notFinite) not finite" : ""
    page.head(
      title,
      "n \(figures.count), mean \(NumberText.short(figures.mean)), sd \(NumberText.short(figures.deviation))"
        + missing)
    let frame = SVGFrame(&page, x: x, y: y, xLabel: xLabel, yLabel: "count", wholeY: true)
    let bars = frame.width / Double(counts.count)
    // Bars of less than a pixel are drawn together, as high as the highest.
    let shared = max(Int((1 / bars).rounded(.up)), 1)
    for first in stride(from: 0, to: counts.count, by: shared) {
      guard let count = counts[first..<min(first + shared, counts.count)].max(), count > 0 else { continue }
      let height = y.fraction(Double(count)) * frame.height
      let width = bars * Double(shared) - (bars > 6 ? 2 : 0)
      page.markup.rect(
        frame.left + Double(first) * bars, frame.top + frame.height - height, width, height, "f0",
        opacity: 0.8)
    }
  }
}

extension ColumnsPlot {
  /// Draws the picture: a row for each column of the data.
  func draw(on page: inout SVGPage) {
    let total = columns.count + hidden
    page.head(title, "\(rows.counted("row")), \(total.counted("column"))")
    guard !columns.isEmpty else { return page.note("nothing to plot yet") }
    page.height += 14
    for (place, heading) in zip([425.0, 525, 625], ["min", "mean", "max"]) {
      page.markup.label(place, page.height, heading, "q", anchor: "end")
    }
    for column in columns { draw(column, on: &page) }
    page.height += 10
    if hidden > 0 { page.note("\(hidden.counted("more column")) not shown") }
  }

  private func draw(_ column: Column, on page: inout SVGPage) {
    page.height += 26
    let base = page.height
    let name = column.name.onOneLine.cut(to: 20, ellipsis: "…")
    page.markup.label(8, base, name + (column.isTarget ? " (target)" : ""))
    let most = Double(max(column.histogram.counts.max() ?? 1, 1))
    let width = 150 / Double(max(column.histogram.counts.count, 1))
    for (index, count) in column.histogram.counts.enumerated() where count > 0 {
      let height = max(20 * Double(count) / most, 1)
      page.markup.rect(
        190 + Double(index) * width, base + 2 - height, width - 0.5, height, column.isTarget ? "f1" : "f0")
    }
    page.markup.line(190, base + 2, 340, base + 2, "g")
    let figures = column.histogram.figures.map { [$0.range.lowerBound, $0.mean, $0.range.upperBound] }
    for (place, value) in zip([425.0, 525, 625], figures ?? [.nan, .nan, .nan]) {
      page.markup.label(place, base, NumberText.short(value), anchor: "end")
    }
  }
}

extension ConfusionPlot {
  /// Draws the picture: a square for each pair, the darker the larger its share of the row.
  func draw(on page: inout SVGPage) {
    page.head(title, total > 0 ? score : "")
    guard total > 0 else { return page.note("nothing to plot yet") }
    guard classes.count <= Self.mostClasses else { return drawPairs(on: &page) }
    let names = classes.map { $0.onOneLine.cut(to: 14, ellipsis: "…") }
    let left = 24 + ((names + ["truth", "total"]).map { SVGPage.width(of: $0) }.max() ?? 0)
    let widest = names.map { SVGPage.width(of: $0) + 10 }.max() ?? 0
    let size = min(max(widest, 44), (page.width - left - 130) / Double(classes.count))
    let top = page.height + 36
    page.markup.label(left, top - 22, "predicted", "q")
    page.markup.label(8, top - 6, "truth", "q")
    for (index, name) in names.enumerated() {
      let fitting = name.cut(to: max(Int(size / 6.7), 1), ellipsis: "…")
      page.markup.label(left + (Double(index) + 0.5) * size, top - 6, fitting, anchor: "middle")
      page.markup.label(left - 8, top + Double(index) * 36 + 22, name, anchor: "end")
    }
    let end = left + Double(classes.count) * size
    page.markup.label(end + 50, top - 6, "total", "q", anchor: "end")
    page.markup.label(end + 110, top - 6, "recall", "q", anchor: "end")
    for truth in classes.indices {
      for predicted in classes.indices {
        drawCell(truth, predicted, left + Double(predicted) * size, top + Double(truth) * 36, size, on: &page)
      }
      let base = top + Double(truth) * 36 + 22
      page.markup.label(end + 50, base, String(rows(of: truth)), anchor: "end")
      page.markup.label(end + 110, base, recall(of: truth), anchor: "end")
    }
    let base = top + Double(classes.count) * 36 + 18
    page.markup.label(left - 8, base, "total", "q", anchor: "end")
    for predicted in classes.indices {
      let middle = left + (Double(predicted) + 0.5) * size
      page.markup.label(middle, base, String(answers(of: predicted)), anchor: "middle")
    }
    page.markup.label(end + 50, base, String(total), anchor: "end")
    page.markup.label(end + 110, base, NumberText.percent(correct, of: total), anchor: "end")
    page.height = base + 14
  }

  private func drawCell(
    _ truth: Int, _ predicted: Int, _ x: Double, _ y: Double, _ size: Double, on page: inout SVGPage
  ) {
    let count = self[truth, predicted]
    let share = Double(count) / Double(max(rows(of: truth), 1))
    let isRight = truth == predicted
    page.markup.rect(
      x, y, size - 2, 34, isRight ? "f0" : "f1", opacity: count == 0 ? 0.04 : 0.12 + 0.5 * share)
    let classes = count == 0 ? "q" : isRight ? "b" : ""
    page.markup.label(x + size / 2 - 1, y + 22, String(count), classes, anchor: "middle")
  }

  private func drawPairs(on page: inout SVGPage) {
    let mistakes = self.mistakes
    guard let worst = mistakes.first else { return page.note("no class is taken for another") }
    for mistake in mistakes.prefix(height ?? 10) {
      page.height += 22
      let names = [mistake.truth, mistake.predicted].map { classes[$0].onOneLine.cut(to: 18, ellipsis: "…") }
      page.markup.label(8, page.height, "\(names[0]) taken for \(names[1])")
      page.markup.rect(290, page.height - 11, 240 * Double(mistake.count) / Double(worst.count), 14, "f1")
      let share = NumberText.percent(mistake.count, of: rows(of: mistake.truth))
      page.markup.label(540, page.height, "\(mistake.count) (\(share))")
    }
    page.height += 12
  }
}
