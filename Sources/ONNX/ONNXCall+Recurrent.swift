import Foundation
import Foundations
import NeuralEngine

/// Recurrent operators, step by step as the standard writes their equations.
extension ONNXCall {
  func recurrent() throws -> [ONNXTensor] {
    let (x, w, r) = (try input(0), try input(1), try input(2))
    let gates = ["RNN": 1, "LSTM": 4, "GRU": 3][node.operation] ?? 1
    let direction = node.text("direction") ?? "forward"
    let directions = direction == "bidirectional" ? 2 : 1
    guard node.integer("layout") ?? 0 == 0 else { throw Problem(reason: "has layout=1, which is not known") }
    guard x.shape.count == 3, w.shape.count == 3, r.shape.count == 3, r.shape[0] == directions else {
      throw Problem(reason: "takes a sequence of steps x rows x features")
    }
    let (steps, rows, features, units) = (x.shape[0], x.shape[1], x.shape[2], r.shape[2])
    guard w.shape == [directions, gates * units, features], r.shape == [directions, gates * units, units]
    else {
      throw Problem(reason: "has weights of \(w.shape.shapeText) and \(r.shape.shapeText), which do not fit")
    }
    let bias = inputs.count > 3 ? inputs[3]?.values : nil
    guard bias.map({ $0.count == directions * 2 * gates * units }) ?? true else {
      throw Problem(reason: "has biases that do not fit")
    }
    for (number, what) in [(5, "first states"), (6, "first cells"), (7, "peepholes")] {
      if number < inputs.count, let input = inputs[number], input.values.contains(where: { $0 != 0 }) {
        throw Problem(reason: "has \(what) other than 0, which no layer has here")
      }
    }
    if let clip = node.float("clip"), clip > 0 {
      throw Problem(reason: "has clip=\(clip), which is not known")
    }
    var outputs = [Double](repeating: 0, count: try checkSize([steps, directions, rows, units]))
    var last = [Double](repeating: 0, count: directions * rows * units)
    var cells = last
    for number in 0..<directions {
      let functions = try self.functions(number, gates)
      let cell = RecurrentStep(
        operation: node.operation, units: units, features: features,
        w: Array(w.values[number * gates * units * features..<(number + 1) * gates * units * features]),
        r: Array(r.values[number * gates * units * units..<(number + 1) * gates * units * units]),
        bias: bias.map { Array($0[number * 2 * gates * units..<(number + 1) * 2 * gates * units]) }
          ?? [Double](repeating: 0, count: 2 * gates * units),
        functions: functions, resetsAfter: node.integer("linear_before_reset") ?? 0 != 0)
      let isReversed = direction == "reverse" || number == 1
      for row in 0..<rows {
        var h = [Double](repeating: 0, count: units)
        var c = h
        for step in 0..<steps {
          let time = isReversed ? steps - 1 - step : step
          let start = (time * rows + row) * features
          cell.run(Array(x.values[start..<start + features]), &h, &c)
          let place = ((time * directions + number) * rows + row) * units
          outputs.replaceSubrange(place..<place + units, with: h)
        }
        let place = (number * rows + row) * units
        last.replaceSubrange(place..<place + units, with: h)
        cells.replaceSubrange(place..<place + units, with: c)
      }
    }
    return [
      ONNXTensor([steps, directions, rows, units], outputs), ONNXTensor([directions, rows, units], last),
      ONNXTensor([directions, rows, units], cells),
    ]
  }

