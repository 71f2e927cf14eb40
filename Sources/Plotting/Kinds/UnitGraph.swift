import Diagnostics
import Localization

/// A network unit by unit: circles in a column a rank, lines with weights between them.
struct UnitGraph: PlotPart {
  /// A unit of a layer.
  fileprivate struct Unit: Hashable {
    let node: Int
    let index: Int
  }

  /// A line from a unit to another.
  fileprivate struct Link {
    let from: Unit
    let to: Unit
    /// Nil where the edge has none, or they are not known yet.
    let weight: Double?
    /// Whether there is room for its number.
    let isNumbered: Bool
  }

  private let plot: NetworkPlot
  /// The units of each rank from the top, nil for a gap between two layers.
  private let ranks: [[Unit?]]
  private let links: [Link]
  private let hasDelays: Bool

  /// Up to so many lines between two layers have numbers.
  private static let mostNumbers = 16

  /// Nil where there are too many units.
  init?(_ plot: NetworkPlot, _ layout: GraphLayout?) {
    guard let layout, plot.unitsBeyondDrawing == nil, plot.nodes.allSatisfy({ $0.units > 0 }) else {
      return nil
    }
    self.plot = plot
    ranks = layout.ranks.map { rank in
      let nodes = rank.compactMap { item -> Int? in if case .node(let node) = item { node } else { nil } }
      return Array(
        nodes.map { node in (0..<plot.nodes[node].units).map { Optional(Unit(node: node, index: $0)) } }
          .joined(separator: [nil]))
    }
    let forward = plot.edges.filter {
      !$0.isDelayed && plot.nodes.indices.contains($0.source) && plot.nodes.indices.contains($0.target)
    }
    hasDelays = plot.edges.contains(where: \.isDelayed)
    links = forward.flatMap { Self.links($0, plot.nodes) }
  }

  /// Every unit with every unit, or each with its own where there are as many weights as units.
  private static func links(_ edge: NetworkPlot.Edge, _ nodes: [NetworkPlot.Node]) -> [Link] {
    let (sources, targets) = (nodes[edge.source].units, nodes[edge.target].units)
    let weights = edge.weights ?? []
    let isFull = weights.count == sources * targets && sources * targets > 0
    let isOneByOne = !isFull && sources == targets && (weights.isEmpty || weights.count == targets)
    func link(_ source: Int, _ target: Int, _ weight: Double?) -> Link {
      Link(
        from: Unit(node: edge.source, index: source), to: Unit(node: edge.target, index: target),
        weight: weight,
        isNumbered: weight != nil && (isOneByOne ? targets : sources * targets) <= mostNumbers)
    }
    if isOneByOne, edge.label != nil || !weights.isEmpty {
      return (0..<targets).map { link($0, $0, weights.isEmpty ? nil : weights[$0]) }
    }
    return (0..<targets).flatMap { target in
      (0..<sources).map { link($0, target, isFull ? weights[target * sources + $0] : nil) }
    }
  }

  private func value(_ unit: Unit) -> String? {
    guard let values = plot.nodes[unit.node].values, values.indices.contains(unit.index) else { return nil }
    return Self.brief(values[unit.index])
  }

  private func bias(_ unit: Unit) -> Double? {
    guard let biases = plot.nodes[unit.node].biases, biases.indices.contains(unit.index) else { return nil }
    return biases[unit.index]
  }

  /// A number of three digits: what fits into a circle.
  private static func brief(_ value: Double) -> String {
    guard value.isFinite, abs(value) >= 1e-3 || value == 0, abs(value) < 1e4 else {
      return NumberText.short(value)
    }
    let scale = abs(value) >= 100 ? 1.0 : abs(value) >= 10 ? 10 : 100
    return NumberText.short((value * scale).rounded() / scale)
  }

  /// The names of a rank's layers, in the order of their units.
  private func names(_ rank: Int) -> String {
    ranks[rank].compactMap(\.self).map(\.node).reduce(into: [Int]()) { if $0.last != $1 { $0.append($1) } }
      .map { plot.nodes[$0].name.onOneLine }.joined(separator: ", ")
  }

  private var mostSlots: Int { ranks.map(\.count).max() ?? 0 }

  /// Where a slot of a rank lies, in slots from the top; ranks stand centred.
  private func height(_ slot: Int, _ rank: Int) -> Double {
    Double(mostSlots - ranks[rank].count) / 2 + Double(slot)
  }

