import Foundation
import NeuralEngine

/// Operators that add up: products, normalisations, reductions, recurrent layers.
extension ONNXCall {
  func summing() throws -> [ONNXTensor]? {
    switch node.operation {
    case "MatMul": return [try product(input(0), input(1))]
    case "Gemm": return [try gemm()]
    case "Softmax": return [try softmax(isLogarithm: false)]
    case "LogSoftmax": return [try softmax(isLogarithm: true)]
    case "BatchNormalization": return [try batchNormalized()]
    case "LayerNormalization": return [try layerNormalized()]
    case "ReduceMean": return [try reduced { $0.reduce(0, +) / Double($0.count) }]
    case "ReduceSum": return [try reduced { $0.reduce(0, +) }]
    case "ReduceMax": return [try reduced { $0.max() ?? -.infinity }]
    case "RNN", "LSTM", "GRU": return try recurrent()
    default: return nil
    }
  }

  /// A product of matrices, or of stacks of them.
  private func product(_ a: ONNXTensor, _ b: ONNXTensor) throws -> ONNXTensor {
    guard a.shape.count >= 2, b.shape.count >= 2 else { throw Problem(reason: "takes matrices") }
    let (n, k, m) = (a.shape[a.shape.count - 2], a.shape[a.shape.count - 1], b.shape[b.shape.count - 1])
    guard b.shape[b.shape.count - 2] == k else {
      throw Problem(reason: "cannot multiply \(a.shape.shapeText) by \(b.shape.shapeText)")
    }
    let (stackA, stackB) = (Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2)))
    let stack = try broadcast(stackA, stackB)
    func starts(_ own: [Int], _ size: Int) -> [Int] {
      let places = ONNXTensor(own, (0..<own.reduce(1, *)).map { Double($0 * size) })
      return spread(places, stack).map { Int($0) }
    }
    let (placesA, placesB) = (starts(stackA, n * k), starts(stackB, k * m))
    var values = [Double](repeating: 0, count: try checkSize(stack + [n, m]))
    for number in placesA.indices {
      if Cancellation.isRequested() { throw Problem(reason: "was stopped") }
      for row in 0..<n {
        let target = (number * n + row) * m
        for inner in 0..<k {
          let factor = a.values[placesA[number] + row * k + inner]
          if factor == 0 { continue }
          let start = placesB[number] + inner * m
          for column in 0..<m { values[target + column] += factor * b.values[start + column] }
        }
      }
    }
    return ONNXTensor(stack + [n, m], values)
  }

  private func gemm() throws -> ONNXTensor {
    var (a, b) = (try input(0), try input(1))
    guard a.shape.count == 2, b.shape.count == 2 else { throw Problem(reason: "takes matrices") }
    if node.integer("transA") == 1 { a = a.transposed([1, 0]) }
    if node.integer("transB") == 1 { b = b.transposed([1, 0]) }
    var result = try product(a, b)
    let alpha = node.float("alpha") ?? 1
    if alpha != 1 { result.values = result.values.map { $0 * alpha } }
    if inputs.count > 2, let c = inputs[2] {
      guard try broadcast(result.shape, c.shape) == result.shape else {
        throw Problem(reason: "has a bias of \(c.shape.shapeText)")
      }
      let beta = node.float("beta") ?? 1
      let bias = spread(c, result.shape)
      for place in bias.indices { result.values[place] += beta * bias[place] }
    }
    return result
  }

  private func softmax(isLogarithm: Bool) throws -> ONNXTensor {
    let x = try input(0)
    let isOld = opset < 13
    let axis = try axis(node.integer("axis") ?? (isOld ? 1 : -1), x.shape.count)
    guard axis < x.shape.count else { throw Problem(reason: "takes an array") }
    let length = isOld ? x.shape[axis...].reduce(1, *) : x.shape[axis]
    let inner = isOld ? 1 : x.shape[(axis + 1)...].reduce(1, *)
    let outer = x.shape[..<axis].reduce(1, *)
    var values = x.values
    for row in 0..<outer {
      for column in 0..<inner {
        let places = (0..<length).map { (row * length + $0) * inner + column }
        let largest = places.map { x.values[$0] }.max() ?? 0
        let sum = places.reduce(0) { $0 + exp(x.values[$1] - largest) }
        for place in places {
          values[place] =
            isLogarithm ? x.values[place] - largest - log(sum) : exp(x.values[place] - largest) / sum
        }
      }
    }
    return ONNXTensor(x.shape, values)
  }

  private func batchNormalized() throws -> ONNXTensor {
    let x = try input(0)
    guard x.shape.count >= 2 else { throw Problem(reason: "takes an array with channels") }
    let channels = x.shape[1]
    let parameters = [try input(1), try input(2), try input(3), try input(4)].map(\.values)
    guard parameters.allSatisfy({ $0.count == channels }) else {
      throw Problem(reason: "has parameters that do not fit \(channels) channels")
    }
    guard node.integer("training_mode") ?? 0 == 0 else { throw Problem(reason: "is in training mode") }
    let epsilon = node.float("epsilon") ?? 1e-5
    let places = x.shape[2...].reduce(1, *)
    var values = x.values
    for place in values.indices {
      let channel = places == 0 ? 0 : place / places % channels
      let normal = (values[place] - parameters[2][channel]) / (parameters[3][channel] + epsilon).squareRoot()
      values[place] = normal * parameters[0][channel] + parameters[1][channel]
    }
    return ONNXTensor(x.shape, values)
  }

  private func layerNormalized() throws -> ONNXTensor {
    let (x, scale) = (try input(0), try input(1))
    let axis = try axis(node.integer("axis") ?? -1, x.shape.count)
    guard axis < x.shape.count else { throw Problem(reason: "takes an array") }
    let width = x.shape[axis...].reduce(1, *)
    let shift = inputs.count > 2 ? inputs[2]?.values : nil
    guard scale.values.count == width, shift.map({ $0.count == width }) ?? true else {
      throw Problem(reason: "has parameters that do not fit \(width) numbers")
    }
    let epsilon = node.float("epsilon") ?? 1e-5
    var values = x.values
    for start in Swift.stride(from: 0, to: values.count, by: max(width, 1)) {
      let row = values[start..<start + width]
      let mean = row.reduce(0, +) / Double(width)
      let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
      let inverse = 1 / (variance + epsilon).squareRoot()
      for place in 0..<width {
        values[start + place] =
          (values[start + place] - mean) * inverse * scale.values[place] + (shift?[place] ?? 0)
      }
    }
    return ONNXTensor(x.shape, values)
  }

  private func reduced(_ body: ([Double]) -> Double) throws -> ONNXTensor {
    let x = try input(0)
    let wanted = try integers(1, or: "axes") ?? []
    var axes: Set<Int> = []
    for number in wanted.isEmpty ? Array(x.shape.indices) : wanted {
      axes.insert(try axis(number, x.shape.count))
    }
    let kept = x.shape.indices.filter { !axes.contains($0) }
    let gone = x.shape.indices.filter { axes.contains($0) }
    let rows = x.transposed(kept + gone)
    let width = gone.reduce(1) { $0 * x.shape[$1] }
    guard width > 0 else { throw Problem(reason: "takes nothing together") }
    let values = stride(from: 0, to: rows.values.count, by: width).map {
      body(Array(rows.values[$0..<$0 + width]))
    }
    let keeps = node.integer("keepdims") ?? 1 == 1
    let shape = x.shape.indices.compactMap { axes.contains($0) ? (keeps ? 1 : nil) : x.shape[$0] }
    return ONNXTensor(shape, values)
  }
}
