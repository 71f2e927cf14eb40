import ModelFiles
import NeuralEngine

/// Operators that make another array of the same numbers.
extension ONNXCall {
  func shaping() throws -> [ONNXTensor]? {
    switch node.operation {
    case "Constant": return [try constant()]
    case "ConstantOfShape":
      let shape = try integers(0, or: "") ?? []
      let count = try checkSize(shape)
      var (element, value) = (ONNXElement.float, 0.0)
      if case .tensor(let tensor) = node.attributes["value"] {
        (element, value) = (tensor.element, tensor.values.first ?? 0)
      }
      return [ONNXTensor(element, shape, [Double](repeating: value, count: count))]
    case "Shape":
      let shape = try input(0).shape
      let start = clamped(node.integer("start") ?? 0, shape.count)
      let end = clamped(node.integer("end") ?? shape.count, shape.count)
      return [ONNXTensor(integers: start < end ? Array(shape[start..<end]) : [])]
    case "Reshape": return [try reshaped()]
    case "Flatten":
      let x = try input(0)
      let axis = node.integer("axis") ?? 1
      let place = axis < 0 ? axis + x.shape.count : axis
      guard (0...x.shape.count).contains(place) else {
        throw Problem(reason: "has an axis \(axis) beyond its input")
      }
      return [
        x.reshaped([x.shape[..<place].reduce(1, *), x.shape[place...].reduce(1, *)])
      ]
    case "Squeeze":
      let x = try input(0)
      let wanted = try integers(1, or: "axes")
      var axes: Set<Int> = []
      for number in wanted ?? x.shape.indices.filter({ x.shape[$0] == 1 }) {
        axes.insert(try axis(number, x.shape.count))
      }
      guard axes.allSatisfy({ $0 < x.shape.count && x.shape[$0] == 1 }) else {
        throw Problem(reason: "takes away an axis of \(x.shape.shapeText) that is not 1 long")
      }
      return [x.reshaped(x.shape.indices.filter { !axes.contains($0) }.map { x.shape[$0] })]
    case "Unsqueeze":
      let x = try input(0)
      let axes = try integers(1, or: "axes") ?? []
      guard axes.count <= 16 else { throw Problem(reason: "adds \(axes.count) axes") }
      let rank = x.shape.count + axes.count
      var added: Set<Int> = []
      for number in axes { added.insert(try axis(number, rank)) }
      guard added.count == axes.count else { throw Problem(reason: "adds an axis twice") }
      var rest = x.shape[...]
      return [x.reshaped((0..<rank).map { added.contains($0) ? 1 : rest.removeFirst() })]
    case "Transpose":
      let x = try input(0)
      let order = node.integers("perm") ?? x.shape.indices.reversed()
      guard order.sorted() == Array(x.shape.indices) else {
        throw Problem(reason: "has a perm that fits no \(x.shape.shapeText)")
      }
      return [x.transposed(order)]
    case "Concat": return [try concatenated()]
    case "Gather": return [try gathered()]
    case "Slice": return [try sliced()]
    case "Expand":
      let x = try input(0)
      let shape = try broadcast(x.shape, integers(1, or: "") ?? [])
      return [ONNXTensor(x.element, shape, spread(x, shape))]
    default: return nil
    }
  }

  private func clamped(_ place: Int, _ count: Int) -> Int {
    min(max(place < 0 ? place + count : place, 0), count)
  }

  private func constant() throws -> ONNXTensor {
    if case .tensor(let tensor) = node.attributes["value"] { return tensor }
    if let value = node.float("value_float") { return ONNXTensor([], [value]) }
    if let value = node.integer("value_int") { return ONNXTensor(.int64, [], [Double(value)]) }
    if let values = node.floats("value_floats") { return ONNXTensor([values.count], values) }
    if let values = node.integers("value_ints") { return ONNXTensor(integers: values) }
    throw Problem(reason: "holds nothing that can be read")
  }

  private func reshaped() throws -> ONNXTensor {
    let x = try input(0)
    var shape = try integers(1, or: "shape") ?? []
    guard shape.count <= 16 else { throw Problem(reason: "has \(shape.count) axes") }
    if node.integer("allowzero") != 1 {
      for place in shape.indices where shape[place] == 0 {
        guard place < x.shape.count else { throw Problem(reason: "keeps an axis that is not there") }
        shape[place] = x.shape[place]
      }
    }
    if let free = shape.firstIndex(of: -1) {
      shape[free] = 1
      guard let rest = shape.checkedCount, rest > 0, x.values.count.isMultiple(of: rest) else {
        throw Problem(reason: "cannot make \(shape.shapeText) of \(x.shape.shapeText)")
      }
      shape[free] = x.values.count / rest
    }
    guard shape.checkedCount == x.values.count else {
      throw Problem(reason: "cannot make \(shape.shapeText) of \(x.shape.shapeText)")
    }
    return x.reshaped(shape)
  }

