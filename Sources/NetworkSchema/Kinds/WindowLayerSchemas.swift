/// Layers that slide a window over one to three axes, and their kin that take an axis as a whole.
extension KindSchema {
  /// The convolution over signals.
  public static let conv1d = convolution(over: "a signal", axes: 1, example: "layer c1 conv1d 16 5 relu")
  /// The convolution over images.
  public static let conv2d = convolution(over: "an image", axes: 2, example: "layer c1 conv2d 32 5x5 relu")
  /// The convolution over volumes.
  public static let conv3d = convolution(over: "a volume", axes: 3, example: "layer c1 conv3d 8 3x3x3 relu")

  /// The largest number of each window.
  public static let maxpool = pool(
    "maxpool", "max pooling: the maximum of each window, channel by channel",
    example: "layer p1 maxpool 2x2")
  /// The mean of each window.
  public static let avgpool = pool(
    "avgpool", "average pooling: the mean of each window, channel by channel", example: "layer p1 avgpool 2x2"
  )

  /// The largest number of each channel.
  public static let globalmaxpool = KindSchema(
    "globalmaxpool", "global max pooling: the maximum of each channel", examples: ["layer top globalmaxpool"])
  /// The mean of each channel.
  public static let globalavgpool = KindSchema(
    "globalavgpool", "global average pooling: the mean of each channel",
    examples: ["layer mean globalavgpool"])

  private static func convolution(over noun: String, axes: Int, example: String) -> KindSchema {
    let kernel = OptionValue.sizes([Int](repeating: 3, count: axes)).text
    return KindSchema(
      "conv\(axes)d", "a convolution over \(noun)",
      options: [
        .required("filters", .integer(1...1_000_000), "the number of filters, and so of output channels"),
        .required("kernel", .sizes(axes), "the size of each filter: \(kernel)"), .activation,
        .named("stride", .sizes(axes), default: .sizes([1]), "the step from window to window"), .padding,
        .named(
          "dilation", .sizes(axes), default: .sizes([1]), "the distance between the elements of a filter"),
        .named(
          "groups", .integer(1...1_000_000), default: .integer(1),
          "the number of groups into which channels and filters are divided"),
        .bias("filter"), .initializer(default: "glorot"),
      ],
      examples: [example])
  }

  private static func pool(_ name: String, _ summary: String, example: String) -> KindSchema {
    KindSchema(
      name, summary,
      options: [
        .required("window", .sizes(3), "the size of the window: 2x2, or 2 for all axes"),
        .named("stride", .sizes(3), defaultText: "the window's size", "the step from window to window"),
        .padding,
      ],
      examples: [example])
  }
}

extension OptionSchema {
  fileprivate static let padding = OptionSchema.named(
    "padding", .word(.paddings), default: .word("valid"), "how the borders are handled")
}

/// What a window does at the edges of an array.
extension KindSchema {
  /// The paddings that nbs itself has.
  static let standardPaddings = [validPadding, samePadding]

  /// The window stays inside.
  public static let validPadding = KindSchema("valid", "no padding, so the output is smaller")
  /// As many zeros are added as make the output ⌈size / stride⌉ long.
  public static let samePadding = KindSchema(
    "same", "zero padding, so that the output has the same size with stride 1")
}
