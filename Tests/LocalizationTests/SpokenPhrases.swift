import Foundation

/// The phrases that the sources say: the keys of every `localized("…")`.
struct SpokenPhrases {
  /// The keys, as `Phrase` makes them: `{}` for what is put in, `{row}` for so many rows.
  private(set) var keys: Set<String> = []
  /// The nouns that are counted.
  private(set) var nouns: Set<String> = []

  /// Reads the Swift files below `Sources`.
  init() {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources")
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.allObjects ?? []
    for case let file as URL in files where file.pathExtension == "swift" {
      guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
      let code = text.split(separator: "\n", omittingEmptySubsequences: false).filter {
        !$0.drop { $0 == " " }.hasPrefix("///")
      }
      read(code.joined(separator: "\n"))
    }
  }

  private mutating func read(_ code: String) {
    for part in code.ranges(of: "localized(") {
      var reader = LiteralReader(code, at: part.upperBound)
      guard let (key, counted) = reader.phrase() else { continue }
      keys.insert(key)
      nouns.formUnion(counted)
    }
  }
}

/// Reads a string literal of Swift as far as a phrase needs it.
private struct LiteralReader {
  private let code: String
  private var place: String.Index

  init(_ code: String, at place: String.Index) {
    self.code = code
    self.place = place
  }

  private var rest: Substring { code[place...] }
  private var next: Character? { rest.first }

  private mutating func take() -> Character? {
    guard let character = next else { return nil }
    place = code.index(after: place)
    return character
  }

  private mutating func skip(_ isSkipped: (Character) -> Bool) {
    while let next, isSkipped(next) { _ = take() }
  }

  /// The key of the literal that begins here, after spaces; nil where none does.
  mutating func phrase() -> (key: String, nouns: [String])? {
    skip(\.isWhitespace)
    guard next == "\"" else { return nil }
    let isBlock = rest.hasPrefix("\"\"\"")
    place = code.index(place, offsetBy: isBlock ? 3 : 1)
    if isBlock { skip(\.isWhitespace) }
    var (key, nouns) = ("", [String]())
    while let character = take() {
      switch character {
      case "\"" where !isBlock: return (key, nouns)
      case "\n":
        skip { $0 == " " }
        if rest.hasPrefix("\"\"\"") { return (key, nouns) }
        key += "\n"
      case "\\":
        switch take() {
        case "(":
          let noun = interpolatedNoun()
          key += "{\(noun ?? "")}"
          if let noun { nouns.append(noun) }
        case "\n": skip { $0 == " " }
        case let escaped?: key.append(escaped == "n" ? "\n" : escaped)
        case nil: return nil
        }
      default: key.append(character)
      }
    }
    return nil
  }

  /// Passes over an interpolation; gives its noun where it is `(count, "noun")`.
  private mutating func interpolatedNoun() -> String? {
    var (depth, argument) = (1, "")
    var hasComma = false
    while depth > 0, let character = take() {
      switch character {
      case "\"":
        let text = literal()
        if depth == 1, hasComma, argument.isEmpty { argument = "\"" + text }
      case "(", "[", "{": depth += 1
      case ")", "]", "}": depth -= 1
      case "," where depth == 1: (hasComma, argument) = (true, "")
      case " ": break
      default: if depth == 1 { argument.append(character) }
      }
    }
    return hasComma && argument.hasPrefix("\"") ? String(argument.dropFirst()) : nil
  }

  /// Passes over a literal whose opening quote has been read.
  private mutating func literal() -> String {
    var text = ""
    while let character = take(), character != "\"" {
      if character == "\\", take() == "(" { _ = interpolatedNoun() } else { text.append(character) }
    }
    return text
  }
}
