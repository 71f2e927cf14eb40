import Diagnostics

extension Axes {
  func draw(on page: inout SVGPage) {
    let labelled = isLabelled
    page.legend(legend.compactMap { $0.picture(isLabelled: labelled) })
    let frame = SVGFrame(self, on: &page)
    var cuts = 0
    for mark in marks.reversed() {
      switch mark {
      case .ground(let ground): ground.draw(in: frame, on: &page.markup)
      case .bars(let heights): frame.draw(bars: heights, on: &page.markup)
      case .line(let line): frame.draw(line, on: &page.markup)
      case .surface(let surface): surface.draw(in: frame, on: &page.markup)
      case .way(let places): frame.draw(way: places, on: &page.markup)
      case .cut(let place, let name):
        frame.draw(cut: place, name, line: cuts % 3, on: &page.markup)
        cuts += 1
      case .points, .best: break
      }
    }
    for mark in marks.reversed() {
      switch mark {
      case .points(let points):
        // A single cloud of many points is one path of dots; classes keep their shapes.
        let isOnePath = points.kind == .cloud && marks.count == 1 && valueCount > 300
        frame.draw(points, of: valueCount, isOnePath, isLabelled: labelled, on: &page.markup)
      case .best(let place):
        let place = frame.place(place)
        page.markup.circle(place, 6, "k")
      case .line, .bars, .ground, .surface, .way, .cut: break
      }
    }
    frame.mark(flaws: flaws, on: &page.markup)
  }

  /// Whether points over a ground are so few that each has a circle with the sign of its class.
  private var isLabelled: Bool {
    marks.contains { if case .points(let points) = $0 { points.points.count <= 60 } else { false } }
  }
}

/// Axes as a picture has them, in pixels.
struct SVGFrame {
  let left: Double
  let top: Double
  let width: Double
  let height: Double

  /// Draws the axes, their ticks and a grid, and takes the room that they need.
  init(_ axes: Axes, on page: inout SVGPage) {
    left = 18 + (axes.y.ticks.map { SVGPage.width(of: $0.label) }.max() ?? 0)
    top = page.height + 22
    let room = page.width - left - 16
    (width, height) = axes.shape == .square ? (min(360, room), 360) : (room, 260)
    page.markup.label(4, page.height + 12, axes.y.label, "q")
    for tick in axes.y.ticks {
      let place = top + height - tick.fraction * height
      page.markup.line(left, place, left + width, place, "g")
      page.markup.label(left - 6, place + 4, tick.label, anchor: "end")
    }
    for tick in axes.x.ticks {
      let place = left + tick.fraction * width
      page.markup.line(place, top + height, place, top + height + 5, "a")
      page.markup.label(place, top + height + 18, tick.label, anchor: "middle")
    }
    page.markup.add("path", ["d": "M\(px(left)) \(px(top))v\(px(height))h\(px(width))", "class": "a"])
    page.markup.label(left + width / 2, top + height + 36, axes.x.label, "q", anchor: "middle")
    page.height = top + height + 44
  }

  /// The pixels of a place.
  func place(_ point: UnitPoint) -> (x: Double, y: Double) {
    (left + point.x * width, top + height - point.y * height)
  }

  // MARK: Marks

  /// Bars of less than a pixel are drawn together, as high as the highest.
  fileprivate func draw(bars heights: [Double], on markup: inout Markup) {
    let bar = width / Double(max(heights.count, 1))
    let shared = max(Int((1 / bar).rounded(.up)), 1)
    for first in stride(from: 0, to: heights.count, by: shared) {
      let share = heights[first..<min(first + shared, heights.count)].max() ?? 0
      guard share > 0 else { continue }
      markup.rect(
        left + Double(first) * bar, top + height - share * height,
        bar * Double(shared) - (bar > 6 ? 2 : 0), share * height, "f0", opacity: 0.8)
    }
  }

  /// An upright line, its name beside it where it does not leave the drawing.
  ///
  /// - Parameter line: on which line its name stands, so that neighbours do not hide each other.
  fileprivate func draw(cut place: Double, _ name: String, line: Int, on markup: inout Markup) {
    let x = left + place * width
    markup.add(
      "line",
      [
        "x1": px(x), "y1": px(top), "x2": px(x), "y2": px(top + height), "class": "k",
        "style": "stroke-dasharray:2 3",
      ])
    let goesLeft = x + 6 + SVGPage.width(of: name) > left + width
    markup.label(
      goesLeft ? x - 5 : x + 5, top + 11 + 14 * Double(line), name, "q h", anchor: goesLeft ? "end" : "start")
  }

  /// A way from place to place, with a dot on each where they are few.
  fileprivate func draw(way places: [UnitPoint], on markup: inout Markup) {
    let places = places.map(place)
    let path = places.map { "\(px($0.x)) \(px($0.y))" }.joined(separator: "L")
    markup.add("path", ["d": "M" + path, "class": "k"])
    guard places.count <= 60 else { return }
    for place in places { markup.circle(place, 2.5, "kf") }
  }

