import Foundations
import Testing

@testable import Localization

/// The table of phrases, and what becomes of them.
@Suite struct LocalizationTests {
  private static let spoken = SpokenPhrases()

  @Test("Each phrase of the sources has its French")
  func complete() {
    #expect(Self.spoken.keys.count > 300)
    for key in Self.spoken.keys.sorted() where French.phrases[key] == nil {
      Issue.record("French.swift has no entry for \"\(key)\".")
    }
    for noun in Self.spoken.nouns.sorted() where French.nouns[noun] == nil {
      Issue.record("French.swift has no noun \"\(noun)\".")
    }
  }

  @Test("Each French phrase belongs to one of the sources")
  func used() {
    for key in French.phrases.keys.sorted() where !Self.spoken.keys.contains(key) {
      Issue.record("No source says \"\(key)\", which French.swift has.")
    }
    #expect(French.entries.count == French.phrases.count, "no phrase is in the table twice")
  }

  @Test("A French phrase puts in what its English has", arguments: French.entries.map(\.key))
  func blanks(key: String) throws {
    let count = key.matches(of: /\{[a-z ]*\}/).count
    let text = try #require(French.phrases[key])
    let places = text.matches(of: /\{(\d)(?:#|\?[^}]*\|[^}]*)?\}/).compactMap { Int($0.output.1) }
    #expect(places.allSatisfy { (1...max(count, 1)).contains($0) && count > 0 }, "\(key)")
    // A brace before a number that is no blank would vanish.
    #expect(text.matches(of: /\{\d/).count == places.count, "\(key)")
    #expect(key.hasSuffix(" ") == (text.hasSuffix(" ") || text.hasSuffix("\u{A0}")), "\(key)")
  }

  @Test("Each code of an error has a French headline", arguments: ErrorCode.allCases)
  func titles(code: ErrorCode) {
    #expect(French.titles[code.rawValue]?.isEmpty == false, "\(code)")
  }

  @Test func englishIsWhatTheSourcesSay() {
    let name = "xor"
    #expect(localized("\(1, "row") of \(name), \(3, "batch")") == "1 row of xor, 3 batches")
    #expect(["a", "b", "c"].localizedList == "a, b and c")
    #expect(localizedTitle(of: "unknown-option", english: "UNKNOWN OPTION") == "UNKNOWN OPTION")
  }

  @Test func frenchHasItsOwnNumberAndSpaces() {
    let (none, one, four) = (0, 1, 4)
    UserLanguage.french.speaking {
      #expect(localized("\(four, "row")") == "4 lignes")
      #expect(localized("\(none, "row")") == "0 ligne")
      #expect(
        localized("\(one) of \(four, "point") classified correctly") == "1 point sur 4 bien classé")
      #expect(
        localized("\(four) of \(four, "point") classified correctly") == "4 points sur 4 bien classés")
      #expect(localized("\("93")%") == "93\u{A0}%")
      #expect(localized("loss of \("iris") on \("xor")") == "coût d'iris sur xor")
      #expect(localized("loss of \("net") on \("xor")") == "coût de net sur xor")
      #expect(["a", "b", "c"].localizedList == "a, b et c")
      #expect(localized("A group needs at least one layer: `{a b}`.").hasSuffix("couche\u{A0}: `{a b}`."))
      #expect(
        localized("Name a notebook to save your answers to: :save mine.nbs").hasSuffix(
          "\u{A0}: :save mien.nbs"))
      #expect(localizedTitle(of: "unknown-option", english: "UNKNOWN OPTION") == "OPTION INCONNUE")
      #expect(localizedNoun("epoch") == "époque" && localizedPlural(of: "step") == "pas")
    }
    #expect(UserLanguage.current == .english)
  }

  @Test(
    "The locale is that of messages",
    arguments: [
      ([:], UserLanguage.english), (["LANG": "fr_FR.UTF-8"], .french), (["LANG": "fr"], .french),
      (["LANG": "fr_CA.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"], .english),
      (["LANG": "C", "LC_MESSAGES": "fr_BE@euro"], .french),
      (["LANG": "fr_FR", "LC_MESSAGES": "fr_FR", "LC_ALL": "C"], .english),
      (["LANG": "fr_FR", "LC_ALL": ""], .french), (["LANG": "fur_IT.UTF-8"], .english),
    ])
  func locale(environment: [String: String], language: UserLanguage) {
    #expect(UserLanguage(environment: environment) == language)
  }
}
