package import Foundations
package import NetworkSchema

/// Adds up what comes over its edges and a bias, then applies the activation. Its weights lie on the edges, unless they
/// are merged into one input first.
package struct Dense: LayerKind {
  package let units: Int
  package let appliedActivation: Activation
  package let isBiased: Bool
  package let initializer: Initializer
  /// What its biases begin with.
  package var firstBias = 0.0

  package static let entry = LayerKindEntry(.dense) { options, _ in
    Dense(
      units: options.required("units"), appliedActivation: Activation(options),
      isBiased: options.required("bias"), initializer: Initializer(options),
      firstBias: options.required("bias_init"))
  }

  package var schema: KindSchema { .dense }

  package var options: OptionValues {
    var values: [String: OptionValue] = [
      "units": .integer(units), "activation": .word(appliedActivation.rawValue), "bias": .boolean(isBiased),
      "init": .word(initializer.name),
    ]
    // Files of programs that do not know the option stay as they were.
    if firstBias != 0 { values["bias_init"] = .number(firstBias) }
    return OptionValues(values)
  }

  package var activation: Activation? { appliedActivation }
  package var hasBias: Bool? { isBiased }
  package var hasWeightedEdges: Bool { true }

  package func check(named name: String) throws(CodedError) {
    try check(name, [units], "the width")
    if firstBias != 0, !isBiased {
      throw CodedError(
        .badValue, "`\(name)` has no biases for bias_init= to begin with. Leave bias=false or bias_init= out."
      )
    }
    if units == 1 { try refuseSoftmax(appliedActivation, "unit") }
  }

  package func outputShape(
    _ name: String, _ inputs: [Incoming], merge: Merge?
  ) throws(CodedError) -> [Int]? {
    if merge != nil { _ = try merged(name, inputs, merge) }
    if let steps = stepwise(inputs) { return [steps, units] }
    for source in inputs where source.shape.count != 1 { throw needsVector(name, source) }
    return [units]
  }

  /// How many steps its inputs have, where all are sequences of as many.
  private func stepwise(_ inputs: [Incoming]) -> Int? {
    guard let steps = inputs.first?.shape.first else { return nil }
    return inputs.allSatisfy { $0.isSequence && $0.shape.count == 2 && $0.shape[0] == steps } ? steps : nil
  }

  package func givesSequence(_ inputs: [Incoming]) -> Bool { stepwise(inputs) != nil }
  package var goesByStep: Bool { true }

  package func kernelShape(_ input: [Int]) -> [Int]? { [units, input.last ?? 0] }

  package func parameters(of layer: Layer, in graph: NetworkGraph) -> [ParameterSpec] {
    let bias = isBiased ? [ParameterSpec.bias(of: layer, units, startingAt: firstBias)] : []
    if graph.merge(into: layer) != nil {
      let input = graph.feed(of: layer)?.shape.last ?? 0
      return [
        .kernel(of: layer, in: graph, shape: [units, input], initializer, fanIn: input, fanOut: units)
      ] + bias
    }
    let edges = graph.edges(into: layer.name)
    // All edges' sums are added up, so that all count.
    let fanIn = edges.reduce(0) { sum, edge in
      let width = graph.given[edge.source]?.shape.last ?? 0
      return sum + (edge.type == .full ? width : edge.type == .others ? max(0, width - 1) : 1)
    }
    let weights = edges.compactMap { edge -> ParameterSpec? in
      let shape = graph.weightShape(of: edge, into: layer)
      guard !shape.isEmpty else { return nil }
      let drawn = InitialValues.drawn(
        initializer, shape: shape, fanIn: fanIn,
        fanOut: edge.type == .full ? units : edge.type == .others ? max(1, units - 1) : 1)
      return ParameterSpec(
        key: .weights(of: edge), shape: shape, isTrainable: edge.isTrainable,
        start: edge.presetWeights.map { .preset($0) } ?? drawn)
    }
    return weights + bias
  }

  package func lower(_ layer: Layer, _ lowering: inout Lowering) -> Value {
    let name = appliedActivation == .linear ? layer.name : "preactivations of \(layer.name)"
    let sums = lowering.biases(name, lowering.graph.shape(of: layer) ?? [units], .bias, of: layer)
    if lowering.graph.merge(into: layer) != nil {
      if let feed = lowering.feed(of: layer), let kernel = lowering.parameter(.kernel, of: layer) {
        lowering.emit(
          MatrixProduct(inputWidth: feed.channels, outputWidth: units, places: feed.places),
          [feed.buffer, kernel], to: [sums.buffer], of: layer, accumulates: true)
      }
    } else {
      for edge in lowering.graph.edges(into: layer.name) {
        guard let source = lowering.values[edge.source] else { continue }
        let gate = lowering.graph.gate(on: edge)
        let factor = gate.flatMap { lowering.values[$0.gater] }
        lowering.add(
          edge, from: source, gate: gate.flatMap { gate in factor.map { ($0, gate.place) } }, to: sums,
          of: layer)
      }
    }
    return lowering.activated(sums, appliedActivation, of: layer)
  }
}

extension Layer.Kind {
  /// Adds up what comes over its edges and a bias, then applies the activation.
  public static func dense(
    units: Int, activation: Activation = .linear, hasBias: Bool = true, initializer: Initializer = .glorot,
    firstBias: Double = 0
  ) -> Self {
    Self(
      Dense(
        units: units, appliedActivation: activation, isBiased: hasBias, initializer: initializer,
        firstBias: firstBias))
  }
}

extension Activation {
  /// The activation among a kind's options.
  init(_ options: OptionValues) {
    self = options.word("activation").flatMap(Activation.init(rawValue:)) ?? .linear
  }
}
