import Diagnostics
import Localization

/// An unrolled network as a picture: a column of boxes for each step, dashed arrows between steps.
struct UnrolledPicture {
  private let plot: UnrolledPlot
  private let top: Double
  private let arrows: [UnrolledPlot.Arrow]
  /// The arrows that skip rows, each with its place among them.
  private let sides: [Int: Int]
  private let boxWidth: Double
  private let gap: Double

  private static let boxHeight = 40.0
  private static let headHeight = 22.0
  /// What lies between two rows of boxes.
  private static let channel = 44.0

  init(_ plot: UnrolledPlot, top: Double) {
    (self.plot, self.top) = (plot, top)
    // Names are bold, and wider for it.
    let widths = plot.rows.filter { !$0.isWhole }.flatMap { row in
      [
        SVGPage.width(of: row.name.cut(to: 28, ellipsis: "…")) * 1.15,
        SVGPage.width(of: row.detail.cut(to: 28, ellipsis: "…")),
      ]
    }
    boxWidth = max(60, (widths.max() ?? 0) + 20)
    arrows = plot.drawnArrows
    // Arrows that skip rows pass them side by side.
    var sides: [Int: Int] = [:]
    for (number, arrow) in arrows.enumerated() where arrow.age == 0 && arrow.target > arrow.source + 1 {
      sides[number] = sides.count
    }
    self.sides = sides
    gap = arrows.contains { $0.source != $0.target || abs($0.age) > 1 } ? 74 : 56
  }

  /// Whether somebody could still follow it.
  var isReasonable: Bool { plot.rows.count <= 60 && arrows.count <= 200 }

  private var count: Int { plot.drawnSteps }

  private func left(_ step: Int) -> Double { 8 + Double(step) * (boxWidth + gap) }
  private func middle(_ step: Int) -> Double { left(step) + boxWidth / 2 }
  private func upper(_ row: Int) -> Double {
    top + Self.headHeight + Double(row) * (Self.boxHeight + Self.channel)
  }
  private func lower(_ row: Int) -> Double { upper(row) + Self.boxHeight }

  func draw(on page: inout SVGPage) {
    for step in 0..<count {
      page.markup.label(middle(step), top + 12, localized("step \(step)"), "q", anchor: "middle")
    }
    for (number, row) in plot.rows.enumerated() {
      for step in 0..<(row.isWhole ? 1 : count) { draw(row, number, step, on: &page.markup) }
    }
    for number in arrows.indices { draw(arrows[number], number, on: &page.markup) }
    let hasDips = arrows.contains { abs($0.age) > 1 && $0.source == plot.rows.count - 1 }
    page.height = lower(plot.rows.count - 1) + 12 + (hasDips ? Self.channel : 0)
    // Many steps make a wide picture, which a page shrinks to its width.
    page.width = max(page.width, left(count - 1) + boxWidth + gap)
  }

  private func draw(_ row: UnrolledPlot.Row, _ number: Int, _ step: Int, on markup: inout Markup) {
    let width = row.isWhole ? left(count - 1) + boxWidth - left(0) : boxWidth
    let (x, y) = (left(step), upper(number))
    markup.add(
      "rect",
      [
        "x": px(x), "y": px(y), "width": px(width), "height": px(Self.boxHeight), "rx": "4", "class": "n",
      ])
    for (line, words) in [row.name, row.detail].enumerated() {
      markup.label(
        x + width / 2, y + 17 + Double(line) * 16, words.cut(to: 28, ellipsis: "…"),
        line == 0 ? "b" : "q", anchor: "middle")
    }
  }

  // MARK: Arrows

  private typealias Place = (x: Double, y: Double)

  private func draw(_ arrow: UnrolledPlot.Arrow, _ number: Int, on markup: inout Markup) {
    for step in 0..<count {
      if arrow.age == 0 {
        if isDrawn(arrow, at: step) { drawWithin(arrow, step, sides[number], on: &markup) }
      } else if (0..<count).contains(step + arrow.age) {
        drawBetween(arrow, step, step + arrow.age, on: &markup)
      }
    }
  }

