import ByteStreams
import Datasets
public import Foundations
import JSON
public import ModelFiles
import NeuralEngine

/// A network out of an ONNX file, which has been held against the file's own computation.
public struct ONNXImport {
  /// The network.
  public let network: SavedNetwork
  /// How many rows it answered as the file does.
  public let checkedRows: Int

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: where it is.
  ///   - name: what messages call it.
  ///   - isReserved: whether a name means something else in the language, and a layer of that name needs another.
  /// - Throws: `no-such-file`, `not-a-file`, `unreadable-file`, `empty-file`, `not-a-model-file`, `bad-model-file`,
  ///   `too-large`, or `no-counterpart` for a node that no layer is made of.
  public init(
    _ path: String, named name: String, isReserved: @escaping (String) -> Bool
  ) throws(CodedError) {
    let file = try ByteFile(path: path)
    guard file.size > 0 else { throw CodedError(.emptyFile, "`\(name)` is empty. There is nothing to load.") }
    // Each number of four bytes becomes a double, twice.
    guard file.size <= MemoryLimit.bytes / 8 else {
      throw CodedError(
        .tooLarge,
        "`\(name)` has \(file.size.byteText); at most \((MemoryLimit.bytes / 8).byteText) can be read here.")
    }
    let bytes = try file.bytes(at: 0, count: file.size)
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    try self.init(bytes, in: folder, named: name, isReserved: isReserved)
  }

  init(
    _ bytes: [UInt8], in folder: String, named name: String, isReserved: @escaping (String) -> Bool
  ) throws(CodedError) {
    var reader = ONNXReader(bytes: bytes) { location, start, length throws(CodedError) in
      try ONNXImport.external(location, start, length, in: folder, of: name)
    }
    let stem =
      name.split(separator: "/").last.map { String($0.split(separator: ".").first ?? "net") } ?? "net"
    do {
      let model = try reader.model()
      guard (7...26).contains(model.opset) else {
        throw CodedError(
          .noCounterpart,
          "`\(name)` has opset \(model.opset), and 7 to 26 are known. Export it with opset_version=17.")
      }
      (network, checkedRows) = try ONNXLengths(model: model, file: name, stem: stem, isReserved: isReserved)
        .made()
    } catch let error as CodedError {
      throw error
    } catch let error as WireError {
      throw CodedError(
        .badModelFile,
        "`\(name)` is not a valid ONNX file: at byte \(error.offset), \(error.reason). Export it again, or copy it again "
          + "from its source.")
    } catch {
      throw CodedError(.badModelFile, "`\(name)` cannot be read.")
    }
  }

  /// Bytes of a file beside the model; never of one elsewhere.
  private static func external(
    _ location: String, _ start: Int, _ length: Int?, in folder: String, of name: String
  ) throws(CodedError) -> [UInt8] {
    let parts = location.split(separator: "/", omittingEmptySubsequences: false)
    guard !location.isEmpty, !parts.contains(".."), !location.hasPrefix("/"), !location.contains("\0") else {
      throw CodedError(
        .badModelFile,
        "`\(name)` keeps numbers in `\(location.shownName)`, which is not beside it. Only files in its own folder are read."
      )
    }
    let file = try ByteFile(path: folder + location)
    let count = length ?? max(0, file.size - start)
    guard count <= MemoryLimit.bytes / 8, start <= file.size, count <= file.size - start else {
      throw CodedError(
        .badModelFile,
        "`\(name)` asks for numbers that `\(location.shownName)` of \(file.size.byteText) does not have.")
    }
    return try file.bytes(at: start, count: count)
  }
}

extension ONNXImporter {
  /// Computes rows by the file and by the network.
  ///
  /// - Throws: `bad-model-file` where they do not agree.
  func check(_ network: SavedNetwork, rows: Int) throws {
    let program = try InferenceProgram(network)
    let sample = try SampleRows(program, count: rows)
    var evaluator = ONNXEvaluator(model)
    var inputs: [String: ONNXTensor] = [:]
    let width = sample.inputs.count / rows
    var start = 0
    for entry in entries {
      let own = entry.shape.dropFirst().reduce(1, *)
      var values: [Double] = []
      for row in 0..<rows {
        for place in 0..<own { values.append(sample.inputs[row * width + start + entry.map[place]]) }
      }
      inputs[entry.name] = ONNXTensor(entry.element, [rows] + entry.shape.dropFirst(), values)
      start += own
    }
    try failing { try evaluator.run(inputs, wanted: Set(answers.map(\.name))) }
    var outputs = [Double](repeating: 0, count: sample.outputs.count)
    let outputWidth = sample.outputs.count / rows
    start = 0
    for answer in answers {
      guard let tensor = evaluator.values[answer.name] else { continue }
      let own = answer.map.count
      guard tensor.values.count == own * rows else { continue }
      // The rows may stand behind other axes.
      let rest = tensor.shape.indices.filter { $0 != answer.batchAxis }
      let turned = tensor.transposed([answer.batchAxis] + rest).values
      for row in 0..<rows {
        for place in 0..<own {
          outputs[row * outputWidth + start + answer.map[place]] = turned[row * own + place]
        }
      }
      start += own
    }
    let distance = sample.distance(to: outputs)
    guard distance <= 1e-4 else {
      throw CodedError(
        .badModelFile,
        "The network made of `\(file)` does not answer as the file does (by \(distance)), so it is not loaded."
      )
    }
  }
}
