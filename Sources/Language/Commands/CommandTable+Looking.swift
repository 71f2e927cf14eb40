extension CommandTable {
  static let looking: [CommandSpec] = [
    CommandSpec(
      .summary, "shows the current network's layers and parameters, or what a step computes",
      [.optional("what", .choice(.summaries), default: "layers", "what to show")],
      options: [
        .optional(
          "batch", .integer(1...1_000_000), default: "32", "for `plan`: how many rows go through at once")
      ],
      examples: ["summary", "summary plan"],
      details: """
        `summary plan` lists the operations of one training step and of a prediction: the layer, the shape of what is \
        written, multiplications and bytes for one row. What has been fused is one operation, joined by `+`.
        """),
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
    plots,
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
}
