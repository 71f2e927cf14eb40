public import Diagnostics

/// How far the line that follows some source is to be moved to the right.
///
/// ```swift
/// let spaces = Indentation.below(SourceText("repeat 3 {", name: ""))  // 2
/// ```
public enum Indentation {
  /// The spaces of a line below a source: two for each bracket that is open at its end.
  public static func below(_ source: SourceText) -> Int {
    let depth = Lexer(source).tokens.reduce(0) { depth, token in
      if token.isClosing { return max(0, depth - 1) }
      let opens = [Symbol.openParenthesis, .openBracket, .openBrace].contains { token.isSymbol($0) }
      return opens ? depth + 1 : depth
    }
    return 2 * depth
  }
}
