import Foundations

/// Layers that go through a sequence step by step and keep a state: Keras 3's (keras/src/layers/rnn), with its defaults.
extension KindSchema {
  /// The simple recurrent layer.
  public static let rnn = recurrent(
    "rnn", "a simple recurrent layer: each step sees its input and the layer's output of the step before",
    hasGates: false, example: "layer mem rnn 8")
  /// Long short-term memory.
  public static let lstm = recurrent(
    "lstm", "long short-term memory: a cell that gates decide what enters, stays in and leaves",
    hasGates: true, example: "layer mem lstm 16")
  /// The gated recurrent unit.
  public static let gru = recurrent(
    "gru", "a gated recurrent unit: gates decide how much of the state is replaced", hasGates: true,
    example: "layer mem gru 16")

  private static func recurrent(
    _ name: String, _ summary: String, hasGates: Bool, example: String
  ) -> KindSchema {
    let gates: [OptionSchema] =
      hasGates
      ? [
        .named(
          "recurrent_activation", .word(.activations), default: .word("sigmoid"),
          "the activation function of the gates")
      ] : []
    return KindSchema(
      name, summary,
      options: [
        .required("units", .integer(1...1_000_000), "the number of units"),
        .positional("activation", .word(.activations), default: .word("tanh"), "the activation function"),
      ] + gates + [
        .named(
          "return", .word(.returns), default: .word("last"),
          "whether the layer returns its output of the last step or those of all steps"),
        .named(
          "reverse", .boolean, default: .boolean(false), "whether the sequence is read from its end"),
        .named(
          "bidirectional", .word(.bidirections), default: .word("none"),
          "how the outputs of a second layer, which reads the sequence from its end, are combined with the first's"
        ),
        .bias(hasGates ? "gate" : "unit"), .initializer(default: "glorot"),
        .named(
          "dropout", .number(.fraction), default: .number(0),
          "the fraction of the inputs that is set to 0 in training, the same ones at each step of a sequence"),
        .named(
          "recurrent_dropout", .number(.fraction), default: .number(0),
          "the fraction of the state that is set to 0 on its way to the next step in training, the same at each step"
        ),
        .named(
          "truncate", .integer(1...1_000_000), defaultText: "all steps",
          "over how many steps gradients go back (truncated backpropagation through time)"),
        .named(
          "stateful", .boolean, default: .boolean(false),
          "whether each row of a batch goes on from the state that the same row of the batch before has left"),
      ],
      examples: [example, example + " dropout=0.2 recurrent_dropout=0.2"],
      details: """
        With return=all, truncate=20 cuts the sequence into segments of 20 steps, and gradients stay within each; with \
        return=last they go back through the last 20 steps. The state goes on, and answers stay as they are. Behind `sequence`, \
        training with return=all takes memory for one segment. With stateful=true \
        `train` takes rows in order, with batch=1 unless said otherwise; an epoch begins from an empty state.
        """)
  }
}

extension WordList {
  /// What a recurrent layer returns.
  public static let returns = WordList(
    "return", unknown: .badValue,
    ["last": "the output of the last step", "all": "the outputs of all steps, as a sequence"])

  /// How the two directions of a recurrent layer are combined.
  public static let bidirections = WordList(
    "combination", unknown: .badValue,
    [
      "none": "one direction only", "concat": "concatenation along the last axis",
      "add": "the elementwise sum",
      "mul": "the elementwise product", "avg": "the elementwise mean",
    ])
}
