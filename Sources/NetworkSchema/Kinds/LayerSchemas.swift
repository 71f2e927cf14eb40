extension KindSchema {
  /// The kinds of layers that nbs itself has, in the order in which `help layer` lists them.
  static let standardLayers = [
    input, sequence, dense, conv1d, conv2d, conv3d, maxpool, avgpool, globalmaxpool, globalavgpool, rnn, lstm,
    gru,
    flatten, reshape,
    dropout, batchnorm, layernorm, embedding,
  ]

  /// The layer where data enters.
  public static let input = KindSchema(
    "input", "the input of the network",
    options: [
      .required("size", .sizes(4), "the number of features, or an image's height x width x channels")
    ],
    examples: ["layer inp input 2"])

  /// The layer where sequences of any length enter.
  public static let sequence = KindSchema(
    "sequence", "the input of the network, a sequence of any length",
    options: [
      .positional(
        "features", .integer(1...10_000_000), default: .integer(1), "the number of features at each step")
    ],
    examples: ["layer inp sequence 3"])

  /// The fully connected layer.
  public static let dense = KindSchema(
    "dense", "a fully connected layer: weighted sums of all inputs, plus biases",
    options: [
      .required("units", .integer(1...10_000_000), "the number of units"), .activation, .bias("unit"),
      .initializer(default: "glorot"),
      .named("bias_init", .number(.any), default: .number(0), "the initial value of the biases"),
    ],
    examples: ["layer hid dense 3 sigmoid", "layer fg dense 7 sigmoid bias_init=1"])

  /// The layer that makes a row of an array.
  public static let flatten = KindSchema(
    "flatten", "makes one row of features of an image, a signal or a volume", examples: ["layer flat flatten"]
  )

  /// The layer that changes the shape, not the values.
  public static let reshape = KindSchema(
    "reshape", "changes the shape, not the values",
    options: [.required("shape", .sizes(4), "the new shape, with the same number of elements")],
    examples: ["layer grid reshape 28x28x1"])

  /// The table of trainable vectors.
  public static let embedding = KindSchema(
    "embedding", "maps each integer to a trainable vector",
    options: [
      .required("vocabulary", .integer(1...100_000_000), "the number of different integers, from 0"),
      .required("dimension", .integer(1...1_000_000), "the length of each vector"),
      .initializer(default: "uniform"),
    ],
    examples: ["layer words embedding 10000 16"])
}

extension OptionSchema {
  /// The activation, as it stands behind the size of a layer with sums.
  static let activation = OptionSchema.positional(
    "activation", .word(.activations), default: .word("linear"), "the activation function")

  /// Whether each unit or filter has a bias.
  static func bias(_ noun: String) -> OptionSchema {
    .named("bias", .boolean, default: .boolean(true), "whether each \(noun) has a bias")
  }

  /// The initializer of a layer with weights, or of the edges into it.
  static func initializer(default word: String) -> OptionSchema {
    .named("init", .word(.initializers), default: .word(word), "how the weights are initialised")
  }
}