  private func isDrawn(_ arrow: UnrolledPlot.Arrow, at step: Int) -> Bool {
    let (source, target) = (plot.rows[arrow.source], plot.rows[arrow.target])
    if source.isWhole, target.isWhole { return step == (count - 1) / 2 }
    guard target.isWhole else { return true }
    switch arrow.moment {
    case .always: return true
    case .atEnd: return step == count - 1
    case .atStart: return step == 0
    }
  }

  /// An arrow down, past the boxes of the rows between where there are some.
  private func drawWithin(
    _ arrow: UnrolledPlot.Arrow, _ step: Int, _ side: Int?, on markup: inout Markup
  ) {
    let x = middle(step) + (side != nil ? boxWidth / 4 : arrow.isGate ? -boxWidth / 4 : 0)
    let (start, stop) = (lower(arrow.source), upper(arrow.target))
    let bend = Self.channel / 2
    var path = "M\(px(x)) \(px(start))"
    if let number = side {
      let side = left(step) + boxWidth + 10 + 7 * Double(number % 6)
      path += "C\(px(x)) \(px(start + bend)) \(px(side)) \(px(start + 6)) \(px(side)) \(px(start + bend))"
      path += "V\(px(stop - bend))"
      path += "C\(px(side)) \(px(stop - 6)) \(px(x)) \(px(stop - bend)) \(px(x)) \(px(stop))"
    } else {
      path += "V\(px(stop))"
    }
    markup.add("path", ["d": path, "class": "k"])
    end(arrow, (x: x, y: stop), "l-5 -10h10z", on: &markup)
  }

  /// A dashed arrow from one step to another.
  private func drawBetween(_ arrow: UnrolledPlot.Arrow, _ from: Int, _ to: Int, on markup: inout Markup) {
    let goesOn = arrow.age > 0
    let isLevel = arrow.source == arrow.target && abs(arrow.age) == 1 && !arrow.isGate
    // Level lines keep to the upper half of the boxes, and leave the lower to what goes elsewhere.
    let startX = goesOn ? left(from) + boxWidth : left(from)
    let startY = upper(arrow.source) + (isLevel ? 14 : 28)
    let stopX = goesOn ? left(to) : left(to) + boxWidth
    let stopY = upper(arrow.target) + (arrow.isGate ? 28 : 14)
    let reach = goesOn ? gap / 2 : -gap / 2
    var path = "M\(px(startX)) \(px(startY))"
    if abs(arrow.age) > 1 {
      // Below the boxes of the steps between.
      let dip = lower(arrow.source) + 10 + 5 * Double(from % 3)
      let (out, back) = (startX + reach, stopX - reach)
      path += "C\(px(out)) \(px(startY)) \(px(out - reach / 2)) \(px(dip)) \(px(out + reach / 2)) \(px(dip))"
      path += "H\(px(back - reach / 2))"
      path += "C\(px(back + reach / 2)) \(px(dip)) \(px(back)) \(px(stopY)) \(px(stopX)) \(px(stopY))"
    } else {
      path += "C\(px(startX + reach)) \(px(startY)) \(px(stopX - reach)) \(px(stopY))"
      path += " \(px(stopX)) \(px(stopY))"
    }
    markup.add("path", ["d": path, "class": "k", "style": "stroke-dasharray:4 3"])
    end(arrow, (x: stopX, y: stopY), goesOn ? "l-10 -5v10z" : "l10 -5v10z", on: &markup)
  }

  /// The end of an arrow: a head, or a gate's dot.
  private func end(_ arrow: UnrolledPlot.Arrow, _ place: Place, _ head: String, on markup: inout Markup) {
    if arrow.isGate {
      markup.circle(place, 4.5, "kf")
    } else {
      markup.add("path", ["d": "M\(px(place.x)) \(px(place.y))\(head)", "class": "kf"])
    }
  }
}
