internal import NetworkSchema

extension CommandTable {
  /// The number of rows of a data set that are shown when nobody says.
  public static let shownRows = 10

  static let looking: [CommandSpec] = [
    CommandSpec(
      .summary, "shows the current network's layers and parameters, or the operations of a step",
      [.optional("what", .choice(.summaries), default: .word("layers"), "what to show")],
      options: [
        .optional(
          "batch", .integer(1...1_000_000), default: .integer(32), "for `plan`: the batch size")
      ],
      examples: ["summary", "summary plan"],
      details: """
        `summary plan` lists the operations of one training step and of a prediction: the layer, the output shape, \
        multiplications and bytes for one row. Fused operations are joined by `+`.
        """),
    CommandSpec(
      .show, "shows a layer's weights, a data set, or anything that has a name",
      [.required("what", .variant, "`weights`, `data`, or a name")],
      variants: [
        Variant(
          "weights", "the weights and biases of a layer", [.required("layer", .name(.layer), "the layer")]),
        Variant(
          "data", "the rows of a data set", [.required("data", .name(.data), "the data set")],
          options: [
            .optional("n", .integer(1...1_000_000), default: .integer(shownRows), "the number of rows")
          ]),
        Variant(
          "name", "anything that has a name", [.required("name", .name(.anything), "the name")],
          isFallback: true),
      ],
      examples: ["show weights hid", "show data xor", "show solver"]),
    plots,
    CommandSpec(
      .record, "adds a value to a series", form: .binding,
      [.required("series", .binding, "a variable's name, or `name = expr`")],
      examples: ["record L", "record error = abs(y - o)"]),
    CommandSpec(
      .print, "shows values on one line", form: .expressions,
      [.required("values", .expression, "the values, separated by commas", repeated: true)],
      examples: ["print \"loss\", loss"]),
    CommandSpec(
      .assert, "stops the cell unless a condition holds", form: .expressions,
      [
        .required("condition", .expression, "a condition that must hold"),
        .optional("why", .expression, "a text to show if it does not hold"),
      ],
      examples: ["assert loss < 0.01, \"XOR was not learned\""]),
  ]
}
