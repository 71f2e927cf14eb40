extension KindSchema {
  /// The kinds of layers that nbs itself has, in the order in which `help layer` lists them.
  static let standardLayers = [
    input, dense, conv1d, conv2d, conv3d, maxpool, avgpool, globalmaxpool, globalavgpool, flatten, reshape,
    dropout, batchnorm, layernorm, embedding,
  ]

  /// The layer where data enters.
  public static let input = KindSchema(
    "input", "takes the data in",
    options: [
      .required("size", .sizes(4), "how many numbers a row has, or an image's height x width x channels")
    ],
    examples: ["layer inp input 2"])

  /// The fully connected layer.
  public static let dense = KindSchema(
    "dense", "adds up all its inputs, each with a weight, and a bias",
    options: [
      .required("units", .integer(1...10_000_000), "how many numbers it gives"), .activation, .bias("unit"),
      .initializer(default: "glorot"),
    ],
    examples: ["layer hid dense 3 sigmoid"])

  /// The layer that makes a row of an array.
  public static let flatten = KindSchema(
    "flatten", "makes one row of an image, a signal or a volume", examples: ["layer flat flatten"])

  /// The layer that gives the same numbers another shape.
  public static let reshape = KindSchema(
    "reshape", "gives the same numbers another shape",
    options: [.required("shape", .sizes(4), "the new shape, with as many numbers as before")],
    examples: ["layer grid reshape 28x28x1"])

  /// The table of trainable vectors.
  public static let embedding = KindSchema(
    "embedding", "stands for each whole number of a row by a row of trainable numbers",
    options: [
      .required("vocabulary", .integer(1...100_000_000), "how many whole numbers there are, from 0 on"),
      .required("dimension", .integer(1...1_000_000), "how many numbers stand for each"),
      .initializer(default: "uniform"),
    ],
    examples: ["layer words embedding 10000 16"])
}

extension OptionSchema {
  /// The activation, as it stands behind the size of a layer with sums.
  static let activation = OptionSchema.positional(
    "activation", .word(.activations), default: .word("linear"), "what is done to each sum")

  /// Whether each unit or filter has a bias.
  static func bias(_ noun: String) -> OptionSchema {
    .named("bias", .boolean, default: .boolean(true), "whether each \(noun) has a bias")
  }

  /// The initializer of a layer with weights, or of the edges into it.
  static func initializer(default word: String) -> OptionSchema {
    .named("init", .word(.initializers), default: .word(word), "how the weights begin")
  }
}
