internal import Diagnostics
public import Foundations

/// What a text is cut into.
public enum TokenUnit: String, Sendable, CaseIterable {
  /// Characters as a reader sees them.
  case char
  /// Words, punctuation marks and line ends.
  case word
}

/// The tokens of a text, each with a number: its place.
///
/// ```swift
/// let vocabulary = Vocabulary(of: "to be", unit: .char)
/// let numbers = try vocabulary.encode("be", of: "text")  // 1, 2: after the blank
/// let text = vocabulary.decode(numbers)  // be
/// ```
public struct Vocabulary: Sendable, Equatable {
  /// What a text is cut into.
  public let unit: TokenUnit
  /// The tokens, in the order of their numbers.
  public let tokens: [String]
  private let places: [String: Int]

  /// The vocabulary of a text, in the order of the code points.
  public init(of text: String, unit: TokenUnit) {
    self.init(
      unit: unit,
      sorted: Set(Vocabulary.cut(text, into: unit)).sorted {
        $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
      })
  }

  private init(unit: TokenUnit, sorted tokens: [String]) {
    self.unit = unit
    self.tokens = tokens
    places = Dictionary(tokens.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// A vocabulary as it was kept; nil for one without tokens, or with a token twice.
  public init?(unit: TokenUnit, tokens: [String]) {
    guard !tokens.isEmpty, Set(tokens).count == tokens.count else { return nil }
    self.init(unit: unit, sorted: tokens)
  }

  /// The number of a token; nil for one that it lacks.
  public subscript(token: String) -> Int? { places[token] }

  /// Cuts a text into tokens. Line ends of Windows count as plain ones; of blanks between words nothing is left.
  static func cut(_ text: String, into unit: TokenUnit) -> [String] {
    switch unit {
    case .char: return text.map { $0.isNewline ? "\n" : String($0) }
    case .word:
      var tokens: [String] = []
      var word = ""
      func end() {
        if !word.isEmpty { tokens.append(word) }
        word = ""
      }
      for character in text {
        if character.isLetter || character.isNumber || character == "'" || character == "’" {
          word.append(character)
          continue
        }
        end()
        if character.isNewline {
          tokens.append("\n")
        } else if !character.isWhitespace {
          tokens.append(String(character))
        }
      }
      end()
      return tokens
    }
  }

  /// The numbers of a text's tokens.
  ///
  /// - Parameter source: what a message calls the text.
  /// - Throws: `unknown-token` for a token that it lacks.
  public func encode(_ text: String, of source: String) throws(CodedError) -> [Int] {
    var numbers: [Int] = []
    for token in Vocabulary.cut(text, into: unit) {
      guard let number = places[token] else { throw unknown(token, source) }
      numbers.append(number)
    }
    return numbers
  }

  /// The error for a token that it lacks.
  func unknown(_ token: String, _ source: String) -> CodedError {
    let known =
      tokens.prefix(40).map { $0 == "\n" ? "line ends" : $0 == " " ? "blanks" : $0 }.joined(
        separator: unit == .char ? " " : ", ") + (tokens.count > 40 ? " …" : "")
    let other = token == token.lowercased() ? token.uppercased() : token.lowercased()
    let near = places[other].map { _ in other }
    return CodedError(
      .unknownToken,
      "\(source) has the \(unit == .char ? "character" : "word") `\(token == "\n" ? "\\n" : token)`, which the network's text "
        + "does not have.\(DidYouMean.sentence(near)) It knows \(known)", suggestion: near)
  }

  /// The text of tokens. Words are parted by blanks, but for marks that stand close to a word.
  public func decode(_ numbers: some Sequence<Int>) -> String {
    let chosen = numbers.compactMap { tokens.indices.contains($0) ? tokens[$0] : nil }
    guard unit == .word else { return chosen.joined() }
    var text = ""
    for token in chosen {
      let isClosing = token.count == 1 && ".,;:!?)]}»…%".contains(token)
      let isOpen = text.last.map { $0.isNewline || "([{«".contains($0) } ?? true
      text += (isOpen || isClosing || token == "\n" ? "" : " ") + token
    }
    return text
  }
}
