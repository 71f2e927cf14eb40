package import Foundations

/// Parts of a network that are computed one step of a sequence at a time, as graphs and plans of their own: what other
/// formats make a loop of.
extension NetworkGraph {
  /// The groups of layers that go step by step through a sequence, since one of them reads an earlier step.
  ///
  /// - Throws: `incomplete-network`.
  package func steppedGroups() throws(CodedError) -> [StepGroup] {
    hasMemory ? try stepGroups().filter(\.isStepped) : []
  }

  /// The names of the layers outside a group that its edges read and that multiply them, in the order of the layers.
  package func sources(of group: StepGroup) -> [String] {
    let members = Set(group.layers.map(\.name))
    let read = Set(
      edges.filter { members.contains($0.target) }.map(\.source)
        + gates.filter { members.contains($0.target) }.map(\.gater))
    return layers.map(\.name).filter { read.contains($0) && !members.contains($0) }
  }

  /// A group alone, for sequences of one step: what it reads of other layers enters by an input of that name.
  ///
  /// - Throws: what a graph finds wrong with it.
  package func alone(_ group: StepGroup) throws(CodedError) -> NetworkGraph {
    let members = Set(group.layers.map(\.name))
    var graph = NetworkGraph()
    for source in sources(of: group) {
      let width = layer(source).flatMap { shape(of: $0) }?.last ?? 1
      try graph.add(Layer(name: source, kind: .input(shape: [1, width])))
    }
    for layer in group.layers { try graph.add(layer) }
    try graph.connect(edges.filter { members.contains($0.target) })
    for gate in gates where members.contains(gate.target) { try graph.add(gate) }
    return graph
  }

  /// The same network over sequences that are so many steps longer; nil where no sequence enters it, or sequences of several
  /// lengths.
  ///
  /// - Throws: what a layer finds wrong with another length.
  package func lengthened(by steps: Int) throws(CodedError) -> NetworkGraph? {
    guard sequenceLength != nil else { return nil }
    return try withInputs { layer in
      guard isSequence(layer), let shape = shape(of: layer) else { return nil }
      return .input(shape: [shape[0] + steps] + shape.dropFirst())
    }
  }

  /// How many steps the sequences have that enter the network; nil where none does, or several of other lengths.
  public var sequenceLength: Int? {
    let lengths = Set(inputs.filter(isSequence).compactMap { shape(of: $0)?.first })
    return lengths.count == 1 ? lengths.first : nil
  }
}
