import Diagnostics
import Localization

/// An unrolled network in characters: a column of boxes for each step, arrows within a step through the channels below the
/// boxes, and arrows between steps through the gutters beside them.
///
/// What goes from a layer to itself at the next step is a level line between the first lines of two boxes. Anything else between
/// steps leaves a box at its second line, goes up or down a lane of its own in the gutter, and joins what comes into the first
/// line of its target.
struct UnrolledDrawing {
  private let plot: UnrolledPlot
  private let style: PlotStyle
  private let arrows: [UnrolledPlot.Arrow]
  private let showsDetails: Bool
  private let boxWidth: Int
  /// The arrows that need lanes in each gutter, and where their lanes begin.
  private let lanes: [(arrow: Int, first: Int)]
  private let laneCount: Int
  /// The first line of each row of boxes; one more for the end.
  private var tops: [Int] = []

  private static let boxHeight = 4
  /// The line with the names of the steps, and an empty one.
  private static let headHeight = 1

  init(_ plot: UnrolledPlot, _ style: PlotStyle, showsDetails: Bool) {
    (self.plot, self.style, self.showsDetails) = (plot, style, showsDetails)
    let arrows = plot.drawnArrows
    self.arrows = arrows
    let words = plot.rows.filter { !$0.isWhole }.flatMap { [$0.name] + (showsDetails ? [$0.detail] : []) }
    let heads = (0..<plot.drawnSteps).map(Self.head)
    let widest = words.map(\.onOneLine.displayWidth).max() ?? 0
    boxWidth = max(widest + 2, heads.map(\.displayWidth).max() ?? 0, 7)
    var lanes: [(arrow: Int, first: Int)] = []
    var count = 0
    for (number, arrow) in arrows.enumerated() {
      let needed = Self.lanes(of: arrow)
      if needed > 0 { lanes.append((number, count)) }
      count += needed
    }
    (self.lanes, laneCount) = (lanes, count)
    var top = Self.headHeight
    for row in plot.rows.indices {
      tops.append(top)
      top += Self.boxHeight + channel(below: row).height
    }
    tops.append(top)
  }

  private static func head(_ step: Int) -> String { localized("step \(step)") }

  /// Whether an arrow is a level line to the same row of the next column.
  private static func isLevel(_ arrow: UnrolledPlot.Arrow) -> Bool {
    arrow.source == arrow.target && abs(arrow.age) == 1 && !arrow.isGate
  }

  /// How many lanes an arrow needs in a gutter.
  private static func lanes(of arrow: UnrolledPlot.Arrow) -> Int {
    if arrow.age == 0 { return arrow.target > arrow.source + 1 ? 1 : 0 }
    return isLevel(arrow) ? 0 : abs(arrow.age) == 1 ? 1 : 2
  }

  // MARK: Places

  private var gap: Int { laneCount + 4 }
  private var hasSkips: Bool { arrows.contains { $0.age == 0 && Self.lanes(of: $0) > 0 } }
  private var count: Int { plot.drawnSteps }

  /// The columns of the drawing.
  var width: Int { count * boxWidth + (count - 1) * gap + (hasSkips ? laneCount + 2 : 0) }
  private var height: Int { tops.last ?? 0 }
  /// Whether somebody could still follow it.
  var isReasonable: Bool { laneCount <= 24 && height <= 400 }

  private func left(_ step: Int) -> Int { step * (boxWidth + gap) }
  private func middle(_ step: Int) -> Int { left(step) + boxWidth / 2 }
  private func lane(_ number: Int, after step: Int) -> Int { left(step) + boxWidth + 1 + number }

  /// The lines between two rows of boxes.
  private struct Channel {
    /// Whether arrows that skip rows leave the row above, or come into the one below.
    var skipsFrom = false
    var skipsTo = false
    /// The lines that arrows over several steps go along, for each arrow as many as it spans.
    var tracks: [(arrow: Int, first: Int)] = []
    var trackCount = 0
    var hasArrows = false

    var height: Int {
      let lines = (skipsFrom ? 1 : 0) + trackCount + (skipsTo ? 1 : 0)
      return hasArrows ? lines + 2 : lines + (lines > 0 ? 1 : 0)
    }
    var firstTrack: Int { 1 + (skipsFrom ? 1 : 0) }
  }

  private func channel(below row: Int) -> Channel {
    var channel = Channel()
    for (number, arrow) in arrows.enumerated() {
      if arrow.age == 0 {
        let isSkip = Self.lanes(of: arrow) > 0
        if arrow.source == row || arrow.target == row + 1 { channel.hasArrows = true }
        if isSkip, arrow.source == row { channel.skipsFrom = true }
        if isSkip, arrow.target == row + 1 { channel.skipsTo = true }
      } else if abs(arrow.age) > 1, arrow.source == row {
        channel.tracks.append((number, channel.trackCount))
        channel.trackCount += abs(arrow.age)
      }
    }
    return channel
  }

  // MARK: Lines

