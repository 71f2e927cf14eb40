import Foundations
import Testing

@testable import NeuralEngine

/// The order in which layers are computed, beside what it is said to be.
@Suite struct GraphOrderTests {
  /// Layers in a drawn order, with drawn edges along another one, and gates.
  private func drawn(_ count: Int, _ random: inout RandomStream) throws -> NetworkGraph {
    var graph = NetworkGraph()
    var names = (0..<count).map { "l\($0)" }
    random.shuffle(&names)
    for name in names {
      try graph.add(
        Layer(
          name: name, kind: name == "l0" ? .input(size: 2) : .dense(units: 2, activation: .tanh)))
    }
    for target in 1..<count {
      var sources = Set([random.below(target), random.below(target)])
      if sources == [target - 1] { sources.insert(0) }
      for source in sources.sorted() { try graph.connect(Edge(from: "l\(source)", to: "l\(target)")) }
      if random.below(3) == 0 {
        try graph.connect(Edge(from: "l\(target)", to: "l\(1 + random.below(target))", delay: 1))
      }
      if target > 2, random.below(4) == 0, let edge = graph.edges(into: "l\(target)").first {
        try graph.add(Gate("l\(target - 1)", on: edge.source, to: edge.target))
      }
    }
    return graph
  }

  /// The first layer, in the order in which they were added, all of whose needs are there, again and again.
  private func expected(_ graph: NetworkGraph) -> [String] {
    var order: [String] = []
    while let next = graph.layers.first(where: { layer in
      !order.contains(layer.name)
        && graph.dependencies(of: layer.name).allSatisfy { order.contains($0.source) }
    }) {
      order.append(next.name)
    }
    return order
  }

  @Test func theFirstThatCanBeComputedIsNext() throws {
    var random = RandomStream(seed: 5)
    for _ in 0..<200 {
      let graph = try drawn(3 + random.below(12), &random)
      let order = try graph.sorted().map(\.name)
      #expect(order == expected(graph) && order.count == graph.layers.count)
      for layer in graph.layers {
        #expect(graph.layer(layer.name) == layer)
        #expect(graph.edges(into: layer.name) == graph.edges.filter { $0.target == layer.name })
      }
      #expect(graph.layer("l99") == nil && graph.edges(into: "l99").isEmpty)
    }
  }
}
