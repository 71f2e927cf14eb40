/// What the program says, in French.
///
/// A key is the English text as it stands in the sources, with `{}` for each thing that is put in and `{row}` for so many
/// rows. In the French text `{1}` is the first of them, `{2}` the second; `{1#}` is the number of rows alone, and
/// `{1?juste|justes}` one word or the other as the first is singular or plural. In French 0 is singular.
enum French {
  /// All phrases; `LocalizationTests` holds them to the sources, so that none is missing and none is left over.
  static let phrases = Dictionary(
    entries.map { ($0.key, $0.text.withFixedSpaces) }, uniquingKeysWith: { first, _ in first })

  /// The phrases as they stand in the files.
  static let entries: [(key: String, text: String)] =
    lessons + reports + training + notices + plots + figures + errors + sweeps

  /// Nouns that are counted: the English singular, then the French singular and plural.
  static let nouns: [String: (one: String, many: String)] = [
    "batch": ("lot", "lots"),
    "channel": ("canal", "canaux"),
    "class": ("classe", "classes"),
    "column": ("colonne", "colonnes"),
    "combination": ("combinaison", "combinaisons"),
    "edge": ("liaison", "liaisons"),
    "epoch": ("époque", "époques"),
    "exercise": ("exercice", "exercices"),
    "fold": ("pli", "plis"),
    "filter": ("filtre", "filtres"),
    "input": ("entrée", "entrées"),
    "layer": ("couche", "couches"),
    "more channel": ("autre canal", "autres canaux"),
    "more class": ("autre classe", "autres classes"),
    "more column": ("autre colonne", "autres colonnes"),
    "more filter": ("autre filtre", "autres filtres"),
    "more row": ("autre ligne", "autres lignes"),
    "more unit": ("autre unité", "autres unités"),
    "other pair": ("autre couple", "autres couples"),
    "parameter": ("paramètre", "paramètres"),
    "point": ("point", "points"),
    "row": ("ligne", "lignes"),
    "seed": ("graine", "graines"),
    "sequence": ("séquence", "séquences"),
    "shard": ("fragment", "fragments"),
    "step": ("pas", "pas"),
    "target": ("cible", "cibles"),
    "time": ("fois", "fois"),
    "trial": ("essai", "essais"),
    "unit": ("unité", "unités"),
    "value": ("valeur", "valeurs"),
  ]

  /// A phrase in French; one that has no French is said in English.
  static func text(of phrase: Phrase) -> String {
    guard let format = phrases[phrase.key] else { return phrase.english }
    var text = ""
    var rest = format[...]
    while let open = rest.firstIndex(of: "{") {
      text += rest[..<open]
      rest = rest[rest.index(after: open)...]
      // A brace before anything but a number stands for itself: `{ … }`.
      guard rest.first?.isNumber == true, let close = rest.firstIndex(of: "}") else {
        text += "{"
        continue
      }
      text.append(elided: filled(rest[..<close], phrase.arguments))
      rest = rest[rest.index(after: close)...]
    }
    return text + rest
  }

  /// What stands for `1`, `1#` or `1?juste|justes`.
  private static func filled(_ blank: Substring, _ arguments: [Phrase.Argument]) -> String {
    let parts = blank.split(separator: "?", maxSplits: 1)
    let place = blank.prefix { $0.isNumber }
    guard let number = Int(place), arguments.indices.contains(number - 1) else { return "" }
    let argument = arguments[number - 1]
    if blank.hasSuffix("#") { return String(argument.count ?? 0) }
    guard parts.count == 2 else { return argument.isNoun ? counted(argument) : argument.text }
    let forms = parts[1].split(separator: "|", omittingEmptySubsequences: false)
    return String((isSingular(argument.count) ? forms.first : forms.last) ?? "")
  }

  private static func counted(_ argument: Phrase.Argument) -> String {
    let count = argument.count ?? 0
    return "\(count) \(isSingular(count) ? localizedNoun(argument.text) : plural(of: argument.text))"
  }

  private static func isSingular(_ count: Int?) -> Bool { abs(count ?? 1) < 2 }

  /// The plural of a noun in English or French; a name that somebody else gave stays as it is.
  static func plural(of noun: String) -> String {
    nouns[noun]?.many ?? nouns.values.first { $0.one == noun }?.many ?? noun
  }
}

extension String {
  /// The text with spaces that no line breaks at before the signs that French sets apart: `coût : 0,2`, `50 %`.
  var withFixedSpaces: String {
    let signs = Array(self)
    return String(
      signs.indices.map { place -> Character in
        guard signs[place] == " " else { return signs[place] }
        let next = place + 1 < signs.count ? signs[place + 1] : " "
        // What begins with the sign, as `:save` does, is no end of a phrase.
        let isSign = ";:?!%»".contains(next) && (place + 2 == signs.count || !signs[place + 2].isLetter)
        return isSign || place > 0 && signs[place - 1] == "«" ? "\u{A0}" : " "
      })
  }

  /// Adds a word, and drops the vowel of `de` before another: `coût d'iris`.
  fileprivate mutating func append(elided word: String) {
    if hasSuffix(" de ") || self == "de ", let first = word.first, "aeiouéèêAEIOU".contains(first) {
      removeLast(2)
      append("'")
    }
    append(word)
  }
}