  /// A line, and signs on its values where they are few.
  fileprivate func draw(_ line: Line, on markup: inout Markup) {
    markup.add("path", ["d": path(line), "class": "l\(line.series % 6)"])
    guard line.points.count <= 40, !line.isContinuous else { return }
    for point in line.points where point.x.isFinite && point.y.isFinite {
      PointShape.draw(line.series, place(point), radius: 3, on: &markup)
    }
  }

  /// The path of a line, neighbours within a pixel gathered where there are many, so that a million points make a
  /// short text.
  private func path(_ line: Line) -> String {
    let isDense = Double(line.points.count) > width * 2
    let columns = isDense ? Int(width) + 1 : 1 << 20
    var text = ""
    for run in line.runs(columns: columns) {
      let x = left + Double(run.column) / Double(columns - 1) * width
      func y(_ fraction: Double) -> String { px(top + height - fraction * height) }
      text += (run.startsLine ? "M" : "L") + px(x) + " " + y(run.first)
      // A point on its own shows as a dot, by its round line cap.
      if run.startsLine { text += "h0" }
      if run.low < run.high { text += "V\(y(run.low))V\(y(run.high))V\(y(run.last))" }
    }
    return text
  }

  /// Points, of those that share a spot one where they are many, so that a picture has a bounded size.
  fileprivate func draw(
    _ points: Points, of count: Int, _ isOnePath: Bool, isLabelled: Bool, on markup: inout Markup
  ) {
    // Of thousands nobody tells the shapes: dots, of each class a path.
    let isDense = count > 2000 && !isLabelled && !isOnePath
    let radius = count > 2000 ? 1.2 : count > 300 ? 2.2 : 3.5
    var drawn: Set<SIMD4<Int>> = []
    var dots: [Int: String] = [:]
    for point in points.points {
      let place = place(point.place)
      let size = isDense ? (point.isWrong ? 6 : 2 * radius) : radius
      let spot = SIMD4(Int(place.x / size), Int(place.y / size), point.label, point.isWrong ? 1 : 0)
      guard drawn.insert(spot).inserted || count < 300 else { continue }
      if isOnePath || isDense && !point.isWrong {
        dots[point.label, default: ""] += "M\(px(place.x)) \(px(place.y))h0"
      } else if points.kind == .overGround {
        PointShape.draw(point.label, isWrong: point.isWrong, place, isLabelled: isLabelled, on: &markup)
      } else {
        PointShape.draw(point.label, place, radius: radius, on: &markup)
      }
    }
    for (label, path) in dots.sorted(by: { $0.key < $1.key }) {
      markup.add(
        "path", ["d": path, "class": "l\(max(label, 0) % 6)", "style": "stroke-width:\(px(radius * 2))"])
    }
  }

  /// Marks places on the x axis at which values are missing, a mark every few pixels at most.
  fileprivate func mark(flaws: [Double], on markup: inout Markup) {
    for place in Set(flaws.map { Int($0 * width / 6) }).sorted() {
      markup.label(left + Double(place) * 6, top + height - 3, "!", "b ef", anchor: "middle")
    }
  }
}

extension LegendEntry {
  /// The entry in a picture; nil for what pictures do not show.
  fileprivate func picture(isLabelled: Bool) -> SVGPage.Entry? {
    if case .shared = symbol { return nil }
    return SVGPage.Entry(meaning: meaning + (detail.isEmpty ? "" : ": " + detail)) { markup, x, y in
      switch symbol {
      case .shared: break
      case .line(let series): markup.line(x - 12, y, x + 12, y, "l\(series % 6)")
      case .point(let label), .classPoint(let label):
        PointShape.draw(label, (x, y), radius: 3.5, on: &markup)
      case .best: markup.circle((x, y), 6, "k")
      case .flaw: markup.label(x, y + 4, "!", "b ef", anchor: "middle")
      case .cut:
        markup.add(
          "line",
          [
            "x1": px(x), "y1": px(y - 9), "x2": px(x), "y2": px(y + 9), "class": "k",
            "style": "stroke-dasharray:2 3",
          ])
      case .heights:
        for shade in 0..<Surface.shades {
          markup.rect(
            x - 12 + Double(shade) * 2.4, y - 8, 2.4, 16, "f0", opacity: Surface.opacity(shade))
        }
      case .ramp:
        for step in 0..<8 {
          let opacity = Ground.opacities[step < 4 ? 3 - step : step - 4]
          markup.rect(x - 12 + Double(step) * 3, y - 8, 3, 16, step < 4 ? "f0" : "f1", opacity: opacity)
        }
      case .texture(let label):
        markup.rect(x - 11, y - 8, 22, 16, "f\(max(label, 0) % 6)", opacity: Ground.opacities[2])
      case .label(let label, let isWrong):
        PointShape.draw(label, isWrong: isWrong, (x, y), isLabelled: isLabelled, on: &markup)
      case .text(let text, let isAlert):
        markup.label(x, y + 4, text, isAlert ? "ef" : "b", anchor: "middle")
      }
    }
  }
}
