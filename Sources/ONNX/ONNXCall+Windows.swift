import Foundations
import ModelFiles
import NeuralEngine

/// Operators that slide a window, over any number of axes.
extension ONNXCall {
  func sliding() throws -> [ONNXTensor]? {
    switch node.operation {
    case "Conv": return [try convolved()]
    case "MaxPool", "AveragePool": return [try pooled()]
    case "GlobalMaxPool": return [try pooledWhole { $0.max() ?? -.infinity }]
    case "GlobalAveragePool": return [try pooledWhole { $0.reduce(0, +) / Double($0.count) }]
    case "Pad": return [try padded()]
    default: return nil
    }
  }

  private func pooledWhole(_ body: (ArraySlice<Double>) -> Double) throws -> ONNXTensor {
    let x = try input(0)
    guard x.shape.count >= 3 else { throw Problem(reason: "takes an array with channels") }
    let width = x.shape[2...].reduce(1, *)
    guard width > 0 else { throw Problem(reason: "takes nothing together") }
    let values = stride(from: 0, to: x.values.count, by: width).map { body(x.values[$0..<$0 + width]) }
    return ONNXTensor(Array(x.shape[..<2]) + x.shape[2...].map { _ in 1 }, values)
  }

  /// Zeros, or what is given, around an array.
  private func padded() throws -> ONNXTensor {
    let x = try input(0)
    let pads = try integers(1, or: "pads") ?? []
    let rank = x.shape.count
    guard node.text("mode") ?? "constant" == "constant" else {
      throw Problem(reason: "has a mode other than constant")
    }
    guard pads.count == 2 * rank, pads.allSatisfy({ (0...1 << 30).contains($0) }) else {
      throw Problem(reason: "has pads that do not fit \(x.shape.shapeText)")
    }
    let shape = (0..<rank).map { x.shape[$0] + pads[$0] + pads[$0 + rank] }
    let filler = (inputs.count > 2 ? inputs[2]?.values.first : nil) ?? 0
    var values = [Double](repeating: filler, count: try checkSize(shape))
    let steps = strides(shape)
    let start = (0..<rank).reduce(0) { $0 + steps[$1] * pads[$1] }
    for (place, target) in offsets(x.shape, steps, from: start).enumerated() {
      values[target] = x.values[place]
    }
    return ONNXTensor(x.element, shape, values)
  }

  private func convolved() throws -> ONNXTensor {
    let (x, w) = (try input(0), try input(1))
    guard x.shape.count >= 3, w.shape.count == x.shape.count else {
      throw Problem(reason: "takes an array with channels and filters for as many axes")
    }
    let window = try ONNXWindow(node, Array(w.shape[2...]), over: Array(x.shape[2...]))
    let groups = node.integer("group") ?? 1
    let (filters, own) = (w.shape[0], w.shape[1])
    guard groups > 0, own.multipliedOrMost(groups) == x.shape[1], filters.isMultiple(of: groups) else {
      throw Problem(reason: "has filters of \(own) channels in \(groups) groups over \(x.shape[1]) channels")
    }
    let bias = inputs.count > 2 ? inputs[2]?.values : nil
    guard bias.map({ $0.count == filters }) ?? true else {
      throw Problem(reason: "has biases that do not fit")
    }
    let shape = [x.shape[0], filters] + window.output
    var values = [Double](repeating: 0, count: try checkSize(shape))
    let (inner, outer) = (window.input.reduce(1, *), window.output.reduce(1, *))
    let (places, positions) = (window.size.reduce(1, *), window.positions)
    for row in 0..<x.shape[0] {
      for filter in 0..<filters {
        if Cancellation.isRequested() { throw Problem(reason: "was stopped") }
        let group = filter / (filters / groups)
        let target = (row * filters + filter) * outer
        for channel in 0..<own {
          let source = (row * x.shape[1] + group * own + channel) * inner
          let kernel = (filter * own + channel) * places
          for position in positions {
            var sum = 0.0
            for (place, offset) in position.places {
              sum += w.values[kernel + place] * x.values[source + offset]
            }
            values[target + position.number] += sum
          }
        }
        if let bias { for place in 0..<outer { values[target + place] += bias[filter] } }
      }
    }
    return ONNXTensor(shape, values)
  }

