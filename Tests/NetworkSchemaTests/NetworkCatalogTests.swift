import NetworkSchema
import Testing

@Suite struct NetworkCatalogTests {
  private static let families: [(String, [KindSchema])] = [
    ("layers", NetworkCatalog.standard.layers), ("activations", NetworkCatalog.standard.activations),
    ("losses", NetworkCatalog.standard.losses), ("optimizers", NetworkCatalog.standard.optimizers),
    ("schedules", NetworkCatalog.standard.schedules), ("initializers", NetworkCatalog.standard.initializers),
    ("edges", NetworkCatalog.standard.edges), ("merges", NetworkCatalog.standard.merges),
    ("metrics", NetworkCatalog.standard.metrics),
  ]

  @Test("A family's kinds are sound", arguments: families)
  func kindsAreSound(family: String, kinds: [KindSchema]) {
    #expect(!kinds.isEmpty)
    #expect(Set(kinds.names).count == kinds.count, "each name stands once")
    for kind in kinds {
      #expect(!kind.summary.isEmpty)
      #expect(Set(kind.options.map(\.name)).count == kind.options.count, "\(kind.name)")
      let places = kind.options.map(\.isPositional)
      #expect(places == places.sorted { $0 && !$1 }, "\(kind.name): positional options come first")
      let required = kind.options.filter(\.isPositional).map(\.isRequired)
      #expect(required == required.sorted { $0 && !$1 }, "\(kind.name): required options come first")
      for option in kind.options {
        #expect(!option.help.isEmpty)
        #expect(option.isRequired || !option.defaultText.isEmpty, "\(kind.name) \(option.name)")
      }
    }
  }

  /// The defaults that a kind declares are values that it takes.
  @Test("A family's defaults are sound", arguments: families)
  func defaultsAreSound(family: String, kinds: [KindSchema]) throws {
    for kind in kinds {
      for option in kind.options {
        guard let value = option.defaultValue else { continue }
        let lone = KindSchema(kind.name, kind.summary, options: [option])
        try lone.check(OptionValues([option.name: value]))
      }
    }
  }

  @Test func aKindOfOnesOwnHoldsInItsTaskAlone() async {
    var catalog = NetworkCatalog.standard
    #expect(catalog.isStandard)
    catalog.layers.append(KindSchema("gain", "multiplies"))
    #expect(!catalog.isStandard)
    NetworkCatalog.$current.withValue(catalog) {
      #expect(NetworkCatalog.current.layers["gain"]?.summary == "multiplies")
      #expect(!NetworkCatalog.current.isStandard)
    }
    #expect(NetworkCatalog.current.layers["gain"] == nil)
    #expect(NetworkCatalog.current.isStandard)
  }

  @Test func schemasTakeTheWordsOfTheCurrentCatalog() throws {
    var catalog = NetworkCatalog.standard
    catalog.activations.append(KindSchema("cube", "the sum cubed"))
    let values = OptionValues(["units": .integer(3), "activation": .word("cube")])
    #expect(throws: SchemaViolation.self) { try KindSchema.dense.check(values) }
    try NetworkCatalog.$current.withValue(catalog) { try KindSchema.dense.check(values) }
  }
}
