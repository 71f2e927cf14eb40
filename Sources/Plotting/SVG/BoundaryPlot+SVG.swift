import Diagnostics
import Outputs

extension BoundaryPlot {
  /// Draws the picture.
  func draw(on page: inout SVGPage) {
    page.head(title, score ?? "")
    guard let x = Scale(from: xRange.lowerBound, to: xRange.upperBound),
      let y = Scale(from: yRange.lowerBound, to: yRange.upperBound), BoundaryGrid(self) != nil
    else { return page.note("nothing to plot yet") }
    page.legend(legendEntries)
    let frame = SVGFrame(
      &page, x: x, y: y, xLabel: xLabel, yLabel: yLabel, width: 360, height: 360)
    drawGround(in: frame, on: &page)
    let shown = points.filter { xRange.contains($0.x) && yRange.contains($0.y) }
      .sorted { !$0.isMisclassified && $1.isMisclassified }
    let isSparse = shown.count <= 60
    var drawn: Set<Int> = []
    for point in shown {
      let place = frame.place(point.x, point.y)
      let cell = (Int(place.x) * 1000 + Int(place.y)) * 2 + (point.isMisclassified ? 1 : 0)
      guard isSparse || drawn.insert(cell).inserted else { continue }
      draw(point, place, radius: isSparse ? 8 : 3.5, on: &page.markup)
    }
  }

  // MARK: Ground

  /// The class that a node's answer says, and how sure it is in quarters; nil without an answer.
  private func shade(_ answer: Answer) -> (label: Int, step: Int)? {
    guard answer.probability.isFinite else { return nil }
    let p = min(max(answer.probability, 0), 1)
    if classes.count <= 2 { return (p >= 0.5 ? 1 : 0, min(Int(abs(p - 0.5) * 8), 3)) }
    guard classes.indices.contains(answer.winner) else { return nil }
    return (answer.winner, min(max(Int(p * 5) - 1, 0), 3))
  }

  /// One path for each shade, made of runs of cells; a line where the class changes.
  private func drawGround(in frame: SVGFrame, on page: inout SVGPage) {
    let columns = gridColumns
    let rows = answers.count / columns
    let shades = answers.prefix(rows * columns).map(shade)
    var runs: [Int: String] = [:]
    var border = ""
    for row in 0..<rows {
      var column = 0
      while column < columns {
        let start = column
        let here = shades[row * columns + column]
        let isSame = { (other: (label: Int, step: Int)?) in
          other?.label == here?.label && other?.step == here?.step
        }
        while column < columns, isSame(shades[row * columns + column]) { column += 1 }
        let key = here.map { ($0.label % 6) * 4 + $0.step } ?? -1
        runs[key, default: ""] += "M\(start) \(rows - 1 - row)h\(column - start)v1h-\(column - start)z"
      }
      for column in 0..<columns {
        let label = shades[row * columns + column]?.label
        if column + 1 < columns, shades[row * columns + column + 1]?.label != label {
          border += "M\(column + 1) \(rows - 1 - row)v1"
        }
        if row + 1 < rows, shades[(row + 1) * columns + column]?.label != label {
          border += "M\(column) \(rows - 1 - row)h1"
        }
      }
    }
    let scale = "scale(\(px(frame.width / Double(columns), 2)) \(px(frame.height / Double(rows), 2)))"
    page.markup.open("g", ["transform": "translate(\(px(frame.left)) \(px(frame.top))) \(scale)"])
    for (key, path) in runs.sorted(by: { $0.key < $1.key }) where key >= 0 {
      let opacity = [0.12, 0.24, 0.38, 0.54][key % 4]
      page.markup.add(
        "path",
        ["d": path, "class": "f\(key / 4)", "fill-opacity": px(opacity, 2), "shape-rendering": "crispEdges"])
    }
    page.markup.add("path", ["d": border, "class": "k", "vector-effect": "non-scaling-stroke"])
    page.markup.close("g")
  }

  // MARK: Points

  private func draw(
    _ point: Point, _ place: (x: Double, y: Double), radius: Double, on markup: inout Markup
  ) {
    guard radius > 5 else {
      PointShape.draw(point.truth, place.x, place.y, radius: radius, on: &markup)
      if point.isMisclassified { ring(place, 6, on: &markup) }
      return
    }
    let classes = "f\(max(point.truth, 0) % 6)"
    markup.add("circle", ["cx": px(place.x), "cy": px(place.y), "r": px(radius), "class": classes])
    markup.label(place.x, place.y + 4, String(point.sign), "w", anchor: "middle")
    if point.isMisclassified { ring(place, radius + 2, on: &markup) }
  }

  private func ring(_ place: (x: Double, y: Double), _ radius: Double, on markup: inout Markup) {
    markup.add("circle", ["cx": px(place.x), "cy": px(place.y), "r": px(radius), "class": "e"])
  }

  private var legendEntries: [SVGPage.Entry] {
    // The ground has classes, too, that no point is of.
    let all = Set(points.map(\.truth)).union(winners.map(\.label)).sorted()
    let labels = all.prefix(Self.mostNamed)
    let isSparse = points.count <= 60
    var entries = labels.map { label in
      SVGPage.Entry(meaning: "class \(className(label)), and ground so classified") { markup, x, y in
        markup.rect(x - 11, y - 8, 22, 16, "f\(max(label, 0) % 6)", opacity: 0.38)
        guard isSparse else { return PointShape.draw(label, x, y, radius: 3.5, on: &markup) }
        markup.add("circle", ["cx": px(x), "cy": px(y), "r": "7", "class": "f\(max(label, 0) % 6)"])
        markup.label(x, y + 4, String(Glyphs.point(label)), "w", anchor: "middle")
      }
    }
    if all.count > labels.count {
      entries.append(.init(meaning: (all.count - labels.count).counted("more class")) { _, _, _ in })
    }
    if points.contains(where: \.isMisclassified) {
      entries.append(
        .init(meaning: "misclassified") { markup, x, y in
          markup.add("circle", ["cx": px(x), "cy": px(y), "r": "6", "class": "e"])
        })
    }
    return entries
  }
}
