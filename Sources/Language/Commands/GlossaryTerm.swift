import Localization

/// A term of the field: what it is called in English and French, what it means, and which walkthrough introduces it.
///
/// `help learning_rate` and `docs/glossary.md` read the same table, ``all``.
public struct GlossaryTerm: Sendable, Equatable {
  /// The English term: `learning rate`.
  public let name: String
  /// The French term, and in brackets what French practitioners say as well.
  public let french: String
  /// One sentence.
  public let meaning: String
  /// A formula in TeX; nil where none says more than the sentence.
  public let formula: String?
  /// The walkthrough that introduces the term, where it stands in bold.
  public let notebook: String

  init(_ name: String, _ french: String, _ meaning: String, _ formula: String? = nil, in notebook: String) {
    self.name = name
    self.french = french
    self.meaning = meaning
    self.formula = formula
    self.notebook = notebook
  }

  /// The word that finds the term at the prompt: `learning_rate`.
  public var word: String { Self.word(name) }

  /// The term that a word names, in either language, in the singular or the plural, in British or American spelling; nil
  /// for any other word.
  public static func find(_ word: String) -> GlossaryTerm? {
    let key = key(word)
    return all.first { Self.key($0.name) == key }
      ?? all.first { Self.key($0.french.prefix { $0 != "(" }) == key }
      ?? all.first { [Self.key($0.name) + "s", Self.key($0.name) + "es"].contains(key) }
  }

  /// A word without what differs between British and American spelling: `l2_regularization`, `standardize`.
  private static func key(_ text: some StringProtocol) -> String {
    let word = word(text).replacing("isation", with: "ization")
    return word.hasSuffix("ise") ? word.dropLast(3) + "ize" : word
  }

  private static func word(_ text: some StringProtocol) -> String {
    let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }
    return words.joined(separator: "_")
  }
}

extension HelpTopic {
  /// Help on a term of the field.
  public static func term(_ word: String) -> HelpTopic? {
    guard let term = GlossaryTerm.find(word) else { return nil }
    return HelpTopic(
      usage: localized("\(term.name) (term; in French: \(term.french))"),
      summary: localizedMeaning(of: term.name, english: term.meaning), details: "",
      formula: term.formula, entries: [], examples: [], walkthrough: term.notebook)
  }
}
