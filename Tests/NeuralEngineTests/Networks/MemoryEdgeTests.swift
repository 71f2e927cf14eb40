import Foundations
import NetworkSchema
import Testing

@testable import NeuralEngine

/// Delays, carries and gates in a graph.
@Suite struct MemoryEdgeTests {
  private func refusal(_ body: () throws -> Void) -> ErrorCode? {
    do { try body() } catch { return (error as? CodedError)?.code }
    return nil
  }

  private var graph: NetworkGraph {
    get throws {
      try makeGraph(
        [input("x", 2), dense("g", 3, .sigmoid), dense("h", 3, .tanh), dense("y", 1, .sigmoid)],
        [Edge(from: "x", to: "g"), Edge(from: "x", to: "h"), Edge(from: "h", to: "y")])
    }
  }

  @Test func aCycleNeedsADelayAndItsErrorNamesTheEdge() throws {
    var graph = try graph
    do { try graph.connect(Edge(from: "y", to: "h")) } catch {
      #expect(error.code == .cycle)
      #expect(error.message.contains("y -> h") && error.suggestion == "connect y -> h delay=1")
    }
    try graph.connect(Edge(from: "y", to: "h", delay: 1))
    try graph.connect(Edge(from: "h", to: "h", type: .others))
    try graph.connect(Edge(from: "h", to: "h", type: .carry))
    #expect(refusal { try graph.connect(Edge(from: "h", to: "h", type: .carry)) } == .duplicateEdge)
    #expect(refusal { try graph.connect(Edge(from: "h", to: "h", delay: 1)) } == .duplicateEdge)
    #expect(refusal { try graph.connect(Edge(from: "g", to: "h", type: .carry)) } == .badEdge)
    #expect(try graph.sorted().map(\.name) == ["x", "g", "h", "y"])
    #expect(graph.outputs.map(\.name) == ["g"], "y is read again a step later")
    #expect(graph.dependencies(of: "h").map(\.source) == ["x"])
  }

  @Test func anOutputThatIsReadAgainIsAnOutputAllTheSame() throws {
    var graph = try chain([2, 3, 1])
    try graph.connect(Edge(from: "l2", to: "l1", delay: 1))
    #expect(graph.outputs.map(\.name) == ["l2"])
    try graph.connect(Edge(from: "l2", to: "l2", type: .carry))
    #expect(graph.outputs.map(\.name) == ["l2"])
  }

  @Test func gatesAreChecked() throws {
    var graph = try graph
    #expect(refusal { try graph.add(Gate("g", on: "g", to: "y")) } == .badGate, "no such edge")
    #expect(refusal { try graph.add(Gate("g", on: "h", to: "y")) } == .shapeMismatch, "y has one unit")
    #expect(refusal { try graph.add(Gate("y", on: "x", to: "h")) } == .cycle)
    #expect(refusal { try graph.add(Gate("no", on: "x", to: "h")) } == .unknownLayer)
    try graph.add(Gate("g", on: "x", to: "h"))
    try graph.add(Gate("h", on: "h", to: "y", at: .output))
    #expect(refusal { try graph.add(Gate("g", on: "x", to: "h")) } == .badGate, "one gate an edge")
    #expect(graph.outputs.map(\.name) == ["y"], "a gate is no output")
    #expect(graph.dependencies(of: "h").map(\.source) == ["x", "g"])
    #expect(graph.path(from: "g", to: "y") == ["g", "h", "y"])
    #expect(refusal { try graph.connect(Edge(from: "h", to: "g")) } == .cycle, "by the gate")
    var smaller = graph
    try smaller.remove(layer: "g")
    #expect(smaller.gates.map(\.gater) == ["h"])
  }

  @Test func anInputMayDoNothingButGate() throws {
    var graph = try makeGraph(
      [
        Layer(name: "x", kind: .input(shape: [4, 2])), Layer(name: "g", kind: .input(shape: [4, 3])),
        dense("h", 3, .tanh),
      ],
      [Edge(from: "x", to: "h")])
    #expect(refusal { _ = try graph.sorted() } == .incompleteNetwork)
    try graph.add(Gate("g", on: "x", to: "h"))
    #expect(try Set(graph.sorted().map(\.name)) == ["x", "g", "h"])
    #expect(graph.outputs.map(\.name) == ["h"])
  }

