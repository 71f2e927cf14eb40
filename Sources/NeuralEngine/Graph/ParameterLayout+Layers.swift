extension ParameterLayout {
  /// Parameters that belong together, before they have a place.
  struct Part {
    let key: String
    let shape: [Int]
    var isTrainable = true
    /// Whether it is a bias or a shift, which no penalty counts.
    var isBias = false
    let start: InitialValues
  }

  /// The key of an edge's weights.
  public static func key(of edge: Edge) -> String { "\(edge.source)->\(edge.target)/weights" }

  /// The key of something that a layer owns.
  static func key(_ layer: Layer, _ role: Role) -> String { "\(layer.name)/\(role.rawValue)" }

  /// What a layer's own parameters are for.
  enum Role: String, CaseIterable {
    case kernel, bias
    /// A normalisation's scale and shift.
    case gamma, beta
    /// A batch normalisation's running mean and variance, which no gradient reaches.
    case mean, variance
  }

  /// The parameters of a layer and of the edges into it, in the order of the computation.
  static func parts(of layer: Layer, in graph: NetworkGraph) -> [Part] {
    switch layer.kind {
    case .input, .pool, .globalPool, .flatten, .reshape, .dropout: []
    case .dense: denseParts(of: layer, in: graph)
    case .convolution, .embedding: kernelParts(of: layer, in: graph)
    case .batchNorm, .layerNorm: normParts(of: layer, in: graph)
    }
  }

  private static func denseParts(of layer: Layer, in graph: NetworkGraph) -> [Part] {
    if graph.merge(into: layer) != nil { return kernelParts(of: layer, in: graph) }
    let incoming = graph.edges(into: layer.name)
    let shapes = incoming.map { graph.weightShape(of: $0, into: layer) }
    let fanIn = zip(incoming, shapes).reduce(0) { $0 + ($1.0.type == .full ? $1.1[1] : 1) }
    let weights = zip(incoming, shapes).filter { !$1.isEmpty }.map { edge, shape in
      let drawn = InitialValues.drawn(
        layer.start, shape: shape, fanIn: fanIn, fanOut: edge.type == .full ? shape[0] : 1)
      return Part(
        key: key(of: edge), shape: shape, isTrainable: edge.isTrainable,
        start: edge.presetWeights.map { .preset($0) } ?? drawn)
    }
    return weights + biasParts(of: layer, graph.width(of: layer))
  }

  /// Fans as Keras counts them: a window's places times the channels that go in, or the filters that come out.
  private static func kernelParts(of layer: Layer, in graph: NetworkGraph) -> [Part] {
    let edges = graph.edges(into: layer.name)
    guard let edge = edges.first else { return [] }
    let shape = graph.weightShape(of: edge, into: layer)
    let drawn: InitialValues
    if case .embedding = layer.kind, layer.start == .glorot {
      // Keras's default for tables of words.
      drawn = .drawn(.uniform, shape: shape, fanIn: 1, fanOut: 1)
    } else {
      let fanIn = shape.dropFirst().reduce(1, *)
      let places = shape.count > 2 ? shape[1..<shape.count - 1].reduce(1, *) : 1
      // An orthogonal kernel has a row a filter.
      drawn = .drawn(layer.start, shape: [shape[0], fanIn], fanIn: fanIn, fanOut: shape[0] * places)
    }
    let preset = edges.lazy.compactMap(\.presetWeights).first
    let kernel = Part(
      key: key(layer, .kernel), shape: shape, isTrainable: edges.allSatisfy(\.isTrainable),
      start: preset.map { .preset($0) } ?? drawn)
    return [kernel] + biasParts(of: layer, graph.shape(of: layer)?.last ?? 0)
  }

  private static func biasParts(of layer: Layer, _ width: Int) -> [Part] {
    layer.hasBias ? [Part(key: key(layer, .bias), shape: [width], isBias: true, start: .zero)] : []
  }

  private static func normParts(of layer: Layer, in graph: NetworkGraph) -> [Part] {
    let width = [graph.shape(of: layer)?.last ?? 0]
    let ones = InitialValues.drawn(.ones, shape: width, fanIn: 1, fanOut: 1)
    let isTrainable = graph.edges(into: layer.name).allSatisfy(\.isTrainable)
    // No penalty counts a scale, as it counts no bias: Keras's layers have none on either.
    let trained = [
      Part(key: key(layer, .gamma), shape: width, isTrainable: isTrainable, isBias: true, start: ones),
      Part(key: key(layer, .beta), shape: width, isTrainable: isTrainable, isBias: true, start: .zero),
    ]
    guard case .batchNorm = layer.kind else { return trained }
    return trained + [
      Part(key: key(layer, .mean), shape: width, isTrainable: false, isBias: true, start: .zero),
      Part(key: key(layer, .variance), shape: width, isTrainable: false, isBias: true, start: ones),
    ]
  }
}

extension NetworkGraph {
  /// What gives the parameters of a key their meaning: an edge's preset weights or none, or a layer's being
  /// there. Parameters outlive a change of the graph that leaves it, and their shape, the same.
  func parameterSource(_ key: String) -> ParameterSource? {
    if let edge = edges.first(where: { ParameterLayout.key(of: $0) == key }) {
      return ParameterSource(kind: nil, presetWeights: edge.presetWeights)
    }
    let owned = layers.lazy.compactMap { layer in
      ParameterLayout.Role.allCases.first { ParameterLayout.key(layer, $0) == key }.map { (layer, $0) }
    }.first
    guard let (layer, role) = owned else { return nil }
    let preset = role == .kernel ? edges(into: layer.name).lazy.compactMap(\.presetWeights).first : nil
    return ParameterSource(kind: layer.isDense ? nil : layer.kindName, presetWeights: preset)
  }
}

/// See ``NetworkGraph/parameterSource(_:)``.
struct ParameterSource: Equatable {
  let kind: String?
  let presetWeights: [Double]?
}
