public import Diagnostics
import Foundations
import Localization

/// The result of parsing a cell.
public struct ParseResult: Sendable {
  /// The program as far as it could be read.
  public let program: Program<CommandSyntax>
  /// The mistakes: what could not be read.
  public let diagnostics: [Diagnostic]
  /// True if the source stops in the middle of something, so that more lines could mend it.
  public let isIncomplete: Bool
}

/// Turns tokens into a syntax tree by recursive descent, one function a rule of the grammar.
///
/// It recovers at the end of the statement in which a mistake stands, so that one run finds several.
///
/// ```swift
/// let result = Parser.parse(SourceText("a = 1; b = [a,", name: "cell 1"))
/// let count = result.program.statements.count  // 1
/// let isIncomplete = result.isIncomplete  // true: a line that closes the list would mend it
/// ```
public struct Parser {
  var tokens: [Token]
  var position = 0
  var diagnostics: [Diagnostic]
  var isIncomplete: Bool
  var depth = 0
  /// The number of diagnostics that are the lexer's.
  let unreadable: Int

  /// The most levels of expressions and blocks: far more than a reader can follow, far less than the stack.
  static let maximumDepth = 100

  /// The most tokens that one flat chain of operators may have.
  static let maximumLength = 4000

  private let source: SourceText

  /// Thrown to give a statement up; the diagnostic is already noted.
  struct Abandon: Error {}

  init(_ source: SourceText) {
    self.source = source
    let lexer = Lexer(source)
    tokens = lexer.tokens
    diagnostics = lexer.diagnostics
    unreadable = lexer.diagnostics.count
    isIncomplete = lexer.wantsMore
  }

  /// Parses a cell.
  public static func parse(_ source: SourceText) -> ParseResult {
    var parser = Parser(source)
    let program = parser.program(until: .end)
    parser.dropAfterthoughts(in: source)
    let isIncomplete = parser.isIncomplete
    // What is missing at the end of an unfinished cell is no mistake yet; what came before it is one. But
    // a caller that cannot wait for more must be told.
    if isIncomplete, parser.diagnostics.isEmpty { parser.reportUnfinished() }
    return ParseResult(
      program: program, diagnostics: parser.diagnostics.map { $0.located(in: source) },
      isIncomplete: isIncomplete && parser.diagnostics.allSatisfy { $0.code == .unfinished })
  }

  /// Drops what the parser finds on a line behind something that the lexer could not read: it only repeats it.
  private mutating func dropAfterthoughts(in source: SourceText) {
    guard unreadable > 0 else { return }
    let numbers = LineNumbers(of: source)
    let found = diagnostics[..<unreadable]
    let lines = Dictionary(
      found.compactMap { $0.span.map { (numbers[$0.start], $0.start) } }, uniquingKeysWith: min)
    var told = Set<Afterthought>()
    diagnostics = diagnostics.enumerated().filter { index, diagnostic in
      guard let start = diagnostic.span?.start else { return true }
      let line = numbers[start]
      guard let first = lines[line] else { return true }
      // Of what the lexer found, everything once: `&&` is one mistake.
      if index < unreadable {
        return told.insert(Afterthought(line: line, message: diagnostic.message)).inserted
      }
      return start < first && diagnostic.code != .unknownVerb
    }.map(\.element)
  }

  /// What is told once.
  private struct Afterthought: Hashable {
    let line: Int
    let message: String
  }

  private mutating func reportUnfinished() {
    let opener = unclosedBracket()
    let message =
      opener.map { localized("The cell ends before this `\($0.0.rawValue)` is closed.") }
      ?? localized("The cell ends in the middle of a statement.")
    let end = tokens[tokens.count - 1].span
    diagnostics.append(Diagnostic(.unfinished, message, at: opener?.1 ?? end))
  }

