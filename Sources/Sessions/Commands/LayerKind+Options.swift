import NetworkSchema
import NeuralEngine

extension Layer.Kind {
  /// A kind by its name and all its options.
  init(_ kind: String, _ options: OptionValues, named name: String) throws {
    switch kind {
    case "input": self = .input(shape: options.sizes("size") ?? [1])
    case "dense":
      self = .dense(
        units: options.integer("units") ?? 1, activation: options.activation,
        hasBias: options.boolean("bias") ?? true)
    case "conv1d": self = .convolution(try options.convolution(axes: 1))
    case "conv2d": self = .convolution(try options.convolution(axes: 2))
    case "conv3d": self = .convolution(try options.convolution(axes: 3))
    case "maxpool": self = .pool(try options.pool(.max))
    case "avgpool": self = .pool(try options.pool(.avg))
    case "globalmaxpool": self = .globalPool(.max)
    case "globalavgpool": self = .globalPool(.avg)
    case "flatten": self = .flatten
    case "reshape": self = .reshape(options.sizes("shape") ?? [1])
    case "dropout": self = .dropout(options.number("rate") ?? 0)
    case "batchnorm":
      self = .batchNorm(
        BatchNorm(
          momentum: options.number("momentum") ?? 0.99, epsilon: options.number("epsilon") ?? 0.001))
    case "layernorm": self = .layerNorm(epsilon: options.number("epsilon") ?? 0.001)
    case "embedding":
      self = .embedding(
        words: options.integer("vocabulary") ?? 1, width: options.integer("dimension") ?? 1)
    default: throw SchemaViolation.unknownKind(family: "kind of layer", name: kind)
    }
  }
}

extension OptionValues {
  fileprivate var activation: Activation { word("activation").flatMap(Activation.init(rawValue:)) ?? .linear }

  private var padding: Padding { word("padding").flatMap(Padding.init(rawValue:)) ?? .valid }

  fileprivate func convolution(axes: Int) throws(SchemaViolation) -> Convolution {
    Convolution(
      filters: integer("filters") ?? 1,
      Window(
        try sizes("kernel", axes: axes) ?? [Int](repeating: 1, count: axes),
        stride: try sizes("stride", axes: axes), dilation: try sizes("dilation", axes: axes),
        padding: padding),
      groups: integer("groups") ?? 1, activation: activation, hasBias: boolean("bias") ?? true)
  }

  fileprivate func pool(_ reduction: Pool.Reduction) throws(SchemaViolation) -> Pool {
    let axes = max(sizes("window")?.count ?? 1, sizes("stride")?.count ?? 1)
    let window = try sizes("window", axes: axes) ?? [Int](repeating: 1, count: axes)
    return Pool(
      reduction, Window(window, stride: try sizes("stride", axes: axes) ?? window, padding: padding))
  }
}
