import Foundations
import NeuralEngine

/// Computes what a model gives, operator by operator as the ONNX standard defines them (onnx.ai/onnx/operators), in 64
/// bits and without a thought of speed. It knows nothing of layers, so it can say whether a file and a network are the
/// same function.
struct ONNXEvaluator {
  /// The model.
  let model: ONNXModel
  /// What has been computed, by name.
  private(set) var values: [String: ONNXTensor] = [:]
  /// The values that hang on the numbers of the inputs rather than on their shapes alone.
  private(set) var dynamic: Set<String> = []
  /// How many numbers may still be made.
  var room: Int

  /// Creates an evaluator.
  ///
  /// - Parameter room: how many numbers may be made on the way.
  init(_ model: ONNXModel, room: Int = 1 << 27) {
    self.model = model
    self.room = room
    for tensor in model.graph.initializers where tensor.element != .string { values[tensor.name] = tensor }
  }

  /// Why a node cannot be computed.
  struct Failure: Error {
    /// Its place among the nodes.
    let node: Int
    let reason: String
    /// Whether the operator is one that is not known at all.
    var isUnknown = false
  }

  /// Computes the nodes that the wanted values need.
  ///
  /// - Throws: ``Failure``, or `interrupted`.
  mutating func run(_ inputs: [String: ONNXTensor], wanted: Set<String>) throws {
    for (name, tensor) in inputs {
      values[name] = tensor
      dynamic.insert(name)
    }
    var needed = wanted
    var isNeeded = [Bool](repeating: false, count: model.graph.nodes.count)
    for (place, node) in model.graph.nodes.enumerated().reversed()
    where node.outputs.contains(where: { needed.contains($0) }) {
      isNeeded[place] = true
      needed.formUnion(node.inputs)
    }
    for (place, node) in model.graph.nodes.enumerated() where isNeeded[place] {
      if Cancellation.isRequested() {
        throw CodedError(.interrupted, "This was stopped before the model had been computed.")
      }
      try compute(node, place)
    }
  }

  private mutating func compute(_ node: ONNXNode, _ place: Int) throws {
    var inputs: [ONNXTensor?] = []
    for name in node.inputs {
      if name.isEmpty {
        inputs.append(nil)
      } else if let known = values[name] {
        inputs.append(known)
      } else {
        throw Failure(
          node: place,
          reason:
            "reads `\(name.shownName)`, which nothing before it gives: the nodes form a cycle, or are not in order"
        )
      }
    }
    var call = ONNXCall(node: node, inputs: inputs, opset: model.opset, room: room)
    let outputs: [ONNXTensor]
    do { outputs = try call.outputs() } catch let error as ONNXCall.Problem {
      throw Failure(node: place, reason: error.reason, isUnknown: error.isUnknown)
    }
    for (name, var output) in zip(node.outputs, outputs) where !name.isEmpty {
      guard output.shape.checkedCount == output.values.count else {
        throw Failure(node: place, reason: "gives no array of numbers")
      }
      room -= output.values.count
      output.name = name
      values[name] = output
    }
    // What depends on a shape alone is the same for all rows.
    if node.operation != "Shape", node.inputs.contains(where: { dynamic.contains($0) }) {
      dynamic.formUnion(node.outputs)
    }
    guard room > 0 else { throw Failure(node: place, reason: "makes more numbers than fit here") }
  }
}

/// One node that is computed.
struct ONNXCall {
  let node: ONNXNode
  let inputs: [ONNXTensor?]
  let opset: Int
  let room: Int

  /// What is wrong with a node or what it is given.
  struct Problem: Error {
    let reason: String
    var isUnknown = false
  }

  /// An input that must be there.
  func input(_ number: Int) throws(Problem) -> ONNXTensor {
    guard number < inputs.count, let input = inputs[number] else {
      throw Problem(reason: "has no input \(number + 1)")
    }
    return input
  }

  /// Whole numbers among the inputs, or in an attribute of older versions.
  func integers(_ number: Int, or attribute: String) throws(Problem) -> [Int]? {
    if number < inputs.count, let input = inputs[number] {
      var integers: [Int] = []
      for value in input.values {
        // The largest numbers of 64 bits stand for "to the end".
        integers.append(Int(exactly: value.rounded()) ?? (value > 0 ? Int.max : Int.min))
      }
      return integers
    }
    return node.integers(attribute)
  }

  /// An axis, counted from the end where it is negative.
  func axis(_ axis: Int, _ rank: Int) throws(Problem) -> Int {
    let place = axis < 0 ? axis + rank : axis
    guard (0..<max(rank, 1)).contains(place) else {
      throw Problem(reason: "has an axis \(axis) where there are \(rank)")
    }
    return place
  }

  /// Refuses an array that would be too large.
  func checkSize(_ shape: [Int]) throws(Problem) -> Int {
    guard let count = shape.checkedCount, count <= room else {
      throw Problem(
        reason: "would make an array of \(shape.map(String.init).joined(separator: "x")), more than fits here"
      )
    }
    return count
  }

  /// Computes the node.
  mutating func outputs() throws -> [ONNXTensor] {
    if node.domain == "ai.onnx.ml", node.operation == "Scaler" { return [try scaled()] }
    guard node.domain.isEmpty else { throw Problem(reason: "is not known", isUnknown: true) }
    if let result = try elementwise() ?? shaping() ?? summing() ?? sliding() { return result }
    throw Problem(reason: "is not known", isUnknown: true)
  }
}

extension ONNXCall {
  /// scikit-learn's scalers: (x - offset) · scale, a column at a time.
  private func scaled() throws -> ONNXTensor {
    let x = try input(0)
    let (offset, scale) = (node.floats("offset") ?? [0], node.floats("scale") ?? [1])
    let width = x.shape.last ?? 1
    guard [1, width].contains(offset.count), [1, width].contains(scale.count) else {
      throw Problem(reason: "has scales that do not fit \(width) columns")
    }
    return ONNXTensor(
      x.shape,
      x.values.enumerated().map { place, value in
        (value - offset[offset.count == 1 ? 0 : place % width]) * scale[scale.count == 1 ? 0 : place % width]
      })
  }
}

/// The lengths by which places of an array in row order are counted.
func strides(_ shape: [Int]) -> [Int] {
  var result = [Int](repeating: 1, count: shape.count)
  for axis in stride(from: shape.count - 2, through: 0, by: -1) {
    result[axis] = result[axis + 1] * shape[axis + 1]
  }
  return result
}

/// Goes through all places of a shape in row order, and gives each the sum of its coordinates times the steps.
func offsets(_ shape: [Int], _ steps: [Int], from start: Int = 0) -> [Int] {
  let count = shape.reduce(1, *)
  guard count > 0 else { return [] }
  var result = [Int](repeating: 0, count: count)
  var place = [Int](repeating: 0, count: shape.count)
  var offset = start
  for index in 0..<count {
    result[index] = offset
    var axis = shape.count - 1
    while axis >= 0 {
      place[axis] += 1
      offset += steps[axis]
      if place[axis] < shape[axis] { break }
      offset -= steps[axis] * shape[axis]
      place[axis] = 0
      axis -= 1
    }
  }
  return result
}
