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

  /// The term that a word names, in either language; nil for any other word.
  public static func find(_ word: String) -> GlossaryTerm? {
    let word = Self.word(word)
    return all.first { $0.word == word }
      ?? all.first { Self.word($0.french.prefix { $0 != "(" }) == word }
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
      usage: "\(term.name) (term; in French: \(term.french))", summary: term.meaning, details: "",
      formula: term.formula, entries: [], examples: [], walkthrough: term.notebook)
  }
}
