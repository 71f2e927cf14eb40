import Diagnostics
import Outputs

extension NetworkPlot {
  /// Up to so many units weights are told one by one.
  static let fewUnits = 8

  /// The plot in words.
  var caption: String {
    let subject = "Graph of the network \(title.onOneLine): "
    guard !nodes.isEmpty else { return subject + "it has no layers yet." }
    let layers = nodes.prefix(12).map { "\($0.name.onOneLine) (\($0.detail.onOneLine))" }
    let more = nodes.count > 12 ? ["\(nodes.count - 12) more"] : []
    return subject + nodes.count.counted("layer") + ", " + (layers + more).listed + "; "
      + (edges.isEmpty ? "no edges yet" : "edges " + edgeWords) + "."
  }

  private var edgeWords: String {
    let shown = edges.prefix(16).map { name(of: $0) + ($0.label.map { " (\($0.onOneLine))" } ?? "") }
    return (shown + (edges.count > 16 ? ["\(edges.count - 16) more"] : [])).listed
  }

  /// `inp -> hid`
  func name(of edge: Edge) -> String {
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
    if weights.count == source * target, edge.label == nil {
      return (0..<target).map { Array(weights[$0 * source..<($0 + 1) * source]) }
    }
    return weights.count == target ? weights.map { [$0] } : nil
  }
}
