import Diagnostics
import Outputs

extension LinePlot {
  /// Draws the picture.
  func draw(on page: inout SVGPage) {
    let summaries = self.summaries
    page.head(title)
    guard let x = xScale, let y = yScale(summaries) else { return page.note(emptyText) }
    page.legend(legendEntries(summaries))
    let frame = SVGFrame(
      &page, x: x, y: y, xLabel: xLabel.onOneLine, yLabel: fullYLabel,
      wholeX: true)
    for index in series.indices.reversed() {
      let path = path(through: points(of: series[index]), in: frame)
      page.markup.add("path", ["d": path, "class": "l\(index % 6)"])
      mark(series[index], summaries[index], index, in: frame, on: &page)
    }
    frame.mark(flaws: series.flatMap { flaws(of: points(of: $0)) }, on: &page)
  }

  private func points(of series: Series) -> [(Double, Double)] {
    series.values.enumerated().map { (Double(start + $0), $1) }
  }

  /// The signs on few values, and the star on the best one.
  private func mark(
    _ series: Series, _ summary: LineSummary, _ index: Int, in frame: SVGFrame, on page: inout SVGPage
  ) {
    if series.values.count <= 40 {
      for (x, value) in points(of: series) where canDraw(value) {
        let place = frame.place(x, value)
        PointShape.draw(index, place.x, place.y, radius: 3, on: &page.markup)
      }
    }
    guard series.marksBest, let best = summary.best, canDraw(series.values[best]) else { return }
    let place = frame.place(Double(start + best), series.values[best])
    page.markup.add("circle", ["cx": px(place.x), "cy": px(place.y), "r": "6", "class": "k"])
  }

  private func legendEntries(_ summaries: [LineSummary]) -> [SVGPage.Entry] {
    zip(series, summaries).enumerated().map { index, pair in
      let (series, summary) = pair
      let last = series.values.last.map { ": last " + NumberText.short($0) } ?? ""
      let best =
        summary.best.map { ", " + bestText(series, $0) + (series.marksBest ? " (ringed)" : "") } ?? ""
      return SVGPage.Entry(meaning: series.name + last + best) { markup, x, y in
        markup.line(x - 12, y, x + 12, y, "l\(index % 6)")
      }
    }
  }
}
