import Diagnostics
import Localization

/// The places of boxes in a picture of a network.
struct NetworkPicture {
  private struct Box {
    var x = 0.0
    var middle = 0.0
    var width = 0.0
    var height = 0.0
  }

  private let plot: NetworkPlot
  private let layout: GraphLayout
  private let top: Double
  private var boxes: [GraphLayout.Item: Box] = [:]
  private let size: (width: Double, height: Double)

  init(_ plot: NetworkPlot, _ layout: GraphLayout, top: Double, pageWidth: Double) {
    self.plot = plot
    self.layout = layout
    self.top = top
    let heights = layout.ranks.map { rank in rank.map { NetworkPicture.size($0, plot).height } }
    let tallest =
      heights.map { heights -> Double in heights.reduce(0, +) + 22 * Double(heights.count - 1) }.max() ?? 0
    let middles = layout.middles(sizes: heights, gap: 22, length: tallest)
    let widths = layout.ranks.map { rank in rank.map { NetworkPicture.size($0, plot).width }.max() ?? 0 }
    // The ranks share what the boxes leave of the page, within reason.
    let left = pageWidth - 16 - widths.reduce(0, +)
    let hasNumbers = plot.edges.contains { plot.rows(of: $0) != nil }
    let gap = min(max(left / Double(max(widths.count - 1, 1)), 50), hasNumbers ? 210 : 130)
    var x = 8.0
    for (rank, items) in layout.ranks.enumerated() {
      for (index, item) in items.enumerated() {
        var size = NetworkPicture.size(item, plot)
        // An edge that passes a rank goes straight past all of it, and so through no box.
        if case .bend = item { size.width = widths[rank] }
        let inset = (widths[rank] - size.width) / 2
        boxes[item] = Box(
          x: x + inset, middle: top + middles[rank][index], width: size.width, height: size.height)
      }
      x += widths[rank] + gap
    }
    size = (x - gap + 8, tallest)
  }

  private static func size(_ item: GraphLayout.Item, _ plot: NetworkPlot) -> (width: Double, height: Double) {
    guard case .node(let index) = item else { return (0, 12) }
    let node = plot.nodes[index]
    let words = [node.name, node.detail].map { SVGPage.width(of: $0.cut(to: 28, ellipsis: "…")) }
    return ((words.max() ?? 0) + 20, 46 + (hasUnits(node) ? Double(node.units) * NetworkPicture.unitGap : 0))
  }

  /// How far units lie apart.
  private static let unitGap = 30.0

  private static func hasUnits(_ node: NetworkPlot.Node) -> Bool {
    (1...NetworkPlot.fewUnits).contains(node.units)
  }

  func draw(on page: inout SVGPage) {
    for (index, node) in plot.nodes.enumerated() {
      draw(node, boxes[.node(index)] ?? Box(), on: &page.markup)
    }
    let limit =
      plot.edges.flatMap { plot.rows(of: $0)?.joined() ?? [].joined() }.filter(\.isFinite)
      .map(abs).max() ?? 0
    // Numbers come last, so that no arrow strikes them through.
    for showsWeights in [false, true] {
      for (index, edge) in plot.edges.enumerated() where isDrawnByWeights(edge, index) == showsWeights {
        draw(edge, index, limit, on: &page.markup)
      }
    }
    page.height = top + size.height + 12 + (plot.edges.contains(where: \.isDelayed) ? NetworkPicture.dip : 0)
    // A deep network makes a wide picture, which a page shrinks to its width.
    page.width = max(page.width, size.width)
  }

  private func draw(_ node: NetworkPlot.Node, _ box: Box, on markup: inout Markup) {
    let y = box.middle - box.height / 2
    markup.add(
      "rect",
      [
        "x": px(box.x), "y": px(y), "width": px(box.width), "height": px(box.height), "rx": "6", "class": "p",
      ])
    let centre = box.x + box.width / 2
    markup.label(centre, y + 18, node.name.onOneLine.cut(to: 28, ellipsis: "…"), "b", anchor: "middle")
    markup.label(centre, y + 35, node.detail.onOneLine.cut(to: 28, ellipsis: "…"), "q", anchor: "middle")
    guard NetworkPicture.hasUnits(node) else { return }
    for unit in 0..<node.units {
      let place = unitPlace(unit, box)
      markup.open("circle", ["cx": px(place.x), "cy": px(place.y), "r": "7", "class": "n"])
      if let biases = node.biases, biases.indices.contains(unit) {
        markup.add("title", [:], localized("bias \(NumberText.short(biases[unit]))"))
      }
      markup.close("circle")
    }
  }

  private func unitPlace(_ unit: Int, _ box: Box) -> (x: Double, y: Double) {
    (box.x + box.width / 2, box.middle - box.height / 2 + 54 + Double(unit) * NetworkPicture.unitGap)
  }

  private func bends(_ edge: Int) -> [Box] {
    layout.ranks.indices.compactMap { boxes[.bend(edge: edge, rank: $0)] }
  }

  /// Whether an edge is a line for each weight, and not one arrow.
  private func isDrawnByWeights(_ edge: NetworkPlot.Edge, _ index: Int) -> Bool {
    edge.label == nil && plot.rows(of: edge) != nil && bends(index).isEmpty
  }