  private func pooled() throws -> ONNXTensor {
    let x = try input(0)
    guard x.shape.count >= 3, let size = node.integers("kernel_shape") else {
      throw Problem(reason: "takes an array with channels and a kernel_shape")
    }
    let window = try ONNXWindow(node, size, over: Array(x.shape[2...]))
    let isMax = node.operation == "MaxPool"
    let countsAll = node.integer("count_include_pad") == 1
    let shape = Array(x.shape[..<2]) + window.output
    var values = [Double](repeating: 0, count: try checkSize(shape))
    let (inner, outer, places) = (window.input.reduce(1, *), window.output.reduce(1, *), size.reduce(1, *))
    let positions = window.positions
    for channel in 0..<x.shape[0] * x.shape[1] {
      for position in positions {
        let numbers = position.places.map { x.values[channel * inner + $0.offset] }
        values[channel * outer + position.number] =
          isMax
          ? numbers.max() ?? -.infinity
          : numbers.reduce(0, +) / Double(max(countsAll ? places : numbers.count, 1))
      }
    }
    return ONNXTensor(shape, values)
  }
}

/// A window of a node, laid over an array.
struct ONNXWindow {
  let input: [Int]
  let output: [Int]
  let size: [Int]
  let stride: [Int]
  let dilation: [Int]
  let before: [Int]
  let after: [Int]

  init(_ node: ONNXNode, _ size: [Int], over input: [Int]) throws(ONNXCall.Problem) {
    let ones = input.map { _ in 1 }
    let stride = node.integers("strides") ?? ones
    let dilation = node.integers("dilations") ?? ones
    let sane = 1...1 << 30
    guard size.count == input.count, stride.count == input.count, dilation.count == input.count,
      (size + stride + dilation).allSatisfy({ sane.contains($0) }),
      size.reduce(1, { $0.multipliedOrMost($1) }) < 1 << 30
    else { throw ONNXCall.Problem(reason: "has a window that does not fit \(input.count) axes") }
    var pads = node.integers("pads") ?? [Int](repeating: 0, count: 2 * input.count)
    guard pads.count == 2 * input.count, pads.allSatisfy({ (0...1 << 30).contains($0) }) else {
      throw ONNXCall.Problem(reason: "has pads that do not fit \(input.count) axes")
    }
    let reach = zip(size, dilation).map { ($0 - 1) * $1 + 1 }
    let rule = node.text("auto_pad") ?? "NOTSET"
    if rule == "SAME_UPPER" || rule == "SAME_LOWER" {
      for axis in input.indices {
        let needed = max(
          0, ((input[axis] + stride[axis] - 1) / stride[axis] - 1) * stride[axis] + reach[axis] - input[axis])
        let less = needed / 2
        pads[axis] = rule == "SAME_UPPER" ? less : needed - less
        pads[axis + input.count] = needed - pads[axis]
      }
    }
    let isRoundedUp = node.integer("ceil_mode") == 1
    var output: [Int] = []
    for axis in input.indices {
      let room = input[axis] + pads[axis] + pads[axis + input.count] - reach[axis]
      guard room >= 0 else {
        throw ONNXCall.Problem(reason: "has a window of \(reach.shapeText) over \(input.shapeText)")
      }
      var count = (room + (isRoundedUp ? stride[axis] - 1 : 0)) / stride[axis] + 1
      // A window that would begin behind the array is none.
      if isRoundedUp, (count - 1) * stride[axis] >= input[axis] + pads[axis] { count -= 1 }
      output.append(count)
    }
    // What a window sees at each position is listed.
    let looks = (output + size).reduce(1) { $0.multipliedOrMost($1) }
    guard looks <= 1 << 24 else {
      throw ONNXCall.Problem(
        reason: "has a window of \(size.shapeText) over \(input.shapeText), more than fits here")
    }
    self.input = input
    self.output = output
    self.size = size
    self.stride = stride
    self.dilation = dilation
    before = Array(pads[..<input.count])
    after = Array(pads[input.count...])
  }

  /// Where a window stands, and which of its places lie within the array.
  struct Position {
    let number: Int
    let places: [(place: Int, offset: Int)]
  }

  /// All positions.
  var positions: [Position] {
    let (steps, kernelSteps) = (strides(input), strides(size))
    return (0..<output.reduce(1, *)).map { number in
      var places: [(place: Int, offset: Int)] = [(0, 0)]
      var rest = number
      for axis in output.indices.reversed() {
        let start = rest % output[axis] * stride[axis] - before[axis]
        rest /= output[axis]
        places = (0..<size[axis]).flatMap { step -> [(place: Int, offset: Int)] in
          let place = start + step * dilation[axis]
          guard (0..<input[axis]).contains(place) else { return [] }
          return places.map { ($0.place + step * kernelSteps[axis], $0.offset + place * steps[axis]) }
        }
      }
      return Position(number: number, places: places)
    }
  }
}
