import Diagnostics
import Foundations
import JSON

/// What can be wrong with the shape of a marker line.
enum MarkerMistakes {
  static func unknownKind(_ word: String) -> Diagnostic {
    let known = Cell.Kind.allCases.map(\.rawValue) + Cell.Role.allCases.map(\.rawValue)
    let near = (word == "md" ? "markdown" : DidYouMean.nearest(to: word, among: known)).map { "[\($0)]" }
    return Diagnostic(
      .unknownKind,
      "`[\(word)]` is not a kind of cell.\(DidYouMean.sentence(near)) The kinds are `[markdown]`, `[raw]`, `[exercise]`, `[solution]` and "
        + "`[check]`; a cell without brackets is code. Brackets that belong to the title need quotes around it.",
      suggestion: near)
  }

  static let unclosedBracket = Diagnostic(
    .unknownKind,
    "This bracket is never closed. A kind of cell is written `[markdown]`; a bracket that belongs to the title "
      + "needs quotes around the title.")

  static func strayWord(_ word: String) -> Diagnostic {
    Diagnostic(
      .badMarker,
      "`\(word)` is not expected here. A cell begins with `# %%`, then its title, then its kind in brackets, then "
        + "`key=value` pairs: `# %% Try it [exercise] hint=\"Start with two units.\"`.")
  }

  static let tooMany = Diagnostic(.badMarker, "This cell has more than a hundred `key=value` pairs.")

  static func repeated(_ key: String) -> Diagnostic {
    if key == "id" {
      return Diagnostic(.twoIDs, "This cell has two ids. Remove one of them.")
    }
    return Diagnostic(.repeatedKey, "`\(key)` is given twice. Remove one of them.")
  }

  static func badValue(key: String, text: String, error: JSONError) -> Diagnostic {
    guard let word = quoted(text) else {
      return Diagnostic(.badValue, "The value of `\(key)` cannot be read: expected \(error.message).")
    }
    let fixed = "\(key)=" + (key == KnownKey.tags.rawValue ? "[\(word)]" : word)
    return Diagnostic(
      .badValue,
      "`\(text)` is not a value.\(DidYouMean.sentence(fixed)) Text is written in double quotes, and so is a "
        + "title that contains a `=`.", suggestion: fixed)
  }

  /// A bare word, or one in single quotes, in the quotes that it should have had.
  private static func quoted(_ text: String) -> String? {
    if text.utf8.count >= 2, text.hasPrefix("'"), text.hasSuffix("'") {
      return String(text.dropFirst().dropLast()).jsonQuoted
    }
    let starters = "\"'[{"
    guard let first = text.first, !starters.contains(first) else { return nil }
    return text.jsonQuoted
  }
}