  private func draw(
    _ edge: NetworkPlot.Edge, _ index: Int, _ limit: Double, on markup: inout Markup
  ) {
    guard let from = boxes[.node(edge.source)], let to = boxes[.node(edge.target)] else { return }
    if edge.isDelayed { return drawBelow(edge, from, to, on: &markup) }
    guard from.x < to.x else { return }
    if isDrawnByWeights(edge, index), let rows = plot.rows(of: edge) {
      return draw(rows, from, to, limit, on: &markup)
    }
    let bends = bends(index)
    var path = "M\(px(from.x + from.width)) \(px(from.middle))"
    var last = (from.x + from.width, from.middle)
    for stop in bends + [to] {
      let half = (last.0 + stop.x) / 2
      path += "C\(px(half)) \(px(last.1)) \(px(half)) \(px(stop.middle)) \(px(stop.x)) \(px(stop.middle))"
      last = (stop.x + stop.width, stop.middle)
      if stop.x != to.x { path += "H\(px(last.0))" }
    }
    markup.add("path", ["d": path, "class": "k"])
    // Every edge arrives level.
    markup.add("path", ["d": "M\(px(to.x)) \(px(to.middle))l-10 -5v10z", "class": "kf"])
    guard let label = edge.label else { return }
    // Above the straight stretch past a rank, where there is one: nothing else is near. Else on the line itself.
    if let bend = bends.first {
      markup.label(bend.x + bend.width / 2, bend.middle - 8, label, "q h", anchor: "middle")
    } else {
      let middle = ((from.x + from.width + to.x) / 2, (from.middle + to.middle) / 2 + 4)
      markup.label(middle.0, middle.1, label, "q h", anchor: "middle")
    }
  }

  /// How far below its boxes an arrow to a later step goes.
  private static let dip = 34.0

  /// A dashed arrow below the boxes, for what goes from one step to a later one.
  private func drawBelow(_ edge: NetworkPlot.Edge, _ from: Box, _ to: Box, on markup: inout Markup) {
    let isOwn = edge.source == edge.target
    let start = (x: from.x + from.width / 2 + (isOwn ? 12 : 0), y: from.middle + from.height / 2)
    let end = (x: to.x + to.width / 2 - (isOwn ? 12 : 0), y: to.middle + to.height / 2)
    let depth = max(start.y, end.y) + NetworkPicture.dip
    markup.add(
      "path",
      [
        "d": "M\(px(start.x)) \(px(start.y))C\(px(start.x + (isOwn ? 16 : 0))) \(px(depth)) "
          + "\(px(end.x - (isOwn ? 16 : 0))) \(px(depth)) \(px(end.x)) \(px(end.y))",
        "class": "k", "style": "stroke-dasharray:4 3",
      ])
    markup.add("path", ["d": "M\(px(end.x)) \(px(end.y))l-5 10h10z", "class": "kf"])
    guard let label = edge.label else { return }
    markup.label((start.x + end.x) / 2, depth - 4, label, "q h", anchor: "middle")
  }

  /// A line for each weight: thicker the larger, dashed below zero; with its number where there are few.
  private func draw(_ rows: [[Double]], _ from: Box, _ to: Box, _ limit: Double, on markup: inout Markup) {
    let isFew = rows.count * (rows.first?.count ?? 0) <= 9
    var numbers = LineLabels(between: from.x + from.width + 4, and: to.x - 4)
    for (target, weights) in rows.enumerated() {
      for (source, weight) in weights.enumerated() where weight.isFinite {
        let start = unitPlace(source, from)
        let end = unitPlace(target, to)
        let share = limit > 0 ? abs(weight) / limit : 0
        markup.open(
          "line",
          [
            "x1": px(start.x + 8), "y1": px(start.y), "x2": px(end.x - 8), "y2": px(end.y),
            "class": weight < 0 ? "l1" : "l0", "style": "stroke-width:\(px(0.6 + 3 * share))",
          ])
        markup.add("title", [:], NumberText.short(weight))
        markup.close("line")
        if isFew { numbers.add(NumberText.short(weight), from: start, to: end) }
      }
    }
    // After all lines, so that no number is struck through.
    markup.add(numbers.markup)
  }
}

/// Labels that stand on lines, each at a place of its line where no earlier one is in its way.
struct LineLabels {
  private(set) var markup = Markup()
  private let edges: (Double, Double)
  private var taken: [(x: Double, y: Double, width: Double)] = []

  /// Where along the way a label may stand, the best place first.
  private static let parts = [0.5, 0.36, 0.64, 0.22, 0.78, 0.43, 0.57, 0.29, 0.71, 0.15, 0.85]
  private static let height = 15.0

  /// Labels that stay between two places across the page.
  init(between left: Double, and right: Double) { edges = (left, right) }

  mutating func add(_ label: String, from: (x: Double, y: Double), to: (x: Double, y: Double)) {
    let width = SVGPage.width(of: label)
    let places = LineLabels.parts.map { part in
      let centre = edges.0 + (edges.1 - edges.0) * part
      let x = min(max(centre, edges.0 + width / 2), max(edges.1 - width / 2, edges.0 + width / 2))
      return (x: x, y: from.y + (to.y - from.y) * (x - from.x) / max(to.x - from.x, 1))
    }
    guard let place = places.first(where: { isFree($0, width) }) ?? places.first else { return }
    taken.append((place.x, place.y, width))
    markup.label(place.x, place.y + 4, label, "h", anchor: "middle")
  }

  private func isFree(_ place: (x: Double, y: Double), _ width: Double) -> Bool {
    taken.allSatisfy { other in
      abs(other.x - place.x) >= (other.width + width) / 2 + 2 || abs(other.y - place.y) >= LineLabels.height
    }
  }
}
