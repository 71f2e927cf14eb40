public import Diagnostics

/// The smallest piece of source that means something.
public struct Token: Sendable, Equatable {
  /// The kinds of tokens.
  public enum Kind: Sendable, Equatable {
    /// A word: a verb, a name, a keyword.
    case word(String)
    /// `20_000`, `0.3`, `20%` (0.2), `500ms` (0.5 seconds).
    case number(Double, unit: Unit)
    /// `5x5`, `28x28x1`.
    case shape([Int])
    /// A quoted text, its escapes resolved.
    case string(String)
    /// An operator or a bracket: `->`, `+=`, `{`.
    case symbol(Symbol)
    /// The end of a statement: a line's end or `;`.
    case separator
    /// The end of the source.
    case end
  }

  /// The units of a number.
  public enum Unit: Sendable, Equatable {
    /// Nothing: a plain number.
    case none
    /// Hundredths; the value is already divided.
    case percent
    /// Seconds; `ms` and `min` are already converted.
    case seconds
  }

  /// The kind.
  public let kind: Kind
  /// The place in the source.
  public let span: SourceSpan
  /// True if no white space parts it from the token before: `f(x)` is a call, `f (x)` two arguments.
  public let isGlued: Bool

  func isSymbol(_ symbol: Symbol) -> Bool { kind == .symbol(symbol) }
  func isWord(_ word: String) -> Bool { kind == .word(word) }

  /// Tells whether it closes a bracket.
  var isClosing: Bool {
    isSymbol(.closeParenthesis) || isSymbol(.closeBracket) || isSymbol(.closeBrace)
  }
}

/// The operators and brackets of the language. Longer ones come first where one begins another.
public enum Symbol: String, Sendable, CaseIterable {
  case arrow = "->"
  case plusAssign = "+="
  case minusAssign = "-="
  case timesAssign = "*="
  case divideAssign = "/="
  case equal = "=="
  case notEqual = "!="
  case lessOrEqual = "<="
  case greaterOrEqual = ">="
  case assign = "="
  case less = "<"
  case greater = ">"
  case plus = "+"
  case minus = "-"
  case times = "*"
  case divide = "/"
  case matrixProduct = "@"
  case power = "^"
  case openParenthesis = "("
  case closeParenthesis = ")"
  case openBracket = "["
  case closeBracket = "]"
  case openBrace = "{"
  case closeBrace = "}"
  case comma = ","
  case colon = ":"
  case dot = "."

  /// Tells whether a statement cannot end behind this symbol, so that a line's end there is only white space.
  var wantsMore: Bool {
    switch self {
    case .closeParenthesis, .closeBracket, .closeBrace, .openBrace, .dot, .colon: false
    default: true
    }
  }

  /// Tells whether it gives what stands before it a value.
  var assigns: Bool {
    switch self {
    case .assign, .plusAssign, .minusAssign, .timesAssign, .divideAssign: true
    default: false
    }
  }

  /// The symbols from the longest to the shortest, as UTF-8.
  static let byLength: [(symbol: Symbol, bytes: [UInt8])] =
    allCases.map { ($0, Array($0.rawValue.utf8)) }.sorted { $0.bytes.count > $1.bytes.count }
}

/// The words that no variable may be called.
public enum Keyword {
  /// Every keyword.
  public static let all: Set<String> = [
    "def", "repeat", "while", "as", "for", "in", "if", "else", "and", "or", "not", "grad", "wrt", "until",
    "true", "false",
  ]
  /// Those that are no truth values.
  static let statements = all.subtracting(["true", "false"])
  /// Behind these an expression must follow, so that a line's end is only white space.
  static let infix: Set<String> = ["and", "or", "not", "in", "wrt"]
}
