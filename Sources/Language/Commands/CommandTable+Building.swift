internal import NetworkSchema

extension CommandTable {
  static func building(_ catalog: NetworkCatalog) -> [CommandSpec] {
    [
      CommandSpec(
        .data, "defines a data set", form: .data,
        [
          .required("name", .newName(.data), "the name of the data set"),
          .optional(
            "table", .table, default: "the built-in set of that name",
            "rows in braces, `= X -> Y`, or `from` a file, a variable with a file name, a built-in set or a generator"
          ),
        ],
        options: readingOptions + generatorOptions,
        examples: [
          "data xor { 0 0 -> 0; 0 1 -> 1; 1 0 -> 1; 1 1 -> 0 }", "data points = [[0], [1]] -> [[1], [3]]",
          "data iris",
          "data people from \"people.csv\" target=\"age\"", "data arms from spiral n=400 noise=0.1",
        ],
        details: """
          Each row of an inline table has the inputs, an arrow and the targets. Rows are separated by a new line \
          or `;`, numbers by spaces. A table without arrows has only inputs. A file may be CSV or TSV, NumPy's \
          .npy or .npz, MNIST's IDX, plain or gzipped, or a folder of PNG images with a subfolder for each class; \
          the format is detected from the content. Built in are xor, and, or, nand, iris, digits, breast_cancer \
          and exam; mnist and fashion_mnist are looked for on the machine and downloaded if necessary. Generators \
          are spiral, circles, moons, blobs, gauss, plane, sine, signals and volumes.
          """),
      CommandSpec(
        .split, "splits a data set into disjoint parts",
        [.required("data", .name(.data), "the data set")],
        options: [
          .optional(
            "test", .number(.fraction), default: "20%, or 0 if only validate= is given",
            "the fraction held out as the test set"),
          .optional(
            "validate", .number(.fraction), default: "0", "the fraction held out as the validation set"),
          .optional(
            "stratify", .boolean, default: "true if the targets are classes",
            "whether each part has the same proportion of classes"),
          .optional(
            "shuffle", .boolean, default: .boolean(true),
            "whether rows are drawn at random, not taken in order"),
          .optional(
            "seed", .integer(0...Int.max), default: "the session's random numbers", "the seed of this split"),
        ],
        examples: ["split iris test=20% validate=10%"],
        details: """
          The parts are `iris.train`, `iris.validate` and `iris.test`. `train iris` then trains on the first and \
          validates on the second.
          """),
      CommandSpec(
        .prepare, "scales the columns of a data set",
        [.required("data", .name(.data), "the data set")],
        options: [
          .optional(
            "scale", .choice(.scalings), default: "zscore, unless divide= is given", "the kind of scaling"),
          .optional(
            "divide", .number(.positive), default: "none", "a divisor for all inputs: 255 for 8-bit images"),
        ],
        examples: ["prepare iris scale=zscore", "prepare digits divide=16"],
        details: """
          The scale is computed on the training part alone and kept with the network that is trained on it: `predict` \
          takes and returns your own units. `activate` and `propagate` use the scaled values.
          """),
      CommandSpec(
        .net, "starts a new network, or makes an existing one current",
        [.required("name", .newName(.network), "the name of the network")],
        options: trainingDefaults(catalog), examples: ["net solver loss=mse rate=0.3"],
        details: """
          The options are the defaults of `train`. `propagate` uses the loss, the rate and the perceptron rule, and \
          `evaluate` the loss, l1 and l2. The penalties l1 and l2 are over the trainable weights, without the biases.
          """),
      layer(catalog),
      CommandSpec(
        .connect, "draws edges between layers", form: .chain,
        [.required("layers", .chain, "layers joined by `->`, or `all` for all in order")],
        options: [
          .optional(
            "type", .choice(catalog.words(.edge)), default: .word("full"), "how the layers are connected"),
          .optional(
            "weights", .values, "the initial weights: a number or a matrix, with a row for each output"),
          .optional(
            "trainable", .boolean, default: .boolean(true), "whether training may change the weights"),
          .optional(
            "merge", .choice(catalog.words(.merge)), default: "a dense layer adds them",
            "how several edges are combined into one input"),
        ],
        examples: ["connect inp -> hid -> out", "connect a -> {b c} -> d", "connect all"],
        details: """
          `full` connects every unit with every unit by a weight; `one` each unit with the unit at the same position by a \
          weight; `identity` passes the values on unchanged. Several edges into a dense layer have weights of their own, \
          and the results are added. Any other layer takes one input, or several that are combined by merge=: a skip \
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
      "target", .expression, default: "the last column", "for a file: the target column, or a list of columns"
    ),
    .optional(
      "features", .expression, default: "all others",
      "the input columns: their names, or the number of the first ones"),
    .optional("missing", .choice(.missing), default: "error", "for a file: how missing values are handled"),
    .optional("separator", .expression, default: "detected", "for a file: the field separator"),
    .optional(
      "decimal", .expression, default: "\".\"",
      "for a file: the decimal separator, \",\" for numbers such as 3,14"),
    .optional(
      "categorical", .expression, default: "none", "for a file: numeric columns that are to be categorical"),
    .optional(
      "header", .boolean, default: "detected", "for a file: whether the first row holds the column names"),
  ]

  private static let generatorOptions: [Slot] = [
    .optional(
      "n", .integer(2...100_000_000), default: "by the generator", "for a generator: the number of rows"),
    .optional(
      "noise", .number(.notNegative), default: "by the generator", "for a generator: the amount of noise"),
  ]

  /// The options of `net` and `train` about training.
  static func trainingDefaults(_ catalog: NetworkCatalog) -> [Slot] {
    [
      .optional(
        "loss", .choice(catalog.words(.loss)), default: "by the last layer", "the loss function"),
      .optional(
        "optimizer", .choice(catalog.words(.optimizer)), default: "sgd", "the optimizer"),
    ] + Slot.options(of: .optimizer, in: catalog) + [
      .optional(
        "l1", .number(.notNegative), default: "0",
        "L1 regularisation: adds this times the sum of |w| to the loss"),
      .optional(
        "l2", .number(.notNegative), default: "0",
        "L2 regularisation: adds this times the sum of w^2 to the loss"),
      .optional("clip", .number(.positive), default: "none", "the maximum norm of a batch's gradient"),
      .optional(
        "schedule", .choice(catalog.words(.schedule)), default: "constant",
        "how the learning rate changes over the epochs"),
    ] + Slot.options(of: .schedule, in: catalog)
  }
}
