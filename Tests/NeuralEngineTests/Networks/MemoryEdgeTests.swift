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

  @Test func plansRefuseWhatTheyDoNotCompute() throws {
    var graph = try graph
    try graph.connect(Edge(from: "h", to: "h", type: .carry))
    let network = try Network(graph)
    #expect(refusal { try network.activate([0, 1]) } == .needsSteps)
    #expect(refusal { _ = try network.predict(Examples(name: "x", rows: 1, inputs: [0, 1])) } == .needsSteps)
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
