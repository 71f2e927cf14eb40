import Datasets

/// Answers that are turned back from logarithms, by the last nodes of a model.
extension ONNXImporter {
  /// An answer that is a power of what the layers give.
  struct Power {
    /// What the layers give.
    let source: String
    /// What they have learned.
    let transform: TargetTransform
    /// The nodes that turn it back.
    let nodes: [Int]
  }

  /// The answers that are powers, by their names: `Exp` of a value, or that less 1.
  func powers() -> [String: Power] {
    var powers: [String: Power] = [:]
    for output in model.wantedOutputs {
      guard let last = producer(of: output) else { continue }
      let node = model.graph.nodes[last]
      if node.operation == "Exp", node.inputs.count == 1 {
        powers[output] = Power(source: node.inputs[0], transform: .log, nodes: [last])
      } else if node.operation == "Sub", node.inputs.count == 2, !evaluator.dynamic.contains(node.inputs[1]),
        evaluator.values[node.inputs[1]]?.values.allSatisfy({ $0 == 1 }) == true,
        let before = producer(of: node.inputs[0]), model.graph.nodes[before].operation == "Exp",
        model.graph.nodes[before].inputs.count == 1
      {
        powers[output] = Power(
          source: model.graph.nodes[before].inputs[0], transform: .log1p, nodes: [before, last])
      }
    }
    return powers
  }

  private func producer(of value: String) -> Int? {
    model.graph.nodes.firstIndex { $0.outputs.contains(value) && evaluator.dynamic.contains(value) }
  }
}