  /// What the drawing does not say.
  private var notes: [String] {
    let few = links.contains { $0.weight != nil && !$0.isNumbered }
    let signs = links.contains { $0.weight != nil }
    return [
      signs && few ? localized("too many weights to number each: plot weights LAYER") : nil,
      hasDelays ? localized("edges to a later step are left out") : nil,
    ].compactMap(\.self)
  }
}

// MARK: Characters

extension UnitGraph {
  func lines(_ style: PlotStyle) -> [String] {
    UnitText(self, style)?.lines ?? [style.cut(localized("too wide for this page"))]
  }

  /// The drawing in characters.
  private struct UnitText {
    let graph: UnitGraph
    let style: PlotStyle
    /// The text of each unit's circle.
    let signs: [Unit: String]
    let width: Int
    let pitch: Int
    /// The first column of each rank's circles.
    let columns: [Int]

    init?(_ graph: UnitGraph, _ style: PlotStyle) {
      self.graph = graph
      self.style = style
      let units = graph.ranks.joined().compactMap(\.self)
      signs = Dictionary(uniqueKeysWithValues: units.map { ($0, "(" + (graph.value($0) ?? " ") + ")") })
      width = signs.values.map(\.displayWidth).max() ?? 3
      // A line below a circle for its bias, and one more where lines with numbers cross.
      pitch =
        graph.links.contains(where: \.isNumbered) ? 4 : graph.plot.nodes.contains { $0.biases != nil } ? 3 : 2
      let gaps = graph.ranks.count - 1
      let room = min(style.width, 34 * max(gaps, 1) + width) - width
      guard gaps == 0 || room / gaps >= width + 8 else { return nil }
      columns = graph.ranks.indices.map { gaps == 0 ? 0 : $0 * room / gaps }
    }

    var lines: [String] {
      let rows = max((graph.mostSlots - 1) * pitch + 2, 1)
      let total = (columns.last ?? 0) + width
      let isBraille = style.charset == .unicode
      var canvas = CharacterCanvas(columns: total, rows: rows)
      var raster = Raster(columns: total, rows: rows, isBraille: isBraille)
      let grain = raster.grain
      for link in graph.links {
        guard let from = place(link.from), let to = place(link.to) else { continue }
        raster.drawWay(
          from: ((from.column + width) * grain.across, from.row * grain.down + grain.down / 2),
          to: (to.column * grain.across - 1, to.row * grain.down + grain.down / 2),
          series: (link.weight ?? 0) < 0 ? 1 : 0, isValue: false)
      }
      raster.stamp(on: &canvas)
      var taken = Set<SIMD2<Int>>()
      func write(_ text: String, _ column: Int, _ row: Int, _ ink: Ink?) {
        for (offset, character) in text.enumerated() {
          canvas.set(column + offset, row, character, ink: ink)
          taken.insert(SIMD2(column + offset, row))
        }
      }
      for (rank, units) in graph.ranks.enumerated() {
        for unit in units.compactMap(\.self) {
          guard let place = place(unit), let sign = signs[unit] else { continue }
          let start = columns[rank] + (width - sign.displayWidth) / 2
          write(sign, start, place.row, .strong)
          if let bias = graph.bias(unit) {
            let text = "b " + UnitGraph.brief(bias)
            let middle = columns[rank] + width / 2 - text.displayWidth / 2
            write(text, min(max(middle, 0), max(total - text.displayWidth, 0)), place.row + 1, nil)
          }
        }
      }
      for link in graph.links where link.isNumbered {
        guard let from = place(link.from), let to = place(link.to), let weight = link.weight else { continue }
        let text = UnitGraph.brief(weight)
        let size = text.displayWidth
        let (start, end) = (from.column + width + 1, to.column - 1)
        let spots = [0.5, 0.3, 0.7, 0.2, 0.8, 0.4, 0.6, 0.1, 0.9].map { part -> SIMD2<Int> in
          let column = start + Int(Double(end - start - size) * part)
          let share = Double(column + size / 2 - start) / Double(max(end - start, 1))
          return SIMD2(column, from.row + Int((Double(to.row - from.row) * share).rounded()))
        }
        let free = spots.first { spot in
          (-1...size).allSatisfy { !taken.contains(SIMD2(spot.x + $0, spot.y)) }
        }
        guard let spot = free else { continue }
        write(" ", spot.x - 1, spot.y, nil)
        write(text, spot.x, spot.y, .series(weight < 0 ? 1 : 0))
        write(" ", spot.x + size, spot.y, nil)
      }
      return heading + (0..<rows).map { canvas.line($0, isColored: style.usesColor) } + foot
    }

