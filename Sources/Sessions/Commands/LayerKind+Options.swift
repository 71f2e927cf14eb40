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

  fileprivate func convolution(axes: Int) throws -> Convolution {
    Convolution(
      filters: integer("filters") ?? 1,
      Window(
        try spread("kernel", over: axes) ?? [Int](repeating: 1, count: axes),
        stride: try spread("stride", over: axes), dilation: try spread("dilation", over: axes),
        padding: padding),
      groups: integer("groups") ?? 1, activation: activation, hasBias: boolean("bias") ?? true)
  }

  fileprivate func pool(_ reduction: Pool.Reduction) throws -> Pool {
    let axes = max(sizes("window")?.count ?? 1, sizes("stride")?.count ?? 1)
    let window = try spread("window", over: axes) ?? [Int](repeating: 1, count: axes)
    return Pool(
      reduction, Window(window, stride: try spread("stride", over: axes) ?? window, padding: padding))
  }

  /// One number stands for all axes.
  private func spread(_ name: String, over axes: Int) throws -> [Int]? {
    guard let sizes = sizes(name), sizes.count != axes else { return sizes(name) }
    guard sizes.count == 1 else { throw SchemaViolation.axes(option: name, given: sizes, axes: axes) }
    return [Int](repeating: sizes[0], count: axes)
  }
}
