import Diagnostics

/// A network as boxes in rows from the inputs down, with arrows through the channels between the rows.
struct NetworkDrawing {
  private let plot: NetworkPlot
  private let style: PlotStyle
  private let layout: GraphLayout
  /// The middle column of each item, by rank.
  private var middles: [[Int]] = []

  private static let boxHeight = 4

  /// Nil where the graph has no room on the page.
  init?(_ plot: NetworkPlot, _ layout: GraphLayout, _ style: PlotStyle) {
    self.plot = plot
    self.style = style
    self.layout = layout
    let sizes = layout.ranks.map { rank in rank.map { Double(width($0)) } }
    let widest = sizes.map { sizes -> Double in sizes.reduce(0, +) + 3 * Double(sizes.count - 1) }.max() ?? 0
    guard widest <= Double(style.width) else { return nil }
    // The drawing is no wider than it must be, but has room for lines to pass.
    let length = min(widest + (layout.ranks.contains { $0.count > 1 } ? 8 : 0), Double(style.width))
    middles = layout.middles(sizes: sizes, gap: 3, length: length).map { $0.map { Int($0) } }
  }

  /// The columns of an item: a box with its words, or three for a line that passes.
  private func width(_ item: GraphLayout.Item) -> Int {
    guard case .node(let index) = item else { return 3 }
    let node = plot.nodes[index]
    return max(node.name.onOneLine.displayWidth, node.detail.onOneLine.displayWidth, 3) + 4
  }

  var lines: [String] {
    var lines: [String] = []
    for rank in layout.ranks.indices {
      lines += boxes(rank)
      if rank < layout.segments.count { lines += channel(rank) }
    }
    return lines
  }

  // MARK: Boxes

  /// The texts of one row of boxes, made of pieces since a name may be wider than it has characters.
  private func boxes(_ rank: Int) -> [String] {
    (0..<Self.boxHeight).map { line in
      var text = ""
      for (item, middle) in zip(layout.ranks[rank], middles[rank]) {
        let width = width(item)
        text = text.padded(to: middle - width / 2)
        switch item {
        case .bend: text += " " + String(style.glyphs.vertical) + " "
        case .node(let index): text += boxLine(plot.nodes[index], width: width, line: line)
        }
      }
      return style.cut(text)
    }
  }

  private func boxLine(_ node: NetworkPlot.Node, width: Int, line: Int) -> String {
    let glyphs = style.glyphs
    switch line {
    case 0, Self.boxHeight - 1:
      let corners = glyphs.corners
      let (left, right) = line == 0 ? (corners[0], corners[1]) : (corners[2], corners[3])
      return String(left) + String(repeating: glyphs.horizontal, count: width - 2) + String(right)
    default:
      let words = line == 1 ? node.name.onOneLine : node.detail.onOneLine
      let room = width - 2
      let before = (room - words.displayWidth) / 2
      return String(glyphs.vertical) + (.spaces(before) + words).padded(to: room) + String(glyphs.vertical)
    }
  }

  // MARK: Arrows

  /// A way through a channel, from a column to another.
  private struct Way {
    let from: Int
    let to: Int
    let isArrow: Bool
    var track: Int?
  }

  private func channel(_ rank: Int) -> [String] {
    let ways = tracked(ports(rank))
    let tracks = (ways.compactMap(\.track).max() ?? -1) + 1
    // A stem of one row, then a row a track, then the arrows.
    let height = tracks == 0 ? 2 : tracks + 2
    let columns = min((ways.flatMap { [$0.from, $0.to] }.max() ?? 0) + 1, style.width)
    var canvas = CharacterCanvas(columns: columns, rows: height)
    for way in ways { drawLevel(way, on: &canvas) }
    for way in ways { drawUpright(way, height: height, on: &canvas) }
    for way in ways { drawCorners(way, ways, on: &canvas) }
    return (0..<height).map { canvas.line($0, isColored: style.usesColor) }
  }

