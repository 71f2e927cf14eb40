import Diagnostics
import Foundations
import Localization

/// The blanks of a cell: `___`, which an exercise leaves for what a learner is to write.
enum Blanks {
  /// A mistake for each blank that is still there.
  static func diagnostics(in source: SourceText) -> [Diagnostic] {
    guard source.text.contains("___") else { return [] }
    return Lexer(source).tokens.compactMap { token in
      guard case .word(let word) = token.kind, word.count >= 3, word.allSatisfy({ $0 == "_" }) else {
        return nil
      }
      return Diagnostic(
        .unfilledBlank, localized("Fill in the blank: write what belongs in the place of `\(word)`."),
        at: token.span)
    }
  }
}
