package import NetworkSchema

/// A kind of layer by its name: its schema, and how a layer is made of options that the schema allows.
package struct LayerKindEntry: Sendable {
  /// Its name and options.
  package let schema: KindSchema
  /// Makes a layer's kind of all options; the text is the layer's name, for errors.
  package let make: @Sendable (OptionValues, String) throws(SchemaViolation) -> any LayerKind

  /// Creates an entry.
  package init(
    _ schema: KindSchema,
    _ make: @escaping @Sendable (OptionValues, String) throws(SchemaViolation) -> any LayerKind
  ) {
    self.schema = schema
    self.make = make
  }
}

/// The kinds of layers that there are.
package enum LayerKinds {
  /// Those that nbs comes with.
  package static let standard: [LayerKindEntry] =
    [InputLayer.entry, SequenceInput.entry, Dense.entry] + Convolution.entries + Pool.entries
    + GlobalPool.entries
    + Recurrent.entries + [
      Flatten.entry, Reshape.entry, Dropout.entry, BatchNorm.entry, LayerNorm.entry, Embedding.entry,
    ]

  /// Those that are known, by their names.
  @TaskLocal package static var current = byName(standard)

  /// Runs something that knows more kinds: the one line that registers a kind of one's own.
  package static func withKinds<Result>(
    _ more: [LayerKindEntry], _ body: () throws -> Result
  ) rethrows -> Result {
    var catalog = NetworkCatalog.current
    catalog.layers += more.map(\.schema)
    return try NetworkCatalog.$current.withValue(catalog) {
      try $current.withValue(current.merging(byName(more)) { $1 }, operation: body)
    }
  }

  private static func byName(_ kinds: [LayerKindEntry]) -> [String: LayerKindEntry] {
    Dictionary(uniqueKeysWithValues: kinds.map { ($0.schema.name, $0) })
  }
}

extension Layer.Kind {
  /// A kind by its name and options; those that are left out have their defaults.
  ///
  /// - Throws: what is wrong with the name, or with the options of the kind.
  package init(_ kind: String, _ options: OptionValues, named name: String) throws(SchemaViolation) {
    guard let entry = LayerKinds.current[kind] else {
      throw .unknownKind(family: "kind of layer", name: kind)
    }
    try entry.schema.check(options)
    self.init(try entry.make(entry.schema.completed(options), name))
  }

  /// The options, all of them.
  package var options: OptionValues { base.options }

  /// The name and the options that it may have.
  package var schema: KindSchema { base.schema }
}
