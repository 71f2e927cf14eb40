extension CommandTable {
  static let building: [CommandSpec] = [
    CommandSpec(
      .data, "names a table of examples", form: .data,
      [
        .required("name", .newName(.data), "what to call it"),
        .required("table", .table, "rows between braces, or `= X -> Y` with arrays"),
      ],
      examples: [
        "data xor { 0 0 -> 0; 0 1 -> 1; 1 0 -> 1; 1 1 -> 0 }", "data points = [[0], [1]] -> [[1], [3]]",
      ],
      details: """
        Each row gives the inputs, an arrow and the targets. Rows are parted by a new line or `;`, \
        numbers by spaces. A table without arrows has inputs only.
        """),
    CommandSpec(
      .net, "starts a network, or goes back to one",
      [.required("name", .newName(.network), "what to call it")],
      options: trainingDefaults, examples: ["net solver loss=mse rate=0.3"],
      details: "The options are what `train` and `propagate` use when they are not told otherwise."),
    CommandSpec(
      .layer, "adds a layer to the current network",
      [
        .required("name", .newName(.layer), "what to call it"),
        .required("kind", .variant, "what it does"),
      ],
      variants: [
        Variant(
          "input", "takes the data in",
          [.required("size", .integer(1...10_000_000), "how many numbers a row has")]),
        Variant(
          "dense", "adds up all its inputs, each with a weight, and a bias",
          [
            .required("units", .integer(1...10_000_000), "how many numbers it gives"),
            .optional("activation", .choice(.activations), default: "linear", "what is done to each sum"),
          ],
          options: [.optional("bias", .boolean, default: "true", "whether each unit has a bias")]),
      ],
      examples: ["layer inp input 2", "layer hid dense 3 sigmoid"],
      details: "The weights are not on the layer but on the edges that `connect` draws."),
    CommandSpec(
      .connect, "draws edges between layers", form: .chain,
      [.required("layers", .chain, "layers joined by `->`, or `all` for one after the other")],
      options: [
        .optional("type", .choice(.edges), default: "full", "how the two layers are joined"),
        .optional("weights", .values, "a number or a matrix to begin with, rows for outputs"),
        .optional("trainable", .boolean, default: "true", "whether training may change the weights"),
      ],
      examples: ["connect inp -> hid -> out", "connect a -> {b c} -> d", "connect all"],
      details: """
        `full` joins every unit with every unit by a weight; `one` joins the i-th with the i-th by a \
        weight; `identity` passes the values on unchanged. Several edges into one layer add up.
        """),
    CommandSpec(
      .reset, "draws new random weights for the current network",
      [.required("what", .choice(.resettable), "what to reset")], examples: ["reset weights"]),
    CommandSpec(
      .delete, "removes a data set, a network, a layer, a series or a variable",
      [.required("name", .name(.anything), "what to remove")], examples: ["delete xor"]),
  ]

  static let trainingDefaults: [Slot] = [
    .optional("loss", .choice(.losses), default: "by the last layer", "what training makes small"),
    .optional("optimizer", .choice(.optimizers), default: "sgd", "how the weights are changed"),
    .optional("rate", .number(.positive), default: "0.01; adam 0.001; perceptron 1", "how large a step is"),
    .optional("momentum", .number(.fraction), default: "0", "for sgd: how much of the last step is kept"),
  ]
}
