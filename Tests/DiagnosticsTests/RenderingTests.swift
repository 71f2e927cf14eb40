import Diagnostics
import Foundations
import Testing

@Suite struct DiagnosticRenderingTests {
  private let source = SourceText("a = 1\ntrain xor epoch=20000", name: "xor.nbs, cell 4")

  @Test func pointsAtWhatIsToBlame() {
    let diagnostic = Diagnostic(
      .unknownOption, "`train` has no option `epoch`. Did you mean `epochs`?", at: SourceSpan(16, 21)
    ).located(in: source)
    #expect(
      diagnostic.rendered(width: 60) == """
        -- UNKNOWN OPTION ------------------ xor.nbs, cell 4, line 2
        2 | train xor epoch=20000
          |           ^^^^^
        `train` has no option `epoch`. Did you mean `epochs`?
        """)
  }

  @Test func numbersOfLinesAgreeWithTheLines() {
    let source = SourceText("one\n\nthree é\nfour\n", name: "cell")
    let numbers = LineNumbers(of: source)
    for offset in 0...source.text.utf8.count { #expect(numbers[offset] == source.line(at: offset).number) }
  }

  @Test func aPlaceInAFileIsToldAsEditorsFollowIt() {
    let source = SourceText(
      "a = 1\ntrain xor epoch=20000", name: "xor.nbs, cell 4", file: "course/xor.nbs", firstLine: 11)
    let diagnostic = Diagnostic(.unknownOption, "No.", at: SourceSpan(16, 21)).located(in: source)
    #expect(
      diagnostic.rendered(width: 50, namesFiles: true) == """
        -- UNKNOWN OPTION ----------- course/xor.nbs:12:11
        12 | train xor epoch=20000
           |           ^^^^^
        No.
        """)
    #expect(diagnostic.rendered(width: 50).contains("xor.nbs, cell 4, line 2\n2 | train"))
  }

  @Test func wideCharactersMoveTheCaret() {
    let wide = SourceText("数 = \t?", name: "In [1]")
    let diagnostic = Diagnostic(.unexpectedCharacter, "No.", at: SourceSpan(7, 8)).located(in: wide)
    let lines = diagnostic.rendered(width: 40).split(separator: "\n")
    #expect(lines[1] == "1 | 数 =  ?")
    #expect(lines[2] == "  |       ^")
  }

  @Test func spansOutsideTheSourceDoNoHarm() {
    for (start, end) in [(-5, 3), (100, 200), (30, 10), (3, Int.max)] {
      let diagnostic = Diagnostic(.badValue, "m", at: SourceSpan(start, end)).located(in: source)
      #expect(diagnostic.rendered(width: 40).contains("m"))
    }
  }

  @Test(arguments: [1, 8, 24, 200]) func proseKeepsToTheWidth(width: Int) {
    let text = "one two three four five six seven"
    #expect(text.wrapped(to: width).allSatisfy { $0.displayWidth <= max(width, 5) })
    #expect(text.wrapped(to: width).joined(separator: " ") == text)
  }

  @Test(arguments: [1, 2, 7, 24]) func longWordsAreBrokenWhereAsked(width: Int) {
    let text = "/a/path/that/nobody/broke 数学の猫 é̂é̂é̂é̂"
    #expect(text.wrapped(to: width).contains("/a/path/that/nobody/broke"))
    let lines = text.wrapped(to: width, breaksWords: true)
    #expect(lines.allSatisfy { $0.displayWidth <= max(width, 2) })
    #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
  }
}

@Suite struct DidYouMeanTests {
  @Test(
    arguments: [
      ("epoch", "epochs"), ("trian", "train"), ("sigmod", "sigmoid"), ("crossentrpy", "crossentropy"),
      ("RATE", "rate"),
    ]) func findsWhatWasMeant(typed: String, meant: String)
  {
    let words = ["epochs", "train", "sigmoid", "crossentropy", "rate", "batch"]
    #expect(DidYouMean.nearest(to: typed, among: words) == meant)
  }

  @Test func doesNotGuessWildly() {
    #expect(DidYouMean.nearest(to: "banana", among: ["epochs", "train", "rate"]) == nil)
    #expect(DidYouMean.nearest(to: "x", among: [String]()) == nil)
  }

  @Test func distances() {
    #expect(DidYouMean.editDistance("kitten", "sitting") == 3)
    #expect(DidYouMean.editDistance("ab", "ba") == 1)
    #expect(DidYouMean.editDistance("", "abc") == 3)
  }
}

@Suite struct LongLineTests {
  /// A row of numbers with one wrong word, of 130 columns.
  private let numbers = (1...40).map { $0 == 29 ? "nope" : "\($0)" }.joined(separator: ", ")

  private func lines(blaming word: String, in line: String, width: Int) throws -> [String] {
    let source = SourceText(line, name: "In [1]")
    let range = try #require(line.firstRange(of: word))
    let start = line[..<range.lowerBound].utf8.count
    let diagnostic = Diagnostic(.unknownName, "No.", at: SourceSpan(start, start + word.utf8.count))
    return diagnostic.located(in: source).rendered(width: width).split(separator: "\n").map(String.init)
  }

  @Test(arguments: [30, 40, 60, 80, 120, 200]) func theBlamedPartIsShownOverItsCarets(width: Int) throws {
    for word in ["1, 2", "nope", "40", "15, 16"] {
      let lines = try lines(blaming: word, in: numbers, width: width)
      #expect(lines[1].displayWidth <= width && lines[2].displayWidth <= width)
      let carets = try #require(lines[2].firstRange(of: String(repeating: "^", count: word.count)))
      let over = lines[1].dropFirst(lines[2][..<carets.lowerBound].count)
      #expect(over.hasPrefix(word), "\(lines[1])\n\(lines[2])")
    }
  }

  @Test func whatIsCutOffIsMarked() throws {
    #expect(try lines(blaming: "1, 2", in: numbers, width: 30)[1] == "1 | 1, 2, 3, 4, 5, 6, 7, 8, ..")
    #expect(try lines(blaming: "nope", in: numbers, width: 30)[1] == "1 | ..27, 28, nope, 30, 31, ..")
    #expect(try lines(blaming: "40", in: numbers, width: 30)[1] == "1 | ..38, 39, 40")
    #expect(try lines(blaming: "nope", in: numbers, width: 200)[1] == "1 | " + numbers)
  }

  @Test func wideCharactersCountTwice() throws {
    let line = String(repeating: "数", count: 60) + " nope " + String(repeating: "数", count: 60)
    let lines = try lines(blaming: "nope", in: line, width: 50)
    let before = try #require(lines[1].firstRange(of: "nope")).lowerBound
    let carets = try #require(lines[2].firstRange(of: "^^^^")).lowerBound
    #expect(lines[1][..<before].displayWidth == lines[2][..<carets].displayWidth)
    #expect(lines[1].displayWidth <= 50)
  }

  @Test func aBlamedPartLongerThanThePageIsMarkedAsFarAsItIsSeen() throws {
    let lines = try lines(blaming: numbers, in: numbers, width: 40)
    #expect(lines[1].displayWidth == 40 && lines[2].displayWidth == 40)
  }
}
