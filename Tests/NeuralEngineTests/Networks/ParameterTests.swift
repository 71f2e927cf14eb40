import Foundations
import Testing

@testable import NeuralEngine

/// How parameters come into being and what they outlive.
@Suite struct ParameterTests {
  private func values(_ network: Network, _ key: String) throws -> [Double] {
    try #require(network.parameters?.first { $0.slice.key.description == key }).values
  }

  private func prepare(_ network: Network, _ precision: Precision = .double, seed: UInt64 = 5) throws {
    var random = RandomStream(seed: seed)
    try network.prepare(ExecutionOptions(precision), random: &random)
  }

  @Test func glorotCountsAllEdges() throws {
    let graph = try makeGraph(
      [input("x", 30), input("y", 40), dense("h", 40, .tanh)],
      [Edge(from: "x", to: "h"), Edge(from: "y", to: "h")])
    let network = try Network(graph)
    let limit = (6.0 / (30 + 40 + 40)).squareRoot()
    for key in ["x->h/weights", "y->h/weights"] {
      let weights = try values(network, key)
      #expect(weights.allSatisfy { abs($0) <= limit })
      #expect((weights.map(abs).max() ?? 0) > 0.98 * limit)
      // The mean of 1,200 has a standard deviation of limit / √3 / √1200, a sixtieth of the limit.
      #expect(abs(weights.reduce(0, +) / Double(weights.count)) < 0.07 * limit)
    }
    #expect(try values(network, "h/bias") == [Double](repeating: 0, count: 40))
  }

  @Test func edgesOfOneWeightCountOnce() throws {
    let graph = try makeGraph(
      [input("x", 200), dense("a", 200, .linear), dense("h", 200, .tanh)],
      [
        Edge(from: "x", to: "a", type: .identity), Edge(from: "x", to: "h", type: .one),
        Edge(from: "a", to: "h", type: .identity),
      ])
    let layout = try ParameterLayout(graph)
    #expect(layout.slice("x->h/weights")?.start == .drawn(.glorot, shape: [200], fanIn: 2, fanOut: 1))
    #expect(layout.slice("a->h/weights") == nil)
  }

  private func drawn(_ start: Initializer, _ width: Int, _ units: Int) throws -> [Double] {
    let layer = Layer(
      name: "h", kind: .dense(units: units, activation: .relu, initializer: start))
    let network = try Network(try makeGraph([input("x", width), layer], [Edge(from: "x", to: "h")]))
    #expect(try values(network, "h/bias") == [Double](repeating: 0, count: units))
    return try values(network, "x->h/weights")
  }

  @Test(arguments: [
    (Initializer.glorot, 0.2), (.he, (6.0 / 50).squareRoot()), (.lecun, (3.0 / 50).squareRoot()),
    (.uniform, 0.05),
  ])
  func uniformStartsKeepTheirLimits(_ start: Initializer, _ limit: Double) throws {
    let weights = try drawn(start, 50, 100)
    #expect(weights.allSatisfy { abs($0) <= limit })
    #expect((weights.map(abs).max() ?? 0) > 0.99 * limit)
    #expect(abs(weights.reduce(0, +) / 5000) < 0.05 * limit)
  }

  @Test func otherStarts() throws {
    #expect(try drawn(.zeros, 3, 2) == [Double](repeating: 0, count: 6))
    #expect(try drawn(.ones, 3, 2) == [Double](repeating: 1, count: 6))
    let normal = try drawn(.normal, 100, 100)
    let deviation = (normal.reduce(0) { $0 + $1 * $1 } / 10_000).squareRoot()
    // Its own standard deviation is 0.05 / √20,000.
    #expect(abs(deviation - 0.05) < 0.002)
  }

  @Test(arguments: [(5, 5), (3, 40), (40, 3), (1, 4), (64, 64)])
  func orthogonalStands(_ width: Int, _ units: Int) throws {
    let weights = try drawn(.orthogonal, width, units)
    let isWide = width >= units
    let (count, length) = (min(width, units), max(width, units))
    func entry(_ vector: Int, _ place: Int) -> Double {
      isWide ? weights[vector * width + place] : weights[place * width + vector]
    }
    for a in 0..<count {
      for b in 0...a {
        let product = (0..<length).reduce(0) { $0 + entry(a, $1) * entry(b, $1) }
        #expect(abs(product - (a == b ? 1 : 0)) < 1e-13)
      }
    }
  }

