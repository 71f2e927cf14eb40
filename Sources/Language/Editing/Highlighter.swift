public import Diagnostics

/// Finds the pieces of source that a page sets apart. It reads tokens only, so that source with mistakes is
/// marked as well.
///
/// ```swift
/// let marks = Highlighter.marks(in: SourceText("train xor epochs=20", name: "cell 1"))
/// let kinds = marks.map(\.kind)  // a verb, a key, a number
/// ```
public enum Highlighter {
  /// The marks of a source, in order and without overlap.
  public static func marks(in source: SourceText) -> [SourceMark] {
    let lexer = Lexer(source)
    var marks: [SourceMark] = []
    var end = 0
    var startsStatement = true
    var isCommand = false
    for (index, token) in lexer.tokens.enumerated() {
      marks += comments(in: lexer.bytes, from: end, to: token.span.start)
      end = max(end, token.span.end)
      let isVerb = startsStatement && isCommandVerb(token)
      if startsStatement { isCommand = isVerb }
      let next = index + 1 < lexer.tokens.count ? lexer.tokens[index + 1] : nil
      let isKey = isCommand && !isVerb && next?.isSymbol(.assign) == true
      if let kind = kind(of: token, isVerb: isVerb, isKey: isKey) {
        marks.append(SourceMark(token.span, kind))
      }
      startsStatement =
        token.kind == .separator || token.isSymbol(.openBrace) || token.isSymbol(.closeBrace)
    }
    return marks
  }

  private static func isCommandVerb(_ token: Token) -> Bool {
    guard case .word(let word) = token.kind else { return false }
    return CommandTable.command(word) != nil
  }

  private static func kind(of token: Token, isVerb: Bool, isKey: Bool) -> SourceMark.Kind? {
    switch token.kind {
    case .word(let word):
      isVerb
        ? .verb
        : isKey
          ? .key
          : Keyword.all.contains(word) || word == "repeat" || (word == "sweep" && !isKey) ? .keyword : nil
    case .number, .shape: .number
    case .string: .string
    case .symbol, .separator, .end: nil
    }
  }

  /// The comments between two tokens: the lexer has left nothing else there that begins with `#`.
  private static func comments(in bytes: [UInt8], from start: Int, to end: Int) -> [SourceMark] {
    var marks: [SourceMark] = []
    var place = start
    while place < end {
      guard bytes[place] == UInt8(ascii: "#") else {
        place += 1
        continue
      }
      let first = place
      while place < end, bytes[place] != UInt8(ascii: "\n") { place += 1 }
      marks.append(SourceMark(SourceSpan(first, place), .comment))
    }
    return marks
  }
}