  private func concatenated() throws -> ONNXTensor {
    let first = try input(0)
    let axis = try axis(node.integer("axis") ?? 0, first.shape.count)
    var shape = first.shape
    guard axis < shape.count else { throw Problem(reason: "cannot join single numbers") }
    var parts: [ONNXTensor] = []
    for number in inputs.indices {
      let part = try input(number)
      guard part.shape.count == shape.count,
        part.shape.indices.allSatisfy({ $0 == axis || part.shape[$0] == shape[$0] })
      else { throw Problem(reason: "cannot join \(first.shape.shapeText) and \(part.shape.shapeText)") }
      parts.append(part)
    }
    shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    let outer = shape[..<axis].reduce(1, *)
    let widths = parts.map { $0.shape[axis...].reduce(1, *) }
    var values: [Double] = []
    values.reserveCapacity(try checkSize(shape))
    for row in 0..<outer {
      for (part, width) in zip(parts, widths) { values += part.values[row * width..<(row + 1) * width] }
    }
    return ONNXTensor(first.element, shape, values)
  }

  private func gathered() throws -> ONNXTensor {
    let (x, chosen) = (try input(0), try input(1))
    let axis = try axis(node.integer("axis") ?? 0, x.shape.count)
    guard axis < x.shape.count else { throw Problem(reason: "cannot choose from a single number") }
    let (outer, inner) = (x.shape[..<axis].reduce(1, *), x.shape[(axis + 1)...].reduce(1, *))
    let shape = Array(x.shape[..<axis]) + chosen.shape + Array(x.shape[(axis + 1)...])
    var values: [Double] = []
    values.reserveCapacity(try checkSize(shape))
    for row in 0..<outer {
      for value in chosen.values {
        guard let index = Int(exactly: value.rounded()), (-x.shape[axis]..<x.shape[axis]).contains(index)
        else {
          throw Problem(reason: "asks for place \(value) of \(x.shape[axis])")
        }
        let start = (row * x.shape[axis] + (index < 0 ? index + x.shape[axis] : index)) * inner
        values += x.values[start..<start + inner]
      }
    }
    return ONNXTensor(x.element, shape, values)
  }

  private func sliced() throws -> ONNXTensor {
    let x = try input(0)
    let starts = try integers(1, or: "starts") ?? []
    let ends = try integers(2, or: "ends") ?? []
    let axes = try integers(3, or: "axes") ?? Array(starts.indices)
    let steps = try integers(4, or: "steps") ?? starts.map { _ in 1 }
    guard starts.count == ends.count, axes.count == starts.count, steps.count == starts.count else {
      throw Problem(reason: "has starts, ends and axes that are not as many")
    }
    var shape = x.shape
    var strides = strides(x.shape)
    var offset = 0
    for place in starts.indices {
      let axis = try axis(axes[place], x.shape.count)
      guard axis < shape.count, steps[place] != 0 else { throw Problem(reason: "takes steps of 0") }
      let length = x.shape[axis]
      // A step beyond the array is as good as any that leaves it.
      let step = min(max(steps[place], -length - 1), length + 1)
      let range = step < 0 ? -1...max(length - 1, -1) : 0...length
      func limited(_ place: Int) -> Int {
        let counted = place < 0 ? (place < -length ? -1 : place + length) : place
        return min(max(counted, range.lowerBound), range.upperBound)
      }
      let (start, end) = (limited(starts[place]), limited(ends[place]))
      shape[axis] = max(0, step < 0 ? (start - end - step - 1) / -step : (end - start + step - 1) / step)
      if shape[axis] > 0 { offset += start * strides[axis] }
      strides[axis] *= step
    }
    return ONNXTensor(x.element, shape, offsets(shape, strides, from: offset).map { x.values[$0] })
  }
}

extension ONNXTensor {
  /// The same numbers in another shape.
  func reshaped(_ shape: [Int]) -> ONNXTensor { ONNXTensor(element, shape, values) }

  /// The axes in another order.
  func transposed(_ order: [Int]) -> ONNXTensor {
    let steps = strides(shape)
    let shape = order.map { self.shape[$0] }
    return ONNXTensor(element, shape, offsets(shape, order.map { steps[$0] }).map { values[$0] })
  }
}
