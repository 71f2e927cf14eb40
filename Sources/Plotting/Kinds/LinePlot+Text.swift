import Diagnostics
import Outputs

extension LinePlot {
  /// The plot as lines, in a style that is already fitted to it.
  func lines(_ style: PlotStyle) -> [String] {
    let summaries = self.summaries
    guard let y = yScale(summaries) else { return header(summaries, style) + [style.cut(emptyText)] }
    if style.isNarrow { return narrowLines(summaries, style) }
    return header(summaries, style) + [""] + drawing(summaries, y, style)
  }

  /// What is said in place of a drawing.
  var emptyText: String {
    count == 0 ? "nothing to plot yet" : "nothing to plot: no value can be drawn"
  }

  /// The text where there is no room for axes.
  private func narrowLines(_ summaries: [LineSummary], _ style: PlotStyle) -> [String] {
    [style.cut(title.onOneLine)]
      + zip(series, summaries).flatMap { series, summary -> [String] in
        let names = self.series.count > 1 ? [series.name.onOneLine] : []
        guard let range = summary.range, let last = series.values.last else { return [] }
        let figures = [("min", range.lowerBound), ("max", range.upperBound), ("last", last)]
        return (names + figures.map { $0 + " " + NumberText.short($1) }).map(style.cut)
      }
  }

  // MARK: Drawing

  private func drawing(_ summaries: [LineSummary], _ y: Scale, _ style: PlotStyle) -> [String] {
    switch style.charset {
    case .ascii: drawing(summaries, y, style, on: MarkerCanvas.self)
    case .unicode: drawing(summaries, y, style, on: BrailleCanvas.self)
    }
  }

  private func drawing<Canvas: LineCanvas>(
    _ summaries: [LineSummary], _ y: Scale, _ style: PlotStyle, on kind: Canvas.Type
  ) -> [String] {
    var frame = frame(style, y: y, legend: legend(summaries, style), around: kind)
    if let x = xScale { frame.setTicks(x: x, wholeOnly: true) }
    let canvas = canvas(summaries, y, &frame, on: kind)
    return frame.lines(around: canvas)
  }

  private func canvas<Canvas: LineCanvas>(
    _ summaries: [LineSummary], _ y: Scale, _ frame: inout Frame, on kind: Canvas.Type
  ) -> CharacterCanvas {
    let dots = frame.dots
    let row = { (value: Double) in dots.down - 1 - y.cell(value, of: dots.down) }
    let traces = series.map {
      LineTrace($0, count: count, columns: dots.across, isLogarithmic: isLogarithmic)
    }
    var lines = Canvas(columns: frame.columns, rows: frame.rows)
    // The first series comes last, so that its colour is on top where lines of dots cross.
    for (index, trace) in traces.enumerated().reversed() {
      trace.draw(series: index, on: &lines, waysAreValues: count * 3 >= dots.across, row: row)
      let flawed = trace.buckets.indices.filter { trace.buckets[$0].isFlawed }
      frame.flaws.formUnion(flawed.map { $0 / Canvas.dotsAcross })
    }
    var canvas = CharacterCanvas(columns: frame.columns, rows: frame.rows)
    canvas.stamp(lines)
    if Canvas.dotsAcross > 1 {
      addBadges(traces, frame.style, to: &canvas, rowOf: { row($0) / Canvas.dotsDown })
    }
    markBest(summaries, frame, on: &canvas, rowOf: { row($0) / Canvas.dotsDown })
    return canvas
  }

  /// Whether values are so few that each has its sign; one dot of braille is easily overlooked.
  func marksValues(_ style: PlotStyle) -> Bool { count <= style.width / 6 }

  /// Puts the signs of series on their lines: on every value where they are few, else on every further
  /// series in every tenth column, so that lines of dots differ without colour.
  private func addBadges(
    _ traces: [LineTrace], _ style: PlotStyle, to canvas: inout CharacterCanvas,
    rowOf row: (Double) -> Int
  ) {
    let isOnValues = marksValues(style)
    for (index, trace) in traces.enumerated().reversed() where isOnValues || index > 0 {
      var next = isOnValues ? 0 : 2 + index * 3
      for column in 0..<canvas.columns where column >= next {
        let pair = trace.buckets[(column * 2)...(column * 2 + 1)]
        guard let bucket = pair.first(where: \.isDrawable) else { continue }
        canvas.set(column, row(bucket.last), Glyphs.badge(index), ink: .series(index))
        next = column + (isOnValues ? 1 : 10)
      }
    }
  }

  private func markBest(
    _ summaries: [LineSummary], _ frame: Frame, on canvas: inout CharacterCanvas,
    rowOf row: (Double) -> Int
  ) {
    for (series, summary) in zip(series, summaries) where series.marksBest {
      guard let best = summary.best, let range = summary.range, let x = xScale else { continue }
      // On a logarithmic axis the best loss may be a zero that has no place.
      guard range.contains(best.value) else { continue }
      let column = x.cell(Double(start + best.index), of: frame.dots.across) / frame.grain.across
      canvas.set(column, row(best.value), frame.style.glyphs.best, ink: .strong)
    }
  }
}
