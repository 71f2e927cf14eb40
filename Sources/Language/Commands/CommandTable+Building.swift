internal import NetworkSchema

extension CommandTable {
  static func building(_ catalog: NetworkCatalog) -> [CommandSpec] {
    [
      CommandSpec(
        .data, "names a table of examples", form: .data,
        [
          .required("name", .newName(.data), "what to call it"),
          .optional(
            "table", .table, default: "the built-in set of that name",
            "rows between braces, `= X -> Y`, or `from` a file, a variable with its name, a set or a generator"
          ),
        ],
        options: readingOptions + generatorOptions,
        examples: [
          "data xor { 0 0 -> 0; 0 1 -> 1; 1 0 -> 1; 1 1 -> 0 }", "data points = [[0], [1]] -> [[1], [3]]",
          "data iris",
          "data people from \"people.csv\" target=\"age\"", "data arms from spiral n=400 noise=0.1",
        ],
        details: """
          Each row of an inline table gives the inputs, an arrow and the targets. Rows are parted by a new line \
          or `;`, numbers by spaces. A table without arrows has inputs only. A file may be CSV or TSV, NumPy's \
          .npy or .npz, MNIST's IDX, plain or gzipped, or a folder of PNG images with one sub-folder a class; \
          which it is is found out from its content. Built in are xor, and, or, nand, iris, digits, breast_cancer \
          and exam; mnist and fashion_mnist are looked for on the machine and downloaded if need be. Generators \
          are spiral, circles, moons, blobs, gauss, plane, sine, signals and volumes.
          """),
      CommandSpec(
        .split, "divides a data set into parts that share no row",
        [.required("data", .name(.data), "the data set")],
        options: [
          .optional(
            "test", .number(.fraction), default: "20%, or 0 where only validate= is given",
            "the share kept for the end"),
          .optional("validate", .number(.fraction), default: "0", "the share that training is watched with"),
          .optional(
            "stratify", .boolean, default: "true where targets are classes",
            "whether each part has all classes alike"),
          .optional(
            "shuffle", .boolean, default: "true", "whether rows are drawn at random, not cut in order"),
          .optional(
            "seed", .integer(0...Int.max), default: "the session's random numbers", "where this draw starts"),
        ],
        examples: ["split iris test=20% validate=10%"],
        details: """
          The parts are `iris.train`, `iris.validate` and `iris.test`. `train iris` then trains on the first and \
          watches the second.
          """),
      CommandSpec(
        .prepare, "brings the columns of a data set to a common scale",
        [.required("data", .name(.data), "the data set")],
        options: [
          .optional("scale", .choice(.scalings), default: "zscore, unless divide= is given", "how"),
          .optional(
            "divide", .number(.positive), default: "not", "divide all inputs by this: 255 for 8-bit images"),
        ],
        examples: ["prepare iris scale=zscore", "prepare digits divide=16"],
        details: """
          The scale is found on the training part alone and kept with the network that is trained on it: `predict` \
          takes and gives your own units. `activate` and `propagate` work on the network's scale.
          """),
      CommandSpec(
        .net, "starts a network, or goes back to one",
        [.required("name", .newName(.network), "what to call it")],
        options: trainingDefaults(catalog), examples: ["net solver loss=mse rate=0.3"],
        details: """
          The options are what `train` uses when it is not told otherwise. `propagate` heeds loss, rate and the \
          perceptron rule, and `evaluate` loss, l1 and l2. The sums of l1 and l2 are over the weights that \
          training may change, without the biases.
          """),
      layer(catalog),
      CommandSpec(
        .connect, "draws edges between layers", form: .chain,
        [.required("layers", .chain, "layers joined by `->`, or `all` for one after the other")],
        options: [
          .optional("type", .choice(catalog.words(.edge)), default: "full", "how the two layers are joined"),
          .optional("weights", .values, "a number or a matrix to begin with, rows for outputs"),
          .optional("trainable", .boolean, default: "true", "whether training may change the weights"),
          .optional(
            "merge", .choice(catalog.words(.merge)), default: "a dense layer adds up",
            "how several edges become one input"),
        ],
        examples: ["connect inp -> hid -> out", "connect a -> {b c} -> d", "connect all"],
        details: """
          `full` joins every unit with every unit by a weight; `one` joins the i-th with the i-th by a \
          weight; `identity` passes the values on unchanged. Several edges into a dense layer each have their weights, \
          and the sums add up. Any other layer takes one input, or several that merge= makes one: a skip \
          connection is `connect {a b} -> c merge=add`.
          """),
      CommandSpec(
        .reset, "draws new random weights for the current network",
        [.required("what", .choice(.resettable), "what to reset")], examples: ["reset weights"]),
      CommandSpec(
        .delete, "removes a data set, a network, a layer, a series or a variable",
        [.required("name", .name(.anything), "what to remove")], examples: ["delete xor"]),
    ]
  }

  private static let readingOptions: [Slot] = [
    .optional(
      "target", .expression, default: "the last column", "for a file: the target's column, or a list of them"),
    .optional("features", .expression, default: "all others", "the inputs: names, or how many of the first"),
    .optional("missing", .choice(.missing), default: "error", "for a file: what becomes of missing values"),
    .optional("separator", .expression, default: "found out", "for a file: what stands between two fields"),
    .optional("decimal", .expression, default: "\".\"", "for a file: \",\" where numbers are written 3,14"),
    .optional("words", .expression, default: "none", "for a file: columns of words that look like numbers"),
    .optional("header", .boolean, default: "found out", "for a file: whether its first row holds names"),
  ]

  private static let generatorOptions: [Slot] = [
    .optional("n", .integer(2...100_000_000), default: "by the generator", "for a generator: how many rows"),
    .optional(
      "noise", .number(.notNegative), default: "by the generator", "for a generator: how far points stray"),
  ]

  /// What `net` and `train` may say about training.
  static func trainingDefaults(_ catalog: NetworkCatalog) -> [Slot] {
    [
      .optional(
        "loss", .choice(catalog.words(.loss)), default: "by the last layer", "what training makes small"),
      .optional(
        "optimizer", .choice(catalog.words(.optimizer)), default: "sgd", "how the weights are changed"),
    ] + Slot.options(of: .optimizer, in: catalog) + [
      .optional("l1", .number(.notNegative), default: "0", "adds this times the sum of |w| to the loss"),
      .optional("l2", .number(.notNegative), default: "0", "adds this times the sum of w^2 to the loss"),
      .optional("clip", .number(.positive), default: "not", "the longest that a batch's gradient may be"),
      .optional(
        "schedule", .choice(catalog.words(.schedule)), default: "constant",
        "how the rate changes over the epochs"),
    ] + Slot.options(of: .schedule, in: catalog)
  }
}
