import Datasets
public import Foundations
import JSON
public import ModelFiles
import NeuralEngine

/// A network as an ONNX model, which has been computed and held against the network.
public struct ONNXExport {
  /// The file.
  public let bytes: [UInt8]
  /// How many rows it answered as nbs does.
  public let checkedRows: Int
  /// Whether its numbers were rounded to the 32 bits that the format's programs compute in.
  public let isRounded: Bool

  /// The version of the operators: that of 2022, the first with layer normalisation in one node, and old enough for
  /// programs of the last years (onnxruntime from 1.12 on).
  static let opset = 17

  /// The most multiplications that a check takes.
  private static let mostWork = 300_000_000

  /// Makes the model and checks it.
  ///
  /// - Parameter metrics: how well the network does, by name; they stand in the file's metadata.
  /// - Throws: `incomplete-network`, `not-finite`, `no-counterpart` for what the format has no form for, `too-large`.
  public init(_ network: SavedNetwork, metrics: [(name: String, value: Double)] = []) throws(CodedError) {
    let program = try InferenceProgram(network.ofFixedLength())
    var builder = ONNXBuilder(program)
    var model = try builder.model()
    model.metadata = ONNXExport.metadata(of: program, metrics)
    if !builder.steps.isEmpty {
      model.metadata.append((ONNXImporter.stepsKey, JSONValue.array(builder.steps).compact))
    }
    let turned = builder.turnedInputs
    if program.plan.multiplications <= ONNXExport.mostWork / 4 {
      ONNXLength.release(&model, of: program, turned: turned) { (model, longer, sample) throws(CodedError) in
        try ONNXExport.answers(of: model.bytes, longer, sample, turned: turned)
      }
    }
    if network.graph.takesAnyLength, !model.metadata.contains(where: { $0.key == ONNXImporter.lengthKey }) {
      throw CodedError(
        .noCounterpart,
        "`\(network.name)` takes sequences of any length, and an ONNX model of it would take those of \(program.network.graph.sequenceLength ?? 0) "
          + "steps alone. Give the input that length, as in layer inp input 30x3, or save it as \"\(network.name).safetensors\".",
        suggestion: "\(network.name).safetensors")
    }
    if network.graph.takesAnyLength { model.metadata.append((ONNXImporter.anyLengthKey, "true")) }
    bytes = model.bytes
    guard bytes.count < 1 << 31 else {
      throw CodedError(
        .tooLarge,
        "The file would have \(bytes.count.byteText), and an ONNX file has less than 2 GiB. Save it as safetensors."
      )
    }
    let rows = max(1, min(10, ONNXExport.mostWork / max(1, program.plan.multiplications)))
    let sample = try SampleRows(program, count: rows)
    let answers = try ONNXExport.answers(of: bytes, program, sample, turned: turned)
    let distance = sample.distance(to: answers)
    guard distance <= 1e-4 else {
      throw CodedError(
        .internalError,
        "The ONNX model of `\(network.name)` does not answer as the network does (by \(distance)), so it is not saved. "
          + "This is a mistake in nbs.")
    }
    checkedRows = rows
    isRounded = network.learned.precision == .double
  }

  /// What the model in a file answers.
  private static func answers(
    of bytes: [UInt8], _ program: InferenceProgram, _ sample: SampleRows, turned: Set<String>
  ) throws(CodedError) -> [Double] {
    var reader = ONNXReader(bytes: bytes) { name, _, _ throws(CodedError) in
      throw CodedError(.noSuchFile, "There is no file `\(name)`.")
    }
    do {
      let model = try reader.model()
      var evaluator = ONNXEvaluator(model, room: 1 << 27)
      var inputs: [String: ONNXTensor] = [:]
      var start = 0
      let width = sample.inputs.count / sample.count
      for (layer, info) in zip(program.inputs, model.graph.inputs) {
        let shape = program.shape(layer)
        let own = shape.reduce(1, *)
        let rows = (0..<sample.count).flatMap { row in
          let first = row * width + start
          return sample.inputs[first..<first + own]
        }
        let tensor = ONNXTensor([sample.count] + shape, rows)
        inputs[info.name] = turned.contains(layer.name) ? tensor.channelsFirst : tensor
        start += own
      }
      try evaluator.run(inputs, wanted: Set(model.graph.outputs.map(\.name)))
      let outputs = zip(program.outputs, model.graph.outputs).map { layer, info -> ONNXTensor in
        let tensor = evaluator.values[info.name] ?? ONNXTensor([], [])
        return program.shape(layer).count >= 3 ? tensor.channelsLast : tensor
      }
      return (0..<sample.count).flatMap { row in
        outputs.flatMap { output in
          let width = output.values.count / sample.count
          return output.values[row * width..<(row + 1) * width]
        }
      }
    } catch let error as CodedError {
      throw error
    } catch {
      throw CodedError(
        .internalError,
        "The ONNX model of `\(program.network.name)` cannot be computed (\(error)). This is a mistake in nbs."
      )
    }
  }

  /// What else a reader may want to know.
  private static func metadata(
    of program: InferenceProgram, _ metrics: [(name: String, value: Double)]
  ) -> [(key: String, value: String)] {
    func list(_ names: [String]) -> String { JSONValue.array(names.map { .string($0) }).compact }
    var texts: [(key: String, value: String)] = []
    let schema = program.network.schema
    if let classes = schema?.classes { texts.append(("classes", list(classes))) }
    if let inputs = schema?.inputs {
      // A column of words is an input for each of them.
      texts.append(
        (
          "inputs",
          list(inputs.flatMap { column in column.levels?.map { "\(column.name)=\($0)" } ?? [column.name] })
        ))
    }
    if let targets = schema?.targets, !targets.isEmpty {
      texts.append(("targets", list(targets.map(\.name))))
    }
    for metric in metrics { texts.append((metric.name, "\(metric.value)")) }
    return texts
  }
}

extension ONNXTensor {
  /// The last axis brought behind the rows.
  var channelsFirst: ONNXTensor {
    let rank = shape.count
    return transposed([0, rank - 1] + Array(1..<rank - 1))
  }

  /// The axis behind the rows brought to the end.
  var channelsLast: ONNXTensor { transposed([0] + Array(2..<shape.count) + [1]) }
}
