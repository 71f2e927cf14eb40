import Datasets
import Foundations
import NeuralEngine
import Testing

@testable import Interchange
@testable import ModelFiles
@testable import ONNX

@Suite("Sequences as ONNX models")
struct ONNXStepsTests {
  private func read(_ bytes: [UInt8]) throws -> ONNXImport {
    try ONNXImport(bytes, in: "", named: "n.onnx") { _ in false }
  }

  private func mistake(_ bytes: [UInt8]) -> CodedError? {
    do {
      _ = try read(bytes)
      return nil
    } catch { return error as? CodedError }
  }

  @Test("Delays, a carry, gates and an edge among units are one Scan, and come back as they were")
  func comesBack() throws {
    let saved = try memory(
      preparation: Preparation(inputs: [.init(offset: 5, divisor: 2)]))
    // Ten rows are compared with the network as it is made.
    let export = try ONNXExport(saved)
    let model = try model(export.bytes)
    #expect(model.graph.nodes.filter { $0.operation == "Scan" }.count == 1)
    #expect(model.graph.outputs.map(\.name) == ["out"])
    let again = try read(export.bytes).network
    #expect(Set(again.graph.layers.map { "\($0)" }) == Set(saved.graph.layers.map { "\($0)" }))
    #expect(Set(again.graph.edges.map { "\($0)" }) == Set(saved.graph.edges.map { "\($0)" }))
    #expect(Set(again.graph.gates.map(\.description)) == Set(saved.graph.gates.map(\.description)))
    let numbers = { (network: SavedNetwork) throws in
      try Dictionary(
        uniqueKeysWithValues: ParameterLayout(network.graph).slices.map {
          ($0.key.description, Array(network.learned.values[$0.range]))
        })
    }
    #expect(try numbers(again) == numbers(saved))
    #expect(again.preparation?.inputs.first == .init(offset: 5, divisor: 2))
  }

  @Test("An output that earlier layers or itself read at later steps stays the output")
  func outputLeadsBack() throws {
    let saved = try network(
      [("inp", .input(shape: [4, 2])), ("h", .dense(units: 3, activation: .tanh)), ("o", .dense(units: 2))],
      [
        Edge(from: "inp", to: "h"), Edge(from: "h", to: "o"), Edge(from: "o", to: "h", delay: 1),
        Edge(from: "o", to: "o", delay: 2),
      ])
    let again = try read(ONNXExport(saved).bytes).network
    #expect(again.graph.layers.map { "\($0)" } == saved.graph.layers.map { "\($0)" })
    #expect(Set(again.graph.edges.map { "\($0)" }) == Set(saved.graph.edges.map { "\($0)" }))
  }

  @Test("A Scan gives what its steps give, one after the other, and its last states")
  func evaluated() throws {
    var body = ONNXGraph()
    body.nodes = [
      ONNXNode(operation: "Add", inputs: ["s", "x_t"], outputs: ["sum"]),
      ONNXNode(operation: "Mul", inputs: ["sum", "two"], outputs: ["y_t"]),
    ]
    body.inputs = ["s", "x_t"].map { ONNXValueInfo(name: $0) }
    body.outputs = ["sum", "y_t"].map { ONNXValueInfo(name: $0) }
    var model = ONNXModel()
    model.opset = 17
    var two = ONNXTensor([], [2])
    two.name = "two"
    model.graph.initializers = [two]
    model.graph.nodes = [
      ONNXNode(
        operation: "Scan", inputs: ["s0", "x"], outputs: ["last", "y"],
        attributes: [
          "body": .graph(body), "num_scan_inputs": .integer(1), "scan_input_axes": .integers([1]),
          "scan_output_axes": .integers([1]),
        ])
    ]
    var evaluator = ONNXEvaluator(model)
    try evaluator.run(
      ["s0": ONNXTensor([2, 1], [0, 10]), "x": ONNXTensor([2, 3, 1], [1, 2, 3, 4, 5, 6])],
      wanted: ["last", "y"])
    #expect(evaluator.values["last"]?.values == [6, 25])
    #expect(evaluator.values["y"]?.shape == [2, 3, 1])
    #expect(evaluator.values["y"]?.values == [2, 6, 12, 28, 38, 50])
  }

