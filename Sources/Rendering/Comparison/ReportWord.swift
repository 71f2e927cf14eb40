/// A piece of a report's text as a comparison sees it.
enum ReportWord: Equatable {
  /// Anything that must be the same to the letter.
  case word(String)
  /// A number, which may differ a little, and how it is written.
  case number(Double, String)
  /// How long something took, which is another time each time.
  case duration

  /// Whether `found` may stand where this is expected.
  ///
  /// - Parameter tolerance: how far a number may lie from the expected one, relative to it.
  func allows(_ found: ReportWord, tolerance: Double) -> Bool {
    guard case .number(let expected, let text) = self, case .number(let number, let foundText) = found else {
      return self == found
    }
    if tolerance == 0 { return text == foundText || expected == number }
    // What is zero but for rounding has no size that a tolerance could be relative to.
    return text == foundText || abs(expected - number) <= max(tolerance * abs(expected), 1e-12)
  }

  /// Cuts a text into words and numbers. How much space parts them says nothing: a longer number moves it.
  static func words(of text: String) -> [ReportWord] {
    var words: [ReportWord] = []
    for chunk in text.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 }) {
      words += NumberScanner.words(of: Array(chunk))
    }
    for index in words.indices.dropLast() where words[index + 1].isUnitOfTime {
      if case .number = words[index] { words[index] = .duration }
    }
    return words
  }

  private var isUnitOfTime: Bool {
    guard case .word(let word) = self else { return false }
    return ["ms", "s", "min"].contains(String(word.prefix { $0.isLetter }))
      && word.allSatisfy { $0.isLetter || ",.;:)".contains($0) }
  }
}

/// Finds the numbers in a piece of text without spaces.
private struct NumberScanner {
  private let bytes: [UInt8]
  private var position = 0
  private var wordStart = 0
  private var words: [ReportWord] = []

  static func words(of chunk: [UInt8]) -> [ReportWord] {
    // The rule below a table's headings is as long as the columns are wide.
    if chunk.count > 1, chunk.allSatisfy({ $0 == UInt8(ascii: "-") }) { return [.word("--")] }
    var scanner = NumberScanner(bytes: chunk)
    scanner.scan()
    return scanner.words
  }

  private mutating func scan() {
    while position < bytes.count {
      guard let end = numberEnd else {
        position += 1
        continue
      }
      endWord()
      let text = String(decoding: bytes[position..<end], as: UTF8.self)
      words.append(.number(Double(text) ?? .nan, text))
      position = end
      wordStart = end
    }
    endWord()
  }

  private mutating func endWord() {
    guard wordStart < position else { return }
    words.append(.word(String(decoding: bytes[wordStart..<position], as: UTF8.self)))
  }

  /// Where the number ends that begins here; nil where none does, as in the `1` of `x1`.
  private var numberEnd: Int? {
    if position > 0, isNamePart(bytes[position - 1]) { return nil }
    var end = position
    if bytes[end] == UInt8(ascii: "-") || bytes[end] == UInt8(ascii: "+") { end += 1 }
    let digits = skipDigits(from: end)
    guard digits > end else { return nil }
    end = digits
    if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
      let fraction = skipDigits(from: end + 1)
      if fraction > end + 1 { end = fraction }
    }
    return exponentEnd(from: end)
  }

  private func exponentEnd(from end: Int) -> Int {
    guard end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e") else { return end }
    var start = end + 1
    if start < bytes.count, bytes[start] == UInt8(ascii: "-") || bytes[start] == UInt8(ascii: "+") {
      start += 1
    }
    let digits = skipDigits(from: start)
    return digits > start ? digits : end
  }

  private func skipDigits(from start: Int) -> Int {
    var end = start
    while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    return end
  }

  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private func isNamePart(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte >= 0x80
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
