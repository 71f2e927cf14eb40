/// A transcript of a prompt that somebody pastes as source: `In [1]: a = 2`, lines that go on behind `...:`, and
/// `Out[1]: 2` with what was shown.
enum PastedTranscript {
  /// The source with spaces in place of what is none, so that every place keeps its line and column; the source itself
  /// where it is no transcript.
  static func blanked(_ source: [UInt8]) -> [UInt8] {
    guard source.contains(UInt8(ascii: "]")) else { return source }
    let lines = source.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard let first = lines.first(where: { line in line.contains { $0 > UInt8(ascii: " ") } }),
      prompt(first, "In") != nil || prompt(first, "Out") != nil
    else { return source }
    var blanked = source
    var isSource = false
    for line in lines {
      var hidden = line.count
      if let length = prompt(line, "In") {
        hidden = length
        isSource = true
      } else if isSource, let length = continuation(line) {
        hidden = length
      } else {
        isSource = false
      }
      for place in line.startIndex..<line.startIndex + hidden where blanked[place] != UInt8(ascii: "\r") {
        blanked[place] = UInt8(ascii: " ")
      }
    }
    return blanked
  }

  /// The length of `In [12]: ` or `Out[12]: ` at a line's start, with the space behind it; nil where none stands.
  private static func prompt(_ line: ArraySlice<UInt8>, _ word: String) -> Int? {
    var rest = line.drop { $0 == UInt8(ascii: " ") }
    guard rest.starts(with: word.utf8) else { return nil }
    rest = rest.dropFirst(word.utf8.count)
    if rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
    guard rest.first == UInt8(ascii: "[") else { return nil }
    let number = rest.dropFirst().prefix(while: \.isDigit)
    guard !number.isEmpty else { return nil }
    return colon(rest.dropFirst(1 + number.count), after: "]", in: line)
  }

  /// The length of `   ...: ` at a line's start; nil where none stands.
  private static func continuation(_ line: ArraySlice<UInt8>) -> Int? {
    let rest = line.drop { $0 == UInt8(ascii: " ") }
    guard rest.starts(with: "...".utf8) else { return nil }
    return colon(rest.dropFirst(3), after: "", in: line)
  }

  private static func colon(_ rest: ArraySlice<UInt8>, after word: String, in line: ArraySlice<UInt8>) -> Int?
  {
    guard rest.starts(with: (word + ":").utf8) else { return nil }
    let behind = rest.dropFirst(word.utf8.count + 1)
    return behind.startIndex - line.startIndex + (behind.first == UInt8(ascii: " ") ? 1 : 0)
  }
}
