import Foundation
import Foundations
import Testing

@testable import NeuralEngine

/// The online rules against Synaptic.js 1.1.4 (`Fixtures/synaptic.json`, run with node), step by step in both of its modes.
@Suite struct SynapticTests {
  struct Vectors: Decodable {
    let networks: [Description]
  }

  struct Description: Decodable, CustomTestStringConvertible {
    struct Part: Decodable {
      let name: String
      let size: Int
      let squash: String?
    }
    struct Line: Decodable {
      let name: String
      let from: String
      let to: String
      let type: String?
    }
    struct Gating: Decodable {
      let gater: String
      let edge: String
      let at: String
    }
    struct Step: Decodable {
      let input: [Double]
      let target: [Double]
    }
    struct Numbers: Decodable {
      struct Weight: Decodable {
        let from: Int
        let to: Int
        let weight: Double
      }
      let biases: [String: [Double]]
      let weights: [String: [Weight]]
    }
    struct Course: Decodable {
      let start: Numbers
      let answers: [[Double]]
      let end: Numbers
    }
    let title: String
    let rate: Double
    let layers: [Part]
    let edges: [Line]
    let gates: [Gating]
    let steps: [Step]
    let interpreted: Course
    let compiled: Course

    var testDescription: String { title }
  }

  private static let networks: [Description] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/synaptic.json")
    guard let data = try? Data(contentsOf: file) else { return [] }
    return (try? JSONDecoder().decode(Vectors.self, from: data).networks) ?? []
  }()

  /// A network of Synaptic's, layer for layer: what it sees one step late has a delay here.
  private static func graph(_ description: Description) throws -> NetworkGraph {
    var graph = NetworkGraph()
    let squashes: [String: Activation] = ["TANH": .tanh, "RELU": .relu, "IDENTITY": .linear]
    for (place, layer) in description.layers.enumerated() {
      try graph.add(
        place == 0
          ? input(layer.name, layer.size)
          : dense(layer.name, layer.size, layer.squash.flatMap { squashes[$0] } ?? .sigmoid))
    }
    let order = description.layers.map(\.name)
    let types: [String: EdgeType] = ["ONE_TO_ONE": .carry, "ALL_TO_ELSE": .others]
    for edge in description.edges {
      let (from, to) = (order.firstIndex(of: edge.from) ?? 0, order.firstIndex(of: edge.to) ?? 0)
      try graph.connect(
        Edge(
          from: edge.from, to: edge.to, type: edge.type.flatMap { types[$0] } ?? .full,
          delay: from >= to ? 1 : 0))
    }
    for gate in description.gates {
      guard let edge = description.edges.first(where: { $0.name == gate.edge }) else { continue }
      try graph.add(
        Gate(
          gate.gater, on: edge.from, to: edge.to, isOnCarry: edge.type == "ONE_TO_ONE",
          at: gate.at == "OUTPUT" ? .output : .input))
    }
    return graph
  }

  private static func network(
    _ description: Description, _ rule: LearningRule, _ numbers: Description.Numbers
  ) throws -> Network {
    let network = Network(name: "net")
    let made = try graph(description)
    try network.edit { $0 = made }
    network.defaults.rule = rule
    var random = RandomStream(seed: 1)
    // Single precision is the session's default, and a rule that goes online does not take it.
    try network.prepare(ExecutionOptions(.single), random: &random)
    for (key, values) in parameters(description, numbers) { try network.setParameters(key, to: values) }
    return network
  }

  private static func parameters(
    _ description: Description, _ numbers: Description.Numbers
  ) -> [(ParameterKey, [Double])] {
    let biases = numbers.biases.map { (ParameterKey(layer: $0, role: .bias), $1) }
    let weights = description.edges.filter { $0.type != "ONE_TO_ONE" }.map { edge in
      // Row by row: by the unit that they lead to, and then by that which they come from.
      let sorted = (numbers.weights[edge.name] ?? []).sorted { ($0.to, $0.from) < ($1.to, $1.from) }
      return (ParameterKey(layer: edge.to, source: edge.from, role: .weights), sorted.map(\.weight))
    }
    return biases + weights
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
  }

  @Test func everyVectorIsThere() { #expect(Self.networks.count == 8) }

  @Test("Every step's answer and the weights at the end agree", arguments: networks, [true, false])
  func agreement(description: Description, isCompiled: Bool) throws {
    let course = isCompiled ? description.compiled : description.interpreted
    let network = try Self.network(
      description, isCompiled ? .synaptic : .synapticInterpreted, course.start)
    for (step, answer) in zip(description.steps, course.answers) {
      try network.activate(step.input)
      #expect(Self.distance(network.outputs, answer) < 1e-12)
      try network.propagate(step.target, rate: description.rate)
    }
    for (key, values) in Self.parameters(description, course.end) {
      let found = try #require(network.parameters?.first { $0.slice.key == key }?.values)
      #expect(Self.distance(found, values) < 1e-12, "\(key)")
    }
  }

  private static var lstm: Description {
    get throws { try #require(networks.first { $0.title.hasPrefix("LSTM") }) }
  }

  /// The answers from here on.
  private func answers(_ network: Network, _ steps: some Sequence<Description.Step>) throws -> [Double] {
    try steps.map { step in
      try network.activate(step.input)
      let output = network.outputs[0]
      try network.propagate(step.target, rate: 0.3)
      return output
    }
  }

  @Test func aStateThatIsRestoredGoesOnWithTheSameBits() throws {
    let description = try Self.lstm
    let network = try Self.network(description, .synaptic, description.compiled.start)
    _ = try answers(network, description.steps.prefix(7))
    try network.activate([0.5])
    let state = network.state
    try network.propagate([1], rate: 0.3)
    let first = try answers(network, description.steps.prefix(9))
    network.restore(state)
    let memory = try #require(state.memory)
    guard case .online(let known) = memory else {
      Issue.record("This is no state of an online rule.")
      return
    }
    #expect(network.outputs == [known.activations.last ?? .nan])
    try network.propagate([1], rate: 0.3)
    #expect(try answers(network, description.steps.prefix(9)) == first)
    // Another network takes it up as well, as one that comes out of a file does.
    let other = Network(name: "other")
    other.restore(state)
    try other.propagate([1], rate: 0.3)
    #expect(try answers(other, description.steps.prefix(9)) == first)
  }

  @Test func forgettingLeavesTheWeightsAndNothingElse() throws {
    let description = try Self.lstm
    let network = try Self.network(description, .synaptic, description.compiled.start)
    _ = try answers(network, description.steps)
    let learned = network.values
    network.forget()
    #expect(network.values == learned)
    #expect(throws: CodedError.self) { try network.propagate([1], rate: 0.3) }
    let fresh = try Self.network(description, .synaptic, description.compiled.end)
    for slice in network.parameters ?? [] { try fresh.setParameters(slice.slice.key, to: slice.values) }
    #expect(
      try answers(network, description.steps.prefix(9)) == answers(fresh, description.steps.prefix(9)))
  }

  @Test func trainingGoesRowByRowAndKeepsTheState() throws {
    let description = try Self.lstm
    let byHand = try Self.network(description, .synaptic, description.compiled.start)
    for _ in 0..<3 { _ = try answers(byHand, description.steps) }
    let trained = try Self.network(description, .synaptic, description.compiled.start)
    let rows = Examples(
      name: "rows", rows: description.steps.count, inputs: description.steps.flatMap(\.input),
      targets: description.steps.flatMap(\.target))
    var options = TrainingOptions(
      epochs: 3, batchSize: 1, loss: .mse, optimizer: .sgd(), rate: 0.3, shuffles: false)
    let result = try trained.train(rows, options, seed: 1)
    #expect(trained.values == byHand.values)
    #expect(result.history.count == 3)
    try byHand.activate([1])
    try trained.activate([1])
    #expect(trained.outputs == byHand.outputs)
    options.batchSize = 2
    #expect(throws: CodedError.self) { try trained.train(rows, options, seed: 1) }
  }

  /// Synaptic's error: the mean over the rows of the answers before each step.
  @Test func theLossIsThatOfTheAnswersBeforeEachStep() throws {
    let description = try Self.lstm
    let network = try Self.network(description, .synaptic, description.compiled.start)
    let rows = Examples(
      name: "rows", rows: 40, inputs: description.steps.flatMap(\.input),
      targets: description.steps.flatMap(\.target))
    let options = TrainingOptions(
      epochs: 1, batchSize: 1, loss: .mse, optimizer: .sgd(), rate: 0.3, shuffles: false)
    let result = try network.train(rows, options, seed: 1)
    let squares: [Double] = zip(description.compiled.answers, description.steps).map { answer, step in
      pow(answer[0] - step.target[0], 2)
    }
    let mean = squares.reduce(0, +) / 40
    let loss = try #require(result.history.last?.loss)
    #expect(abs(loss - mean) < 1e-12)
  }

  /// For a sigmoid output the delta is that of the cross-entropy; a single layer has none below it that would see weights
  /// that were just changed.
  @Test func aSingleLayerFollowsTheGradientOfTheCrossEntropy() throws {
    let graph = try chain([2, 1])
    let (online, plain) = (try Network(graph), try Network(graph))
    online.defaults.rule = .synaptic
    plain.defaults.loss = .bce
    for row in 0..<4 {
      for network in [online, plain] {
        try network.activate([Double(row / 2), Double(row % 2)])
        try network.propagate([row == 1 ? 1 : 0], rate: 0.5)
      }
    }
    #expect(Self.distance(online.values, plain.values) < 1e-12)
    #expect(online.values != (try Network(graph)).values)
  }

  @Test func predictionsGoInOrderAndLeaveTheStateAlone() throws {
    let description = try Self.lstm
    let network = try Self.network(description, .synaptic, description.compiled.start)
    let inputs = description.steps.flatMap(\.input)
    let rows = Examples(name: "rows", rows: inputs.count, inputs: inputs, targets: inputs)
    try network.activate([0.75])
    let before = network.state.memory
    let predicted = try network.predict(rows)
    #expect(network.state.memory == before)
    let evaluated = try network.evaluate(rows, loss: .mse)
    network.forget()
    let stepped = try inputs.map { input in
      try network.activate([input])
      return network.outputs[0]
    }
    #expect(predicted == stepped)
    let loss = zip(stepped, inputs).map { pow($0 - $1, 2) }.reduce(0, +) / Double(inputs.count)
    #expect(abs(evaluated.loss - loss) < 1e-12)
  }

  /// LSTM(2, 3, 1) of Synaptic has 15 units (one is an input's), 59 connections and 12 that are gated; here a carry has no
  /// weight, and of the gated ones three are carries.
  @Test func architecturesHaveTheSizesOfSynaptics() throws {
    var lstm = NetworkGraph()
    try lstm.addLSTM([2, 3, 1], [.peepholes, .inputToOutput])
    let layout = try ParameterLayout(lstm)
    #expect(lstm.layers.map(\.name) == ["inp", "ig", "fg", "cell", "og", "out"])
    #expect(try lstm.sorted().map(\.name) == lstm.layers.map(\.name))
    #expect(lstm.layers.reduce(0) { $0 + lstm.width(of: $1) } == 15)
    #expect(layout.slices.filter { $0.key.role == .weights }.reduce(0) { $0 + $1.count } == 59 - 3)
    let circuit = try OnlineCircuit(lstm, layout, rule: .synaptic)
    #expect(circuit.gated.joined().count + circuit.gatedCarries.joined().count == 12)
    #expect(layout.slice("fg/bias")?.start == .preset([1, 1, 1]))

    var deep = NetworkGraph()
    try deep.addLSTM([2, 2, 3, 1], [.hiddenToHidden, .outputToHidden, .outputToGates])
    #expect(deep.layers.map(\.name).contains("cell2") && deep.outputs.map(\.name) == ["out"])
    _ = try OnlineCircuit(deep, try ParameterLayout(deep), rule: .synaptic)

    var perceptron = NetworkGraph()
    try perceptron.addPerceptron([2, 3, 4, 1])
    #expect(perceptron.layers.map(\.name) == ["inp", "hid1", "hid2", "out"])
    #expect(throws: CodedError.self) { try perceptron.addHopfield(3) }
  }

  @Test("A liquid learns, whatever was drawn", arguments: 1...20)
  func liquids(seed: Int) throws {
    var random = RandomStream(seed: UInt64(seed))
    var graph = NetworkGraph()
    try graph.addLiquid(inputs: 2, hidden: 8, outputs: 1, connections: 40, gates: 30, &random)
    #expect(graph.outputs.map(\.name) == ["out"])
    #expect(try graph.sorted().map(\.name) == graph.layers.map(\.name))
    let network = Network(name: "liquid")
    try network.edit { $0 = graph }
    network.defaults.rule = .synaptic
    try network.prepare(ExecutionOptions(), random: &random)
    let before = network.values
    for step in 0..<20 {
      try network.activate([Double(step % 2), Double(step % 3)])
      try network.propagate([1], rate: 0.1)
    }
    #expect(network.isFinite && network.values != before)
  }
}
