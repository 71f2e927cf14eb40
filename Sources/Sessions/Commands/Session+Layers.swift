import Diagnostics
import Language
import NeuralEngine

extension Session {
  /// What `layer`'s words describe.
  func layerKind(_ arguments: CommandArguments, _ context: ExecutionContext) throws -> Layer.Kind {
    switch arguments.command.variant {
    case "input": return .input(shape: try arguments.sizes("size", context) ?? [1])
    case "conv1d": return .convolution(try convolution(rank: 1, arguments, context))
    case "conv2d": return .convolution(try convolution(rank: 2, arguments, context))
    case "conv3d": return .convolution(try convolution(rank: 3, arguments, context))
    case "maxpool": return .pool(try pool(.max, arguments, context))
    case "avgpool": return .pool(try pool(.avg, arguments, context))
    case "globalmaxpool": return .globalPool(.max)
    case "globalavgpool": return .globalPool(.avg)
    case "flatten": return .flatten
    case "reshape": return .reshape(try arguments.sizes("shape", context) ?? [1])
    case "dropout": return .dropout(try arguments.number("share", context) ?? 0)
    case "batchnorm":
      return .batchNorm(
        BatchNorm(
          momentum: try arguments.number("momentum", context) ?? BatchNorm().momentum,
          epsilon: try arguments.number("epsilon", context) ?? BatchNorm().epsilon))
    case "layernorm": return .layerNorm(epsilon: try arguments.number("epsilon", context) ?? 0.001)
    case "embedding":
      return .embedding(
        words: try arguments.integer("words", context) ?? 1,
        width: try arguments.integer("width", context) ?? 1)
    default:
      return .dense(
        units: try arguments.integer("units", context) ?? 1, activation: activation(arguments),
        hasBias: try arguments.boolean("bias", context) ?? true)
    }
  }

  private func activation(_ arguments: CommandArguments) -> Activation {
    arguments.choice("activation").flatMap(Activation.init(rawValue:)) ?? .linear
  }

  private func padding(_ arguments: CommandArguments) -> Padding {
    arguments.choice("padding").flatMap(Padding.init(rawValue:)) ?? .valid
  }

  private func convolution(
    rank: Int, _ arguments: CommandArguments, _ context: ExecutionContext
  ) throws -> Convolution {
    func numbers(_ slot: String) throws -> [Int]? {
      try arguments.sizes(slot, context).map { try spread($0, over: rank, arguments, slot) }
    }
    return Convolution(
      filters: try arguments.integer("filters", context) ?? 1,
      Window(
        try numbers("kernel") ?? [Int](repeating: 1, count: rank), stride: try numbers("stride"),
        dilation: try numbers("dilation"), padding: padding(arguments)),
      groups: try arguments.integer("groups", context) ?? 1, activation: activation(arguments),
      hasBias: try arguments.boolean("bias", context) ?? true)
  }

  private func pool(
    _ reduction: Pool.Reduction, _ arguments: CommandArguments, _ context: ExecutionContext
  ) throws -> Pool {
    let window = try arguments.sizes("window", context) ?? [1]
    let stride = try arguments.sizes("stride", context) ?? window
    let rank = max(window.count, stride.count)
    return Pool(
      reduction,
      Window(
        try spread(window, over: rank, arguments, "window"),
        stride: try spread(stride, over: rank, arguments, "stride"), padding: padding(arguments)))
  }

  /// One number stands for all axes.
  private func spread(
    _ numbers: [Int], over rank: Int, _ arguments: CommandArguments, _ slot: String
  ) throws -> [Int] {
    if numbers.count == rank { return numbers }
    guard numbers.count == 1 else {
      let example = [Int](repeating: numbers[0], count: rank).shapeWords
      throw Diagnostic(
        "bad-value",
        "`\(slot)` needs \(rank) numbers here, or one for all axes, but \(numbers.shapeWords) has \(numbers.count): \(example)",
        at: arguments.span(slot), suggestion: example)
    }
    return [Int](repeating: numbers[0], count: rank)
  }
}
