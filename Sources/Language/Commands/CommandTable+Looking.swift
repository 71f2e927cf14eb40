extension CommandTable {
  static let looking: [CommandSpec] = [
    CommandSpec(.summary, "shows the current network's layers and parameters", examples: ["summary"]),
    CommandSpec(
      .show, "shows a layer's weights, a data set, or anything by its name",
      [.required("what", .variant, "`weights`, `data`, or a name")],
      variants: [
        Variant(
          "weights", "the weights and biases of a layer", [.required("layer", .name(.layer), "the layer")]),
        Variant(
          "data", "a data set's rows", [.required("data", .name(.data), "the data set")],
          options: [.optional("n", .integer(1...1_000_000), default: "10", "how many rows")]),
        Variant(
          "name", "whatever a name stands for", [.required("name", .name(.anything), "the name")],
          isFallback: true),
      ],
      examples: ["show weights hid", "show data xor", "show solver"]),
    CommandSpec(
      .plot, "draws a picture", [.required("kind", .variant, "what to draw")],
      options: [
        .optional("width", .integer(1...1000), default: "the page's", "columns"),
        .optional("height", .integer(1...500), default: "by the kind", "rows"),
      ],
      variants: [
        Variant("loss", "the loss of the last training, epoch by epoch", options: [yScale]),
        Variant("accuracy", "the accuracy of the last training, epoch by epoch", options: [yScale]),
        Variant(
          "series", "what `record` noted", [.required("series", .name(.series), "the series")],
          options: [yScale]),
        Variant(
          "image", "one picture of a data set, and what the network makes of it",
          [.required("data", .name(.data), "a data set of images")],
          options: [.optional("sample", .integer(0...1_000_000_000), default: "0", "which, counted from 0")]),
        Variant(
          "boundary", "what a network with two inputs answers over the plane",
          [.required("data", .name(.data), "the data set drawn on top")]),
      ],
      examples: ["plot loss yscale=log", "plot boundary xor"]),
    CommandSpec(
      .record, "notes a value in a series, one point each time", form: .binding,
      [.required("series", .binding, "a variable's name, or `name = expr`")],
      examples: ["record L", "record error = abs(y - o)"]),
    CommandSpec(
      .print, "shows values on one line", form: .expressions,
      [.required("values", .expression, "what to show, parted by commas", repeated: true)],
      examples: ["print \"loss\", loss"]),
    CommandSpec(
      .assert, "stops the cell unless a condition holds", form: .expressions,
      [
        .required("condition", .expression, "what must be true"),
        .optional("why", .expression, "a text to show when it is not"),
      ],
      examples: ["assert loss < 0.01, \"XOR was not learned\""]),
  ]

  private static let yScale = Slot.optional(
    "yscale", .choice(.scales), default: "linear", "how the y axis is divided")
}
