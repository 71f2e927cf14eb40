import Foundations
import Testing

@testable import NeuralEngine

/// What a change of an earlier layer leaves of the weights, and what it cannot leave.
@Suite struct ChangedGraphTests {
  private static let kinds: [Layer.Kind] = [
    .conv(3, [3, 3], .same, .relu), .batchNorm(BatchNorm()), .pool(.max, [2, 2]), .conv(2, [2, 2]), .flatten,
    .dense(4, .tanh), .dense(2),
  ]

  private func values(_ network: Network) -> [String: [Double]] {
    Dictionary(uniqueKeysWithValues: (network.parameters ?? []).map { ($0.slice.key.description, $0.values) })
  }

  /// Replaces a layer, keeping what leads to it and from it, and says which parameters stay.
  private func kept(replacing name: String, with kind: Layer.Kind) throws -> (
    stay: Set<String>, go: Set<String>
  ) {
    let network = try Network(sequence([8, 8, 1], Self.kinds))
    let before = values(network)
    let edges = network.graph.edges.filter { $0.source == name || $0.target == name }
    try network.edit { (graph) throws(CodedError) in
      try graph.remove(layer: name)
      try graph.add(layer(name, kind))
      for edge in edges { try graph.connect(edge) }
    }
    var random = RandomStream(seed: 99)
    try network.prepare(ExecutionOptions(.double), random: &random)
    let after = values(network)
    #expect(network.graph.shape(of: try #require(network.graph.layer("l7"))) == [2])
    // Biases begin at 0 again, which tells nothing.
    let drawn = before.filter { !$0.key.hasSuffix("bias") && !$0.key.contains("l2/") }.keys
    return (Set(drawn.filter { after[$0] == before[$0] }), Set(drawn.filter { after[$0] != before[$0] }))
  }

  @Test func moreFiltersChangeTheNextKernelOnly() throws {
    let (stay, go) = try kept(replacing: "l1", with: .conv(5, [3, 3], .same, .relu))
    #expect(go == ["l1/kernel", "l4/kernel"])
    #expect(stay == ["l5->l6/weights", "l6->l7/weights"])
  }

  @Test func strideAndActivationLeaveAllKernels() throws {
    let (stay, go) = try kept(replacing: "l1", with: .conv(3, [3, 3], stride: [2, 2], .same, .tanh))
    #expect(go == ["l5->l6/weights"])
    #expect(stay == ["l1/kernel", "l4/kernel", "l6->l7/weights"])
  }

  @Test func anotherPoolChangesTheDenseLayerBehindIt() throws {
    let (stay, go) = try kept(replacing: "l3", with: .pool(.avg, [4, 4]))
    #expect(go == ["l5->l6/weights"])
    #expect(stay == ["l1/kernel", "l4/kernel", "l6->l7/weights"])
  }

  @Test func sameShapesKeepEverything() throws {
    let (stay, go) = try kept(replacing: "l3", with: .pool(.avg, [2, 2]))
    #expect(go.isEmpty)
    #expect(stay.count == 4)
  }

  /// What a batch normalisation has measured goes with its channels.
  @Test func measuredFiguresFollowTheChannels() throws {
    for (filters, stays) in [(3, true), (5, false)] {
      let network = try Network(sequence([8, 8, 1], Self.kinds))
      try network.setParameters("l2/mean", to: [0.1, 0.2, 0.3])
      try network.edit { (graph) throws(CodedError) in
        try graph.remove(layer: "l1")
        try graph.add(layer("l1", .conv(filters, [3, 3], .same)))
        for edge in path("x", "l1", "l2") { try graph.connect(edge) }
      }
      var random = RandomStream(seed: 99)
      try network.prepare(ExecutionOptions(.double), random: &random)
      let expected = stays ? [0.1, 0.2, 0.3] : [Double](repeating: 0, count: filters)
      #expect(values(network)["l2/mean"] == expected)
    }
  }

  /// A kernel of the same size in a layer of another kind means something else.
  @Test func anotherKindKeepsNothing() throws {
    let network = try Network(sequence([4, 4, 1], .conv(2, [4, 1]), .flatten, .dense(1)))
    let before = values(network)
    try network.edit { (graph) throws(CodedError) in
      try graph.remove(layer: "l1")
      try graph.add(layer("r", .reshape([16, 1])))
      try graph.add(layer("l1", .conv(2, [4])))
      for edge in path("x", "r", "l1", "l2") { try graph.connect(edge) }
    }
    var random = RandomStream(seed: 99)
    try network.prepare(ExecutionOptions(.double), random: &random)
    #expect(before["l1/kernel"]?.count == values(network)["l1/kernel"]?.count)
    #expect(before["l1/kernel"] != values(network)["l1/kernel"])
  }

  /// A preset kernel that is given anew wins, and leaves the bias alone.
  @Test func presetKernelWinsOverTheKeptOne() throws {
    for kind in [Layer.Kind.conv(1, [2]), .dense(1)] {
      func graph(_ weight: Double) throws -> NetworkGraph {
        try makeGraph(
          kind == .dense(1)
            ? [input("x", 2), layer("o", kind)] : [image("x", [2, 1]), layer("o", kind)],
          [Edge(from: "x", to: "o", presetWeights: [weight, 1], merge: .add)])
      }
      let network = try Network(graph(0.5))
      try network.setParameters("o/bias", to: [7])
      let changed = try graph(0.25)
      try network.edit { $0 = changed }
      var random = RandomStream(seed: 99)
      try network.prepare(ExecutionOptions(.double), random: &random)
      #expect(values(network) == ["o/kernel": [0.25, 1], "o/bias": [7]])
    }
  }

  /// An edge further back may find its preset weights too few, and a layer that goes may leave the others unfit.
  @Test func laterEdgesAreHeldToTheirShapes() throws {
    var graph = try makeGraph(
      [input("x", 4), layer("f", .flatten), dense("o", 1, .linear)],
      [Edge(from: "f", to: "o", presetWeights: [1, 2])])
    let before = graph
    let late = #expect(throws: CodedError.self) { try graph.connect(Edge(from: "x", to: "f")) }
    #expect(late?.message.contains("1x4 weights (4), but 2 are given") == true)
    #expect(graph == before)
    var merged = try makeGraph(
      [input("x", 4), input("y", 2), layer("r", .reshape([3, 2])), dense("z", 1, .linear)],
      merge(.concat, ["x", "y"], into: "r"))
    let error = #expect(throws: CodedError.self) { try merged.remove(layer: "y") }
    #expect(error?.code == .badReshape)
    #expect(merged.layer("y") != nil)
    try merged.remove(layer: "z")
  }
}