  @Test func layersWaitForAllThatLeadToThem() throws {
    // The last layer is added before the one that leads to it.
    let options = OptionValues(["units": .integer(3), "return": .word("all")])
    let rnn = Layer(
      name: "r", kind: try Layer.Kind("rnn", KindSchema.rnn.completed(options), named: "r"))
    let graph = try makeGraph(
      [Layer(name: "x", kind: .input(shape: [5, 3])), rnn, dense("y", 2, .linear), dense("h", 4, .tanh)],
      [Edge(from: "x", to: "r"), Edge(from: "h", to: "y"), Edge(from: "r", to: "h")])
    #expect(graph.layer("y").flatMap { graph.shape(of: $0) } == [5, 2])
  }

  // MARK: - Through time

  private func sequence(_ layers: [Layer], _ edges: [Edge], _ gates: [Gate] = []) throws -> Network {
    var graph = try makeGraph([Layer(name: "x", kind: .input(shape: [6, 2]))] + layers, edges)
    for gate in gates { try graph.add(gate) }
    return try Network(graph)
  }

  private func rows(_ count: Int) -> Examples {
    var random = RandomStream(seed: 4)
    return Examples(
      name: "x", rows: count, inputs: (0..<count * 12).map { _ in random.uniform(from: -1, to: 1) })
  }

  /// The layers are held against Keras's and PyTorch's figures elsewhere.
  private func layer(_ kind: String) throws -> Network {
    let options = OptionValues(["units": .integer(3), "return": .word("all")])
    let schema = kind == "rnn" ? KindSchema.rnn : KindSchema.lstm
    return try sequence(
      [Layer(name: "h", kind: try Layer.Kind(kind, schema.completed(options), named: "h"))],
      [Edge(from: "x", to: "h")])
  }

  private func values(_ network: Network, _ key: ParameterKey) throws -> [Double] {
    try #require(network.parameters?.first { $0.slice.key == key }?.values)
  }

  @Test func aDelayedEdgeMakesASimpleRecurrentLayer() throws {
    let (known, own) = (
      try layer("rnn"),
      try sequence(
        [dense("h", 3, .tanh)], [Edge(from: "x", to: "h"), Edge(from: "h", to: "h", delay: 1)])
    )
    try own.setParameters("x->h/weights", to: values(known, "h/kernel"))
    try own.setParameters("h->h/weights", to: values(known, "h/recurrent"))
    let (a, b) = (try known.predict(rows(5)), try own.predict(rows(5)))
    #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-14 } && a.count == 90)
  }

  /// i, f, o and what is stored read x and the last output; the cell carries its sum, multiplied by f, and adds what is
  /// stored, multiplied by i; the output is the cell's tanh, multiplied by o.
  @Test func carriesAndGatesMakeAnLSTM() throws {
    let known = try layer("lstm")
    let gates = ["i", "f", "g", "o"]
    let own = try sequence(
      gates.map { dense($0, 3, $0 == "g" ? .tanh : .sigmoid) }
        + [dense("c", 3, .tanh, bias: false), dense("h", 3, .linear, bias: false)],
      gates.flatMap { [Edge(from: "x", to: $0), Edge(from: "h", to: $0, delay: 1)] } + [
        Edge(from: "g", to: "c", type: .identity), Edge(from: "c", to: "c", type: .carry),
        Edge(from: "c", to: "h", type: .identity),
      ],
      [
        Gate("i", on: "g", to: "c"), Gate("f", on: "c", to: "c", isOnCarry: true),
        Gate("o", on: "c", to: "h", at: .output),
      ])
    #expect(own.graph.outputs.map(\.name) == ["h"])
    let (kernel, recurrent) = (try values(known, "h/kernel"), try values(known, "h/recurrent"))
    let bias = try values(known, "h/bias")
    for (place, gate) in gates.enumerated() {
      try own.setParameters(
        ParameterKey(layer: gate, source: "x", role: .weights), to: Array(kernel[place * 6..<place * 6 + 6]))
      try own.setParameters(
        ParameterKey(layer: gate, source: "h", role: .weights),
        to: Array(recurrent[place * 9..<place * 9 + 9]))
      try own.setParameters(
        ParameterKey(layer: gate, role: .bias), to: Array(bias[place * 3..<place * 3 + 3]))
    }
    let (a, b) = (try known.predict(rows(5)), try own.predict(rows(5)))
    #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-14 } && a.count == 90)
  }

