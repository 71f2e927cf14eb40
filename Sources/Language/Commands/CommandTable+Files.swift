extension CommandTable {
  static let files: [CommandSpec] = [
    CommandSpec(
      .save, "writes a network to a file", [.required("what", .variant, "`net`, or a network's name")],
      variants: [
        Variant("net", "the current network", [target]),
        Variant(
          "network", "a named network",
          [
            .required(
              "network", .name(.network), "as in save solver \"m.safetensors\"; `net` is the current one"),
            target,
          ], isFallback: true),
      ],
      examples: ["save net \"m.safetensors\"", "save solver \"solver.safetensors\""],
      details: """
        The file is in the safetensors format, which Python's `safetensors` reads: `hid/kernel` and `hid/bias` are \
        the weights and biases. It also holds the layers, the optimizer's state, the scaling of the data and the state \
        of the random numbers, so that training continues after `load` as if it had never stopped, bit for bit.
        """),
    CommandSpec(
      .load, "reads a network from a file", [.required("what", .variant, "`net`, or a name for the network")],
      variants: [
        Variant("net", "a network, under the name it was saved with", [origin]),
        Variant(
          "name", "a network, under a name of your own",
          [
            .required(
              "name", .newName(.network),
              "as in load solver \"m.safetensors\"; `net` keeps the name in the file. Data is read with data x from \"x.csv\""
            ), origin,
          ], isFallback: true),
      ],
      examples: ["load net \"m.safetensors\"", "load other \"solver.safetensors\""],
      details: """
        The network becomes the current one. An existing network of that name must have the same layers and edges; its \
        weights are replaced. The precision and the state of the random numbers become those of the file, so load the \
        data and `split` it before.
        """),
  ]

  private static let target = Slot.required("file", .file, "the file to write")
  private static let origin = Slot.required("file", .file, "a file written by `save`")
}
