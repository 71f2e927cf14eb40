internal import Diagnostics
internal import NetworkSchema

/// The words that could stand where somebody pressed Tab.
public struct Completions: Sendable, Equatable {
  /// The words, in the order to show them; an option's key ends in `=`.
  public var words: [String]
  /// True if the cursor stands inside quotes, where a file's name is wanted.
  public var wantsFile: Bool

  /// Creates completions.
  public init(words: [String], wantsFile: Bool = false) {
    self.words = words
    self.wantsFile = wantsFile
  }
}

/// Finds what fits the slot at the end of a line, by the command table and the names that are known.
///
/// ```swift
/// let names = KnownNames(data: ["xor", "iris"])
/// let words = Completer.complete("train x", names: names).words  // ["xor"]
/// ```
public struct Completer {
  private let names: KnownNames
  private let tokens: [Token]
  /// The beginning of the word under the cursor.
  private let prefix: String

  /// Finds the words that could follow `text`, the source up to the cursor.
  public static func complete(_ text: String, names: KnownNames) -> Completions {
    if endsInsideQuotes(text) { return Completions(words: [], wantsFile: true) }
    let completer = Completer(text, names: names)
    let words = Set(completer.candidates()).filter { $0.hasPrefix(completer.prefix) }
    return Completions(words: words.sorted(), wantsFile: false)
  }

