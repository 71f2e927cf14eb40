internal import Diagnostics
internal import Foundations
import Localization

extension Parser {
  /// The part of `data` that only it has: `{ rows }`, `from SOURCE` or `= X -> Y`. Nil where none stands here.
  mutating func dataPart(into syntax: inout CommandSyntax) throws(Abandon) -> Argument? {
    if current.isSymbol(.openBrace) { return try table() }
    if current.isWord("from"), syntax.arguments.count == 1 { return try source() }
    guard case .word = current.kind, next.isSymbol(.assign), syntax.arguments.isEmpty else { return nil }
    let name = try name("the data set's name")
    syntax.arguments.append(Argument(.word(name.name), name.span))
    let start = current.span
    advance()
    let inputs = try expression()
    let targets = take(.arrow) ? try expression() : nil
    return Argument(.arrays(inputs, targets), SourceSpan(start.start, previousEnd))
  }

  /// `where age > 18`, `with area = width * height`; false where neither stands here. Their names are those of columns.
  mutating func rowPart(into syntax: inout CommandSyntax) throws(Abandon) -> Bool {
    guard case .word(let word) = current.kind, word == "where" || word == "with", !next.isSymbol(.assign)
    else {
      return false
    }
    let key = Identifier(word, current.span)
    advance()
    if word == "where" {
      let condition = try expression()
      syntax.options.append(.init(key: key, value: Argument(.expression(condition), condition.span)))
      return true
    }
    let name = try name("the new column's name")
    guard take(.assign) else {
      throw fail(.unexpectedToken, localized("A new column is made of others: `with area = width * height`."))
    }
    let value = try expression()
    syntax.options.append(
      .init(key: key, value: Argument(.binding(name, value), name.span.joined(with: value.span))))
    return true
  }

  private mutating func source() throws(Abandon) -> Argument {
    let start = current.span
    advance()
    let token = current
    switch token.kind {
    case .string(let path):
      advance()
      return Argument(.source(.file(path)), SourceSpan(start.start, previousEnd))
    case .word(let word):
      // Two of the built-in sets are called like operators: `data both from and`.
      advance()
      if current.isSymbol(.dot), current.isGlued {
        let name = fileName(from: token)
        throw fail(
          .badValue, localized("A file is named in quotes: \"\(name)\"."),
          at: SourceSpan(token.span.start, previousEnd),
          suggestion: "\"\(name)\"")
      }
      return Argument(.source(.named(word)), SourceSpan(start.start, previousEnd))
    default:
      throw fail(
        .unexpectedToken,
        localized(
          "Data comes from a file in quotes, a built-in set or a generator, but found \(describe(token)).")
      )
    }
  }

  /// The words and points that follow a word without a space, as in `people.csv` or `people.csv.gz`.
  private mutating func fileName(from first: Token) -> String {
    guard case .word(var name) = first.kind else { return "" }
    while current.isGlued {
      if case .word(let word) = current.kind {
        name += word
      } else if current.isSymbol(.dot) {
        name += "."
      } else {
        break
      }
      advance()
    }
    return name
  }

  /// `{ 0 0 -> 0; 0 1 -> 1 }`, one row a line or parted by `;`.
  private mutating func table() throws(Abandon) -> Argument {
    let start = current.span
    advance()
    var rows: [RowSyntax] = []
    skipSeparators()
    while !current.isSymbol(.closeBrace) {
      rows.append(try row())
      guard current.kind == .separator || current.isSymbol(.closeBrace) else {
        throw fail(
          .unexpectedToken, localized("Expected the end of the row, but found \(describe(current))."))
      }
      skipSeparators()
    }
    advance()
    return Argument(.rows(rows), SourceSpan(start.start, previousEnd))
  }

  private mutating func row() throws(Abandon) -> RowSyntax {
    let start = current.span
    let inputs = try rowNumbers()
    var targets: [Double] = []
    if take(.arrow) {
      targets = try rowNumbers()
      if targets.isEmpty, current.kind != .end {
        throw fail(
          .badRow, localized("A target must follow `->` in this row."),
          at: SourceSpan(start.start, previousEnd))
      }
    }
    return RowSyntax(inputs: inputs, targets: targets, span: SourceSpan(start.start, previousEnd))
  }

  private mutating func rowNumbers() throws(Abandon) -> [Double] {
    var numbers: [Double] = []
    while true {
      switch (current.kind, next.kind) {
      case (.number(let value, _), _):
        numbers.append(value)
        advance()
      case (.symbol(.minus), .number(let value, _)):
        numbers.append(-value)
        advance()
        advance()
      case (.symbol(.comma), _): advance()
      case (.symbol(.arrow), _), (.separator, _), (.symbol(.closeBrace), _): return numbers
      default:
        throw fail(
          .badRow, localized("A row consists of numbers, as in `0 1 -> 1`, but found \(describe(current))."))
      }
    }
  }
}
