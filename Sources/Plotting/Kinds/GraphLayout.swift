/// Where the nodes of a directed graph go: in ranks, each after all that lead to it, with few crossings.
///
/// After K. Sugiyama, S. Tagawa and M. Toda, "Methods for Visual Understanding of Hierarchical System
/// Structures" (1981): an edge over several ranks passes a bend in each rank between, and ranks are ordered
/// by the mean place of their neighbours.
struct GraphLayout {
  /// What stands in a rank.
  enum Item: Hashable {
    case node(Int)
    /// Where an edge passes a rank.
    case bend(edge: Int, rank: Int)
  }

  /// A piece of an edge, from one rank to the next.
  struct Segment {
    let edge: Int
    /// The places in their ranks.
    let from: Int
    let to: Int
  }

  /// The items of each rank, in order.
  private(set) var ranks: [[Item]] = []
  /// The pieces of edges behind each rank but the last.
  private(set) var segments: [[Segment]] = []

  /// More items than this are not laid out.
  private static let mostItems = 4000

  /// Lays out a graph; nil where it has no node or is too large. Edges that lead back or nowhere are left out.
  init?(nodes: Int, edges: [(source: Int, target: Int)]) {
    guard nodes > 0, nodes <= Self.mostItems else { return nil }
    let sound = edges.indices.filter { index in
      let edge = edges[index]
      return (0..<nodes).contains(edge.source) && (0..<nodes).contains(edge.target)
    }
    let depth = Self.depths(nodes, sound.map { edges[$0] })
    let forward = sound.filter { depth[edges[$0].source] < depth[edges[$0].target] }
    let bends = forward.reduce(0) { $0 + depth[edges[$1].target] - depth[edges[$1].source] - 1 }
    guard nodes + bends <= Self.mostItems else { return nil }
    ranks = Array(repeating: [], count: (depth.max() ?? 0) + 1)
    for node in 0..<nodes { ranks[depth[node]].append(.node(node)) }
    var links: [(edge: Int, rank: Int, from: Item, to: Item)] = []
    for index in forward {
      let edge = edges[index]
      var last = Item.node(edge.source)
      for rank in (depth[edge.source] + 1)..<(depth[edge.target] + 1) {
        let next = rank == depth[edge.target] ? Item.node(edge.target) : .bend(edge: index, rank: rank)
        if case .bend = next { ranks[rank].append(next) }
        links.append((index, rank - 1, last, next))
        last = next
      }
    }
    order(links.map { ($0.rank, $0.from, $0.to) })
    let places = ranks.map { rank in
      Dictionary(rank.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }
    segments = Array(repeating: [], count: max(ranks.count - 1, 0))
    for link in links {
      guard let from = places[link.rank][link.from], let to = places[link.rank + 1][link.to] else { continue }
      segments[link.rank].append(Segment(edge: link.edge, from: from, to: to))
    }
  }

  /// The longest way to each node. A cycle, which no network has, ends after as many rounds as there are nodes.
  private static func depths(_ nodes: Int, _ edges: [(source: Int, target: Int)]) -> [Int] {
    var depth = [Int](repeating: 0, count: nodes)
    for _ in 0..<min(nodes, 500) {
      var isSettled = true
      for edge in edges where edge.source != edge.target && depth[edge.target] <= depth[edge.source] {
        guard depth[edge.source] + 1 < nodes else { continue }
        depth[edge.target] = depth[edge.source] + 1
        isSettled = false
      }
      if isSettled { break }
    }
    return depth
  }

  /// Orders each rank by the mean place of its neighbours, down and up again, and keeps what stands level.
  private mutating func order(_ links: [(rank: Int, from: Item, to: Item)]) {
    var above: [Item: [Item]] = [:]
    var below: [Item: [Item]] = [:]
    for link in links {
      above[link.to, default: []].append(link.from)
      below[link.from, default: []].append(link.to)
    }
    for round in 0..<4 {
      let goesDown = round.isMultiple(of: 2)
      let order = goesDown ? Array(ranks.indices.dropFirst()) : ranks.indices.dropLast().reversed()
      for rank in order {
        let other = ranks[goesDown ? rank - 1 : rank + 1]
        let places = Dictionary(
          other.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let scored = ranks[rank].enumerated().map { place, item -> (Double, Int, Item) in
          let neighbours = (goesDown ? above[item] : below[item] ?? [])?.compactMap { places[$0] } ?? []
          let mean = Double(neighbours.reduce(0, +)) / Double(max(neighbours.count, 1))
          return (neighbours.isEmpty ? Double(place) : mean, place, item)
        }
        ranks[rank] = scored.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
      }
    }
  }

  /// The middles of items along a rank, near the middles of their neighbours, each with room for itself.
  ///
  /// - Parameters:
  ///   - sizes: the room that each item needs, by rank.
  ///   - gap: what lies between neighbours at least.
  ///   - length: what there is in all.
  func middles(sizes: [[Double]], gap: Double, length: Double) -> [[Double]] {
    var middles = sizes.map { rank -> [Double] in
      let total = rank.reduce(0, +) + gap * Double(max(rank.count - 1, 0))
      var edge = (length - total) / 2
      return rank.map { size in
        defer { edge += size + gap }
        return edge + size / 2
      }
    }
    for round in 0..<4 {
      let goesDown = round.isMultiple(of: 2)
      let order = goesDown ? Array(ranks.indices.dropFirst()) : ranks.indices.dropLast().reversed()
      for rank in order {
        let wanted = wishes(rank, goesDown, middles)
        middles[rank] = Self.spaced(wanted, sizes[rank], gap, length)
      }
    }
    return middles
  }

  /// Where items would stand if they had all the room: at the mean of their neighbours before or behind.
  private func wishes(_ rank: Int, _ goesDown: Bool, _ middles: [[Double]]) -> [Double] {
    var sums = [Double](repeating: 0, count: ranks[rank].count)
    var counts = sums
    for segment in segments[goesDown ? rank - 1 : rank] {
      let (own, other) = goesDown ? (segment.to, segment.from) : (segment.from, segment.to)
      sums[own] += middles[goesDown ? rank - 1 : rank + 1][other]
      counts[own] += 1
    }
    return sums.indices.map { counts[$0] > 0 ? sums[$0] / counts[$0] : middles[rank][$0] }
  }

  /// Items near their wishes without overlap, all of them within the length.
  private static func spaced(_ wanted: [Double], _ sizes: [Double], _ gap: Double, _ length: Double)
    -> [Double]
  {
    var placed = wanted
    for index in placed.indices.dropFirst() {
      let least = placed[index - 1] + (sizes[index - 1] + sizes[index]) / 2 + gap
      placed[index] = max(placed[index], least)
    }
    // What was pushed to the right on the whole goes back by as much.
    let drift = zip(placed, wanted).reduce(0) { $0 + $1.0 - $1.1 } / Double(max(placed.count, 1))
    placed = placed.map { $0 - drift }
    if let last = placed.last, let size = sizes.last {
      let over = last + size / 2 - length
      if over > 0 { placed = placed.map { $0 - over } }
    }
    if let first = placed.first, let size = sizes.first, first < size / 2 {
      placed = placed.map { $0 + size / 2 - first }
    }
    // Gaps that are wider than they must be give way before anything leaves the page.
    var end = length
    for index in placed.indices.reversed() {
      placed[index] = min(placed[index], end - sizes[index] / 2)
      end = placed[index] - sizes[index] / 2 - gap
    }
    return placed
  }
}