  var lines: [String] {
    var wires = Wires(columns: width, rows: height)
    for (number, arrow) in arrows.enumerated() { draw(arrow, number, on: &wires) }
    let canvas = wires.canvas(style.glyphs, isASCII: style.charset == .ascii)
    return (0..<height).map { line in style.cut(text(line, canvas)) }
  }

  /// A line of the drawing, made of pieces since a name may be wider than it has characters.
  private func text(_ line: Int, _ canvas: CharacterCanvas) -> String {
    guard line >= Self.headHeight else {
      return (0..<count).reduce(into: "") { text, step in
        let head = Self.head(step)
        text = text.padded(to: middle(step) - head.displayWidth / 2) + head
      }
    }
    var text = ""
    var column = 0
    func wires(to end: Int) {
      while column < end {
        text.append(canvas[column, line].character)
        column += 1
      }
    }
    if let row = plot.rows.indices.last(where: { tops[$0] <= line }), line < tops[row] + Self.boxHeight {
      let isWhole = plot.rows[row].isWhole
      for step in 0..<(isWhole ? 1 : count) {
        wires(to: left(step))
        let width = isWhole ? left(count - 1) + boxWidth : boxWidth
        text += boxLine(plot.rows[row], width: width, line: line - tops[row])
        column += width
      }
    }
    wires(to: canvas.columns)
    return text
  }

  private func boxLine(_ row: UnrolledPlot.Row, width: Int, line: Int) -> String {
    let glyphs = style.glyphs
    if line == 0 || line == Self.boxHeight - 1 {
      let corners = line == 0 ? glyphs.corners[0...1] : glyphs.corners[2...3]
      return String(corners.first ?? "+") + String(repeating: glyphs.horizontal, count: width - 2)
        + String(corners.last ?? "+")
    }
    let words = line == 1 ? row.name.onOneLine : showsDetails || row.isWhole ? row.detail.onOneLine : ""
    let shown = words.cut(to: width - 2, ellipsis: glyphs.ellipsis)
    let before = (width - 2 - shown.displayWidth) / 2
    return String(glyphs.vertical) + (.spaces(before) + shown).padded(to: width - 2) + String(glyphs.vertical)
  }

  // MARK: Arrows

  private func draw(_ arrow: UnrolledPlot.Arrow, _ number: Int, on wires: inout Wires) {
    guard arrow.age != 0 else { return drawWithin(arrow, number, on: &wires) }
    if Self.isLevel(arrow) { return drawLevel(arrow, on: &wires) }
    guard arrow.age > 0 else { return }
    let first = lanes.first { $0.arrow == number }?.first ?? 0
    for step in 0..<count where step + arrow.age < count {
      let next = step + arrow.age
      // A gate has the second line to itself, where its sign does not hide the head of another arrow.
      let (out, into) = (tops[arrow.source] + 2, tops[arrow.target] + (arrow.isGate ? 2 : 1))
      var way = [(column: left(step) + boxWidth, row: out)]
      if arrow.age == 1 {
        let lane = lane(first, after: step)
        way += [(column: lane, row: out), (column: lane, row: into)]
      } else {
        let channel = channel(below: arrow.source)
        let track = channel.tracks.first { $0.arrow == number }?.first ?? 0
        // Neighbouring columns' lines overlap, and so each has a track of its own.
        let line = tops[arrow.source] + Self.boxHeight + channel.firstTrack + track + step % arrow.age
        let (away, back) = (lane(first, after: step), lane(first + 1, after: next - 1))
        way += [
          (column: away, row: out), (column: away, row: line), (column: back, row: line),
          (column: back, row: into),
        ]
      }
      way.append((column: left(next) - 1, row: into))
      wires.add(
        way, net: arrow.source * count + step, isCarried: true,
        head: arrow.isGate ? .gate : .right)
    }
  }

  /// A level line from a box to the one of the next step, or back.
  private func drawLevel(_ arrow: UnrolledPlot.Arrow, on wires: inout Wires) {
    let line = tops[arrow.source] + 1
    for step in 0..<count - 1 {
      let ends = [(column: left(step) + boxWidth, row: line), (column: left(step + 1) - 1, row: line)]
      wires.add(
        arrow.age > 0 ? ends : ends.reversed(), net: arrow.source * count + step, isCarried: true,
        head: arrow.age > 0 ? .right : .left)
    }
  }

  /// The steps at which an arrow within a step is drawn.
  private func columns(of arrow: UnrolledPlot.Arrow) -> [Int] {
    let (source, target) = (plot.rows[arrow.source], plot.rows[arrow.target])
    if source.isWhole, target.isWhole { return [(count - 1) / 2] }
    guard target.isWhole else { return Array(0..<count) }
    switch arrow.moment {
    case .always: return Array(0..<count)
    case .atEnd: return [count - 1]
    case .atStart: return [0]
    }
  }