  @Test func whatHasNoStepsIsRefusedByName() throws {
    var graph = try graph
    try graph.connect(Edge(from: "h", to: "h", type: .carry))
    let network = try Network(graph)
    #expect(refusal { _ = try network.predict(Examples(name: "x", rows: 1, inputs: [0, 1])) } == .needsSteps)
    let zeros = [Double](repeating: 0, count: 5001)
    var long = try makeGraph(
      [Layer(name: "x", kind: .input(shape: [5001, 1])), dense("h", 1, .tanh)], [Edge(from: "x", to: "h")])
    try long.connect(Edge(from: "h", to: "h", delay: 1))
    #expect(
      refusal { _ = try Network(long).predict(Examples(name: "x", rows: 1, inputs: zeros)) } == .tooLarge)
    let cyclic = try sequence(
      [dense("h", 3, .tanh), Layer(name: "d", kind: .dropout(0.5)), dense("k", 3, .tanh)],
      [
        Edge(from: "x", to: "k"), Edge(from: "k", to: "d"), Edge(from: "d", to: "h"),
        Edge(from: "h", to: "k", delay: 1),
      ])
    #expect(refusal { _ = try cyclic.predict(rows(1)) } == .needsSteps)
  }

  // MARK: - Step by step

  @Test(
    "A sequence one step at a time gives what the whole one gives", arguments: try LayerGradientTests.memory()
  )
  func stepsAgree(_ item: LayerGradientTests.Case) throws {
    try checkSteps(try Network(item.graph))
  }

  @Test(arguments: [RecurrentCell.rnn, .lstm, .gru])
  func stepsOfRecurrentLayersAgree(_ cell: RecurrentCell) throws {
    try checkSteps(
      try Network(
        NeuralEngineTests.sequence(
          [5, 2],
          [
            .recurrent(cell, units: 3, returnsAll: true), .layerNorm(epsilon: 0.01),
            .recurrent(cell, units: 2, activation: .softplus, returnsAll: true), .dense(2, .softmax),
          ])))
  }

  /// Two sequences with `forget` between them; the last layers of a network without steps have no whole to be held to.
  private func checkSteps(_ network: Network) throws {
    let steps = network.graph.outputSteps
    guard steps > 1, let width = network.graph.stepWidth else { return }
    let examples = try randomExamples(for: network.graph, .mse, rows: 2)
    let whole = try network.predict(examples)
    var single: [Double] = []
    for row in 0..<2 {
      for step in 0..<steps {
        let start = (row * steps + step) * width
        try network.activate(Array(examples.inputs[start..<start + width]))
        single += network.outputs
      }
      network.forget()
    }
    #expect(whole.count == single.count)
    #expect(zip(whole, single).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  @Test func aStateIsKeptWithTheNetworkUntilItIsForgotten() throws {
    let network = try layer("lstm")
    let row = rows(1).inputs
    try network.activate(Array(row[0..<2]))
    let first = network.outputs
    let state = network.state
    try network.activate(Array(row[2..<4]))
    let second = network.outputs
    #expect(refusal { try network.propagate([0, 0, 0], rate: 1) } == .needsSteps)
    network.restore(state)
    #expect(network.outputs == first)
    try network.activate(Array(row[2..<4]))
    #expect(network.outputs == second)
    let memory = try #require(network.state.memory)
    #expect(NetworkMemory(parts: memory.parts, rule: .gradient) == memory)
    network.forget()
    #expect(network.state.memory == nil)
    try network.activate(Array(row[0..<2]))
    #expect(network.outputs == first)
    #expect(refusal { try network.activate([1, 2, 3]) } == .shapeMismatch)
    // A whole sequence begins from nothing, and leaves the state as it is.
    try network.activate(row)
    #expect(
      network.outputs.prefix(3).elementsEqual(first)
        || zip(network.outputs, first).allSatisfy { abs($0 - $1) < 1e-14 })
    try network.activate(Array(row[2..<4]))
    #expect(network.outputs == second)
  }

  @Test func aNetworkOfSingleStepsGoesOnFromStepToStep() throws {
    let network = try Network(
      makeGraph(
        [input("x", 1), dense("h", 1, .linear, bias: false)],
        [
          Edge(from: "x", to: "h", type: .identity), Edge(from: "h", to: "h", type: .identity, delay: 2),
        ]))
    var answers: [Double] = []
    for value in [1.0, 10, 100, 1000] {
      try network.activate([value])
      answers += network.outputs
    }
    #expect(answers == [1, 10, 101, 1010])
  }

  /// f = 1/2 and i = 1/2 without weights; the cell adds up half of what comes and keeps half of itself.
  @Test func whatALayerKeepsIsSeenStepByStep() throws {
    let network = try Network(
      makeGraph(
        [
          Layer(name: "x", kind: .input(shape: [3, 1])),
          Layer(
            name: "h",
            kind: .recurrent(.lstm, units: 1, activation: .linear, returnsAll: false, hasBias: false)),
        ], [Edge(from: "x", to: "h")]))
    try network.setParameters(ParameterKey(layer: "h", role: .kernel), to: [0, 0, 1, 0])
    try network.setParameters(ParameterKey(layer: "h", role: .recurrent), to: [0, 0, 0, 0])
    let moments = try network.moments(of: "h", for: Examples(name: "x", rows: 1, inputs: [2, 4, 0]))
    #expect(moments.map(\.name) == ["h", "cell", "input gate", "forget gate", "output gate"])
    #expect(zip(moments[1].values, [1, 2.5, 1.25]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(zip(moments[0].values, [0.5, 1.25, 0.625]).allSatisfy { abs($0 - $1) < 1e-12 })
    for gate in moments[2...] {
      #expect(gate.part == .gate && gate.steps == 3 && gate.values.count == 3)
      #expect(gate.values.allSatisfy { abs($0 - 0.5) < 1e-12 })
    }
    let gated = try Network(
      LayerGradientTests.memory().first { $0.testDescription == "gates on the edges of a cell" }?.graph
        ?? graph)
    let seen = try gated.moments(of: "c", for: randomExamples(for: gated.graph, .mse, rows: 1))
    #expect(seen.map(\.name) == ["c", "carried sum", "i on x -> c", "f on c -> c"])
    #expect(seen.allSatisfy { $0.steps == 4 && $0.values.count == 12 })
    #expect(seen[2].values.allSatisfy { (0...1).contains($0) })
  }

  // MARK: - Targets at each step

  @Test func aSequenceIsMeasuredStepByStep() throws {
    let graph = try NeuralEngineTests.sequence(
      [2, 1], [.recurrent(.rnn, units: 2, returnsAll: true), .dense(3, .softmax)])
    let network = try Network(graph)
    #expect(network.graph.outputSteps == 2)
    let inputs = [0.5, -1, 2, 0.25]
    let outputs = try network.predict(Examples(name: "x", rows: 2, inputs: inputs))
    let classes = [0, 2, 1, 1]
    let measured = try network.evaluate(
      Examples(name: "x", rows: 2, inputs: inputs, targets: classes.map(Double.init)))
    let lost =
      classes.enumerated().reduce(0.0) {
        $0 - ElementaryFunctions.logarithm(outputs[$1.offset * 3 + $1.element])
      } / 4
    #expect(abs(measured.loss - lost) < 1e-12)
    let right = classes.enumerated().count { place, label in
      outputs[place * 3..<place * 3 + 3].max() == outputs[place * 3 + label]
    }
    #expect(measured.accuracy == Double(right) / 4)
    #expect(measured.predictions.task == .multiclass(3) && measured.predictions.width == 3)
    #expect(measured.predictions.byClass.map(\.rows) == [1, 2, 1])
    #expect(
      refusal { _ = try network.evaluate(Examples(name: "x", rows: 2, inputs: inputs, targets: [0, 1])) }
        == .shapeMismatch)
    #expect(
      refusal {
        _ = try network.evaluate(Examples(name: "x", rows: 2, inputs: inputs, targets: [0, 1, 2, 3]))
      }
        == .badLabel)
  }

  @Test("What an online rule has no meaning for is refused")
  func rulesRefuse() throws {
    func refusal(_ change: (inout NetworkGraph) throws -> Void) throws -> ErrorCode? {
      var graph = try chain([2, 3, 1])
      try change(&graph)
      let network = try Network(graph)
      network.defaults.rule = .synaptic
      return self.refusal { try network.activate([0, 1]) }
    }
    #expect(try refusal { _ in } == nil)
    #expect(try refusal { try $0.connect(Edge(from: "l1", to: "l1", delay: 1)) } == .badEdge)
    #expect(try refusal { try $0.connect(Edge(from: "l2", to: "l1", delay: 2)) } == .badEdge)
    #expect(try refusal { try $0.connect(Edge(from: "l0", to: "l2", delay: 1)) } == .badEdge)
    #expect(try refusal { try $0.connect(Edge(from: "l2", to: "l1", delay: 1)) } == nil)
    #expect(
      try refusal {
        try $0.add(dense("s", 2, .softmax))
        try $0.connect(Edge(from: "l1", to: "s"))
      } == .badEdge)
  }
}
