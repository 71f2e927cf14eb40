import Diagnostics
import Localization

/// A network as boxes and arrows, or unit by unit.
public struct NetworkPlot: Sendable, Equatable {
  /// A layer.
  public struct Node: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// What it is: `input 2`, `dense 3 sigmoid`.
    public var detail: String
    /// How many numbers it gives.
    public var units: Int
    /// Its biases, where it has any and they are known.
    public var biases: [Double]?

    /// What its units give for a row of data, where one was named.
    public var values: [Double]?

    /// Creates a layer.
    public init(
      name: String, detail: String, units: Int, biases: [Double]? = nil, values: [Double]? = nil
    ) {
      self.values = values
      self.name = name
      self.detail = detail
      self.units = units
      self.biases = biases
    }
  }

  /// An edge.
  public struct Edge: Sendable, Equatable {
    /// The index in ``NetworkPlot/nodes`` of the layer that it starts from.
    public var source: Int
    /// The index of the layer that it leads to.
    public var target: Int
    /// What tells it from a plain edge of unit with every unit: `one`, `delay 1, gate g`.
    public var label: String?
    /// Its weights, where they are known: target x source, or one a unit.
    public var weights: [Double]?
    /// Whether it goes from one step to a later one.
    public var isDelayed: Bool

    /// Creates an edge.
    public init(
      source: Int, target: Int, label: String? = nil, weights: [Double]? = nil, isDelayed: Bool = false
    ) {
      self.isDelayed = isDelayed
      self.source = source
      self.target = target
      self.label = label
      self.weights = weights
    }
  }

  /// The plot's headline: the network's name.
  public var title: String
  /// The layers.
  public var nodes: [Node]
  /// The edges.
  public var edges: [Edge]
  /// Whether each unit is a circle of its own, where there are few enough.
  public var showsUnits = false
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// Has no meaning here: a graph is as high as it is deep.
  public var height: Int?

  /// More units than this are not drawn one by one.
  public static let mostUnits = 40

  /// The number of units where they are too many to be drawn one by one; nil where they are not.
  public var unitsBeyondDrawing: Int? {
    let units = nodes.reduce(0) { $0 + max(0, $1.units) }
    return units > Self.mostUnits ? units : nil
  }

  /// Creates a plot.
  public init(title: String, nodes: [Node], edges: [Edge]) {
    self.title = title
    self.nodes = nodes
    self.edges = edges
  }
}

// MARK: - Layout

extension NetworkPlot: DrawablePlot {
  /// The plot laid out.
  public var layout: PlotLayout {
    var layout = PlotLayout(
      of: self, facts: localized("\(nodes.count, "layer"), \(edges.count, "edge")"), caption: caption
    )
    guard !nodes.isEmpty else {
      (layout.facts, layout.message) = ("", localized("nothing to plot yet"))
      return layout
    }
    // What leads to a later step may lead back, and has no part in the order of the layers.
    let ends = edges.map { $0.isDelayed ? (source: -1, target: -1) : (source: $0.source, target: $0.target) }
    let graph = GraphLayout(nodes: nodes.count, edges: ends)
    layout.parts = [unitGraph(graph) ?? NetworkGraph(plot: self, layout: graph)]
    return layout
  }

  private func unitGraph(_ layout: GraphLayout?) -> (any PlotPart)? {
    showsUnits ? UnitGraph(self, layout) : nil
  }

  /// Up to so many units weights are told one by one.
  static let fewUnits = 8

  /// The plot in words.
  private var caption: String {
    let subject = localized("Graph of the network \(title.onOneLine)")
    guard !nodes.isEmpty else { return localized("\(subject): \(localized("it has no layers yet")).") }
    let layers = nodes.prefix(12).map { "\($0.name.onOneLine) (\($0.detail.onOneLine))" }
    let more = nodes.count > 12 ? [localized("\(nodes.count - 12) more")] : []
    let story = localized("\(nodes.count, "layer"), \((layers + more).localizedList)")
    let joined = edges.isEmpty ? localized("no edges yet") : localized("edges \(edgeWords)")
    return localized("\(subject): \(story + localized("; ") + joined).")
  }

  private var edgeWords: String {
    let shown = edges.prefix(16).map { name(of: $0) + ($0.label.map { " (\($0.onOneLine))" } ?? "") }
    return (shown + (edges.count > 16 ? [localized("\(edges.count - 16) more")] : [])).localizedList
  }

