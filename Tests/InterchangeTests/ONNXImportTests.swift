import Datasets
import Foundation
import Foundations
import NeuralEngine
import Testing

@testable import ModelFiles
@testable import ONNX

@Suite("Networks out of ONNX files")
struct ONNXImportTests {
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Fixtures/onnx")

  private struct Answer: Decodable {
    let inputs: [Double]
    let outputs: [Double]
    let rows: Int
  }

  private static let answers: [String: Answer] =
    (try? JSONDecoder().decode(
      [String: Answer].self, from: Data(contentsOf: fixtures.appending(path: "answers.json")))) ?? [:]

  /// Reads some bytes as if they were a file of this folder.
  private func read(_ bytes: [UInt8], reserved: Set<String> = []) throws -> ONNXImport {
    try ONNXImport(bytes, in: Self.fixtures.path() + "/", named: "m.onnx") { reserved.contains($0) }
  }

  private func file(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: Self.fixtures.appending(path: name + ".onnx")))
  }

  @Test("The files of other programs answer here as they do there", arguments: answers.keys.sorted())
  func fixtures(name: String) throws {
    let answer = try #require(Self.answers[name])
    let network = try read(file(name)).network
    var inputs = answer.inputs
    let width = inputs.count / answer.rows
    // Images come with the channels first, and rows here have them last.
    if let shape = network.graph.inputs.first.flatMap({ network.graph.shape(of: $0) }), shape.count == 3,
      name.hasPrefix("torch")
    {
      inputs = ONNXTensor([answer.rows, shape[2], shape[0], shape[1]], inputs).channelsLast.values
    }
    let found = try SampleRows.answers(of: network, to: inputs, rows: answer.rows)
    // Of two classes nbs gives the probability of the second.
    let isBinary = name == "sklearn_binary"
    let expected =
      isBinary ? stride(from: 1, to: answer.outputs.count, by: 2).map { answer.outputs[$0] } : answer.outputs
    #expect(width == network.graph.inputWidth)
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 2e-5 * max(1, abs(b)), "\(found) \(expected)") }
  }

  @Test("Rows that lie on the threshold of a step are not what a network is checked on")
  func thresholds() throws {
    var stepped = try network([
      ("inp", .input(shape: [1])), ("hid", .dense(units: 8, activation: .step)),
      ("out", .dense(units: 1, activation: .linear)),
    ])
    // Ten rows are drawn, and each of the first eight lies on the threshold of a unit.
    let plain = try SampleRows(InferenceProgram(stepped), count: 10)
    let layout = try ParameterLayout(stepped.graph)
    let own = layout.slices.filter { $0.layer == "hid" }
    let weights = try #require(own.first { !$0.isBias }).offset
    let bias = try #require(own.first { $0.isBias }).offset
    for unit in 0..<8 {
      let weight = stepped.learned.values[weights + unit]
      stepped.learned.values[bias + unit] = Double(Float(-weight * plain.inputs[unit]))
    }
    let sample = try SampleRows(InferenceProgram(stepped), count: 10)
    #expect(sample.inputs != plain.inputs)
    let read = try read(ONNXExport(stepped).bytes)
    #expect(read.checkedRows == 10)
  }

  @Test("Words are checked as whole numbers before a step too")
  func stepsOfWords() throws {
    let words = try network([
      ("inp", .input(shape: [2])), ("emb", .embedding(vocabulary: 2, dimension: 3)), ("flat", .flatten),
      ("hid", .dense(units: 4, activation: .step)), ("out", .dense(units: 1, activation: .linear)),
    ])
    #expect(try SampleRows(InferenceProgram(words), count: 10).inputs.allSatisfy { $0 == 0 || $0 == 1 })
  }

  @Test("Layers are those that one would have typed")
  func layers() throws {
    func words(_ name: String) throws -> [String] {
      try read(file(name)).network.graph.layers.map { "\($0.name) \($0.kindName) \($0.activation.rawValue)" }
    }
    #expect(
      try words("torch_mlp_torchscript")
        == ["x input linear", "l0 dense relu", "l2 dense elu", "l4 dense linear"])
    #expect(
      try words("torch_lstm_torchscript") == ["x input linear", "mem lstm tanh", "out dense linear"])
    #expect(
      try words("torch_words_dynamo")
        == [
          "x input linear", "words embedding linear", "norm layernorm linear", "flat flatten linear",
          "out dense sigmoid",
        ])
    #expect(try words("keras_mlp") == ["x input linear", "dense dense tanh", "dense_2 dense softmax"])
    #expect(
      try words("sklearn_regressor") == ["X input linear", "dense dense sigmoid", "dense_2 dense linear"])
    let scaled = try read(file("sklearn_regressor")).network.preparation
    #expect(scaled?.inputs.count == 3)
  }

  @Test("A layer whose name is a word of the language gets another")
  func reserved() throws {
    let network = try read(file("torch_lstm_torchscript"), reserved: ["mem"]).network
    #expect(network.graph.layer("mem_") != nil)
  }

  // MARK: - Files that are refused

  private func model(
    _ nodes: [ONNXNode], _ arrays: [ONNXTensor] = [], input: [Int?] = [nil, 2], opset: Int = 17
  ) -> ONNXModel {
    var model = ONNXModel()
    model.opset = opset
    model.graph.nodes = nodes
    model.graph.initializers = arrays
    model.graph.inputs = [ONNXValueInfo(name: "x", shape: input)]
    model.graph.outputs = [ONNXValueInfo(name: nodes.last?.outputs.last ?? "y", shape: [nil, 2])]
    return model
  }

  private func mistake(_ model: ONNXModel) -> CodedError? {
    do {
      _ = try read(model.bytes)
      return nil
    } catch { return error as? CodedError }
  }

  private func array(_ name: String, _ shape: [Int]) -> ONNXTensor {
    var tensor = ONNXTensor(shape, (0..<shape.reduce(1, *)).map { Double($0) - 1 })
    tensor.name = name
    return tensor
  }

  @Test("A node that is not known is named, with its place and the nearest layer")
  func unknown() {
    let error = mistake(
      model(
        [
          ONNXNode(operation: "Gemm", inputs: ["x", "w"], outputs: ["h"]),
          ONNXNode(operation: "HardSwish", name: "act/one", inputs: ["h"], outputs: ["y"]),
        ], [array("w", [2, 2])]))
    #expect(error?.code == .noCounterpart)
    #expect(error?.message.contains("node 2, HardSwish (act/one)") == true)
    #expect(error?.message.contains("nearest layer is `dense N gelu`") == true)
  }

  @Test("A softplus that ends at 20, as PyTorch's newer exporter has it, is a softplus")
  func softplus() throws {
    func threshold(_ value: Double) -> [UInt8] {
      var limit = ONNXTensor([], [value])
      limit.name = "limit"
      return model(
        [
          ONNXNode(operation: "Gemm", inputs: ["x", "w"], outputs: ["h"]),
          ONNXNode(operation: "Softplus", inputs: ["h"], outputs: ["soft"]),
          ONNXNode(operation: "Greater", inputs: ["h", "limit"], outputs: ["above"]),
          ONNXNode(operation: "Where", inputs: ["above", "h", "soft"], outputs: ["y"]),
        ], [array("w", [2, 2]), limit]
      ).bytes
    }
    let layers = try read(threshold(20)).network.graph.layers
    #expect(layers.count == 2 && layers[1].activation == .softplus)
    #expect(code { _ = try read(threshold(1)) } != nil)
  }

  @Test("What a layer nearly does is refused with the reason")
  func nearly() {
    let slope = mistake(
      model([
        ONNXNode(operation: "LeakyRelu", inputs: ["x"], outputs: ["y"], attributes: ["alpha": .float(0.01)])
      ]))
    #expect(slope?.message.contains("slope 0.01") == true)
    let gates = mistake(
      model(
        [
          ONNXNode(
            operation: "Transpose", inputs: ["x"], outputs: ["t"], attributes: ["perm": .integers([1, 0, 2])]),
          ONNXNode(operation: "GRU", inputs: ["t", "w", "r"], outputs: ["", "y"]),
        ],
        [array("w", [1, 6, 3]), array("r", [1, 6, 2])], input: [nil, 4, 3]))
    #expect(gates?.message.contains("linear_before_reset=0") == true)
    let pads = mistake(
      model(
        [
          ONNXNode(
            operation: "Conv", inputs: ["x", "w"], outputs: ["y"],
            attributes: ["pads": .integers([2, 2, 2, 2])])
        ],
        [array("w", [1, 1, 3, 3])], input: [nil, 1, 5, 5]))
    #expect(pads?.message.contains("neither padding=valid nor padding=same") == true)
  }

  @Test("Zeros on both sides at stride 2, as PyTorch has them, become zeros in a wider filter")
  func symmetricPadding() throws {
    let network = try read(
      model(
        [
          ONNXNode(
            operation: "Conv", inputs: ["x", "w"], outputs: ["y"],
            attributes: ["pads": .integers([1, 1]), "strides": .integers([2])])
        ], [array("w", [1, 1, 3])], input: [nil, 1, 8]
      ).bytes
    ).network
    #expect(network.graph.layer("conv")?.kind.as(Convolution.self)?.kernel == [4])
  }

  @Test("Files that mean harm are refused")
  func hostile() {
    let cycle = mistake(
      model([
        ONNXNode(operation: "Add", inputs: ["x", "b"], outputs: ["a"]),
        ONNXNode(operation: "Relu", inputs: ["a"], outputs: ["b"]),
      ]))
    #expect(cycle?.message.contains("cycle") == true)
    let huge = mistake(
      model(
        [ONNXNode(operation: "Expand", inputs: ["x", "s"], outputs: ["y"])],
        [
          {
            var shape = ONNXTensor(integers: [1 << 30, 1 << 30])
            shape.name = "s"
            return shape
          }()
        ]))
    #expect(huge?.message.contains("more than fits") == true || huge?.message.contains("together") == true)
    #expect(
      mistake(model([ONNXNode(operation: "Relu", inputs: ["x"], outputs: ["y"])], input: [nil, 1 << 40]))?
        .code == .tooLarge)
    #expect(
      mistake(model([ONNXNode(operation: "Relu", inputs: ["x"], outputs: ["y"])], opset: 99))?.code
        == .noCounterpart)
    #expect(
      mistake(model([ONNXNode(operation: "Relu", inputs: ["x"], outputs: ["y"])], input: [nil, nil]))?.code
        == .noCounterpart)
  }

  @Test(
    "Numbers in another file are read beside the model, and nowhere else",
    arguments: ["../answers.json", "/etc/passwd", "", "a/../../b"])
  func elsewhere(location: String) {
    var writer = WireWriter()
    writer.message(7) { graph in
      graph.message(5) { tensor in
        tensor.integers(1, [4])
        tensor.integer(2, 1)
        tensor.text(8, "w")
        tensor.message(13) { entry in
          entry.text(1, "location")
          entry.data(2, Array(location.utf8))
        }
        tensor.integer(14, 1)
      }
    }
    #expect(code { _ = try read(writer.bytes) } == .badModelFile)
  }

  @Test("A file that is cut off is refused, wherever that is")
  func truncated() throws {
    let bytes = try file("torch_mlp_torchscript")
    for count in stride(from: 0, to: bytes.count - 1, by: 23) {
      #expect(throws: CodedError.self) { try read(Array(bytes[..<count])) }
    }
  }
}