  @Test("The length of a sequence is free where every layer takes any, and fixed where one does not")
  func length() throws {
    func lengths(_ layers: [(String, Layer.Kind)], preparation: Preparation? = nil) throws -> [Int?] {
      let model = try model(network(layers, preparation: preparation))
      return model.graph.inputs[0].shape ?? []
    }
    let recurrent: [(String, Layer.Kind)] = [
      ("inp", .input(shape: [5, 2])), ("mem", .recurrent(.lstm, units: 3, returnsAll: true)),
      ("norm", .layerNorm(epsilon: 0.001)), ("step", .dense(units: 2, activation: .tanh)),
      ("last", .recurrent(.gru, units: 2, bidirectional: .concat)), ("out", .dense(units: 1)),
    ]
    #expect(try lengths(recurrent) == [nil, nil, 2])
    let same = Preparation.Scale(offset: 1, divisor: 2)
    let other = Preparation.Scale(offset: 3, divisor: 4)
    #expect(
      try lengths(
        recurrent,
        preparation: Preparation(inputs: Array(repeating: [same, other], count: 5).flatMap(\.self)))
        == [nil, nil, 2])
    // Scales that differ from step to step stand in the model for so many steps.
    #expect(
      try lengths(
        recurrent, preparation: Preparation(inputs: (0..<10).map { .init(offset: Double($0), divisor: 1) }))
        == [nil, 5, 2])
    #expect(
      try lengths([("inp", .input(shape: [5, 2])), ("flat", .flatten), ("out", .dense(units: 1))])
        == [nil, 5, 2])
    func windows(_ stride: Int) -> [(String, Layer.Kind)] {
      [
        ("inp", .input(shape: [7, 2])),
        ("conv", .convolution(Convolution(filters: 2, Window([3], stride: [stride], padding: .same)))),
        ("all", .globalPool(.avg)), ("out", .dense(units: 1)),
      ]
    }
    #expect(try lengths(windows(1)) == [nil, 2, nil])
    // Where its zeros stand hangs on the length.
    #expect(try lengths(windows(2)) == [nil, 2, 7])
    // Six steps need no zeros, but seven would.
    #expect(
      try lengths([
        ("inp", .input(shape: [6, 2])), ("pool", .pool(Pool(.avg, Window([2], stride: [2], padding: .same)))),
        ("all", .globalPool(.max)), ("out", .dense(units: 1)),
      ]) == [nil, 2, 6])
    let made = try model(memory())
    #expect(made.graph.inputs[0].shape == [nil, nil, 2] && made.graph.outputs[0].shape == [nil, nil, 2])
    #expect(made.metadata.contains { $0.key == "nbs.length" && $0.value == "4" })
  }

  @Test("A file of ours whose length is free comes back with the network's own")
  func lengthAgain() throws {
    let saved = try network([
      ("inp", .input(shape: [6, 2])), ("mem", .recurrent(.rnn, units: 3)), ("out", .dense(units: 1)),
    ])
    let again = try read(ONNXExport(saved).bytes).network
    #expect(again.graph.layer("inp").flatMap { again.graph.shape(of: $0) } == [6, 2])
  }

  /// A network for sequences of any length, whose numbers have scales of their own at each step.
  private func anyLength() throws -> SavedNetwork {
    func scale(_ offset: Double) -> Preparation.Scale { .init(offset: offset, divisor: offset + 1) }
    return try network(
      [
        ("x", .sequence(features: 2)), ("mem", .recurrent(.lstm, units: 3, returnsAll: true)),
        ("y", .dense(units: 2)),
      ], preparation: Preparation(inputs: [scale(1), scale(3)], targets: [scale(2), scale(5)]))
  }

  @Test("A network for sequences of any length comes back as one, with the scale of each step's numbers")
  func anyLengthAgain() throws {
    for saved in [try anyLength(), try words()] {
      let bytes = try ONNXExport(saved).bytes
      let made = try model(bytes)
      #expect(made.graph.inputs[0].shape?[1] == nil)
      let again = try read(bytes).network
      #expect(again.graph == saved.graph && again.learned.values == saved.learned.values)
      let (scales, known) = (again.preparation, saved.preparation)
      #expect((scales == nil) == (known == nil))
      for (a, b) in zip(
        (scales?.inputs ?? []) + (scales?.targets ?? []), (known?.inputs ?? []) + (known?.targets ?? []))
      {
        #expect(abs(a.offset - b.offset) < 1e-5 && abs(a.divisor - b.divisor) < 1e-5)
      }
      // A file of somebody else does not say how long its sequences were.
      var foreign = made
      foreign.producer = "pytorch"
      foreign.metadata = []
      // Of a layer of words it has no name.
      let other = try read(foreign.bytes).network
      #expect(other.graph.takesAnyLength && other.learned.values == saved.learned.values)
      #expect(other.graph.layers.map(\.kind) == saved.graph.layers.map(\.kind))
    }
  }

  private func words() throws -> SavedNetwork {
    try network([
      ("x", .sequence(features: 1)), ("vectors", .embedding(vocabulary: 5, dimension: 3)),
      ("mem", .recurrent(.gru, units: 3)), ("y", .dense(units: 2, activation: .softmax)),
    ])
  }

  @Test("A free length that no network has is refused with the reason")
  func freeLengthOfOthers() throws {
    var wide = try model(
      network([("x", .input(shape: [10, 2])), ("flat", .flatten), ("y", .dense(units: 1))]))
    wide.graph.inputs[0].shape = [nil, nil, 2]
    wide.metadata = []
    let error = mistake(wide.bytes)
    #expect(error?.code == .noCounterpart && error?.message.contains("Export it with a fixed shape") == true)
    wide.graph.inputs[0].shape = [nil, nil, nil]
    #expect(mistake(wide.bytes)?.message.contains("free lengths besides") == true)
  }

  @Test("A Scan that nbs has not written is named, and one that is described wrongly refused")
  func refused() throws {
    var foreign = try model(memory())
    foreign.metadata.removeAll { $0.key == ONNXImporter.stepsKey }
    let error = mistake(foreign.bytes)
    #expect(error?.code == .noCounterpart)
    #expect(error?.message.contains("Scan (i/steps)") == true)
    for (old, new) in [
      ("\"tanh\"", "\"relu\""), ("\"delay\":1", "\"delay\":3"), ("\"units\":3", "\"units\":0"),
    ] {
      var wrong = try model(memory())
      let place = try #require(wrong.metadata.firstIndex { $0.key == ONNXImporter.stepsKey })
      let text = wrong.metadata[place].value.replacing(" ", with: "")
      wrong.metadata[place].value = text.replacing(old, with: new)
      #expect(wrong.metadata[place].value != text)
      let code = mistake(wrong.bytes)?.code
      #expect(code == .badModelFile || code == .noCounterpart, "\(old): \(String(describing: code))")
    }
  }

  @Test(
    "Graphs that mean harm are refused: steps without end, graphs within graphs, values that are given twice")
  func hostile() throws {
    var model = try model(memory())
    let place = try #require(model.graph.nodes.firstIndex { $0.operation == "Scan" })
    let body = try #require(model.graph.nodes[place].graph("body"))
    var endless = ONNXTensor([1 << 30, 0], [])
    endless.name = "endless"
    model.graph.initializers.append(endless)
    model.graph.nodes[place].inputs[model.graph.nodes[place].inputs.count - 1] = "endless"
    model.graph.nodes[place].attributes["scan_input_axes"] = .integers([0])
    #expect(mistake(model.bytes)?.code == .badModelFile)
    var deep = body
    for _ in 0..<2000 {
      var outer = ONNXGraph()
      outer.nodes = [
        ONNXNode(operation: "Loop", inputs: [], outputs: ["y"], attributes: ["body": .graph(deep)])
      ]
      deep = outer
    }
    model.graph.nodes[place].attributes["body"] = .graph(deep)
    #expect(mistake(model.bytes) != nil)
    var twice = try plain()
    twice.graph.nodes.append(ONNXNode(operation: "Tanh", inputs: ["inp"], outputs: ["inp"]))
    #expect(mistake(twice.bytes)?.message.contains("two of its nodes give the value `inp`") == true)
  }

  private func plain() throws -> ONNXModel {
    try model(network([("inp", .input(size: 1)), ("out", .dense(units: 1))]))
  }

  @Test("A network that keeps what it knows from row to row has no form elsewhere")
  func online() throws {
    var saved = try memory()
    saved.defaults.rule = .synaptic
    #expect(code { _ = try ONNXExport(saved) } == .noCounterpart)
    #expect(code { _ = try StandaloneProgram(saved) } == .noCounterpart)
  }
}