  private init(_ text: String, names: KnownNames) {
    self.names = names
    prefix = String(text.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }.reversed())
    let lexer = Lexer(SourceText(String(text.dropLast(prefix.count)), name: ""))
    tokens =
      lexer.tokens.dropLast().split {
        $0.kind == .separator || $0.isSymbol(.openBrace) || $0.isSymbol(.closeBrace)
      }
      .last.map(Array.init) ?? []
    startsStatement =
      tokens.isEmpty
      || lexer.tokens.dropLast().last.map {
        $0.kind == .separator || $0.isSymbol(.openBrace) || $0.isSymbol(.closeBrace)
      } ?? true
  }

  private let startsStatement: Bool

  private static func endsInsideQuotes(_ text: String) -> Bool {
    var quote: Character?
    for character in text {
      if character == "\n" {
        quote = nil
      } else if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character == "#" {
        return false
      }
    }
    return quote != nil
  }

  private func candidates() -> [String] {
    if let fields { return fields }
    if let behindGradient { return behindGradient }
    if startsStatement { return CommandTable.all.map(\.verb.rawValue) + statementWords + values }
    guard case .word(let verb) = tokens.first?.kind, let spec = CommandTable.command(verb) else {
      return values
    }
    return slotCandidates(of: spec)
  }

  /// The words that may stand behind the point at the end: parts of a data set, parameters of a layer, layers of a
  /// network; nil where there is no point.
  private var fields: [String]? {
    guard let point = tokens.last, point.isSymbol(.dot) else { return nil }
    guard tokens.count > 1, case .word(let name) = tokens[tokens.count - 2].kind else { return [] }
    if names.data.contains(name) { return DataPart.allCases.map(\.rawValue) + ["x", "y"] }
    if names.networks.contains(name) { return Array(names.layers) }
    return names.layers.contains(name) ? ["weights", "bias"] : ["T"]
  }

  /// What follows in `grad L`, which is complete so far but for its `wrt`; nil elsewhere.
  private var behindGradient: [String]? {
    guard let start = tokens.lastIndex(where: { $0.isWord("grad") }), start < tokens.count - 1,
      !tokens[start...].contains(where: { $0.isWord("wrt") })
    else { return nil }
    switch tokens[tokens.count - 1].kind {
    case .word(let word): return Keyword.infix.contains(word) || word == "not" ? nil : ["wrt", "and", "or"]
    case .number, .symbol(.closeParenthesis), .symbol(.closeBracket): return ["wrt", "and", "or"]
    default: return nil
    }
  }

  private var statementWords: [String] { ["def", "repeat", "while", "for", "if", "else", "sweep", "grad"] }
  private var values: [String] { Array(names.values) }

  private func slotCandidates(of spec: CommandSpec) -> [String] {
    let rest = Array(tokens.dropFirst())
    if case .expressions = spec.form { return values }
    if spec.takesCondition, rest.last?.isWord("until") == true {
      return NetworkCatalog.current.reportableMetrics
    }
    if spec.form == .data, !rest.contains(where: { $0.isSymbol(.assign) }) {
      if rest.isEmpty { return Array(names.builtInData.union(names.data)) }
      if rest.count == 1 { return ["from"] + optionKeys(of: spec, rest) }
      if rest.last?.isWord("from") == true { return Array(names.builtInData) }
    }
    if rest.last?.isSymbol(.assign) == true, rest.count >= 2, case .word(let key) = rest[rest.count - 2].kind
    {
      return options(of: spec, rest).first { $0.name == key }.map { words(for: $0, of: spec) } ?? values
    }
    if spec.form == .chain {
      let before = spec.positionals.prefix { $0.type != .chain }
      if rest.count < before.count { return words(for: before[rest.count], of: spec) }
      return Array(names.layers) + (spec.verb == .connect ? ["all"] : []) + optionKeys(of: spec, rest)
    }
    let slots = positionals(of: spec, rest)
    let filled = positionalCount(rest)
    var found = filled < slots.count ? words(for: slots[filled], of: spec) : []
    if filled >= slots.count(where: \.isRequired) {
      found += optionKeys(of: spec, rest)
      if spec.takesCondition { found.append("until") }
    }
    return found
  }

  /// The variant that the words so far have picked.
  private func variant(of spec: CommandSpec, _ rest: [Token]) -> Variant? {
    guard let index = spec.positionals.firstIndex(where: { $0.type == .variant }), index < rest.count,
      case .word(let word) = rest[index].kind
    else { return nil }
    return spec.variants.first { $0.name == word }
  }

  private func positionals(of spec: CommandSpec, _ rest: [Token]) -> [Slot] {
    spec.positionals + (variant(of: spec, rest)?.positionals ?? [])
  }

  private func options(of spec: CommandSpec, _ rest: [Token]) -> [Slot] {
    spec.options + (variant(of: spec, rest)?.options ?? [])
  }

  /// Keys that are not on the line yet, and that go with what is.
  private func optionKeys(of spec: CommandSpec, _ rest: [Token]) -> [String] {
    options(of: spec, rest).map(\.name).filter { key in
      !rest.contains { $0.isWord(key) } && !isOfAnotherKind(key, rest)
    }.map { $0 + "=" }
  }

  /// Tells whether an option goes with other kinds than the one that is picked: `momentum=` behind `optimizer=adam`.
  private func isOfAnotherKind(_ key: String, _ rest: [Token]) -> Bool {
    let catalog = NetworkCatalog.current
    return KindFamily.allCases.contains { family in
      guard let place = rest.firstIndex(where: { $0.isWord(family.noun) }), place + 2 < rest.count,
        case .word(let word) = rest[place + 2].kind, let picked = catalog[family][word]
      else { return false }
      return picked.option(key) == nil && catalog[family].contains { $0.option(key) != nil }
    }
  }

  private func positionalCount(_ rest: [Token]) -> Int {
    var count = 0
    for (index, token) in rest.enumerated() {
      let isKey = index + 1 < rest.count && rest[index + 1].isSymbol(.assign)
      let isValue = index > 0 && rest[index - 1].isSymbol(.assign)
      if !isKey, !isValue, !token.isSymbol(.assign), !token.isGlued { count += 1 }
    }
    return count
  }

  private func words(for slot: Slot, of spec: CommandSpec) -> [String] {
    switch slot.type {
    case .choice(let list), .choiceOrPairs(let list): list.words
    case .choiceOrValues(let list): list.words + Array(names.variables)
    case .boolean: ["true", "false"]
    case .metric: NetworkCatalog.current.reportableMetrics + Array(names.functions.keys)
    case .metrics: NetworkCatalog.current.watchableMetrics + Array(names.functions.keys)
    case .variant:
      spec.variants.filter { !$0.isFallback }.map(\.name)
        + (spec.variants.contains(where: \.isFallback) ? Array(names.names(of: .anything)) : [])
    case .name(let kind): Array(names.names(of: kind))
    case .newName(.network): Array(names.networks)
    case .dataOrValues: Array(names.data.union(names.variables))
    case .topic: HelpTopic.all
    case .integer, .sizes, .number, .values, .expression, .binding: Array(names.variables)
    case .newName, .column, .columns, .pairs, .namedNumbers, .namedColumns, .rowExpression, .table, .chain,
      .file, .parameter:
      []
    }
  }
}
