internal import NetworkSchema

extension CommandTable {
  static func training(_ catalog: NetworkCatalog) -> [CommandSpec] {
    [
      CommandSpec(
        .train, "trains the current network on a data set",
        [.required("data", .name(.data), "the examples to learn from")],
        options: [
          .optional("epochs", .integer(1...1_000_000_000), default: "10", "how often to go through the data")
        ]
          + [
            .optional(
              "batch", .integer(1...1_000_000_000), default: "32", "examples between two steps; at most all")
          ]
          + trainingDefaults(catalog) + [
            .optional(
              "validate", .number(.openFraction), default: "none",
              "the share of rows kept aside to check with"),
            .optional(
              "patience", .integer(1...1_000_000_000), default: "never stop early",
              "stop when so many epochs in a row brought nothing better"),
            .optional(
              "shuffle", .boolean, default: "true", "whether each epoch takes the rows in a new order"),
            .optional("reduction", .choice(.reductions), default: "mean", "how a batch's losses become one"),
            .optional(
              "every", .integer(1...1_000_000_000), default: "no table",
              "list the figures every so many epochs"
            ),
          ],
        takesCondition: true,
        examples: [
          "train xor epochs=20_000 batch=1 until loss<0.001",
          "train people epochs=50 validate=20% patience=5",
        ],
        details: """
          Weights are drawn the first time they are needed; a second `train` goes on from where the first \
          ended. Ctrl-C stops after the batch in flight and keeps the weights. The figures are there \
          afterwards: \(catalog.trainingMetrics.names.map { "`\($0)`" }.joined(separator: ", ")).
          """),
      CommandSpec(
        .activate, "sends one row of inputs through the current network",
        [.required("inputs", .values, "one number for each input")], examples: ["activate [0, 1]"],
        details: "`propagate` then learns from the same row."),
      CommandSpec(
        .propagate, "takes one training step towards the targets, from the last `activate`",
        [.required("targets", .values, "one number for each output")],
        options: [.optional("rate", .number(.positive), default: "the network's", "how large the step is")],
        examples: ["activate [0, 1]; propagate [1]", "propagate [1] rate=0.1"],
        details: "The step is plain gradient descent on the network's loss, as one batch of one row."),
      CommandSpec(
        .evaluate, "measures the current network on a data set",
        [.required("data", .name(.data), "the examples to measure on")],
        examples: ["evaluate xor"],
        details: """
          Besides the loss it tells what suits the targets. Classes: `accuracy`, `precision`, `recall` and `f1`, of the \
          second of two classes or the mean over more; `auc` for two classes, and `top_5`, how often the class is \
          among the five likeliest, for more than five. Amounts: `r2`, the share of their spread that is \
          explained. All are there afterwards as variables.
          """),
      CommandSpec(
        .predict, "shows what the current network answers",
        [.required("inputs", .dataOrValues, "a data set, or one row or several of inputs")],
        options: [
          .optional("n", .integer(1...1_000_000), default: "10", "how many rows of a data set to show")
        ],
        examples: ["predict [0, 1]", "predict xor n=4"]),
    ]
  }
}