    /// The names of the layers above their columns.
    private var heading: [String] {
      var line = ""
      for rank in graph.ranks.indices {
        let room =
          rank + 1 < columns.count ? columns[rank + 1] - columns[rank] - 1 : style.width - columns[rank]
        let name = graph.names(rank).cut(to: max(room, 1), ellipsis: style.glyphs.ellipsis)
        let start = max(
          columns[rank] + (width - name.displayWidth) / 2, line.isEmpty ? 0 : line.displayWidth + 1)
        line = line.padded(to: start) + name
      }
      return [style.cut(line), ""]
    }

    private var foot: [String] {
      graph.notes.flatMap { [""] + $0.wrapped(to: style.width) }
    }

    /// The column and the row of a unit's circle.
    private func place(_ unit: Unit) -> (column: Int, row: Int)? {
      for (rank, units) in graph.ranks.enumerated() {
        guard let slot = units.firstIndex(of: unit) else { continue }
        return (columns[rank], Int(graph.height(slot, rank) * Double(pitch)))
      }
      return nil
    }
  }
}

// MARK: SVG

extension UnitGraph {
  private static let radius = 21.0
  private static let pitch = 66.0

  func draw(on page: inout SVGPage) {
    let gaps = Double(max(ranks.count - 1, 1))
    let gap = min(max((page.width - 80) / gaps, 130), 220)
    let top = page.height + 48
    var places: [Unit: (x: Double, y: Double)] = [:]
    for (rank, units) in ranks.enumerated() {
      for (slot, unit) in units.enumerated() {
        guard let unit else { continue }
        places[unit] = (44 + Double(rank) * gap, top + height(slot, rank) * Self.pitch)
      }
    }
    let strongest = links.compactMap(\.weight).filter(\.isFinite).map(abs).max() ?? 0
    for link in links {
      guard let from = places[link.from], let to = places[link.to] else { continue }
      let weight = link.weight ?? 0
      let share = strongest > 0 && weight.isFinite ? abs(weight) / strongest : 0
      page.markup.open(
        "line",
        [
          "x1": px(from.x), "y1": px(from.y), "x2": px(to.x), "y2": px(to.y),
          "class": link.weight == nil ? "a" : weight < 0 ? "l1" : "l0",
          "style": "stroke-width:\(px(0.6 + 3 * share))",
        ])
      if let weight = link.weight { page.markup.add("title", [:], NumberText.short(weight)) }
      page.markup.close("line")
    }
    for rank in ranks.indices.dropLast() {
      let left = 44 + Double(rank) * gap + Self.radius + 4
      var numbers = LineLabels(between: left, and: left + gap - 2 * Self.radius - 8)
      for link in links where link.isNumbered && ranks[rank].contains(link.from) {
        guard let from = places[link.from], let to = places[link.to], let weight = link.weight else {
          continue
        }
        numbers.add(Self.brief(weight), from: from, to: to)
      }
      page.markup.add(numbers.markup)
    }
    for (rank, units) in ranks.enumerated() {
      page.markup.label(
        44 + Double(rank) * gap, page.height + 14, names(rank).cut(to: 24, ellipsis: "…"), "b",
        anchor: "middle")
      for unit in units.compactMap(\.self) {
        guard let place = places[unit] else { continue }
        page.markup.circle(place, Self.radius, "p")
        if let value = value(unit) { page.markup.label(place.x, place.y + 4, value, "b", anchor: "middle") }
        guard let bias = bias(unit) else { continue }
        page.markup.label(
          place.x, place.y + Self.radius + 14, "b \(Self.brief(bias))", "q h", anchor: "middle")
      }
    }
    page.height = top + Double(max(mostSlots - 1, 0)) * Self.pitch + Self.radius + 26
    page.width = max(page.width, 88 + gap * gaps)
    let signs = links.contains { $0.weight != nil }
    if signs { page.note(localized("a thicker line is a larger weight, a dashed one is below zero")) }
    for note in notes { page.note(note) }
  }
}
