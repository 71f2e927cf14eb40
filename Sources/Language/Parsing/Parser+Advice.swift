internal import Diagnostics
import Localization

// What to write in place of what is usual in other languages, for the messages of the parser.

extension Parser {
  private var last: Token? { position > 0 ? tokens[position - 1] : nil }

  /// Where a value is missing: operators of two signs, lists in braces.
  func adviceOnMissingValue() -> String? {
    switch (last?.kind, current.kind) {
    case (.symbol(.times), .symbol(.times)) where current.isGlued:
      "A power is written `^`: `\(operand(-2) ?? "a") ^ \(operand(1) ?? "b")`."
    case (.symbol(.less), .symbol(.greater)) where current.isGlued:
      "Not equal is written `!=`: `\(operand(-2) ?? "a") != \(operand(1) ?? "b")`."
    case (_, .symbol(.openBrace)): localized("A list stands in brackets: `[1, 2]`.")
    default: nil
    }
  }

  /// The number or name so many tokens from here, as it would be typed; nil for anything else.
  private func operand(_ distance: Int) -> String? {
    let place = position + distance
    guard tokens.indices.contains(place) else { return nil }
    switch tokens[place].kind {
    case .word(let word): return word
    case .number(let number, unit: .none): return Expression.Kind.number(number).words
    default: return nil
    }
  }

  /// Where a parenthesis should end.
  func adviceInParenthesis() -> String? {
    if case .string? = Optional(current.kind), current.isGlued, last?.isWord("f") == true {
      return "Texts and values are joined by commas: `print \"x is\", x`."
    }
    if current.isSymbol(.comma) { return localized("A list stands in brackets: `[1, 2]`.") }
    if current.isSymbol(.arrow) {
      return localized(
        "Arrows stand outside of parentheses; several layers stand in braces: `connect {a b} -> c`.")
    }
    return nil
  }

  /// Where a statement should end.
  func adviceAfterStatement() -> String? {
    if current.isSymbol(.colon), next.isSymbol(.assign), next.isGlued {
      return localized("To assign, write `=`.")
    }
    if current.isWord("if") { return localized("`where(condition, a, b)` chooses between two values.") }
    if ["mod", "rem"].contains(where: current.isWord) { return localized("A remainder is `mod(a, b)`.") }
    if current.isWord("div") { return localized("`a//b` divides and rounds down.") }
    if last?.isWord("lambda") == true { return ForeignWords.advice(on: "lambda") }
    return nil
  }

  /// Where a block should begin.
  func adviceOnBlock() -> String? {
    let isForeign = current.isSymbol(.colon) || ["then", "do", "begin"].contains(where: current.isWord)
    return isForeign ? localized("A block stands in braces, without \(describe(current)): `{ … }`.") : nil
  }
}
