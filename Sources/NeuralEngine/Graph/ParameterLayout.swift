public import Foundations

/// What parameters are for.
public enum ParameterRole: String, Sendable, CaseIterable {
  /// The weights of an edge.
  case weights
  /// The weights that a layer owns: a convolution's filters, an embedding's table, a dense layer's over merged edges.
  case kernel
  /// The weights by which a recurrent layer reads its own state, and the bias of those sums.
  case recurrent
  case recurrentBias = "recurrent_bias"
  /// The same of a bidirectional layer's way from the last step to the first.
  case backwardKernel = "backward_kernel"
  case backwardBias = "backward_bias"
  case backwardRecurrent = "backward_recurrent"
  case backwardRecurrentBias = "backward_recurrent_bias"
  /// A number that is added to each unit or channel.
  case bias
  /// A normalisation's scale and shift.
  case gamma, beta
  /// A batch normalisation's running mean and variance, which no gradient reaches.
  case mean, variance
}

/// What tells parameters from all others of a network: the layer that they belong to or lead to, the layer that they come
/// from where they lie on an edge, and their role.
public struct ParameterKey: Sendable, Hashable, CustomStringConvertible {
  /// The layer that they belong to or lead to.
  public let layer: String
  /// The layer that their edge comes from; nil for those that a layer owns.
  public let source: String?
  /// What they are for.
  public let role: ParameterRole

  /// Creates a key.
  public init(layer: String, source: String? = nil, role: ParameterRole) {
    self.layer = layer
    self.source = source
    self.role = role
  }

  /// The key of an edge's weights.
  public static func weights(of edge: Edge) -> ParameterKey {
    ParameterKey(layer: edge.target, source: edge.source, role: .weights)
  }

  /// Its name in files: `inp->hid/weights`, `hid/bias`.
  public var description: String { (source.map { "\($0)->" } ?? "") + "\(layer)/\(role.rawValue)" }

  /// Reads a name in a file; nil for one that names no parameters.
  public init?(_ name: String) {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let role = ParameterRole(rawValue: String(parts[1])) else { return nil }
    if let arrow = parts[0].firstRange(of: "->") {
      let (source, layer) = (parts[0][..<arrow.lowerBound], parts[0][arrow.upperBound...])
      self.init(layer: String(layer), source: String(source), role: role)
    } else {
      self.init(layer: String(parts[0]), role: role)
    }
    guard (source == nil) != (role == .weights) else { return nil }
  }
}

/// Parameters that belong together, before they have a place.
package struct ParameterSpec: Sendable {
  /// What they are.
  package let key: ParameterKey
  /// Their shape: rows for outputs.
  package let shape: [Int]
  /// Whether training may change them.
  package var isTrainable = true
  /// Whether they are a bias, a scale or a shift, which no regularizer counts.
  package var isBias = false
  /// How they get their first values.
  package let start: InitialValues

  /// A bias, which begins at 0 unless something else is said.
  package static func bias(of layer: Layer, _ width: Int, startingAt first: Double = 0) -> ParameterSpec {
    ParameterSpec(
      key: ParameterKey(layer: layer.name, role: .bias), shape: [width], isBias: true,
      start: first == 0 ? .zero : .preset(Array(repeating: first, count: width)))
  }

  /// A kernel that a layer owns; the edges into it say whether it is trained, and may bring its first values.
  package static func kernel(
    of layer: Layer, in graph: NetworkGraph, shape: [Int], _ initializer: Initializer, fanIn: Int, fanOut: Int
  ) -> ParameterSpec {
    let edges = graph.edges(into: layer.name)
    let preset = edges.lazy.compactMap(\.presetWeights).first
    // An orthogonal kernel has a row a filter.
    let drawn = InitialValues.drawn(
      initializer, shape: [shape[0], shape.dropFirst().reduce(1, *)], fanIn: fanIn, fanOut: fanOut)
    return ParameterSpec(
      key: ParameterKey(layer: layer.name, role: .kernel), shape: shape,
      isTrainable: edges.allSatisfy(\.isTrainable), start: preset.map { .preset($0) } ?? drawn)
  }

  /// A normalisation's scale and shift. No regularizer counts a scale, as it counts no bias: Keras's layers have none on
  /// either.
  package static func scaleAndShift(
    of layer: Layer, in graph: NetworkGraph, _ width: Int
  ) -> [ParameterSpec] {
    let isTrainable = graph.edges(into: layer.name).allSatisfy(\.isTrainable)
    return [(ParameterRole.gamma, InitialValues.ones([width])), (.beta, .zero)].map { role, start in
      ParameterSpec(
        key: ParameterKey(layer: layer.name, role: role), shape: [width], isTrainable: isTrainable,
        isBias: true, start: start)
    }
  }
}

/// Where each of a network's parameters stands in the one array that holds them all.
///
/// The order is that of the computation, layer by layer: the weights of the edges into it, then its biases.
public struct ParameterLayout: Sendable, Equatable {
  /// A run of parameters that belong together.
  public struct Slice: Sendable, Equatable {
    /// What they are.
    public let key: ParameterKey
    /// Its shape: rows for outputs, columns for inputs.
    public let shape: [Int]
    /// Where it begins.
    public let offset: Int
    /// Whether training may change it.
    public let isTrainable: Bool
    /// Whether it is a bias, a scale or a shift rather than weights.
    public let isBias: Bool
    /// How it gets its first values.
    public let start: InitialValues

    /// The layer that it leads to or lies on.
    public var layer: String { key.layer }
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
  ///
  /// - Throws: `incomplete-network`.
  public init(_ graph: NetworkGraph) throws(CodedError) {
    var slices: [Slice] = []
    var end = 0
    try graph.checkAnswers()
    for layer in try graph.sorted() {
      for spec in layer.kind.base.parameters(of: layer, in: graph) {
        slices.append(
          Slice(
            key: spec.key, shape: spec.shape, offset: end, isTrainable: spec.isTrainable, isBias: spec.isBias,
            start: spec.start))
        end += spec.shape.reduce(1, *)
      }
    }
    self.slices = slices
    count = end
  }

  /// The slice of a key.
  public func slice(_ key: ParameterKey) -> Slice? { slices.first { $0.key == key } }

  /// The runs of parameters that training may change, joined where they touch.
  var trainableRanges: [Range<Int>] { joined { $0.isTrainable } }

  /// The runs of trainable weights, without biases.
  var regularizedRanges: [Range<Int>] { joined { $0.isTrainable && !$0.isBias } }

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
  /// What gives the parameters of a key their meaning: an edge's preset weights or none, or a layer's being there.
  /// Parameters outlive a change of the graph that leaves it, and their shape, the same.
  func parameterSource(_ key: ParameterKey) -> ParameterSource? {
    if let source = key.source {
      return edges.first { $0.source == source && $0.target == key.layer && $0.type != .carry }.map {
        ParameterSource(kind: nil, presetWeights: $0.presetWeights)
      }
    }
    guard let layer = layer(key.layer) else { return nil }
    let preset =
      key.role == .kernel ? edges(into: layer.name).lazy.compactMap(\.presetWeights).first : nil
    return ParameterSource(kind: layer.isDense ? nil : layer.kindName, presetWeights: preset)
  }
}

/// See ``NetworkGraph/parameterSource(_:)``.
struct ParameterSource: Equatable {
  let kind: String?
  let presetWeights: [Double]?
}
