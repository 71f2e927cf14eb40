internal import NetworkSchema

extension CommandTable {
  static func layer(_ catalog: NetworkCatalog) -> CommandSpec {
    CommandSpec(
      .layer, "adds a layer to the current network",
      [
        .required("name", .newName(.layer), "the name of the layer"),
        .required("kind", .variant, "the kind of layer"),
      ],
      variants: catalog.layers.map { Variant($0, in: catalog) },
      examples: shown.compactMap { $0.examples.first },
      details: """
        Shapes are height x width x channels for images, length x channels for signals, depth x height x width x \
        channels for volumes; `summary` shows them. The weights of a dense layer belong to the edges that `connect` \
        draws; a convolution owns its filters. A dense layer expects a row of features: put a flatten, or a global \
        pooling layer, before it.
        """)
  }

  /// The kinds that `help layer` gives an example of.
  private static let shown: [KindSchema] = [.input, .dense, .conv2d, .maxpool, .flatten, .dropout]
}
