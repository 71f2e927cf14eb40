import Diagnostics

/// The axes around the drawing of a picture.
struct SVGFrame {
  let x: Scale
  let y: Scale
  let left: Double
  let top: Double
  let width: Double
  let height: Double

  /// Draws the axes, their ticks and a grid, and takes the room that they need.
  init(
    _ page: inout SVGPage, x: Scale, y: Scale, xLabel: String, yLabel: String, width: Double? = nil,
    height: Double = 260, wholeX: Bool = false, wholeY: Bool = false
  ) {
    let yTicks = Ticks.on(y, wholeOnly: wholeY) { Double($0.count) * 32 <= height }
    left = 18 + (yTicks.map { SVGPage.width(of: $0.label) }.max() ?? 0)
    top = page.height + 22
    let room = page.width - left - 16
    let breadth = min(width ?? room, room)
    (self.x, self.y, self.width, self.height) = (x, y, breadth, height)
    let xTicks = Ticks.on(x, wholeOnly: wholeX) { ticks in
      let widest = ticks.map { SVGPage.width(of: $0.label) }.max() ?? 0
      return ticks.count <= 12 && Double(ticks.count) * (widest + 18) <= breadth
    }
    page.markup.label(4, page.height + 12, yLabel, "q")
    for tick in yTicks {
      let place = top + height - tick.fraction * height
      page.markup.line(left, place, left + breadth, place, "g")
      page.markup.label(left - 6, place + 4, tick.label, anchor: "end")
    }
    for tick in xTicks {
      let place = left + tick.fraction * breadth
      page.markup.line(place, top + height, place, top + height + 5, "a")
      page.markup.label(place, top + height + 18, tick.label, anchor: "middle")
    }
    page.markup.add("path", ["d": "M\(px(left)) \(px(top))v\(px(height))h\(px(breadth))", "class": "a"])
    page.markup.label(left + breadth / 2, top + height + 36, xLabel, "q", anchor: "middle")
    page.height = top + height + 44
  }

  /// Where values lie in the picture.
  func place(_ px: Double, _ py: Double) -> (x: Double, y: Double) {
    (left + x.fraction(px) * width, top + height - y.fraction(py) * height)
  }

  /// Marks places on the x axis at which values are missing, a mark every few pixels at most.
  func mark(flaws: [Double], on page: inout SVGPage) {
    var last = -Double.infinity
    for flaw in flaws {
      let place = left + x.fraction(flaw) * width
      guard abs(place - last) >= 6 else { continue }
      last = place
      page.markup.label(place, top + height - 3, "!", "b ef", anchor: "middle")
    }
  }
}
