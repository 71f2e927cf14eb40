internal import Diagnostics
internal import Foundations
import Localization

/// Cuts source into tokens. It never fails: what it cannot read becomes a diagnostic, and it goes on behind it.
struct Lexer {
  private(set) var tokens: [Token] = []
  private(set) var diagnostics: [Diagnostic] = []
  /// True if a bracket is open at the end, or a `\` ends the last line.
  private(set) var wantsMore = false

  let bytes: [UInt8]
  var position = 0
  /// The brackets that are open, innermost last: a line's end means nothing inside `(` or `[`.
  private var open: [Symbol] = []

  init(_ source: SourceText) {
    bytes = PastedTranscript.blanked(Array(source.text.utf8))
    while scanToken() {}
    if !open.isEmpty { wantsMore = true }
    append(.end, from: bytes.count)
  }

  var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  func peek(_ distance: Int = 1) -> UInt8? {
    position + distance < bytes.count ? bytes[position + distance] : nil
  }

  mutating func report(_ code: ErrorCode, _ message: String, from start: Int, suggestion: String? = nil) {
    diagnostics.append(
      Diagnostic(code, message, at: SourceSpan(start, position), suggestion: suggestion))
  }

  mutating func append(_ kind: Token.Kind, from start: Int) {
    let isGlued = tokens.last.map { $0.span.end == start && $0.kind != .separator } ?? false
    tokens.append(Token(kind: kind, span: SourceSpan(start, position), isGlued: isGlued))
  }

  /// Scans one token or one piece of white space; false at the end of the source.
  private mutating func scanToken() -> Bool {
    guard let byte = current else { return false }
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
    case UInt8(ascii: "\n"), UInt8(ascii: ";"): scanSeparator(byte)
    case UInt8(ascii: "#"): skipComment()
    case UInt8(ascii: "\\"): scanContinuation()
    case UInt8(ascii: "\""): scanString(isRaw: false)
    case UInt8(ascii: "'"): scanString(isRaw: true)
    case _ where startsNumber(byte): scanNumber()
    case _ where byte.isWordStart && wordPartLength > 0: scanWord()
    default: scanSymbol()
    }
    return true
  }

  private mutating func scanSeparator(_ byte: UInt8) {
    let start = position
    position += 1
    if byte == UInt8(ascii: "\n"), lineGoesOn { return }
    if tokens.last?.kind == .separator { return }
    append(.separator, from: start)
  }

  /// Tells whether a line's end here is only white space.
  private var lineGoesOn: Bool {
    if open.last == .openParenthesis || open.last == .openBracket { return true }
    switch tokens.last?.kind {
    case .symbol(let symbol): return symbol.wantsMore
    case .word(let word):
      // `data both from or` is complete.
      return Keyword.infix.contains(word) && tokens.dropLast().last?.isWord("from") != true
    default: return false
    }
  }

  private mutating func skipComment() {
    while let byte = current, byte != UInt8(ascii: "\n") { _ = (byte, position += 1) }
  }

  /// A `\` at a line's end joins the next line to it.
  private mutating func scanContinuation() {
    let start = position
    position += 1
    while let byte = current, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\r") {
      _ = (byte, position += 1)
    }
    if current == nil {
      wantsMore = true
    } else if current == UInt8(ascii: "\n") {
      position += 1
    } else {
      report(
        .strayBackslash, localized("A `\\` joins two lines and must be the last thing on its line."),
        from: start)
    }
  }

  private mutating func scanWord() {
    let start = position
    while wordPartLength > 0 { position += wordPartLength }
    append(.word(String(decoding: bytes[start..<position], as: UTF8.self)), from: start)
  }

  private mutating func scanSymbol() {
    let start = position
    for (symbol, spelling) in Symbol.byLength where bytes[position...].starts(with: spelling) {
      position += spelling.count
      track(symbol)
      append(.symbol(symbol), from: start)
      return
    }
    position += max(1, scalarLength)
    let character = String(decoding: bytes[start..<position], as: UTF8.self)
    if character == "\u{A0}" || character == "\u{FEFF}" { return }
    report(.unexpectedCharacter, Lexer.explain(character), from: start)
    // It stands for something; without it the parser would find a hole as well.
    append(.number(0, unit: .none), from: start)
  }

  /// The bytes of the character here: 1 to 4, and 0 at the end.
  private var scalarLength: Int {
    guard position < bytes.count else { return 0 }
    var end = position + 1
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    return end - position
  }

  /// The bytes of the letter, mark or digit here that can stand in a name; 0 where none stands.
  private var wordPartLength: Int {
    guard let byte = current else { return 0 }
    guard byte >= 0x80 else { return byte.isWordPart ? 1 : 0 }
    let length = scalarLength
    let text = String(decoding: bytes[position..<position + length], as: UTF8.self)
    guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1 else { return 0 }
    return scalar.properties.isXIDContinue || scalar.properties.isEmojiPresentation ? length : 0
  }

  static func explain(_ character: String) -> String {
    switch character {
    case "%":
      localized(
        "`%` means percent and is written directly after a number, as in `20%`. A remainder is `mod(a, b)`.")
    case "!": localized("`!` is only used in `!=`. To negate a condition write `not`.")
    case "&": localized("`&` is not an operator here. Write `and`.")
    case "|": localized("`|` is not an operator here. Write `or`.")
    case "\u{201C}", "\u{201D}", "\u{2018}", "\u{2019}":
      localized("This is a typographic quotation mark. Write a plain \" or '.")
    case "\u{2212}", "\u{2013}", "\u{2014}": localized("This is a typographic dash. Write a plain `-`.")
    case "\u{D7}", "\u{B7}", "\u{22C5}": localized("To multiply, write `*`.")
    case "\u{F7}": localized("To divide, write `/`.")
    case "\u{2192}", "\u{21D2}": localized("An arrow is written `->`.")
    case "\u{2264}": localized("Write `<=`.")
    case "\u{2265}": localized("Write `>=`.")
    case "\u{2260}": localized("Write `!=`.")
    case "?": localized("`?` has no meaning here. `where(condition, a, b)` chooses between two values.")
    case "`": localized("A backquote has no meaning here. Texts are quoted with \" or '.")
    default:
      isShown(character)
        ? localized("`\(character)` has no meaning here.")
        : localized("An invisible character (\(codes(character))) has no meaning here. Delete it.")
    }
  }

  /// Whether a reader sees the character.
  static func isShown(_ character: String) -> Bool {
    character.unicodeScalars.contains { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .unassigned, .privateUse, .surrogate, .lineSeparator, .paragraphSeparator,
        .spaceSeparator, .nonspacingMark:
        false
      default: true
      }
    }
  }

  /// `U+200B`
  private static func codes(_ character: String) -> String {
    character.unicodeScalars.map { scalar in
      let code = String(scalar.value, radix: 16, uppercase: true)
      return "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
    }.joined(separator: " ")
  }

  private mutating func track(_ symbol: Symbol) {
    switch symbol {
    case .openParenthesis, .openBracket, .openBrace: open.append(symbol)
    case .closeParenthesis, .closeBracket, .closeBrace:
      if !open.isEmpty { open.removeLast() }
    default: break
    }
  }
}

extension UInt8 {
  var isDigit: Bool { UInt8(ascii: "0") <= self && self <= UInt8(ascii: "9") }
  /// Letters, `_`, and every byte of a letter outside ASCII: `ŷ` and `σ` are names.
  var isWordStart: Bool {
    (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z") || self == UInt8(ascii: "_")
      || self >= 0x80
  }
  var isWordPart: Bool { isWordStart || isDigit }
}
