import NeuralEngine

/// Groups of nodes that stand for one operation.
extension ONNXModel {
  /// The model with one node in place of each group that is known.
  var simplified: ONNXModel {
    var model = self
    model.graph.nodes = withSoftplus(withGelu(graph.nodes))
    return model
  }

  /// x Φ(x), spelt out by the error function: by PyTorch before opset 20, by Keras, and by nbs.
  private func withGelu(_ nodes: [ONNXNode]) -> [ONNXNode] {
    let makers = Dictionary(
      nodes.indices.flatMap { place in nodes[place].outputs.map { ($0, place) } },
      uniquingKeysWith: { first, _ in first })
    var readers: [String: [Int]] = [:]
    for (place, node) in nodes.enumerated() {
      for input in Set(node.inputs) { readers[input, default: []].append(place) }
    }
    var constants: [String: Double] = [:]
    for tensor in graph.initializers where tensor.values.count == 1 {
      constants[tensor.name] = tensor.values[0]
    }
    for node in nodes where node.operation == "Constant" {
      if case .tensor(let tensor) = node.attributes["value"], tensor.values.count == 1,
        let name = node.outputs.first
      {
        constants[name] = tensor.values[0]
      }
    }
    func near(_ name: String, _ value: Double) -> Bool {
      constants[name].map { abs($0 - value) < 1e-5 } ?? false
    }
    /// The other input of a node that one input of a value near `value` has.
    func other(_ node: ONNXNode, _ value: Double) -> String? {
      guard node.inputs.count == 2 else { return nil }
      return near(node.inputs[0], value) ? node.inputs[1] : near(node.inputs[1], value) ? node.inputs[0] : nil
    }
    func reader(_ name: String?) -> (Int, ONNXNode)? {
      guard let name, let places = readers[name], places.count == 1 else { return nil }
      return (places[0], nodes[places[0]])
    }
    var replaced: [Int: ONNXNode] = [:]
    for node in nodes where node.operation == "Erf" {
      guard let scaled = node.inputs.first.flatMap({ makers[$0] }).map({ nodes[$0] }),
        let (_, sum) = reader(node.outputs.first),
        sum.operation == "Add", other(sum, 1) == node.outputs[0],
        let (place, product) = reader(sum.outputs.first),
        product.operation == "Mul", product.inputs.count == 2
      else { continue }
      let x: String? =
        switch scaled.operation {
        case "Div": near(scaled.inputs.last ?? "", 2.0.squareRoot()) ? scaled.inputs.first : nil
        case "Mul": other(scaled, 0.5.squareRoot())
        default: nil
        }
      guard let x, let factor = product.inputs.first(where: { $0 != sum.outputs[0] }) else { continue }
      if factor == x, let (end, last) = reader(product.outputs.first), last.operation == "Mul",
        other(last, 0.5) != nil
      {
        replaced[end] = ONNXNode(operation: "Gelu", name: last.name, inputs: [x], outputs: last.outputs)
      } else if let maker = makers[factor], nodes[maker].operation == "Mul", other(nodes[maker], 0.5) == x {
        replaced[place] = ONNXNode(
          operation: "Gelu", name: product.name, inputs: [x], outputs: product.outputs)
      }
    }
    return nodes.indices.map { replaced[$0] ?? nodes[$0] }
  }

  /// PyTorch's newer exporter gives a softplus beyond 20 as the number itself, from which it differs by 2e-9.
  private func withSoftplus(_ nodes: [ONNXNode]) -> [ONNXNode] {
    let makers = Dictionary(
      nodes.indices.flatMap { place in nodes[place].outputs.map { ($0, place) } },
      uniquingKeysWith: { first, _ in first })
    func maker(_ name: String, _ operation: String) -> ONNXNode? {
      makers[name].map { nodes[$0] }.flatMap { $0.operation == operation ? $0 : nil }
    }
    return nodes.map { node in
      guard node.operation == "Where", node.inputs.count == 3,
        maker(node.inputs[2], "Softplus")?.inputs == [node.inputs[1]],
        let above = maker(node.inputs[0], "Greater"), above.inputs.count == 2,
        above.inputs[0] == node.inputs[1],
        let threshold = graph.initializers.first(where: { $0.name == above.inputs[1] })?.values,
        threshold.count == 1, threshold[0] >= 20
      else { return node }
      return ONNXNode(operation: "Softplus", name: node.name, inputs: [node.inputs[1]], outputs: node.outputs)
    }
  }

  /// The outputs of which a network is made: those of numbers with fractions. A classifier of scikit-learn gives the
  /// label besides, and the two probabilities of one sigmoid.
  var wantedOutputs: [String] {
    let wanted = graph.outputs.filter { $0.element?.isFloating ?? true }.map(\.name)
    return wanted.map { name in
      guard let join = maker(of: name), join.operation == "Concat", join.inputs.count == 2,
        let less = maker(of: join.inputs[0]), less.operation == "Sub", less.inputs.count == 2,
        less.inputs[1] == join.inputs[1],
        graph.initializers.first(where: { $0.name == less.inputs[0] })?.values == [1]
      else { return name }
      return join.inputs[1]
    }
  }

  private func maker(of name: String) -> ONNXNode? { graph.nodes.first { $0.outputs.contains(name) } }
}
