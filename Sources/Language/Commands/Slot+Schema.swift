internal import NetworkSchema

extension SlotType {
  /// The values that an option takes.
  init(_ type: OptionType) {
    switch type {
    case .integer(let range): self = .integer(range)
    case .number(let range): self = .number(range)
    case .boolean: self = .boolean
    case .word(let list): self = .choice(list)
    case .sizes(let most): self = .sizes(most)
    }
  }
}

extension Slot {
  /// The place of an option, with the words of a catalog.
  init(_ option: OptionSchema, in catalog: NetworkCatalog) {
    self.init(
      name: option.name, type: SlotType(catalog.resolved(option).type), isRequired: option.isRequired,
      isRepeated: false, defaultText: option.defaultText, defaultValue: option.defaultValue,
      help: option.help)
  }

  /// The options that a family's kinds bring along: `optimizer=` has `momentum=`, `beta1=` and others.
  static func options(of family: KindFamily, in catalog: NetworkCatalog) -> [Slot] {
    catalog.sharedOptions(of: family).map { option in
      .optional(option.name, SlotType(option.type), default: option.defaultText, option.help)
    }
  }
}

extension Variant {
  /// A kind of layer.
  init(_ kind: KindSchema, in catalog: NetworkCatalog) {
    func slots(positional: Bool) -> [Slot] {
      kind.options.filter { $0.isPositional == positional }.map { Slot($0, in: catalog) }
    }
    self.init(
      kind.name, kind.summary, slots(positional: true), options: slots(positional: false),
      examples: kind.examples, details: kind.details)
  }
}
