internal import NetworkSchema

extension CommandTable {
  /// `plot`: one variant a kind of picture.
  static let plots = CommandSpec(
    .plot, "draws a picture", [.required("kind", .variant, "what to draw")],
    options: [
      .optional("width", .integer(1...1000), default: "the page's", "columns"),
      .optional("height", .integer(1...500), default: "by the kind", "rows"),
    ],
    variants: [
      Variant("loss", "the loss of the last training, epoch by epoch", options: [yScale, smooth]),
      Variant("accuracy", "the accuracy of the last training, epoch by epoch", options: [yScale, smooth]),
      Variant(
        "series", "what `record` noted", [.required("series", .name(.series), "the series")],
        options: [yScale, smooth]),
      Variant(
        "boundary", "what a network answers over the plane of two inputs, any others held at their means",
        [.required("data", .name(.data), "the data set drawn on top")], options: planeInputs),
      Variant(
        "function", "the graph of a function of one variable",
        [.required("function", .expression, "a function's name, built in or defined with `def`")],
        options: [
          .optional("from", .number(.any), default: "-5", "where x begins"),
          .optional("to", .number(.any), default: "5", "where x ends"),
          .optional("n", .integer(2...1_000_000), default: "201", "how many points are worked out"), yScale,
        ]),
      Variant(
        "line", "a line through points",
        [
          .required("x", .values, "where the points are along x; the y values, when they stand alone"),
          .optional("y", .values, "where they are along y; a column for each line"),
        ], options: [yScale]),
      Variant(
        "scatter", "a cloud of points",
        [
          .required("x", .values, "where the points are along x"),
          .required("y", .values, "where they are along y"),
        ], options: [yScale]),
      Variant(
        "hist", "how often values fall into ranges", [.required("x", .values, "the values")],
        options: [.optional("bins", .integer(1...10_000), default: "by their number", "how many ranges")]),
      Variant(
        "data", "a data set: its points by class over two inputs, or the spread of its columns",
        [.required("data", .name(.data), "the data set")],
        options: planeInputs),
      Variant(
        "confusion", "which classes the network takes for which",
        [.required("data", .name(.data), "the data set to be classified")]),
      Variant(
        "weights", "the weights and biases of a layer, on one scale about zero",
        [.required("layer", .name(.layer), "the layer")]),
      Variant(
        "activations", "what a layer gives for one row of a data set: pictures, signals or bars on one scale",
        [
          .required("layer", .name(.layer), "the layer"),
          .optional(
            "data", .name(.data), default: "what the network was trained on", "the data set the row is of"),
        ], options: [sample, mostPanels]),
      Variant(
        "filters", "what the filters of a convolution look for, as pictures on one scale about zero",
        [.required("layer", .name(.layer), "a convolution")], options: [mostPanels]),
      Variant(
        "image", "one picture of a data set, and what the network makes of it",
        [.required("data", .name(.data), "a data set of images")],
        options: [sample]),
      Variant("network", "the current network's layers as boxes, its edges as arrows"),
    ],
    examples: [
      "plot loss yscale=log", "plot accuracy smooth=0.9", "plot boundary xor",
      "plot function tanh from=-3 to=3",
      "plot line [1, 2, 4, 8] yscale=log", "plot hist hid.weights", "plot data xor", "plot confusion xor",
      "plot weights hid", "plot activations conv digits sample=3", "plot filters conv", "plot network",
    ])

  private static let planeInputs: [Slot] = [
    .optional("x", .column, default: "the first of two", "the input along x, by its name"),
    .optional("y", .column, default: "the second of two", "the input along y, by its name"),
  ]

  private static let sample = Slot.optional(
    "sample", .integer(0...1_000_000_000), default: "0", "which, counted from 0")

  private static let mostPanels = Slot.optional(
    "n", .integer(1...100_000), default: "what a page holds", "how many channels or filters are shown")

  private static let smooth = Slot.optional(
    "smooth", .number(.fraction), default: "0",
    "how much of a moving average is kept from value to value; 0 draws none")

  private static let yScale = Slot.optional(
    "yscale", .choice(.scales), default: "linear", "how the y axis is divided")
}
