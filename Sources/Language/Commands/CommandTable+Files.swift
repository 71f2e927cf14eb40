extension CommandTable {
  static let files: [CommandSpec] = [
    CommandSpec(
      .save, "writes a network to a file", [.required("what", .variant, "`net`, or a network's name")],
      variants: [
        Variant("net", "the current network", [target]),
        Variant(
          "network", "a network by its name",
          [
            .required(
              "network", .name(.network), "as in save solver \"m.safetensors\"; `net` is the current one"),
            target,
          ], isFallback: true),
      ],
      examples: ["save net \"m.safetensors\"", "save solver \"solver.safetensors\""],
      details: """
        The file is in the safetensors format, which Python's `safetensors` reads: `hid/kernel` and `hid/bias` are \
        the weights. With them go the layers, the optimizer's state, the scale of the data and the random numbers, \
        so that `load` goes on with the training as if it had never stopped, bit for bit.
        """),
    CommandSpec(
      .load, "reads a network from a file", [.required("what", .variant, "`net`, or a name for the network")],
      variants: [
        Variant("net", "the network under the name that it was saved with", [origin]),
        Variant(
          "name", "the network under a name of your own",
          [
            .required(
              "name", .newName(.network),
              "as in load solver \"m.safetensors\"; `net` keeps the file's. Data is read with data x from \"x.csv\""
            ), origin,
          ], isFallback: true),
      ],
      examples: ["load net \"m.safetensors\"", "load other \"solver.safetensors\""],
      details: """
        The network becomes the current one. One of that name that is there must have the same layers and edges, and \
        takes over what the file's has learned. Precision and random numbers become those of the file, so load data \
        and `split` before.
        """),
  ]

  private static let target = Slot.required("file", .file, "where to write")
  private static let origin = Slot.required("file", .file, "what `save` wrote")
}
