internal import NetworkSchema

extension CommandTable {
  static let session: [CommandSpec] = [
    CommandSpec(
      .param, "declares a parameter that can be set when the notebook is run", form: .binding,
      [
        .required("parameter", .parameter, "a name, `=`, and the default value")
      ],
      options: [
        .optional("min", .number(.any), default: "none", "the smallest number allowed"),
        .optional("max", .number(.any), default: "none", "the largest number allowed"),
        .optional("help", .expression, default: "none", "a description, in quotes"),
      ],
      examples: ["param epochs = 20 min=1 max=1000 help=\"number of epochs\""],
      details: """
        `nbs run FILE -p epochs=50` sets it, and so does a JSON file, `--params values.json`. The default is a literal: a \
        number, a text, `true`, `false` or a list, and only a value of the same type can be set. In a cell tagged \
        `parameters`, a plain line `epochs = 20` declares one as well.
        """),
    CommandSpec(
      .seed, "sets the seed of the random numbers",
      [.required("number", .integer(0...Int.max), "the seed")],
      examples: ["seed 42"],
      details:
        "The same seed gives the same initial weights, the same shuffling and so the same results, bit for bit."
    ),
    CommandSpec(
      .option, "sets options of the session",
      options: [
        .optional(
          "precision", .choice(.precisions), default: "single", "the precision of networks: 32 or 64 bits"),
        .optional("threads", .integer(1...1024), default: "all cores", "the maximum number of threads"),
        .optional("digits", .integer(1...17), default: "4", "the number of decimals shown"),
      ],
      examples: ["option precision=double digits=6"],
      details: """
        Without options it shows the current settings. The number of threads affects the speed only: results are the same \
        to the bit.
        """),
    CommandSpec(
      .help, "explains a command or a word", [.optional("topic", .topic, "the command or word")],
      examples: ["help", "help train", "help dense"]),
  ]
}
