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

  /// Which way a layer reads a sequence.
  public enum Direction: Sendable, Equatable, CaseIterable {
    /// From its first step.
    case forward
    /// From its last step.
    case backward
  }

  /// What it is called: `h`, `cell`, `forget gate`.
  public let name: String
  /// What of the layer it is.
  public let part: Part
  /// Which direction of a layer that reads the sequence both ways it belongs to; nil for a layer that reads it one way.
  public var direction: Direction?
  /// How many steps there are.
  public let steps: Int
  /// Steps x units, each step where it stands in the sequence, whichever way the layer goes along it.
  public let values: [Double]
}

extension Network {
  /// What a layer keeps and how its gates are open at each step when one row is sent through the network: an `lstm`'s h and
  /// cells and its three gates, a `gru`'s h and two gates, what a dense layer gives and the gates on the edges into it. Of a
  /// layer that reads a sequence both ways there are those of each direction, apart, however its two outputs are combined.
  ///
  /// - Parameter row: examples, of which the first counts.
  /// - Returns: nothing for a layer that is computed once a row.
  /// - Throws: `shape-mismatch`, `unknown-layer`, or `needs-steps` under an online rule.
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
    guard graph.takesSequences else { return [] }
    guard graph.layers.allSatisfy(\.kind.base.goesByStep) else {
      return try model.momentsAtOnce(of: layer, for: row)
    }
    let seen = moments(of: layer)
    guard !seen.isEmpty else { return [] }
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

extension Model {
  /// What a layer keeps and how its gates are open, from a plan that goes through a whole sequence: for a network with layers
  /// that read it from its end, or look at several steps at once.
  fileprivate func momentsAtOnce(of layer: Layer, for row: Examples) throws(CodedError) -> [LayerMoments] {
    if let recurrent = layer.kind.as(Recurrent.self) { return try moments(of: recurrent, layer, row) }
    guard layer.isDense, graph.steps(of: layer) > 1 || graph.isOfAnyLength(layer) else { return [] }
    let gates = graph.gates.filter { $0.target == layer.name }
    let arrays = try values(of: [layer.name] + gates.map(\.gater), for: row)
    guard let given = arrays[layer.name], let units = graph.shape(of: layer)?.last, units > 0 else {
      return []
    }
    let steps = given.count / units
    func moment(_ name: String, _ part: LayerMoments.Part, _ values: [Double]) -> LayerMoments {
      LayerMoments(name: name, part: part, steps: steps, values: values)
    }
    var moments = [moment(layer.name, .state, given)]
    if graph.edges(into: layer.name).contains(where: { $0.type == .carry }) {
      let names = (0..<steps).map { UnrolledSums.name(of: layer, at: $0) }
      let sums = try values(of: names, for: row)
      moments.append(moment("carried sum", .state, names.flatMap { sums[$0] ?? [] }))
    }
    return moments
      + gates.compactMap { gate in arrays[gate.gater].map { moment(gate.description, .gate, $0) } }
  }

  private func moments(
    of recurrent: Recurrent, _ layer: Layer, _ row: Examples
  ) throws(CodedError) -> [LayerMoments] {
    let ways: [LayerMoments.Direction?] = recurrent.bidirectional == nil ? [nil] : [.forward, .backward]
    let names = ways.map { way in
      way.map { RecurrentArrays(of: layer, isBackward: $0 == .backward) } ?? RecurrentArrays(of: layer)
    }
    let arrays = try values(of: names.flatMap(\.all), for: row)
    return zip(ways, names).flatMap { way, names in
      let isBackward = way == .backward || recurrent.isReversed
      return recurrent.moments(names, arrays, isBackward: isBackward).map { moment in
        var moment = moment
        moment.direction = way
        return moment
      }
    }
  }
}

extension Recurrent {
  /// The parts of a direction's arrays, in the order in which they are shown.
  fileprivate func moments(
    _ names: RecurrentArrays, _ arrays: [String: [Double]], isBackward: Bool
  ) -> [LayerMoments] {
    let (gates, before) = (arrays[names.gates] ?? [], arrays[names.before] ?? [])
    let steps = before.count / max(1, units)
    /// One of several arrays of units that stand side by side at each step.
    func part(_ number: Int, of values: [Double]) -> [Double] {
      let width = values.count / max(1, steps)
      var part: [Double] = []
      for step in 0..<steps {
        let start = step * width + number * units
        part += values[start..<start + units]
      }
      return part
    }
    func gate(_ name: String, _ number: Int) -> LayerMoments {
      LayerMoments(name: name, part: .gate, steps: steps, values: part(number, of: gates))
    }
    var states = arrays[names.given] ?? []
    if !returnsAll {
      // A layer that gives its last state alone has the others as what the step after each began with.
      states = isBackward ? states + before.dropLast(units) : Array(before.dropFirst(units)) + states
    }
    let h = LayerMoments(name: "h", part: .state, steps: steps, values: states)
    switch cell {
    case .rnn: return [h]
    case .lstm:
      let cells = part(0, of: arrays[names.cells] ?? [])
      return [
        h, LayerMoments(name: "cell", part: .state, steps: steps, values: cells), gate("input gate", 0),
        gate("forget gate", 1), gate("output gate", 3),
      ]
    case .gru: return [h, gate("update gate", 0), gate("reset gate", 1)]
    }
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