  /// `inp -> hid`
  fileprivate func name(of edge: Edge) -> String {
    let names = [edge.source, edge.target].map { nodes.indices.contains($0) ? nodes[$0].name.onOneLine : "?" }
    return names.joined(separator: " -> ")
  }

  /// The weights of an edge between few units, a row for each unit that it leads to; nil for others.
  func rows(of edge: Edge) -> [[Double]]? {
    guard let weights = edge.weights, nodes.indices.contains(edge.source),
      nodes.indices.contains(edge.target), !weights.isEmpty
    else { return nil }
    let (source, target) = (nodes[edge.source].units, nodes[edge.target].units)
    guard (1...Self.fewUnits).contains(source), (1...Self.fewUnits).contains(target) else { return nil }
    if weights.count == source * target {
      return (0..<target).map { Array(weights[$0 * source..<($0 + 1) * source]) }
    }
    return weights.count == target ? weights.map { [$0] } : nil
  }
}

/// A network as boxes and arrows, and the weights between few units.
private struct NetworkGraph: PlotPart {
  let plot: NetworkPlot
  /// Where the boxes go; nil where they are too many.
  let layout: GraphLayout?

  func lines(_ style: PlotStyle) -> [String] {
    let drawing = layout.flatMap { NetworkDrawing(plot, $0, style)?.lines }
    return (drawing ?? plot.nodeList(style)) + plot.weightLines(style)
  }

  func draw(on page: inout SVGPage) {
    guard let layout else { return page.note(localized("too large to draw")) }
    NetworkPicture(plot, layout, top: page.height + 8, pageWidth: page.width).draw(on: &page)
    if plot.edges.contains(where: { plot.rows(of: $0) != nil }) {
      page.note(localized("a thicker line is a larger weight, a dashed one is below zero"))
    }
  }
}

// MARK: Words

extension NetworkPlot {
  /// The layers and where they lead, where a drawing has no room.
  fileprivate func nodeList(_ style: PlotStyle) -> [String] {
    nodes.enumerated().flatMap { index, node -> [String] in
      let targets = edges.filter { $0.source == index && nodes.indices.contains($0.target) }
        .map { nodes[$0.target].name.onOneLine }
      let line = "\(node.name.onOneLine) (\(node.detail.onOneLine))"
      return (line + (targets.isEmpty ? "" : " -> " + targets.joined(separator: ", ")))
        .wrapped(to: style.width)
    }.map(style.cut)
  }

  // MARK: Weights

  /// The weights of edges between few units, layer by layer, and the biases of few units; a word on edges
  /// that do not join every unit with every unit.
  fileprivate func weightLines(_ style: PlotStyle) -> [String] {
    let blocks = nodes.indices.map { index in
      edges.filter { $0.target == index }.flatMap { edgeLines($0, style) } + biasLines(nodes[index], style)
    }
    return blocks.filter { !$0.isEmpty }.flatMap { [""] + $0 }.map(style.cut)
  }

  private func edgeLines(_ edge: Edge, _ style: PlotStyle) -> [String] {
    let label = edge.label.map { "  \($0.onOneLine)" } ?? ""
    guard let rows = rows(of: edge), let columns = rows.first?.count else {
      return label.isEmpty ? [] : [name(of: edge) + label]
    }
    let table = aligned(rows.map { $0.map(NumberText.short) })
    let fits = table.allSatisfy { $0.displayWidth + 2 <= style.width }
    let target = nodes[edge.target].name.onOneLine
    return ["\(name(of: edge))\(label)  " + localized("\(rows.count) x \(columns) weights")]
      + (fits ? table.map { "  " + $0 } : ["  " + localized("too wide here: plot weights \(target)")])
  }

  private func biasLines(_ node: Node, _ style: PlotStyle) -> [String] {
    guard let biases = node.biases, (1...Self.fewUnits).contains(node.units) else { return [] }
    let line =
      localized("\(node.name.onOneLine) bias") + "  " + biases.map(NumberText.short).joined(separator: "  ")
    return line.wrapped(to: style.width)
  }

  private func aligned(_ rows: [[String]]) -> [String] {
    let widths = (0..<(rows.first?.count ?? 0)).map { column in
      rows.map { $0[column].displayWidth }.max() ?? 0
    }
    return rows.map { zip($0, widths).map { $0.leftPadded(to: $1) }.joined(separator: "  ") }
  }
}