  @Test func orthogonalEdgesOfOneWeightAreSigns() throws {
    let layer = Layer(
      name: "h", kind: .dense(units: 30, activation: .tanh, hasBias: false, initializer: .orthogonal))
    let network = try Network(
      try makeGraph([input("x", 30), layer], [Edge(from: "x", to: "h", type: .one)]))
    #expect(Set(network.values) == [-1, 1])
  }

  @Test func layoutHasNoGaps() throws {
    let layout = try ParameterLayout(chain([3, 4, 2]))
    #expect(layout.slices.map(\.key) == ["l0->l1/weights", "l1/bias", "l1->l2/weights", "l2/bias"])
    #expect(layout.slices.map(\.shape) == [[4, 3], [4], [2, 4], [2]])
    #expect(layout.slices.map(\.offset) == [0, 12, 16, 24])
    #expect(layout.count == 26)
  }

  @Test func changeKeepsWhatFits() throws {
    let network = try Network(chain([3, 4, 2]))
    let (weights, further) = (try values(network, "l0->l1/weights"), try values(network, "l1->l2/weights"))
    try network.edit { (graph) throws(CodedError) in
      try graph.add(dense("extra", 3, .tanh))
      try graph.connect(Edge(from: "l1", to: "extra"))
    }
    #expect(network.parameters == nil)
    try prepare(network)
    #expect(try values(network, "l0->l1/weights") == weights)
    #expect(try values(network, "l1->l2/weights") == further)
    try network.edit { (graph) throws(CodedError) in
      try graph.remove(layer: "l2")
      try graph.add(dense("l2", 5, .tanh))
      try graph.connect(Edge(from: "l1", to: "l2"))
    }
    try prepare(network)
    #expect(try values(network, "l0->l1/weights") == weights)
    #expect(try values(network, "l1->l2/weights").count == 20)
  }

  @Test func refusedChangeChangesNothing() throws {
    let network = try Network(chain([3, 4, 2]))
    let (graph, values) = (network.graph, network.values)
    #expect(throws: CodedError.self) {
      try network.edit { (graph) throws(CodedError) in
        try graph.add(dense("extra", 3, .tanh))
        try graph.connect(Edge(from: "extra", to: "l0"))
      }
    }
    #expect(network.graph == graph)
    #expect(network.values == values)
  }

  /// Weights that a user gives a new edge are not those of the edge that it replaces.
  @Test func presetWinsOverKeptWeights() throws {
    let network = try Network(chain([2, 1]))
    try network.edit { (graph) throws(CodedError) in try graph.remove(layer: "l1") }
    try network.edit { (graph) throws(CodedError) in
      try graph.add(dense("l1", 1, .sigmoid))
      try graph.connect(Edge(from: "l0", to: "l1", presetWeights: [0.5, -0.5]))
    }
    try prepare(network)
    #expect(try values(network, "l0->l1/weights") == [0.5, -0.5])
  }

  @Test func precisionSwitchKeepsValues() throws {
    let network = try Network(chain([3, 4, 2]), .double)
    let exact = network.values
    try prepare(network, .single)
    let rounded = network.values
    #expect(rounded == exact.map { Double(Float($0)) })
    try prepare(network, .double)
    #expect(network.values == rounded)
    // A second preparation in the same precision does nothing.
    try prepare(network, .double, seed: 99)
    #expect(network.values == rounded)
  }

  @Test func resetDrawsAnew() throws {
    let network = try Network(chain([3, 4, 2]), seed: 5)
    let first = network.values
    network.reset()
    #expect(network.parameters == nil && network.outputs.isEmpty)
    try prepare(network, seed: 6)
    #expect(network.values != first)
    network.reset()
    try prepare(network, seed: 5)
    #expect(network.values == first)
  }

  @Test func setParametersReplacesOneKey() throws {
    let network = try Network(chain([3, 4, 2]))
    let before = network.values
    try network.setParameters("l1/bias", to: [1, 2, 3, 4])
    var expected = before
    expected.replaceSubrange(12..<16, with: [1, 2, 3, 4])
    #expect(network.values == expected)
  }
}
