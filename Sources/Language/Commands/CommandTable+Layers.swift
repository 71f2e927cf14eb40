extension CommandTable {
  static let layer = CommandSpec(
    .layer, "adds a layer to the current network",
    [
      .required("name", .newName(.layer), "what to call it"),
      .required("kind", .variant, "what it does"),
    ],
    variants: [
      Variant(
        "input", "takes the data in",
        [.required("size", .sizes(4), "how many numbers a row has, or an image's height x width x channels")]),
      Variant(
        "dense", "adds up all its inputs, each with a weight, and a bias",
        [.required("units", .integer(1...10_000_000), "how many numbers it gives"), activation],
        options: [bias("unit"), start]),
    ] + (1...3).map(convolution) + [pool("max", "largest"), pool("avg", "mean")] + [
      Variant("globalmaxpool", "takes the largest number of each channel"),
      Variant("globalavgpool", "takes the mean of each channel"),
      Variant("flatten", "makes one row of an image, a signal or a volume"),
      Variant(
        "reshape", "gives the same numbers another shape",
        [.required("shape", .sizes(4), "the new shape, with as many numbers as before")]),
      Variant(
        "dropout", "in training sets a share of the numbers to 0, drawn anew for each batch",
        [.required("share", .number(.fraction), "how many of them: 0.5 or 50%")]),
      Variant(
        "batchnorm", "brings each channel to mean 0 and variance 1 over the batch, then scales and shifts it",
        options: [
          .optional(
            "momentum", .number(.fraction), default: "0.99",
            "how much of the running mean stays at each batch"),
          .optional("epsilon", .number(.positive), default: "0.001", "what is added to the variance"),
        ]),
      Variant(
        "layernorm", "brings each row to mean 0 and variance 1, then scales and shifts it",
        options: [.optional("epsilon", .number(.positive), default: "0.001", "what is added to the variance")]
      ),
      Variant(
        "embedding", "stands for each whole number of a row by a row of trainable numbers",
        [
          .required("words", .integer(1...100_000_000), "how many whole numbers there are, from 0 on"),
          .required("width", .integer(1...1_000_000), "how many numbers stand for each"),
        ], options: [start]),
    ],
    examples: [
      "layer inp input 2", "layer hid dense 3 sigmoid", "layer c1 conv2d 32 5x5 relu", "layer p1 maxpool 2x2",
      "layer flat flatten", "layer half dropout 0.5",
    ],
    details: """
      Shapes are height x width x channels for images, length x channels for signals, depth x height x width x \
      channels for volumes; `summary` shows them. The weights of a dense layer are not on the layer but on the \
      edges that `connect` draws; a layer with a kernel owns it. A dense layer expects a row: put a flatten, or a \
      global pool, before it.
      """)

  private static let activation = Slot.optional(
    "activation", .choice(.activations), default: "linear", "what is done to each sum")

  private static let start = Slot.optional(
    "init", .choice(.starts), default: "glorot; embedding uniform", "how the weights begin")

  private static let padding = Slot.optional(
    "padding", .choice(.paddings), default: "valid", "what the window does at the edges")

  private static func bias(_ noun: String) -> Slot {
    .optional("bias", .boolean, default: "true", "whether each \(noun) has a bias")
  }

  private static func convolution(rank: Int) -> Variant {
    let over = ["a signal", "an image", "a volume"][rank - 1]
    let example = [Int](repeating: 3, count: rank).map(String.init).joined(separator: "x")
    return Variant(
      "conv\(rank)d", "slides filters over \(over)",
      [
        .required("filters", .integer(1...1_000_000), "how many channels it gives"),
        .required("kernel", .sizes(rank), "how large the window of a filter is: \(example)"), activation,
      ],
      options: [
        .optional("stride", .sizes(rank), default: "1", "how far the window moves"), padding,
        .optional("dilation", .sizes(rank), default: "1", "how far apart the places of a window are"),
        .optional(
          "groups", .integer(1...1_000_000), default: "1",
          "into how many groups channels and filters are divided"
        ), bias("filter"), start,
      ])
  }

  private static func pool(_ word: String, _ taken: String) -> Variant {
    Variant(
      word + "pool", "takes the \(taken) number of each window, channel by channel",
      [.required("window", .sizes(3), "how large the window is: 2x2, or 2 along each axis")],
      options: [
        .optional("stride", .sizes(3), default: "the window's size", "how far the window moves"), padding,
      ])
  }
}