  /// The innermost bracket that nothing closes.
  private func unclosedBracket() -> (Symbol, SourceSpan)? {
    var open: [(Symbol, SourceSpan)] = []
    for token in tokens {
      switch token.kind {
      case .symbol(let symbol) where [.openParenthesis, .openBracket, .openBrace].contains(symbol):
        open.append((symbol, token.span))
      case .symbol(.closeParenthesis), .symbol(.closeBracket), .symbol(.closeBrace):
        _ = open.popLast()
      default: break
      }
    }
    return open.last
  }
}

extension Parser {
  var current: Token { tokens[position] }
  var next: Token { tokens[min(position + 1, tokens.count - 1)] }
  var previousEnd: Int { position > 0 ? tokens[position - 1].span.end : 0 }

  mutating func advance() {
    if position < tokens.count - 1 { position += 1 }
  }

  /// Steps over the symbol if it stands here.
  mutating func take(_ symbol: Symbol) -> Bool {
    guard current.isSymbol(symbol) else { return false }
    advance()
    return true
  }

  /// Steps over the keyword if it stands here.
  mutating func take(word: String) -> Bool {
    guard current.isWord(word) else { return false }
    advance()
    return true
  }

  /// Steps over the symbol or gives the statement up.
  ///
  /// - Parameter advice: what to write in place of what stands here, where that is known.
  mutating func expect(_ symbol: Symbol, _ purpose: String, _ advice: String? = nil) throws(Abandon) {
    guard !take(symbol) else { return }
    throw fail(
      .unexpectedToken,
      ["Expected `\(symbol.rawValue)` \(purpose), but found \(describe(current)).", advice])
  }

  mutating func skipSeparators() {
    while current.kind == .separator { advance() }
  }

  /// A name, not a keyword.
  mutating func name(_ purpose: String) throws(Abandon) -> Identifier {
    guard case .word(let word) = current.kind else {
      throw fail(.unexpectedToken, "Expected \(purpose), but found \(describe(current)).")
    }
    guard !Keyword.all.contains(word) else {
      throw fail(.reservedWord, explainReserved(word, purpose))
    }
    let identifier = Identifier(word, current.span)
    advance()
    return identifier
  }

  private func explainReserved(_ word: String, _ purpose: String) -> String {
    switch word {
    case "else", "until", "wrt", "as", "in", "and", "or":
      localized("`\(word)` is a reserved word and cannot begin a statement or an expression.")
    case "if":
      localized("`if` is a statement and has no value. `where(condition, a, b)` chooses between two values.")
    default: "`\(word)` is a reserved word and cannot be \(purpose)."
    }
  }

  /// Notes a mistake at the current token, in sentences of which some may be missing.
  mutating func fail(_ code: ErrorCode, _ sentences: [String?]) -> Abandon {
    fail(code, sentences.compactMap(\.self).joined(separator: " "))
  }

  /// Notes a mistake at the current token; at the end of the source it is only a lack of more.
  mutating func fail(
    _ code: ErrorCode, _ message: String, at span: SourceSpan? = nil, suggestion: String? = nil
  ) -> Abandon {
    if current.kind == .end, span == nil {
      isIncomplete = true
    } else {
      diagnostics.append(Diagnostic(code, message, at: span ?? current.span, suggestion: suggestion))
    }
    return Abandon()
  }

  /// Runs `body` one level deeper, unless that is too deep.
  mutating func nested<Result>(_ body: (inout Parser) throws(Abandon) -> Result) throws(Abandon) -> Result {
    guard depth < Parser.maximumDepth else {
      throw fail(
        .nestedTooDeeply, "This is nested more than \(Parser.maximumDepth) levels deep.",
        at: current.span)
    }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  /// A token as a message names it.
  func describe(_ token: Token) -> String {
    switch token.kind {
    case .word(let word): "`\(word)`"
    case .number, .shape: localized("a number")
    case .string: localized("a text")
    case .symbol(let symbol): "`\(symbol.rawValue)`"
    case .separator: source.text(in: token.span) == ";" ? "`;`" : localized("the end of the line")
    case .end: localized("the end of the cell")
    }
  }
}
