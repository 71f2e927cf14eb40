package import Foundations
package import NeuralEngine

extension GraphRecord {
  /// Describes a graph; the weights that its edges were given are for ``ArrayFile/addPresets(of:prefix:)``.
  package init(_ graph: NetworkGraph) {
    layers = graph.layers.map(LayerRecord.init)
    edges = graph.edges.map(EdgeRecord.init)
    gates = graph.gates.isEmpty ? nil : graph.gates.map(GateRecord.init)
  }

  /// The graph that is described. What the engine refuses, it refuses with its own words.
  ///
  /// - Parameter file: holds the weights that edges were given, under names that begin with `prefix`.
  package func graph(
    _ file: ArrayFile, prefix: String, _ reading: RecordReading
  ) throws(CodedError) -> NetworkGraph {
    var graph = NetworkGraph()
    for record in layers {
      let layer = try record.layer(reading)
      try reading.telling { () throws(CodedError) in try graph.add(layer) }
    }
    var drawn: [Edge] = []
    for edge in edges { drawn.append(try edge.edge(file, prefix: prefix, reading)) }
    // At once, for edges that are merged may fit only together.
    try reading.telling { () throws(CodedError) in try graph.connect(drawn) }
    for record in gates ?? [] {
      let gate = try record.gate(reading)
      try reading.telling { () throws(CodedError) in try graph.add(gate) }
    }
    return graph
  }
}

extension ArrayFile {
  /// Adds the weights that edges were given to begin with.
  package mutating func addPresets(of graph: NetworkGraph, prefix: String) {
    for edge in graph.edges {
      guard let weights = edge.presetWeights, let source = graph.layer(edge.source),
        let target = graph.layer(edge.target)
      else { continue }
      // As long as nothing leads to its source, an edge has no shape to hold them against, nor has its size been
      // checked.
      let shape =
        graph.shape(of: source) == nil ? [weights.count] : graph.weightShape(of: edge, into: target)
      let isKnown = shape.reduce(1, *) == weights.count
      add(StoredArray(prefix + ArrayName.preset(edge), shape: isKnown ? shape : [weights.count], weights))
    }
  }
}

extension EdgeRecord {
  fileprivate init(_ edge: Edge) {
    from = edge.source
    to = edge.target
    type = edge.type.rawValue
    trainable = edge.isTrainable
    merge = edge.merge?.rawValue
    preset = edge.presetWeights != nil
    delay = edge.delay == 0 ? nil : edge.delay
  }

  /// The edge that is described. How many weights it was given is for the engine to check.
  fileprivate func edge(
    _ file: ArrayFile, prefix: String, _ reading: RecordReading
  ) throws(CodedError) -> Edge {
    try reading.checkName(from)
    try reading.checkName(to)
    let words = "edge \(from) -> \(to)"
    let type = try reading.word(type, as: EdgeType.self, "type of the \(words)")
    var merge: Merge?
    if let word = self.merge { merge = try reading.word(word, as: Merge.self, "merge of the \(words)") }
    var weights: [Double]?
    if preset {
      weights = try reading.array(prefix + ArrayName.preset(from: from, to: to), in: file).doubles
      guard weights?.allSatisfy(\.isFinite) == true else {
        throw reading.bad("weights= of the \(words) are not finite")
      }
    }
    guard (0...1000).contains(delay ?? 0) else {
      throw reading.bad("the delay of the \(words) is out of range")
    }
    return Edge(
      from: from, to: to, type: type, presetWeights: weights, isTrainable: trainable, merge: merge,
      delay: delay ?? 0)
  }
}

extension GateRecord {
  fileprivate init(_ gate: Gate) {
    self.gate = gate.gater
    from = gate.source
    to = gate.target
    carry = gate.isOnCarry
    at = gate.place.rawValue
    delay = gate.delay
  }

  /// The gate that is described.
  fileprivate func gate(_ reading: RecordReading) throws(CodedError) -> Gate {
    for name in [gate, from, to] { try reading.checkName(name) }
    let place = try reading.word(at, as: GatePlace.self, "place of the gate \(gate)")
    guard (0...1).contains(delay) else { throw reading.bad("the delay of the gate \(gate) is out of range") }
    return Gate(gate, on: from, to: to, isOnCarry: carry, at: place, delay: delay)
  }
}
