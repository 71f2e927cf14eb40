import Foundation
import Foundations
import Testing

@testable import NeuralEngine

/// The rule of Monner and Reggia against an implementation of its own (`Fixtures/lstm_g.py`), step by step, and against the
/// gradient through time where nothing of that is cut off.
@Suite struct LSTMGTests {
  struct Description: Decodable, CustomTestStringConvertible {
    struct Part: Decodable {
      let name: String
      let size: Int
      let activation: String
    }
    struct Line: Decodable {
      let source: String
      let target: String
      let type: String
      let delay: Int
    }
    struct Gating: Decodable {
      let gater: String
      let source: String
      let target: String
      let carry: Bool
      let at: String
      let delay: Int
    }
    struct Step: Decodable {
      let input: [Double]
      let target: [Double]
    }
    let title: String
    let isExact: Bool
    let loss: String
    let rate: Double
    let layers: [Part]
    let edges: [Line]
    let gates: [Gating]
    let steps: [Step]
    let start: [String: [Double]]
    let answers: [[Double]]
    let end: [String: [Double]]

    var testDescription: String { title }
  }

  private static let networks: [Description] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/lstm_g.json")
    guard let data = try? Data(contentsOf: file) else { return [] }
    return (try? JSONDecoder().decode([Description].self, from: data)) ?? []
  }()

  /// The graph for single steps, or for sequences of so many.
  private static func graph(_ description: Description, steps: Int? = nil) throws -> NetworkGraph {
    var graph = NetworkGraph()
    for (place, layer) in description.layers.enumerated() {
      let shape = (steps.map { [$0] } ?? []) + [layer.size]
      try graph.add(
        place == 0
          ? Layer(name: layer.name, kind: .input(shape: shape))
          : dense(layer.name, layer.size, try #require(Activation(rawValue: layer.activation))))
    }
    for edge in description.edges {
      let type: EdgeType = edge.type == "carry" ? .carry : edge.type == "others" ? .others : .full
      try graph.connect(Edge(from: edge.source, to: edge.target, type: type, delay: edge.delay))
    }
    for gate in description.gates {
      try graph.add(
        Gate(
          gate.gater, on: gate.source, to: gate.target, isOnCarry: gate.carry,
          at: gate.at == "output" ? .output : .input, delay: gate.delay))
    }
    return graph
  }

  private static func network(_ description: Description) throws -> Network {
    let network = try Network(try graph(description))
    network.defaults.rule = .lstmG
    network.defaults.loss = Loss(named: description.loss)
    try set(network, description.start)
    return network
  }

  private static func set(_ network: Network, _ values: [String: [Double]]) throws {
    for (name, values) in values { try network.setParameters(key(name), to: values) }
  }

  private static func key(_ name: String) throws -> ParameterKey { try #require(ParameterKey(name)) }

  private static func range(_ bench: Bench, _ name: String) throws -> Range<Int> {
    let key = try key(name)
    return try #require(bench.parameters.layout.slice(key)).range
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
  }

  private static func values(_ network: Network, _ key: String) throws -> [Double] {
    let key = try Self.key(key)
    return try #require(network.parameters?.first { $0.slice.key == key }?.values)
  }

  @Test func everyNetworkIsThere() { #expect(Self.networks.count == 10) }

  @Test("Every step's answer and the weights at the end agree", arguments: networks)
  func agreement(description: Description) throws {
    let network = try Self.network(description)
    for (step, answer) in zip(description.steps, description.answers) {
      try network.activate(step.input)
      #expect(Self.distance(network.outputs, answer) < 1e-12)
      try network.propagate(step.target, rate: description.rate)
    }
    for (key, values) in description.end {
      #expect(Self.distance(try Self.values(network, key), values) < 1e-12, "\(key)")
    }
  }

  @Test("A step gives what the plan of the sequence gives", arguments: networks)
  func answersAreThoseOfThePlan(description: Description) throws {
    let network = try Self.network(description)
    let stepped = try description.steps.flatMap { step in
      try network.activate(step.input)
      return network.outputs
    }
    // Where no layer keeps anything, each step is a row by itself.
    let whole = try Network(
      try Self.graph(description, steps: network.graph.hasMemory ? description.steps.count : nil))
    try Self.set(whole, description.start)
    let inputs = description.steps.flatMap(\.input)
    let rows = Examples(
      name: "x", rows: network.graph.hasMemory ? 1 : description.steps.count, inputs: inputs)
    #expect(Self.distance(try whole.predict(rows), stepped) < 1e-12)
  }

  @Test(
    "Where nothing is cut off, the steps add up to the gradient through time",
    arguments: networks.filter(\.isExact))
  func exactGradients(description: Description) throws {
    let network = try Self.network(description)
    let steps = description.steps.prefix(12)
    var changes = [String: [Double]]()
    for step in steps {
      try network.activate(step.input)
      let state = network.state
      try network.propagate(step.target, rate: 1)
      for (key, start) in description.start {
        let change = zip(try Self.values(network, key), start).map { $0 - $1 }
        changes[key] = changes[key].map { zip($0, change).map(+) } ?? change
      }
      network.restore(state)
    }
    let graph = try Self.graph(description, steps: network.graph.hasMemory ? steps.count : nil)
    let rows = network.graph.hasMemory ? 1 : steps.count
    let bench = try Bench(
      graph, try #require(Loss(named: description.loss)),
      Examples(name: "x", rows: rows, inputs: steps.flatMap(\.input), targets: steps.flatMap(\.target)),
      capacity: rows)
    for (key, values) in description.start {
      for (place, value) in zip(try Self.range(bench, key), values) { bench.parameters.values[place] = value }
    }
    bench.load(0..<rows)
    // The loss of a sequence is the mean over its steps.
    let gradient = bench.gradient(rows: rows, scale: network.graph.hasMemory ? Double(steps.count) : 1)
    for (key, change) in changes {
      let exact = Array(gradient[try Self.range(bench, key)])
      #expect(Self.distance(change.map { -$0 }, exact) < 1e-10, "\(key)")
    }
  }

  @Test func withoutMemoryItIsGradientDescent() throws {
    let graph = try chain([2, 3, 2], output: .tanh)
    let (online, plain) = (try Network(graph), try Network(graph))
    online.defaults.rule = .lstmG
    for network in [online, plain] {
      network.defaults.loss = .huber
      for row in 0..<10 {
        try network.activate([Double(row / 5), Double(row % 3) - 1])
        try network.propagate([row % 2 == 0 ? 0.5 : -2, 0.25], rate: 0.5)
      }
    }
    #expect(Self.distance(online.values, plain.values) < 1e-12)
  }

  @Test func aStateThatIsRestoredGoesOnWithTheSameBits() throws {
    let description = try #require(Self.networks.first { $0.title.hasPrefix("peepholes") })
    let network = try Self.network(description)
    for step in description.steps.prefix(5) {
      try network.activate(step.input)
      try network.propagate(step.target, rate: 0.3)
    }
    try network.activate([0.5, -1])
    let state = network.state
    try network.propagate([1, 0], rate: 0.3)
    let learned = network.values
    let memory = try #require(state.memory)
    let other = Network(name: "other")
    other.restore(state)
    try other.propagate([1, 0], rate: 0.3)
    #expect(other.values == learned)
    #expect(NetworkMemory(parts: memory.parts, rule: .lstmG) == memory)
    #expect(NetworkMemory(parts: Array(memory.parts.dropLast(2)), rule: .lstmG) == nil)
  }

  @Test func trainingGoesRowByRowByTheLoss() throws {
    let description = try #require(Self.networks.first { $0.title.hasPrefix("memory cells, a layer") })
    let (byHand, trained) = (try Self.network(description), try Self.network(description))
    for _ in 0..<3 {
      for step in description.steps {
        try byHand.activate(step.input)
        try byHand.propagate(step.target, rate: 0.1)
      }
    }
    let rows = Examples(
      name: "rows", rows: description.steps.count, inputs: description.steps.flatMap(\.input),
      targets: description.steps.flatMap(\.target))
    let options = TrainingOptions(
      epochs: 3, batchSize: 1, loss: .mse, optimizer: .sgd(), rate: 0.1, shuffles: false)
    try trained.train(rows, options, seed: 1)
    #expect(trained.values == byHand.values)
  }

  @Test func whatItHasNoMeaningForIsRefused() throws {
    func refusal(_ graph: NetworkGraph, _ loss: Loss? = nil) throws -> String? {
      let network = try Network(graph)
      network.defaults.rule = .lstmG
      network.defaults.loss = loss
      do {
        try network.activate([0, 1])
        try network.propagate([1], rate: 0.1)
        return nil
      } catch { return "\(error)" }
    }
    #expect(try refusal(chain([2, 1], output: .step))?.contains("rule=lstm_g knows sigmoid") == true)
    var late = try chain([2, 2, 1])
    try late.connect(Edge(from: "l2", to: "l1", delay: 2))
    #expect(try refusal(late)?.contains("Use delay=1") == true)
    #expect(try refusal(chain([2, 1], output: .linear), .bce)?.contains("bce") == true)
    #expect(try refusal(chain([2, 1], output: .linear), .mse) == nil)
  }
}
