/// Where each of a network's parameters stands in the one array that holds them all.
///
/// The order is that of the computation, layer by layer: the weights of the edges into it, then its biases.
public struct ParameterLayout: Sendable, Equatable {
  /// A run of parameters that belong together.
  public struct Slice: Sendable, Equatable {
    /// What it is called: `inp->hid/weights`, `hid/bias`.
    public let key: String
    /// The layer that it leads to or lies on.
    public let layer: String
    /// Its shape: rows for outputs, columns for inputs.
    public let shape: [Int]
    /// Where it begins.
    public let offset: Int
    /// Whether training may change it.
    public let isTrainable: Bool
    /// Whether it is a bias rather than weights.
    public let isBias: Bool
    /// How it gets its first values.
    public let start: InitialValues

    /// How many parameters it has.
    public var count: Int { shape.reduce(1, *) }
    /// Its place in the array.
    public var range: Range<Int> { offset..<offset + count }
  }

  /// The slices, one after the other without gaps.
  public let slices: [Slice]
  /// How many parameters there are in all.
  public let count: Int

  /// Lays out the parameters of a graph.
  public init(_ graph: NetworkGraph) throws(EngineError) {
    var slices: [Slice] = []
    var end = 0
    func add(_ key: String, _ layer: String, _ shape: [Int], _ isTrainable: Bool, _ start: InitialValues) {
      slices.append(
        Slice(
          key: key, layer: layer, shape: shape, offset: end, isTrainable: isTrainable, isBias: start == .zero,
          start: start))
      end += shape.reduce(1, *)
    }
    for layer in try graph.sorted() where !layer.isInput {
      let incoming = graph.edges(into: layer.name)
      let fanIn = incoming.reduce(0) { $0 + ($1.type == .full ? graph.layer($1.source)?.width ?? 0 : 1) }
      for edge in incoming where edge.type != .identity {
        let width = graph.layer(edge.source)?.width ?? 0
        let shape = edge.type == .full ? [layer.width, width] : [width]
        let drawn = InitialValues.drawn(
          layer.start, shape: shape, fanIn: fanIn, fanOut: edge.type == .full ? layer.width : 1)
        add(
          ParameterLayout.key(of: edge), layer.name, shape, edge.isTrainable,
          edge.presetWeights.map { .preset($0) } ?? drawn)
      }
      if layer.hasBias { add(ParameterLayout.biasKey(of: layer), layer.name, [layer.width], true, .zero) }
    }
    self.slices = slices
    count = end
  }

  /// The key of an edge's weights.
  public static func key(of edge: Edge) -> String { "\(edge.source)->\(edge.target)/weights" }

  /// The key of a layer's biases.
  static func biasKey(of layer: Layer) -> String { layer.name + "/bias" }

  /// The slice of a key.
  public func slice(_ key: String) -> Slice? { slices.first { $0.key == key } }

  /// The runs of parameters that training may change, joined where they touch.
  var trainableRanges: [Range<Int>] { joined { $0.isTrainable } }

  /// The runs of trainable weights, without biases.
  var penalisedRanges: [Range<Int>] { joined { $0.isTrainable && !$0.isBias } }

  private func joined(_ isWanted: (Slice) -> Bool) -> [Range<Int>] {
    slices.filter(isWanted).reduce(into: []) { ranges, slice in
      if let last = ranges.last, last.upperBound == slice.offset {
        ranges[ranges.count - 1] = last.lowerBound..<slice.range.upperBound
      } else {
        ranges.append(slice.range)
      }
    }
  }
}

extension NetworkGraph {
  /// What gives the parameters of a key their meaning: an edge's preset weights or none, or a layer's being
  /// there. Parameters outlive a change of the graph that leaves it the same.
  func parameterSource(_ key: String) -> ParameterSource? {
    if let edge = edges.first(where: { ParameterLayout.key(of: $0) == key }) {
      return ParameterSource(presetWeights: edge.presetWeights)
    }
    return layers.contains { ParameterLayout.biasKey(of: $0) == key }
      ? ParameterSource(presetWeights: nil) : nil
  }
}

/// See ``NetworkGraph/parameterSource(_:)``.
struct ParameterSource: Equatable {
  let presetWeights: [Double]?
}
