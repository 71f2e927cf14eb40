import Diagnostics
import Outputs

extension NetworkPlot: DrawablePlot {
  /// The plot as lines, in a style that is already fitted to it.
  func lines(_ style: PlotStyle) -> [String] {
    let head = style.flow([title.onOneLine, size])
    guard !nodes.isEmpty, !style.isNarrow else { return head }
    let drawing = NetworkDrawing(self, style)?.lines ?? nodeList(style)
    return head + [""] + drawing + weightLines(style)
  }

  private var size: String {
    nodes.isEmpty
      ? "nothing to plot yet" : "\(nodes.count.counted("layer")), \(edges.count.counted("edge"))"
  }

  /// The layers and where they lead, where a drawing has no room.
  private func nodeList(_ style: PlotStyle) -> [String] {
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
  private func weightLines(_ style: PlotStyle) -> [String] {
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
    return ["\(name(of: edge))\(label)  \(rows.count) x \(columns) weights"]
      + (fits ? table.map { "  " + $0 } : ["  too wide here: plot weights \(target)"])
  }

  private func biasLines(_ node: Node, _ style: PlotStyle) -> [String] {
    guard let biases = node.biases, (1...Self.fewUnits).contains(node.units) else { return [] }
    let line = "\(node.name.onOneLine) bias  " + biases.map(NumberText.short).joined(separator: "  ")
    return line.wrapped(to: style.width)
  }

  private func aligned(_ rows: [[String]]) -> [String] {
    let widths = (0..<(rows.first?.count ?? 0)).map { column in
      rows.map { $0[column].displayWidth }.max() ?? 0
    }
    return rows.map { zip($0, widths).map { $0.leftPadded(to: $1) }.joined(separator: "  ") }
  }
}
