public import Foundations

/// What is seen of a layer at each step of a sequence.
public struct LayerMoments: Sendable, Equatable {
  /// What of the layer it is.
  public enum Part: Sendable, Equatable {
    /// What is kept from step to step.
    case state
    /// By what something is multiplied.
    case gate
  }

  /// What it is called: `h`, `cell`, `forget gate`.
  public let name: String
  /// What of the layer it is.
  public let part: Part
  /// How many steps there are.
  public let steps: Int
  /// Steps x units.
  public let values: [Double]
}

extension Network {
  /// What a layer keeps and how its gates are open at each step when one row is sent through the network: an `lstm`'s h and
  /// cells and its three gates, a `gru`'s h and two gates, what a dense layer gives and the gates on the edges into it.
  ///
  /// - Parameter row: examples, of which the first counts.
  /// - Returns: nothing for a layer that is computed once a row.
  /// - Throws: `shape-mismatch`, `unknown-layer`, or `needs-steps` where the network cannot go step by step.
  public func moments(of name: String, for row: Examples) throws(CodedError) -> [LayerMoments] {
    let model = try prepared()
    let layer = try graph.known(name)
    guard !defaults.rule.isOnline else {
      throw CodedError(
        .needsSteps,
        "Under rule=\(defaults.rule.rawValue) a row is a step, so there are no others to show. `activate` them one by one."
      )
    }
    let row = try row.matched(to: graph)
    try row.checkInputs(of: graph)
    let seen = moments(of: layer)
    guard graph.takesSequences, !seen.isEmpty else { return [] }
    let inputs = Array(row.inputs.prefix(inputWidth * (row.steps?.length(ofRow: 0) ?? 1)))
    let steps = graph.steps(ofRow: inputs)
    let walked = try model.walk(steps, seeing: seen.map(\.inner))
    return zip(seen, walked).map { seen, values in
      LayerMoments(name: seen.name, part: seen.part, steps: steps.count, values: values)
    }
  }

  /// An array that can be seen, and what the plan of a step calls it.
  private struct Seen {
    let name: String
    let part: LayerMoments.Part
    let inner: String

    init(_ name: String, _ part: LayerMoments.Part, _ inner: String) {
      (self.name, self.part, self.inner) = (name, part, inner)
    }
  }

  private func moments(of layer: Layer) -> [Seen] {
    func own(_ part: String) -> String { "\(layer.name)/\(part)" }
    if let recurrent = layer.kind.as(Recurrent.self) {
      let h = Seen("h", .state, layer.name)
      switch recurrent.cell {
      case .rnn: return [h]
      case .lstm:
        return [
          h, Seen("cell", .state, own("cells")), Seen("input gate", .gate, own("i")),
          Seen("forget gate", .gate, own("f")), Seen("output gate", .gate, own("o")),
        ]
      case .gru: return [h, Seen("update gate", .gate, own("z")), Seen("reset gate", .gate, own("r"))]
      }
    }
    guard layer.isDense, graph.steps(of: layer) > 1 || graph.isOfAnyLength(layer) else { return [] }
    var seen = [Seen(layer.name, .state, layer.name)]
    if graph.edges(into: layer.name).contains(where: { $0.type == .carry }) {
      seen.append(Seen("carried sum", .state, own("sum")))
    }
    for gate in graph.gates where gate.target == layer.name {
      seen.append(Seen(gate.description, .gate, gate.gater))
    }
    return seen
  }
}

extension NetworkGraph {
  /// A row of inputs step by step.
  fileprivate func steps(ofRow row: [Double]) -> [[Double]] {
    if takesAnyLength {
      return stride(from: 0, to: row.count, by: max(1, inputWidth)).map { Array(row[$0..<$0 + inputWidth]) }
    }
    var parts: [(values: ArraySlice<Double>, width: Int, isSequence: Bool)] = []
    var start = 0
    for input in inputs {
      let values = row[start..<start + width(of: input)]
      start = values.endIndex
      parts.append((values, stepShape(of: input)?.reduce(1, *) ?? values.count, isSequence(input)))
    }
    let count = parts.filter(\.isSequence).map { $0.values.count / max(1, $0.width) }.min() ?? 0
    return (0..<count).map { step in
      parts.flatMap { part -> ArraySlice<Double> in
        guard part.isSequence else { return part.values }
        return part.values.dropFirst(step * part.width).prefix(part.width)
      }
    }
  }
}
