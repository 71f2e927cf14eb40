package import Foundations
package import NetworkSchema

/// A convolution over one to three axes: each filter looks at a window of all channels of its group.
///
/// As everywhere in the field it is a cross-correlation: the kernel is not turned round. The kernel's shape is filters x
/// window x channels of a group: a row is what one filter looks at, as it lies in an image of channels last.
public struct Convolution: Sendable, Equatable {
  /// How many channels it gives.
  public let filters: Int
  /// What each filter looks at.
  public let window: Window
  /// Into how many groups channels and filters are divided; each filter sees its own group alone.
  public let groups: Int
  package let appliedActivation: Activation
  package let isBiased: Bool
  package let initializer: Initializer

  /// Creates a convolution.
  public init(
    filters: Int, _ window: Window, groups: Int = 1, activation: Activation = .linear, hasBias: Bool = true,
    initializer: Initializer = .glorot
  ) {
    self.filters = filters
    self.window = window
    self.groups = groups
    appliedActivation = activation
    isBiased = hasBias
    self.initializer = initializer
  }

  /// How long the window is.
  public var kernel: [Int] { window.size }
}

extension Convolution: LayerKind {
  private static let schemas: [KindSchema] = [.conv1d, .conv2d, .conv3d]

  static let entries = schemas.indices.map { index in
    LayerKindEntry(schemas[index]) { options, _ throws(SchemaViolation) in
      try Convolution(options, axes: index + 1)
    }
  }

  private init(_ options: OptionValues, axes: Int) throws(SchemaViolation) {
    self.init(
      filters: options.required("filters"),
      try Window(options, size: "kernel", axes: axes), groups: options.required("groups"),
      activation: Activation(options), hasBias: options.required("bias"),
      initializer: Initializer(options))
  }

  package var schema: KindSchema { Convolution.schemas[min(max(kernel.count, 1), 3) - 1] }

  package var options: OptionValues {
    OptionValues([
      "filters": .integer(filters), "kernel": .sizes(window.size), "stride": .sizes(window.stride),
      "dilation": .sizes(window.dilation), "padding": .word(window.padding.rawValue),
      "groups": .integer(groups), "activation": .word(appliedActivation.rawValue),
      "bias": .boolean(isBiased), "init": .word(initializer.name),
    ])
  }

  package var activation: Activation? { appliedActivation }
  package var hasBias: Bool? { isBiased }

  package func check(named name: String) throws(CodedError) {
    try check(name, [filters], "filters:")
    try check(name, [groups], "groups:")
    try window.check(named: name, "kernel", self)
    if filters == 1 { try refuseSoftmax(appliedActivation, "filter") }
  }

  package func outputShape(_ name: String, of source: Incoming) throws(CodedError) -> [Int] {
    let rank = kernel.count
    guard source.shape.count == rank + 1 else { throw wrongRank(name, source, rank, family: "conv") }
    let channels = source.shape[rank]
    guard channels.isMultiple(of: groups), filters.isMultiple(of: groups) else {
      throw CodedError(
        .shapeMismatch,
        "`\(name)` has \(groups) groups, but `\(source.name)` gives "
          + "\(channels) channels and it has \(filters) filters. Both must be multiples of the number of groups.",
        suggestion: "groups=1")
    }
    return try window.positions(over: source, of: name) + [filters]
  }

  package func kernelShape(_ input: [Int]) -> [Int]? { [filters] + kernel + [(input.last ?? 0) / groups] }

  package func parameters(of layer: Layer, in graph: NetworkGraph) -> [ParameterSpec] {
    guard let input = graph.feed(of: layer)?.shape, let shape = kernelShape(input) else { return [] }
    // Fans as Keras counts them: a window's places times the channels that go in, or the filters that come out.
    let fanIn = shape.dropFirst().reduce(1, *)
    let places = kernel.reduce(1, *)
    let weights = ParameterSpec.kernel(
      of: layer, in: graph, shape: shape, initializer, fanIn: fanIn, fanOut: filters * places)
    return [weights] + (isBiased ? [.bias(of: layer, filters)] : [])
  }

  package func lower(_ layer: Layer, _ lowering: inout Lowering) -> Value {
    let shape = lowering.graph.shape(of: layer) ?? []
    let name = appliedActivation == .linear ? layer.name : "preactivations of \(layer.name)"
    let sums = lowering.array(name, shape)
    guard let feed = lowering.feed(of: layer), let weights = lowering.parameter(.kernel, of: layer) else {
      return sums
    }
    let bias = lowering.parameter(.bias, of: layer)
    lowering.emit(
      Convolve(
        geometry: WindowGeometry(window, over: feed.shape), filters: filters, groups: groups,
        hasBias: bias != nil),
      [feed.buffer, weights] + (bias.map { [$0] } ?? []), to: [sums.buffer], of: layer)
    return lowering.activated(sums, appliedActivation, of: layer)
  }
}

extension Layer.Kind {
  /// Slides filters over one to three axes.
  public static func convolution(_ convolution: Convolution) -> Self { Self(convolution) }
}