  /// The activations of a direction.
  private func functions(_ number: Int, _ gates: Int) throws(Problem) -> [(Double) -> Double] {
    let count = ["RNN": 1, "LSTM": 3, "GRU": 2][node.operation] ?? 1
    let names =
      node.texts("activations")
      ?? (["RNN": ["Tanh"], "LSTM": ["Sigmoid", "Tanh", "Tanh"], "GRU": ["Sigmoid", "Tanh"]][node.operation]
        ?? [])
    let alphas = node.floats("activation_alpha") ?? []
    let own =
      names.count >= (number + 1) * count
      ? Array(names[number * count..<(number + 1) * count]) : Array(names.prefix(count))
    guard own.count == count else { throw Problem(reason: "names too few activations") }
    var functions: [(Double) -> Double] = []
    // Those that take a number take the next one.
    var rest = alphas[...]
    for name in names.prefix(number * count) where Self.takesAlpha(name) { _ = rest.popFirst() }
    for name in own {
      let alpha = Self.takesAlpha(name) ? rest.popFirst() : nil
      guard let function = Self.function(name.lowercased(), alpha) else {
        throw Problem(reason: "has the activation \(name.shownName), which is not known")
      }
      functions.append(function)
    }
    return functions
  }

  private static func takesAlpha(_ name: String) -> Bool {
    ["affine", "leakyrelu", "elu"].contains(name.lowercased())
  }

  private static func function(_ name: String, _ alpha: Double?) -> ((Double) -> Double)? {
    switch name {
    case "tanh": return { tanh($0) }
    case "sigmoid": return { 1 / (1 + exp(-$0)) }
    case "relu": return { max($0, 0) }
    case "affine": return (alpha ?? 1) == 1 ? { $0 } : nil
    case "leakyrelu": return { $0 < 0 ? (alpha ?? 0.01) * $0 : $0 }
    case "elu": return { $0 < 0 ? (alpha ?? 1) * expm1($0) : $0 }
    case "softplus": return { max($0, 0) + log1p(exp(-abs($0))) }
    default: return nil
    }
  }
}

/// A recurrent layer's one step for one row.
private struct RecurrentStep {
  let operation: String
  let units: Int
  let features: Int
  let w: [Double]
  let r: [Double]
  let bias: [Double]
  let functions: [(Double) -> Double]
  let resetsAfter: Bool

  private func sum(_ matrix: [Double], _ row: Int, _ x: [Double]) -> Double {
    var sum = 0.0
    for (place, value) in x.enumerated() { sum += matrix[row * x.count + place] * value }
    return sum
  }

  func run(_ x: [Double], _ h: inout [Double], _ c: inout [Double]) {
    let gates = bias.count / 2 / units
    let old = h
    func wx(_ gate: Int, _ unit: Int) -> Double { sum(w, gate * units + unit, x) + bias[gate * units + unit] }
    func rh(_ gate: Int, _ unit: Int, _ state: [Double]) -> Double { sum(r, gate * units + unit, state) }
    func rb(_ gate: Int, _ unit: Int) -> Double { bias[(gates + gate) * units + unit] }
    switch operation {
    case "LSTM":
      for unit in 0..<units {
        func gate(_ number: Int) -> Double { wx(number, unit) + rh(number, unit, old) + rb(number, unit) }
        let (i, o, f) = (functions[0](gate(0)), functions[0](gate(1)), functions[0](gate(2)))
        c[unit] = f * c[unit] + i * functions[1](gate(3))
        h[unit] = o * functions[2](c[unit])
      }
    case "GRU":
      let reset = (0..<units).map { functions[0](wx(1, $0) + rh(1, $0, old) + rb(1, $0)) }
      let shown = zip(reset, old).map { $0 * $1 }
      for unit in 0..<units {
        let z = functions[0](wx(0, unit) + rh(0, unit, old) + rb(0, unit))
        let inner =
          resetsAfter ? reset[unit] * (rh(2, unit, old) + rb(2, unit)) : rh(2, unit, shown) + rb(2, unit)
        h[unit] = (1 - z) * functions[1](wx(2, unit) + inner) + z * old[unit]
      }
    default:
      for unit in 0..<units { h[unit] = functions[0](wx(0, unit) + rh(0, unit, old) + rb(0, unit)) }
    }
  }
}