  /// The ends of each way: a box has one port below and one for each arrow above, so that arrows stay apart.
  private func ports(_ rank: Int) -> [Way] {
    let segments = layout.segments[rank]
    let stems = Set(segments.map { middles[rank][$0.from] })
    let byTarget = Dictionary(grouping: segments, by: \.to)
    return byTarget.keys.sorted().flatMap { target -> [Way] in
      let arriving = (byTarget[target] ?? []).sorted { middles[rank][$0.from] < middles[rank][$1.from] }
      let item = layout.ranks[rank + 1][target]
      let middle = middles[rank + 1][target]
      let isArrow = if case .node = item { true } else { false }
      let half = (width(item) - 3) / 2
      let step = arriving.count > 1 ? max(1, min(4, 2 * half / (arriving.count - 1))) : 0
      var taken: Set<Int> = []
      return arriving.enumerated().map { index, segment in
        let from = middles[rank][segment.from]
        let wanted = middle - step * (arriving.count - 1) / 2 + step * index
        let near = [wanted, wanted + 1, wanted - 1, wanted + 2, wanted - 2].filter {
          abs($0 - middle) <= half + 1 && $0 >= 0 && !taken.contains($0)
        }
        // Another's stem in the same column would look like one line. The own column makes a straight arrow.
        let column =
          arriving.count == 1 && abs(from - middle) <= half
          ? from : near.first { $0 == from || !stems.contains($0) } ?? wanted
        taken.insert(column)
        return Way(from: from, to: column, isArrow: isArrow)
      }
    }
  }

  /// Gives each way that is not straight a row to cross in; ways from one box share theirs.
  private func tracked(_ ways: [Way]) -> [Way] {
    var tracks: [[(from: Int, range: ClosedRange<Int>)]] = []
    var trackOf: [Int: Int] = [:]
    let stems = Set(ways.filter { $0.from != $0.to }.map(\.from)).sorted()
    for stem in stems {
      let ends = ways.filter { $0.from == stem }.flatMap { [$0.from, $0.to] }
      guard let low = ends.min(), let high = ends.max() else { continue }
      let free = tracks.firstIndex {
        $0.allSatisfy { $0.range.upperBound + 1 < low || high + 1 < $0.range.lowerBound }
      }
      if let free { tracks[free].append((stem, low...high)) } else { tracks.append([(stem, low...high)]) }
      trackOf[stem] = free ?? tracks.count - 1
    }
    return ways.map { way in
      var way = way
      way.track = way.from == way.to ? nil : trackOf[way.from]
      return way
    }
  }

  private func drawLevel(_ way: Way, on canvas: inout CharacterCanvas) {
    guard let track = way.track else { return }
    for column in min(way.from, way.to)...max(way.from, way.to) {
      canvas.set(column, track + 1, style.glyphs.horizontal)
    }
  }

  private func drawUpright(_ way: Way, height: Int, on canvas: inout CharacterCanvas) {
    let vertical = style.glyphs.vertical
    for row in 0..<height {
      let isStem = way.track.map { row <= $0 } ?? true
      canvas.set(isStem ? way.from : way.to, row, vertical)
    }
    canvas.set(
      way.to, height - 1, way.isArrow ? style.glyphs.arrowHead : vertical, ink: way.isArrow ? .strong : nil)
  }

  /// Puts a corner where a line turns; a line that is only crossed stays whole.
  private func drawCorners(_ way: Way, _ ways: [Way], on canvas: inout CharacterCanvas) {
    guard let track = way.track else { return }
    let mine = ways.filter { $0.from == way.from }
    let ends = mine.map(\.to) + [way.from]
    for column in [way.from, way.to] {
      let goesLeft = ends.contains { $0 < column }
      let goesRight = ends.contains { $0 > column }
      let goesDown = mine.contains { $0.to == column }
      let sign = style.glyphs.joint(
        up: column == way.from, down: goesDown, left: goesLeft, right: goesRight)
      canvas.set(column, track + 1, sign)
    }
  }
}
