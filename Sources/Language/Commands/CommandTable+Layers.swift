internal import NetworkSchema

extension CommandTable {
  static func layer(_ catalog: NetworkCatalog) -> CommandSpec {
    CommandSpec(
      .layer, "adds a layer to the current network",
      [
        .required("name", .newName(.layer), "what to call it"),
        .required("kind", .variant, "what it does"),
      ],
      variants: catalog.layers.map { Variant($0, in: catalog) },
      examples: shown.compactMap { $0.examples.first },
      details: """
        Shapes are height x width x channels for images, length x channels for signals, depth x height x width x \
        channels for volumes; `summary` shows them. The weights of a dense layer are not on the layer but on the \
        edges that `connect` draws; a layer with a kernel owns it. A dense layer expects a row: put a flatten, or a \
        global pool, before it.
        """)
  }

  /// The kinds that `help layer` gives an example of.
  private static let shown: [KindSchema] = [.input, .dense, .conv2d, .maxpool, .flatten, .dropout]
}
