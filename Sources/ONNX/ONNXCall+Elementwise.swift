import Foundation
import Foundations
import ModelFiles
import NeuralEngine

/// Operators that work number by number.
extension ONNXCall {
  func elementwise() throws -> [ONNXTensor]? {
    if let body = unary() { return [try mapped(body)] }
    switch node.operation {
    case "Add", "Sum": return [try folded(+)]
    case "Mul": return [try folded(*)]
    case "Max": return [try folded { max($0, $1) }]
    case "Min": return [try folded { min($0, $1) }]
    case "Mean":
      let sum = try folded(+)
      let count = Double(inputs.count)
      return [ONNXTensor(sum.element, sum.shape, sum.values.map { $0 / count })]
    case "Sub": return [try combined(-)]
    case "Div":
      let isWhole = try !input(0).element.isFloating
      return [
        try combined { a, b in
          if !isWhole { return a / b }
          return b == 0 ? 0 : (a / b).rounded(.towardZero)
        }
      ]
    case "Pow": return [try combined { pow($0, $1) }]
    case "Greater": return [try compared(>)]
    case "GreaterOrEqual": return [try compared(>=)]
    case "Less": return [try compared(<)]
    case "LessOrEqual": return [try compared(<=)]
    case "Equal": return [try compared(==)]
    case "And": return [try compared { $0 != 0 && $1 != 0 }]
    case "Or": return [try compared { $0 != 0 || $1 != 0 }]
    case "Where":
      let (condition, a, b) = (try input(0), try input(1), try input(2))
      let shape = try broadcast(broadcast(condition.shape, a.shape), b.shape)
      let (x, y, z) = (spread(condition, shape), spread(a, shape), spread(b, shape))
      return [ONNXTensor(a.element, shape, x.indices.map { x[$0] != 0 ? y[$0] : z[$0] })]
    case "Clip":
      let low = (inputs.count > 1 ? inputs[1]?.values.first : nil) ?? node.float("min") ?? -Double.infinity
      let high = (inputs.count > 2 ? inputs[2]?.values.first : nil) ?? node.float("max") ?? Double.infinity
      return [try mapped { min(max($0, low), high) }]
    case "Cast":
      let element = node.integer("to").flatMap(ONNXElement.init(rawValue:)) ?? .float
      let x = try input(0)
      let values =
        element == .bool
        ? x.values.map { $0 == 0 ? 0 : 1 }
        : element.isFloating ? x.values : x.values.map { $0.rounded(.towardZero) }
      return [ONNXTensor(element, x.shape, values)]
    case "CastLike":
      let (x, like) = (try input(0), try input(1))
      return [ONNXTensor(like.element, x.shape, x.values)]
    default: return nil
    }
  }

  /// The function of an operator of one array.
  private func unary() -> ((Double) -> Double)? {
    switch node.operation {
    case "Identity", "Dropout": return { $0 }
    case "Relu": return { max($0, 0) }
    case "Sigmoid": return { 1 / (1 + exp(-$0)) }
    case "Tanh": return { tanh($0) }
    case "Erf": return { erf($0) }
    case "Exp": return { exp($0) }
    case "Log": return { log($0) }
    case "Sqrt": return { $0.squareRoot() }
    case "Abs": return { abs($0) }
    case "Neg": return { -$0 }
    case "Not": return { $0 == 0 ? 1 : 0 }
    case "Reciprocal": return { 1 / $0 }
    case "Floor": return { $0.rounded(.down) }
    case "Softplus": return { max($0, 0) + log1p(exp(-abs($0))) }
    case "Softsign": return { $0 / (1 + abs($0)) }
    case "LeakyRelu":
      let slope = node.float("alpha") ?? 0.01
      return { $0 < 0 ? slope * $0 : $0 }
    case "Elu":
      let alpha = node.float("alpha") ?? 1
      return { $0 < 0 ? alpha * expm1($0) : $0 }
    case "Selu":
      let alpha = node.float("alpha") ?? 1.67326319217681884765625
      let gamma = node.float("gamma") ?? 1.05070102214813232421875
      return { $0 > 0 ? gamma * $0 : gamma * alpha * expm1($0) }
    case "HardSigmoid":
      let (alpha, beta) = (node.float("alpha") ?? 0.2, node.float("beta") ?? 0.5)
      return { min(max(alpha * $0 + beta, 0), 1) }
    case "Gelu":
      if node.text("approximate") == "tanh" {
        return { 0.5 * $0 * (1 + tanh(0.7978845608028654 * ($0 + 0.044715 * $0 * $0 * $0))) }
      }
      return { 0.5 * $0 * (1 + erf($0 * 0.7071067811865476)) }
    default: return nil
    }
  }

  private func mapped(_ body: (Double) -> Double) throws -> ONNXTensor {
    let x = try input(0)
    return ONNXTensor(node.operation == "Not" ? .bool : x.element, x.shape, x.values.map(body))
  }

  private func folded(_ body: (Double, Double) -> Double) throws -> ONNXTensor {
    var result = try input(0)
    for number in inputs.indices.dropFirst() { result = try combined(result, input(number), body) }
    return result
  }

  private func combined(_ body: (Double, Double) -> Double) throws -> ONNXTensor {
    try combined(input(0), input(1), body)
  }

  private func compared(_ body: (Double, Double) -> Bool) throws -> ONNXTensor {
    var result = try combined(input(0), input(1)) { body($0, $1) ? 1 : 0 }
    result.element = .bool
    return result
  }

  private func combined(
    _ a: ONNXTensor, _ b: ONNXTensor, _ body: (Double, Double) -> Double
  ) throws -> ONNXTensor {
    let shape = try broadcast(a.shape, b.shape)
    let (x, y) = (spread(a, shape), spread(b, shape))
    return ONNXTensor(a.element, shape, x.indices.map { body(x[$0], y[$0]) })
  }

  /// The shape that two arrays have together.
  func broadcast(_ a: [Int], _ b: [Int]) throws(Problem) -> [Int] {
    let rank = max(a.count, b.count)
    let (a, b) = (padded(a, rank), padded(b, rank))
    var shape: [Int] = []
    for (x, y) in zip(a, b) {
      guard x == y || x == 1 || y == 1 else {
        throw Problem(reason: "cannot bring \(a.shapeText) and \(b.shapeText) together")
      }
      shape.append(x == 1 ? y : x)
    }
    _ = try checkSize(shape)
    return shape
  }

  /// The numbers of an array, repeated to fill a shape.
  func spread(_ x: ONNXTensor, _ shape: [Int]) -> [Double] {
    if x.shape == shape { return x.values }
    let own = padded(x.shape, shape.count)
    let steps = zip(strides(own), own).map { $1 == 1 ? 0 : $0 }
    return offsets(shape, steps).map { x.values[$0] }
  }

  private func padded(_ shape: [Int], _ rank: Int) -> [Int] {
    [Int](repeating: 1, count: rank - shape.count) + shape
  }
}
