public import NetworkSchema

/// Everything there is to know about a command: the checker, Tab completion, `help` and "did you mean" all
/// read it here.
public struct CommandSpec: Sendable {
  /// The first word.
  public let verb: Verb
  /// The purpose, in one line.
  public let summary: String
  /// The way in which the rest of the line is read.
  public let form: CommandForm
  /// The slots behind the verb, in order.
  public let positionals: [Slot]
  /// The slots that are written `key=value`.
  public let options: [Slot]
  /// The slots behind the verb, and the options.
  var slots: [Slot] { positionals + options }
  /// The words that the ``SlotType/variant`` slot takes, each with slots of its own.
  public let variants: [Variant]
  /// True if `until metric<number>` may end it.
  public let takesCondition: Bool
  /// Lines that a reader can type.
  public let examples: [String]
  /// More than the summary, as prose.
  public let details: String

  init(
    _ verb: Verb, _ summary: String, form: CommandForm = .plain, _ positionals: [Slot] = [],
    options: [Slot] = [], variants: [Variant] = [], takesCondition: Bool = false, examples: [String],
    details: String = ""
  ) {
    self.verb = verb
    self.summary = summary
    self.form = form
    self.positionals = positionals
    self.options = options
    self.variants = variants
    self.takesCondition = takesCondition
    self.examples = examples
    self.details = details
  }
}

/// The way in which the words behind a verb are read.
public enum CommandForm: Sendable, Equatable {
  /// Arguments and options, parted by spaces.
  case plain
  /// Expressions parted by commas: `print a, b`.
  case expressions
  /// Layers joined by arrows.
  case chain
  /// A name, then rows or arrays.
  case data
  /// A name, or `name = expr`.
  case binding
}

/// A place in a command that something stands in.
public struct Slot: Sendable, Equatable {
  /// Its name: the option's key, or what the documentation calls the place.
  public let name: String
  /// The values that it takes.
  public let type: SlotType
  /// True if it must be filled.
  public let isRequired: Bool
  /// True if it takes all the arguments that are left.
  public let isRepeated: Bool
  /// The default, in words or as a value.
  public let defaultText: String
  /// The value that counts when it is left out; nil where there is none, or it depends on something else.
  public let defaultValue: OptionValue?
  /// The meaning, in one line.
  public let help: String

  /// A place behind the verb that must be filled.
  static func required(_ name: String, _ type: SlotType, _ help: String, repeated: Bool = false) -> Slot {
    Slot(
      name: name, type: type, isRequired: true, isRepeated: repeated, defaultText: "", defaultValue: nil,
      help: help)
  }

  /// A place or a key that may be left out for a value.
  static func optional(_ name: String, _ type: SlotType, default value: OptionValue, _ help: String) -> Slot {
    Slot(
      name: name, type: type, isRequired: false, isRepeated: false, defaultText: value.text,
      defaultValue: value, help: help)
  }

  /// A place or a key that may be left out.
  static func optional(
    _ name: String, _ type: SlotType, default defaultText: String = "", _ help: String
  ) -> Slot {
    Slot(
      name: name, type: type, isRequired: false, isRepeated: false, defaultText: defaultText,
      defaultValue: nil, help: help)
  }
}

/// One of the things that a command can be about: `dense` for `layer`, `boundary` for `plot`.
public struct Variant: Sendable {
  /// The word that picks it.
  public let name: String
  /// The meaning, in one line.
  public let summary: String
  /// The slots behind the word.
  public let positionals: [Slot]
  /// The options that only it has.
  public let options: [Slot]
  /// The slots behind the word, and the options.
  var slots: [Slot] { positionals + options }
  /// Lines that a reader can type, where the command's own do not show it.
  public let examples: [String]
  /// More than the summary, as prose; may be empty.
  public let details: String
  /// True if this is the variant that any other word stands for, as its first positional: `show solver`.
  public let isFallback: Bool

  init(
    _ name: String, _ summary: String, _ positionals: [Slot] = [], options: [Slot] = [],
    examples: [String] = [], details: String = "", isFallback: Bool = false
  ) {
    self.name = name
    self.summary = summary
    self.positionals = positionals
    self.options = options
    self.examples = examples
    self.details = details
    self.isFallback = isFallback
  }
}

// MARK: - Slots of kinds

extension SlotType {
  /// The values of an option.
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
