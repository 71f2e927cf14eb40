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
    for layer in try graph.sorted() where !layer.isInput {
      for part in ParameterLayout.parts(of: layer, in: graph) {
        slices.append(
          Slice(
            key: part.key, layer: layer.name, shape: part.shape, offset: end, isTrainable: part.isTrainable,
            isBias: part.isBias, start: part.start))
        end += part.shape.reduce(1, *)
      }
    }
    self.slices = slices
    count = end
  }

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
