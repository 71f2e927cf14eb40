package import Foundations
package import NetworkSchema

/// Batch normalisation (S. Ioffe and C. Szegedy, ICML 2015), with Keras's defaults: brings each channel to mean 0 and
/// variance 1 over the batch, then scales and shifts it.
public struct BatchNorm: Sendable, Equatable {
  /// How much of the running mean and variance stays at each batch.
  public let momentum: Double
  /// What is added to the variance.
  public let epsilon: Double

  /// Creates one; Keras's defaults are 0.99 and 0.001.
  public init(momentum: Double = 0.99, epsilon: Double = 0.001) {
    self.momentum = momentum
    self.epsilon = epsilon
  }
}

extension BatchNorm: ShapeKeepingKind {
  package var looksAtBatch: Bool { true }

  static let entry = LayerKindEntry(.batchnorm) { options, _ in
    BatchNorm(momentum: options.required("momentum"), epsilon: options.required("epsilon"))
  }

  package var schema: KindSchema { .batchnorm }
  package var options: OptionValues {
    OptionValues(["momentum": .number(momentum), "epsilon": .number(epsilon)])
  }

  package func check(named name: String) throws(CodedError) {
    try check(name, momentum, 0..<1, "momentum=", "at least 0 and below 1")
    try checkEpsilon(name, epsilon)
  }

  package func parameters(of layer: Layer, in graph: NetworkGraph) -> [ParameterSpec] {
    let width = graph.shape(of: layer)?.last ?? 0
    return ParameterSpec.scaleAndShift(of: layer, in: graph, width) + [
      ParameterSpec(
        key: ParameterKey(layer: layer.name, role: .mean), shape: [width], isTrainable: false, isBias: true,
        start: .zero),
      ParameterSpec(
        key: ParameterKey(layer: layer.name, role: .variance), shape: [width], isTrainable: false,
        isBias: true, start: .ones([width])),
    ]
  }

  package func lower(_ layer: Layer, _ lowering: inout Lowering) -> Value {
    let result = lowering.array(layer.name, lowering.graph.shape(of: layer) ?? [])
    guard let feed = lowering.feed(of: layer), let channels = feed.shape.last, channels > 0,
      let gamma = lowering.parameter(.gamma, of: layer), let beta = lowering.parameter(.beta, of: layer),
      let mean = lowering.parameter(.mean, of: layer),
      let variance = lowering.parameter(.variance, of: layer)
    else { return result }
    let places = feed.width / channels
    let inverse = lowering.buffer("1 / deviation of \(layer.name)", .whole(channels))
    var used = mean
    if lowering.isTraining {
      used = measure(feed, channels, running: (mean, variance), into: inverse, layer, &lowering)
    } else {
      lowering.emit(
        InverseDeviation(channels: channels, epsilon: epsilon), [variance], to: [inverse], of: layer,
        scope: .whole)
    }
    lowering.emit(
      Normalize(places: places, channels: channels, isByBatch: lowering.isTraining),
      [feed.buffer, used, inverse, gamma, beta], to: [result.buffer], of: layer)
    return result
  }

  /// The batch's mean and variance, in two passes: one pass would lose what a large mean leaves of the variance.
  private func measure(
    _ feed: Value, _ channels: Int, running: (mean: BufferID, variance: BufferID), into inverse: BufferID,
    _ layer: Layer, _ lowering: inout Lowering
  ) -> BufferID {
    let places = feed.width / channels
    let sums = lowering.buffer("sums of \(layer.name)", .reduced(channels))
    let mean = lowering.buffer("mean of \(layer.name)", .whole(channels))
    let squares = lowering.buffer("squares of \(layer.name)", .reduced(channels))
    lowering.emit(ColumnSums(width: channels, places: places), [feed.buffer], to: [sums], of: layer)
    lowering.emit(
      BatchMean(places: places, channels: channels), [sums], to: [mean], of: layer, scope: .whole)
    lowering.emit(
      ColumnSquares(places: places, channels: channels), [feed.buffer, mean], to: [squares], of: layer)
    lowering.emit(
      BatchStatistics(places: places, channels: channels, momentum: momentum, epsilon: epsilon),
      [mean, squares, running.mean, running.variance], to: [inverse], of: layer, scope: .whole)
    return mean
  }
}

/// Layer normalisation (J. Ba, J. Kiros and G. Hinton, 2016): brings each row's last axis to mean 0 and variance 1, then
/// scales and shifts it.
package struct LayerNorm: ShapeKeepingKind {
  package let epsilon: Double

  static let entry = LayerKindEntry(.layernorm) { options, _ in
    LayerNorm(epsilon: options.required("epsilon"))
  }

  package var schema: KindSchema { .layernorm }
  package var options: OptionValues { OptionValues(["epsilon": .number(epsilon)]) }

  package func check(named name: String) throws(CodedError) { try checkEpsilon(name, epsilon) }

  package func parameters(of layer: Layer, in graph: NetworkGraph) -> [ParameterSpec] {
    ParameterSpec.scaleAndShift(of: layer, in: graph, graph.shape(of: layer)?.last ?? 0)
  }

  package func lower(_ layer: Layer, _ lowering: inout Lowering) -> Value {
    let result = lowering.array(layer.name, lowering.graph.shape(of: layer) ?? [])
    guard let feed = lowering.feed(of: layer), let width = feed.shape.last, width > 0,
      let gamma = lowering.parameter(.gamma, of: layer), let beta = lowering.parameter(.beta, of: layer)
    else { return result }
    let places = feed.width / width
    let normal = lowering.array("normalised \(layer.name)", feed.shape)
    let inverse = lowering.array("1 / deviation of \(layer.name)", [places])
    lowering.emit(
      NormalizeLayer(places: places, width: width, epsilon: epsilon), [feed.buffer, gamma, beta],
      to: [result.buffer, normal.buffer, inverse.buffer], of: layer)
    return result
  }
}

extension Layer.Kind {
  /// Brings each channel to mean 0 and variance 1 over the batch, then scales and shifts it.
  public static func batchNorm(_ options: BatchNorm) -> Self { Self(options) }

  /// Brings each row's last axis to mean 0 and variance 1, then scales and shifts it.
  public static func layerNorm(epsilon: Double) -> Self { Self(LayerNorm(epsilon: epsilon)) }
}
