internal import NetworkSchema

/// The help on a word, read from the command table; how it is laid out is not its business.
///
/// ```swift
/// let topic = HelpTopic.find("adam")
/// let words = topic?.entries.map(\.word) ?? []  // its options
/// ```
public struct HelpTopic: Sendable, Equatable {
  /// One line of a list: a word and what it means.
  public struct Entry: Sendable, Equatable {
    /// The word.
    public let word: String
    /// The values that it takes, or its default.
    public let value: String
    /// The meaning, in one line.
    public let help: String
  }

  /// The form of the command: `layer NAME dense UNITS [ACTIVATION] bias=`.
  public let usage: String
  /// One line.
  public let summary: String
  /// Prose; may be empty.
  public let details: String
  /// A formula in TeX; nil for what has none.
  public internal(set) var formula: String?
  /// The places and options.
  public let entries: [Entry]
  /// Lines that can be typed.
  public let examples: [String]
  /// The walkthrough that introduces it, by its name; nil for what none does.
  public internal(set) var walkthrough: String?

  /// Every word that there is help on.
  public static var all: [String] {
    let commands = CommandTable.all
    return commands.map(\.verb.rawValue)
      + commands.flatMap { $0.variants.filter { !$0.isFallback }.map(\.name) }
      + WordList.all.flatMap(\.words) + statementWords
      + commands.flatMap { ($0.options + $0.variants.flatMap(\.options)).map(\.name) }
      + GlossaryTerm.all.map(\.word)
  }

  /// Finds the help on a word: a verb, a kind of layer or plot, a word that an option takes, or a term of the field.
  public static func find(_ word: String) -> HelpTopic? {
    if let spec = CommandTable.command(word) { return HelpTopic(spec) }
    for spec in CommandTable.all {
      if let variant = spec.variants.first(where: { $0.name == word && !$0.isFallback }) {
        return HelpTopic(spec, variant)
      }
    }
    // A metric's word is more often asked for as an option: `precision=`.
    let families = KindFamily.allCases.filter { $0 != .metric }
    return kind(word, among: families) ?? listed(word) ?? statement(word) ?? option(word)
      ?? kind(word, among: [.metric]) ?? term(word)
  }

  private static func kind(_ word: String, among families: [KindFamily]) -> HelpTopic? {
    let catalog = NetworkCatalog.current
    for family in families {
      guard let kind = catalog[family][word] else { continue }
      return HelpTopic(
        usage: "\(word) (\(family.noun))", summary: kind.summary, details: kind.details,
        entries: kind.options.map { Slot($0, in: catalog).entry }, examples: kind.examples)
    }
    return nil
  }

  /// Help on a word that an option takes and that names no kind.
  private static func listed(_ word: String) -> HelpTopic? {
    for list in WordList.all where list.family == nil {
      guard let entry = list.entries.first(where: { $0.name == word }) else { continue }
      return HelpTopic(
        usage: "\(word) (\(list.noun))", summary: entry.help, details: "", entries: [], examples: [])
    }
    return nil
  }
}

extension HelpTopic {
  private init(_ spec: CommandSpec) {
    let kinds = spec.variants.map {
      Entry(
        word: $0.isFallback ? "NAME" : $0.name,
        value: $0.positionals.map(\.placeholder).joined(separator: " "), help: $0.summary)
    }
    self.init(
      usage: ([spec.verb.rawValue] + spec.positionals.map(\.placeholder) + spec.options.map { "\($0.name)=" }
        + (spec.takesCondition ? ["until metric<number>"] : [])).joined(separator: " "),
      summary: spec.summary, details: spec.details,
      entries: spec.positionals.map(\.entry) + kinds + spec.options.map(\.entry), examples: spec.examples)
  }

  private init(_ spec: CommandSpec, _ variant: Variant) {
    let before = spec.positionals.map { $0.type == .variant ? variant.name : $0.placeholder }
    let options = variant.options + spec.options
    self.init(
      usage: ([spec.verb.rawValue] + before + variant.positionals.map(\.placeholder)
        + options.map { "\($0.name)=" }).joined(separator: " "),
      summary: variant.summary,
      details: [variant.details, spec.details].filter { !$0.isEmpty }.joined(separator: "\n"),
      entries: variant.positionals.map(\.entry) + options.map(\.entry),
      examples: variant.examples.isEmpty
        ? spec.examples.filter { $0.contains(variant.name) } : variant.examples)
  }
}

extension Slot {
  /// `NAME`, or `[NAME]` for what may be left out.
  fileprivate var placeholder: String { isRequired ? name.uppercased() : "[\(name.uppercased())]" }

  fileprivate var entry: HelpTopic.Entry {
    var words = help
    if case .choice(let list) = type { words += ": " + list.words.joined(separator: ", ") }
    return HelpTopic.Entry(word: name, value: defaultText, help: words)
  }
}
