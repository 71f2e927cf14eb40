internal import NetworkSchema

extension CommandTable {
  static let session: [CommandSpec] = [
    CommandSpec(
      .param, "declares a value that whoever runs the notebook may set", form: .binding,
      [
        .required("parameter", .parameter, "a name, `=`, and its value when nobody sets it")
      ],
      options: [
        .optional("min", .number(.any), default: "none", "the smallest number allowed"),
        .optional("max", .number(.any), default: "none", "the largest number allowed"),
        .optional("help", .expression, default: "none", "what it means, as a text"),
      ],
      examples: ["param epochs = 20 min=1 max=1000 help=\"how often to go through the data\""],
      details: """
        `nbs run FILE -p epochs=50` sets it, and so does a file of JSON, `--params values.json`. The value is a number, \
        a text, `true`, `false` or a list as it stands, and nothing else than that kind of value is taken for it. In a \
        cell tagged `parameters` a plain line `epochs = 20` declares one as well.
        """),
    CommandSpec(
      .seed, "starts the random numbers anew",
      [.required("number", .integer(0...Int.max), "any whole number")],
      examples: ["seed 42"],
      details: "The same seed gives the same weights, the same shuffles and so the same run, bit for bit."),
    CommandSpec(
      .option, "sets how the session works",
      options: [
        .optional("precision", .choice(.precisions), default: "single", "of networks: 32 or 64 bits"),
        .optional("threads", .integer(1...1024), default: "all cores", "how many threads networks may take"),
        .optional("digits", .integer(1...17), default: "4", "how many decimals numbers are shown with"),
      ],
      examples: ["option precision=double digits=6"],
      details: """
        Without options it shows what is set. The number of threads changes how long a training takes, and no bit of \
        what it gives.
        """),
    CommandSpec(
      .help, "explains a command or a word", [.optional("topic", .topic, "what to explain")],
      examples: ["help", "help train", "help dense"]),
  ]
}
