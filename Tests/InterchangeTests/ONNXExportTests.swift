import Datasets
import Foundations
import NeuralEngine
import Testing

@testable import ModelFiles
@testable import ONNX

@Suite("Networks as ONNX models")
struct ONNXExportTests {
  @Test("Layers keep their names, and the model says what its rows are")
  func names() throws {
    let saved = try network(
      [
        ("inp", .input(size: 2)), ("hid", .dense(units: 3, activation: .tanh)),
        ("out", .dense(units: 2, activation: .softmax)),
      ],
      schema: DataSchema(
        inputs: [DataColumn("a", levels: nil), DataColumn("b", levels: nil)],
        targets: [DataColumn("kind", levels: ["ja", "né\"in"])]))
    let model = try model(ONNXExport(saved, metrics: [("loss", 0.25)]).bytes)
    #expect(model.opset == 17 && model.producer == "nbs")
    #expect(model.graph.inputs.map(\.name) == ["inp"])
    #expect(model.graph.outputs.map(\.name) == ["out"])
    #expect(model.graph.outputs[0].shape == [nil, 2])
    #expect(model.graph.nodes.map(\.operation) == ["Gemm", "Tanh", "Gemm", "Softmax"])
    #expect(model.graph.nodes.map(\.name) == ["hid/sums", "hid", "out/sums", "out"])
    #expect(model.graph.initializers.map(\.name) == ["hid/kernel", "hid/bias", "out/kernel", "out/bias"])
    let metadata = Dictionary(uniqueKeysWithValues: model.metadata.map { ($0.key, $0.value) })
    #expect(
      metadata == [
        "classes": #"["ja", "né\"in"]"#, "inputs": #"["a", "b"]"#, "targets": #"["kind"]"#, "loss": "0.25",
      ])
  }

  @Test("An image has its channels first, and the matrix behind flatten follows")
  func layout() throws {
    let saved = try network([
      ("inp", .input(shape: [2, 3, 2])), ("flat", .flatten), ("out", .dense(units: 1)),
    ])
    let model = try model(saved)
    #expect(model.graph.inputs[0].shape == [nil, 2, 2, 3])
    let kernel = try #require(model.graph.initializers.first { $0.name == "out/kernel" })
    // Place (y, x, channel) stands at 6 y + 2 x + channel in nbs, and at 6 channel + 3 y + x in the model.
    let own = saved.learned.values
    for y in 0..<2 {
      for x in 0..<3 {
        for channel in 0..<2 {
          #expect(kernel.values[6 * channel + 3 * y + x] == own[6 * y + 2 * x + channel])
        }
      }
    }
  }

  @Test("A model takes and gives the units of the data")
  func units() throws {
    let saved = try network(
      [("inp", .input(size: 1)), ("out", .dense(units: 1))],
      preparation: Preparation(
        inputs: [.init(offset: 2000.3, divisor: 5)], targets: [.init(offset: 7, divisor: 3)]))
    let model = try model(saved)
    var evaluator = ONNXEvaluator(model)
    try evaluator.run(["inp": ONNXTensor([2, 1], [1990, 2010])], wanted: ["out"])
    let (w, b) = (saved.learned.values[0], saved.learned.values[1])
    let answers = try #require(evaluator.values["out"]).values
    for (year, answer) in zip([1990.0, 2010], answers) {
      #expect(abs(answer - ((year - 2000.3) / 5 * w + b) * 3 - 7) < 1e-6)
    }
  }

  @Test("What the format has no form for is named")
  func unsupported() throws {
    let saved = try network([
      ("inp", .input(shape: [3, 1])), ("mem", .recurrent(.lstm, units: 2, activation: .selu)),
    ])
    #expect(code { _ = try ONNXExport(saved) } == .noCounterpart)
  }

  @Test("Weights that are not finite are not saved")
  func notFinite() throws {
    var saved = try network([("inp", .input(size: 1)), ("out", .dense(units: 1))])
    saved.learned.values[0] = .nan
    #expect(code { _ = try ONNXExport(saved) } == .notFinite)
  }
}
