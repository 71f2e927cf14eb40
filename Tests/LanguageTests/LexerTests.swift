import Diagnostics
import Foundations
import Testing

@testable import Language

@Suite struct LexerTests {
  private func kinds(_ text: String) -> [Token.Kind] {
    Lexer(SourceText(text, name: "test")).tokens.dropLast().map(\.kind)
  }

  private func codes(_ text: String) -> [ErrorCode] {
    Lexer(SourceText(text, name: "test")).diagnostics.map(\.code)
  }

  @Test(
    arguments: [
      ("20000", 20000), ("20_000", 20000), ("0.3", 0.3), (".5", 0.5), ("5.", 5), ("1e-3", 0.001),
      ("1E+3", 1000), ("1_0.2_5", 10.25), ("0", 0), ("1.8e308", Double.nan), ("1x", .nan), ("1.2.3", .nan),
      ("1__0", .nan), ("1_", .nan), ("1e", .nan), ("3abc", .nan), ("1ŷ", .nan),
    ] as [(String, Double)])
  func numbers(text: String, value: Double) {
    if value.isNaN {
      #expect(codes(text) == [.badNumber])
    } else {
      #expect(kinds(text) == [.number(value, unit: .none)])
      #expect(codes(text).isEmpty)
    }
  }

  @Test func unitsAndPercent() {
    #expect(kinds("7%") == [.number(0.07, unit: .percent)])
    #expect(kinds("12.5%") == [.number(0.125, unit: .percent)])
    #expect(kinds("500ms") == [.number(0.5, unit: .seconds)])
    #expect(kinds("2s") == [.number(2, unit: .seconds)])
    #expect(kinds("1.5min") == [.number(90, unit: .seconds)])
    #expect(codes("2sec") == [.badNumber])
    #expect(codes("20 %") == [.unexpectedCharacter])
  }

  @Test func shapes() {
    #expect(kinds("5x5") == [.shape([5, 5])])
    #expect(kinds("28x28x1") == [.shape([28, 28, 1])])
    #expect(codes("5x") == [.badNumber])
    #expect(codes("5x5y") == [.badNumber])
    #expect(codes("99999999999999999999x2") == [.badNumber])
    #expect(kinds("a5x5") == [.word("a5x5")])
  }

  @Test func texts() {
    #expect(kinds(#""a\n\t\\\"b""#) == [.string("a\n\t\\\"b")])
    #expect(kinds(#"'a\n'"#) == [.string(#"a\n"#)])
    #expect(kinds(#""it's""#) == [.string("it's")])
    #expect(kinds(#""""#) == [.string("")])
    #expect(kinds("\"ŷ 数 😀\"") == [.string("ŷ 数 😀")])
    #expect(codes(#""abc"#) == [.unclosedString])
    #expect(codes("\"abc\n\"") == [.unclosedString, .unclosedString])
    #expect(codes(#""a\qb""#) == [.unknownEscape])
    #expect(kinds("\"#\" # note") == [.string("#")])
  }

  @Test func names() {
    for name in ["W1", "ŷ", "σ", "größe", "数", "_a", "π2", "e\u{301}"] {
      #expect(kinds(name) == [.word(name)])
    }
    for character in ["€", "“", "−", "→", "$", "\u{2028}"] {
      #expect(codes("a \(character) b") == [.unexpectedCharacter])
    }
    // A space of another kind parts words, too.
    #expect(kinds("a\u{A0}b") == [.word("a"), .word("b")])
  }

  @Test func whatIsGlued() {
    func glued(_ text: String) -> [Bool] {
      Lexer(SourceText(text, name: "")).tokens.dropLast().map(\.isGlued)
    }
    #expect(glued("f(x)") == [false, true, true, true])
    #expect(glued("f (x)") == [false, false, true, true])
    #expect(glued("a [0]") == [false, false, true, true])
    #expect(glued("a;b") == [false, true, false])
  }

  @Test func whereLinesGoOn() {
    func separators(_ text: String) -> Int { kinds(text).count { $0 == .separator } }
    #expect(separators("a\nb") == 1)
    #expect(separators("a\n\n;\nb") == 1)
    #expect(separators("a +\nb") == 0)
    #expect(separators("[1,\n2]") == 0)
    #expect(separators("(1\n)") == 0)
    #expect(separators("a \\\n b") == 0)
    #expect(separators("a and\nb") == 0)
    #expect(separators("a ->\nb") == 0)
    #expect(separators("{\na\n}") == 2)
    #expect(separators("data both from or\nb") == 1)
    #expect(separators("a\r\nb") == 1)
  }

  @Test func whatWantsMore() {
    for text in ["(", "[1,", "{", "a \\", "f(\n"] {
      #expect(Lexer(SourceText(text, name: "")).wantsMore, "\(text)")
    }
    for text in ["", "a", "()", "a \\\nb", ")"] {
      #expect(!Lexer(SourceText(text, name: "")).wantsMore, "\(text)")
    }
  }

  @Test func symbolsAreReadLongestFirst() {
    #expect(kinds("a<=b") == [.word("a"), .symbol(.lessOrEqual), .word("b")])
    #expect(kinds("a->b") == [.word("a"), .symbol(.arrow), .word("b")])
    #expect(kinds("a==-b") == [.word("a"), .symbol(.equal), .symbol(.minus), .word("b")])
    #expect(kinds("a-=b") == [.word("a"), .symbol(.minusAssign), .word("b")])
  }
}