  private func drawWithin(_ arrow: UnrolledPlot.Arrow, _ number: Int, on wires: inout Wires) {
    let (above, below) = (tops[arrow.source] + Self.boxHeight, tops[arrow.target] - 1)
    let isSkip = Self.lanes(of: arrow) > 0
    for step in columns(of: arrow) {
      // Gates stand left of the middle, and what skips rows right of it.
      let port = middle(step) + (isSkip ? 2 : arrow.isGate ? -2 : 0)
      var way = [(column: port, row: above)]
      if isSkip {
        let lane = lane(lanes.first { $0.arrow == number }?.first ?? 0, after: step)
        // The track into a row is the last line of its channel before the heads.
        way += [
          (column: port, row: above + 1), (column: lane, row: above + 1), (column: lane, row: below - 1),
          (column: port, row: below - 1),
        ]
      }
      way.append((column: port, row: below))
      wires.add(
        way, net: arrow.source * count + step, isCarried: false,
        head: arrow.isGate ? .gate : .down)
    }
  }
}

/// Lines through the cells of a drawing, each of a net, which is what leaves one box.
private struct Wires {
  /// What a line ends in.
  enum Head {
    case down, right, left, gate
  }

  private struct Wire {
    let net: Int
    var isCarried: Bool
    var up = false
    var down = false
    var left = false
    var right = false

    var isLevel: Bool { left && right && !up && !down }
    var isUpright: Bool { up && down && !left && !right }
  }

  private let columns: Int
  private let rows: Int
  private var wires: [[Wire]]
  private var heads: [Int: Head] = [:]

  init(columns: Int, rows: Int) {
    (self.columns, self.rows) = (columns, rows)
    wires = Array(repeating: [], count: columns * rows)
  }

  /// Adds a line along corners, from a box to a head.
  mutating func add(_ way: [(column: Int, row: Int)], net: Int, isCarried: Bool, head: Head) {
    for (from, to) in zip(way, way.dropFirst()) where from != to {
      let (across, down) = ((to.column - from.column).signum(), (to.row - from.row).signum())
      var place = from
      while place != to {
        join(place, net, isCarried, across, down)
        place = (place.column + across, place.row + down)
        join(place, net, isCarried, -across, -down)
      }
    }
    guard let first = way.first, let last = way.last else { return }
    // The line goes into the boxes at both of its ends.
    join(first, net, isCarried, head == .right ? -1 : head == .left ? 1 : 0, head == .down ? -1 : 0)
    if contains(last) { heads[last.row * columns + last.column] = head }
  }

  private func contains(_ place: (column: Int, row: Int)) -> Bool {
    (0..<columns).contains(place.column) && (0..<rows).contains(place.row)
  }

  /// Leads a line out of a cell in a direction.
  private mutating func join(
    _ place: (column: Int, row: Int), _ net: Int, _ isCarried: Bool, _ across: Int, _ down: Int
  ) {
    guard contains(place) else { return }
    let index = place.row * columns + place.column
    let known = wires[index].firstIndex { $0.net == net && $0.isCarried == isCarried }
    var wire = known.map { wires[index][$0] } ?? Wire(net: net, isCarried: isCarried)
    if across < 0 { wire.left = true }
    if across > 0 { wire.right = true }
    if down < 0 { wire.up = true }
    if down > 0 { wire.down = true }
    if let known { wires[index][known] = wire } else { wires[index].append(wire) }
  }

  func canvas(_ glyphs: Glyphs, isASCII: Bool) -> CharacterCanvas {
    var canvas = CharacterCanvas(columns: columns, rows: rows)
    for index in wires.indices {
      guard let sign = sign(wires[index], heads[index], glyphs, isASCII) else { continue }
      canvas.set(index % max(columns, 1), index / max(columns, 1), sign)
    }
    return canvas
  }

  private func sign(_ wires: [Wire], _ head: Head?, _ glyphs: Glyphs, _ isASCII: Bool) -> Character? {
    guard !wires.isEmpty else { return nil }
    switch head {
    case .down: return glyphs.arrowHead
    case .right: return isASCII ? ">" : "▶"
    case .left: return isASCII ? "<" : "◀"
    case .gate: return isASCII ? "o" : "●"
    case nil: break
    }
    // Lines of two boxes that only cross both continue; the upright one is seen whole.
    let crosses = wires.contains(where: \.isUpright) && wires.allSatisfy { $0.isLevel || $0.isUpright }
    let shown = crosses ? wires.filter(\.isUpright) : wires
    let isCarried = shown.allSatisfy(\.isCarried)
    let (up, down) = (shown.contains(where: \.up), shown.contains(where: \.down))
    let (left, right) = (shown.contains(where: \.left), shown.contains(where: \.right))
    if up || down, !left, !right {
      return isCarried ? (isASCII ? ":" : "╎") : glyphs.vertical
    }
    if left || right, !up, !down {
      return isCarried ? (isASCII ? "." : "╌") : glyphs.horizontal
    }
    return glyphs.joint(up: up, down: down, left: left, right: right)
  }
}
