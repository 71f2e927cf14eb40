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
  /// - Parameter room: how many numbers may be made on the way. Where nothing is said it hangs on how many the file has, so that a
  ///   small one takes no gigabytes.
  init(_ model: ONNXModel, room: Int? = nil) {
    self.model = model
    let own = model.graph.initializers.reduce(0) { $0 + $1.values.count }
    self.room = room ?? min(1 << 27, (1 << 25) + 4 * min(own, 1 << 27))
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
      if let body = node.graph("body") { needed.formUnion(body.nodes.flatMap(\.inputs)) }
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
    do {
      outputs =
        node.operation == "Scan" && node.domain.isEmpty
        ? try scanned(call, place) : try call.outputs()
    } catch let error as ONNXCall.Problem {
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

/// Going through a sequence step by step.
extension ONNXEvaluator {
  /// An evaluator for a node's own graph, which sees the values around it.
  private init(_ body: ONNXGraph, within outer: ONNXEvaluator) {
    model = outer.model.with(body)
    room = outer.room
    values = outer.values
    for tensor in body.initializers where tensor.element != .string { values[tensor.name] = tensor }
  }

  /// What a `Scan` gives: its last states, and what each step leaves, one after the other.
  private mutating func scanned(_ call: ONNXCall, _ place: Int) throws -> [ONNXTensor] {
    let node = call.node
    guard let body = node.graph("body"), let count = node.integer("num_scan_inputs"), count > 0,
      count <= node.inputs.count, body.inputs.count == node.inputs.count
    else { throw ONNXCall.Problem(reason: "has no graph for a step that fits its inputs") }
    let stateCount = node.inputs.count - count
    let resultCount = body.outputs.count - stateCount
    guard resultCount >= 0 else { throw ONNXCall.Problem(reason: "gives fewer values than it keeps") }
    for name in ["scan_input_directions", "scan_output_directions"] {
      guard node.integers(name)?.allSatisfy({ $0 == 0 }) ?? true else {
        throw ONNXCall.Problem(reason: "goes through its steps from the end, which is not known")
      }
    }
    func axes(_ name: String, _ count: Int) throws -> [Int] {
      let axes = node.integers(name) ?? [Int](repeating: 0, count: count)
      guard axes.count == count else { throw ONNXCall.Problem(reason: "has not as many axes as arrays") }
      return axes
    }
    var states: [ONNXTensor] = []
    for number in 0..<stateCount { states.append(try call.input(number)) }
    // The steps are brought to the front.
    var scanned: [ONNXTensor] = []
    for (number, axis) in try axes("scan_input_axes", count).enumerated() {
      let input = try call.input(stateCount + number)
      let own = try call.axis(axis, input.shape.count)
      guard own < input.shape.count else { throw ONNXCall.Problem(reason: "goes through a single number") }
      scanned.append(input.transposed([own] + input.shape.indices.filter { $0 != own }))
    }
    let steps = scanned[0].shape[0]
    guard scanned.allSatisfy({ $0.shape[0] == steps }) else {
      throw ONNXCall.Problem(reason: "goes through sequences of several lengths")
    }
    var results = [[Double]](repeating: [], count: resultCount)
    var shapes = [[Int]](repeating: [], count: resultCount)
    for step in 0..<steps {
      // Steps of arrays with nothing in them take time too.
      room -= 64 * (body.nodes.count + 1)
      guard room > 0 else { throw ONNXCall.Problem(reason: "has more steps than fit here") }
      var inner = ONNXEvaluator(body, within: self)
      var inputs: [String: ONNXTensor] = [:]
      for (info, state) in zip(body.inputs, states) { inputs[info.name] = state }
      for (info, sequence) in zip(body.inputs.dropFirst(stateCount), scanned) {
        let width = sequence.values.count / steps
        inputs[info.name] = ONNXTensor(
          sequence.element, Array(sequence.shape.dropFirst()),
          Array(sequence.values[step * width..<(step + 1) * width]))
      }
      do { try inner.run(inputs, wanted: Set(body.outputs.map(\.name))) } catch let failure as Failure {
        let words =
          body.nodes.indices.contains(failure.node) ? body.nodes[failure.node].words(at: failure.node) : ""
        throw ONNXCall.Problem(reason: "cannot go a step: in it \(words) \(failure.reason)")
      }
      room = inner.room
      var outputs: [ONNXTensor] = []
      for info in body.outputs {
        guard let value = inner.values[info.name] else {
          throw ONNXCall.Problem(reason: "has no value `\(info.name.shownName)` in its step")
        }
        outputs.append(value)
      }
      for (old, new) in zip(states, outputs) where old.shape != new.shape {
        throw ONNXCall.Problem(reason: "keeps an array that changes its shape")
      }
      states = Array(outputs.prefix(stateCount))
      for (number, value) in outputs.dropFirst(stateCount).enumerated() {
        guard step == 0 || shapes[number] == value.shape else {
          throw ONNXCall.Problem(reason: "gives arrays of different shapes")
        }
        shapes[number] = value.shape
        results[number] += value.values
      }
    }
    var outputs = states
    for (number, axis) in try axes("scan_output_axes", resultCount).enumerated() {
      let whole = ONNXTensor([steps] + shapes[number], results[number])
      let own = try call.axis(axis, whole.shape.count)
      // The first axis goes to its place.
      var order = Array(1..<whole.shape.count)
      order.insert(0, at: own)
      outputs.append(whole.transposed(order))
    }
    return outputs
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
        reason: "would make an array of \(shape.sizesText), more than fits here"
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
