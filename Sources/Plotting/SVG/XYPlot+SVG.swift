import Diagnostics
import Outputs

extension XYPlot {
  /// Draws the picture.
  func draw(on page: inout SVGPage) {
    let summaries = self.summaries
    page.head(title, count.counted("point"))
    guard let scales = scales(summaries) else { return page.note(emptyText) }
    if series.count > 1 || kind == .classes { page.legend(legendEntries) }
    let frame = SVGFrame(
      &page, x: scales.x, y: scales.y, xLabel: xLabel, yLabel: fullYLabel,
      wholeX: hasWholeX)
    for index in series.indices.reversed() {
      if isJoined {
        let path = path(through: points(of: series[index]), in: frame)
        page.markup.add("path", ["d": path, "class": "l\(index % 6)"])
      }
      let isSparse = kind == .line && series[index].xs.count <= 40
      if !isJoined || isSparse { drawPoints(index, in: frame, on: &page) }
    }
    frame.mark(flaws: series.flatMap { flaws(of: points(of: $0)) }, on: &page)
  }

  private func points(of series: Series) -> [(Double, Double)] { Array(zip(series.xs, series.ys)) }

  /// Points in the same half pixel are drawn once, so that a picture has a bounded size.
  private func drawPoints(_ index: Int, in frame: SVGFrame, on page: inout SVGPage) {
    let radius = count > 2000 ? 1.2 : count > 300 ? 2.2 : 3.5
    var drawn: Set<Int> = []
    var dots = ""
    // A single cloud of many points is one path of dots; classes keep their shapes.
    let isOnePath = count > 300 && series.count == 1
    for (x, y) in points(of: series[index]) where x.isFinite && canDraw(y) {
      let place = frame.place(x, y)
      let cell = Int(place.x / radius) * 10_000 + Int(place.y / radius)
      guard drawn.insert(cell).inserted || count < 300 else { continue }
      if isOnePath {
        dots += "M\(px(place.x)) \(px(place.y))h0"
      } else {
        PointShape.draw(index, place.x, place.y, radius: radius, on: &page.markup)
      }
    }
    guard isOnePath else { return }
    page.markup.add(
      "path", ["d": dots, "class": "l\(index % 6)", "style": "stroke-width:\(px(radius * 2))"])
  }

  private var legendEntries: [SVGPage.Entry] {
    series.enumerated().map { index, series in
      let name = (kind == .classes ? "class " : "") + series.name
      return SVGPage.Entry(meaning: name) { [isJoined] markup, x, y in
        if isJoined { markup.line(x - 12, y, x + 12, y, "l\(index % 6)") }
        PointShape.draw(index, x, y, radius: 3.5, on: &markup)
      }
    }
  }
}
