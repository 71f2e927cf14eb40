internal import NetworkSchema

extension CommandTable {
  static func training(_ catalog: NetworkCatalog) -> [CommandSpec] {
    [
      CommandSpec(
        .train, "trains the current network on a data set",
        [.required("data", .name(.data), "the training data")],
        options: [
          .optional(
            "epochs", .integer(1...1_000_000_000), default: .integer(10), "the number of passes over the data"
          )
        ]
          + [
            .optional(
              "batch", .integer(1...1_000_000_000), default: "32",
              "the batch size, the number of examples for each step")
          ]
          + trainingDefaults(catalog) + [
            .optional(
              "validate", .number(.openFraction), default: "none",
              "the fraction of rows held out for validation"),
            .optional(
              "patience", .integer(1...1_000_000_000), default: "no early stopping",
              "the number of epochs without improvement after which training stops"),
            .optional(
              "shuffle", .boolean, default: .boolean(true), "whether the rows are shuffled before each epoch"),
            .optional(
              "reduction", .choice(.reductions), default: .word("mean"),
              "how the losses of a batch are combined"),
            .optional(
              "every", .integer(1...1_000_000_000), default: "no table",
              "the interval in epochs at which metrics are listed"
            ),
          ],
        takesCondition: true,
        examples: [
          "train xor epochs=20_000 batch=1 until loss<0.001",
          "train people epochs=50 validate=20% patience=5",
        ],
        details: """
          Weights are drawn when they are first needed; a second `train` continues where the first one \
          ended. Ctrl-C stops after the current batch and keeps the weights. Afterwards the metrics are \
          variables: \(catalog.trainingMetrics.names.map { "`\($0)`" }.joined(separator: ", ")).
          """),
      CommandSpec(
        .activate, "computes the output of the current network for one row (forward pass)",
        [.required("inputs", .values, "one number for each input")], examples: ["activate [0, 1]"],
        details: "`propagate` then trains on the same row."),
      CommandSpec(
        .propagate, "takes one training step towards the targets of the last `activate` (backpropagation)",
        [.required("targets", .values, "one number for each output")],
        options: [.optional("rate", .number(.positive), default: "the network's", "the learning rate")],
        examples: ["activate [0, 1]; propagate [1]", "propagate [1] rate=0.1"],
        details: "The step is plain gradient descent on the network's loss, with a batch of one row."),
      CommandSpec(
        .evaluate, "evaluates the current network on a data set",
        [.required("data", .name(.data), "the data set")],
        examples: ["evaluate xor"],
        details: """
          It shows the loss and the metrics that suit the targets. Classification: `accuracy`, `precision`, `recall` and \
          `f1`, of the second of two classes or the mean over more; `auc` for two classes; `top_5` for more than five, the \
          fraction of rows whose class is among the five most probable. Regression: `r2`, the coefficient of \
          determination. Afterwards they are variables.
          """),
      CommandSpec(
        .predict, "shows the predictions of the current network",
        [.required("inputs", .dataOrValues, "a data set, or one or several rows of inputs")],
        options: [
          .optional(
            "n", .integer(1...1_000_000), default: .integer(shownRows),
            "the number of rows of a data set to show")
        ],
        examples: ["predict [0, 1]", "predict xor n=4"]),
    ]
  }
}
