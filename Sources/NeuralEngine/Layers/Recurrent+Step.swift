/// One step of a recurrent layer, from the state that the step before has left: the formulas of ``Recur``, made of single
/// operations.
extension Recurrent {
  /// Emits the step.
  ///
  /// - Parameters:
  ///   - sums: b + W x of all gates.
  ///   - recurrent: R.
  /// - Returns: h.
  func lowerStep(
    of layer: Layer, _ sums: Value, recurrent: BufferID, _ lowering: inout Lowering
  ) -> Value {
    let before = lowering.earlier(.output, of: layer.name, age: 1, width: units)
    let width = cell.gates * units
    var products = sums
    if cell == .gru {
      products = lowering.biases("products of \(layer.name)", [width], .recurrentBias, of: layer)
    }
    lowering.emit(
      MatrixProduct(inputWidth: units, outputWidth: width), [before.buffer, recurrent], to: [products.buffer],
      of: layer, accumulates: true)
    func gate(_ values: Value, _ number: Int, _ name: String) -> Value {
      let part = lowering.array("\(name) of \(layer.name)", [units])
      lowering.emit(
        TakeStep(steps: cell.gates, width: units, step: number), [values.buffer], to: [part.buffer], of: layer
      )
      return part
    }
    func product(_ a: Value, _ b: Value, _ name: String) -> Value {
      let product = lowering.array("\(name) of \(layer.name)", [units])
      lowering.emit(
        Combine(rule: .product, width: units), [a.buffer, b.buffer], to: [product.buffer], of: layer)
      return product
    }
    func add(_ value: Value, to sum: Value, factor: Double = 1) {
      lowering.emit(
        AddScaled(width: units, factor: factor), [value.buffer], to: [sum.buffer], of: layer,
        accumulates: true)
    }
    switch cell {
    case .rnn: return lowering.activated(sums, appliedActivation, of: layer)
    case .lstm:
      let gates = ["i", "f", "g", "o"].enumerated().map { number, name in
        lowering.activated(
          gate(sums, number, name), name == "g" ? appliedActivation : gateActivation, of: layer)
      }
      let cells = product(
        gates[1], lowering.earlier(.cell, of: layer.name, age: 1, width: units), "cells")
      add(product(gates[0], gates[2], "stored"), to: cells)
      lowering.leave(.cell, of: layer.name, cells)
      for (name, gate) in zip(["i", "f", "g", "o"], gates) {
        lowering.expose(gate, as: "\(layer.name)/\(name)")
      }
      lowering.expose(cells, as: "\(layer.name)/cells")
      return product(gates[3], lowering.activated(cells, appliedActivation, of: layer), "h")
    case .gru:
      let gates = ["z", "r"].enumerated().map { number, name in
        let sum = gate(sums, number, name)
        add(gate(products, number, "\(name) before"), to: sum)
        return lowering.activated(sum, gateActivation, of: layer)
      }
      for (name, gate) in zip(["z", "r"], gates) { lowering.expose(gate, as: "\(layer.name)/\(name)") }
      let sum = gate(sums, 2, "h")
      add(product(gates[1], gate(products, 2, "h before"), "reset"), to: sum)
      let new = lowering.activated(sum, appliedActivation, of: layer)
      // z h + (1 - z) n = n + z (h - n)
      let difference = lowering.array("difference of \(layer.name)", [units])
      lowering.emit(AddScaled(width: units), [before.buffer], to: [difference.buffer], of: layer)
      add(new, to: difference, factor: -1)
      let result = product(gates[0], difference, "h")
      add(new, to: result)
      return result
    }
  }
}
