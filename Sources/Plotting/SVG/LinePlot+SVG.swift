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
    frame.mark(flaws: series.flatMap(flaws), on: &page)
  }

  /// The points of a series; those of a bucket lie above each other.
  private func points(of series: Series) -> [(Double, Double)] {
    guard series.buckets != nil else { return series.values.enumerated().map { (Double(start + $0), $1) } }
    return (0..<series.stretchCount).flatMap { index in
      let x = Double(start + series.place(ofStretch: index))
      return series.stretch(index, isLogarithmic: isLogarithmic).values.map { (x, $0) }
    }
  }

  /// Where something cannot be drawn; so many places at the most that the picture has a bounded size.
  private func flaws(of series: Series) -> [Double] {
    let flawed = (0..<series.stretchCount).lazy.filter {
      !series.stretch($0, isLogarithmic: isLogarithmic).isWhole
    }
    return flawed.prefix(2000).map { Double(start + series.place(ofStretch: $0)) }
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
    guard series.marksBest, let best = summary.best, canDraw(best.value) else { return }
    let place = frame.place(Double(start + best.index), best.value)
    page.markup.add("circle", ["cx": px(place.x), "cy": px(place.y), "r": "6", "class": "k"])
  }

  private func legendEntries(_ summaries: [LineSummary]) -> [SVGPage.Entry] {
    zip(series, summaries).enumerated().map { index, pair in
      let (series, summary) = pair
      let last = series.values.last.map { ": last " + NumberText.short($0) } ?? ""
      let best =
        summary.best.map { ", " + bestText($0) + (series.marksBest ? " (ringed)" : "") } ?? ""
      return SVGPage.Entry(meaning: series.name + last + best) { markup, x, y in
        markup.line(x - 12, y, x + 12, y, "l\(index % 6)")
      }
    }
  }
}
