/// Lines in a range of bytes, and what a line means in a `.nbs` file.
enum SourceLines {
  /// The lines of `range`, each without its newline. A newline at the end does not begin another line.
  struct Ranges: Sequence, IteratorProtocol {
    let bytes: [UInt8]
    var position: Int
    let end: Int

    init(_ bytes: [UInt8], _ range: Range<Int>) {
      self.bytes = bytes
      position = range.lowerBound
      end = range.upperBound
    }

    mutating func next() -> Range<Int>? {
      guard position < end else { return nil }
      let start = position
      let newline = bytes[start..<end].firstIndex(of: UInt8(ascii: "\n")) ?? end
      position = newline + 1
      return start..<newline
    }
  }

  /// Whether a line shows nothing.
  static func isBlank(_ line: some Sequence<UInt8>) -> Bool {
    line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
  }

  /// `text` with `\n` at the ends of its lines, and without the blank lines before and after it; NUL bytes,
  /// which no file may hold, go too.
  static func trimmed(_ text: String) -> String {
    let bytes = withoutCarriageReturns(text.utf8.filter { $0 != 0 })
    let whole = 0..<bytes.count
    var content: Range<Int>?
    for line in Ranges(bytes, whole) where !isBlank(bytes[line]) {
      content = (content?.lowerBound ?? line.lowerBound)..<line.upperBound
    }
    return String(decoding: bytes[content ?? 0..<0], as: UTF8.self)
  }

  /// The bytes without every carriage return that stands before a newline or at the very end.
  ///
  /// All of a run of them go, or else what is left of one would end another line when it is read again.
  static func withoutCarriageReturns(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(UInt8(ascii: "\r")) else { return bytes }
    var kept: [UInt8] = []
    kept.reserveCapacity(bytes.count)
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        while kept.last == UInt8(ascii: "\r") { kept.removeLast() }
      }
      kept.append(byte)
    }
    while kept.last == UInt8(ascii: "\r") { kept.removeLast() }
    return kept
  }
}

/// The line that begins a cell.
enum MarkerLine {
  private static let start = Array("# %%".utf8)

  /// Whether a line is `# %%`, alone or with a space behind it.
  static func matches(_ line: ArraySlice<UInt8>) -> Bool {
    line.starts(with: start)
      && (line.count == start.count || line[line.startIndex + start.count] == UInt8(ascii: " "))
  }

  /// Whether a line was probably meant to begin a cell and does not: `#%%`, `# %%[markdown]`.
  static func nearlyMatches(_ line: ArraySlice<UInt8>) -> Bool {
    guard line.first == UInt8(ascii: "#"), !matches(line) else { return false }
    let rest = line.dropFirst().drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    guard rest.starts(with: Array("%%".utf8)) else { return false }
    guard let next = rest.dropFirst(2).first else { return true }
    return next == UInt8(ascii: " ") || next == UInt8(ascii: "\t") || next == UInt8(ascii: "[")
  }

  /// Whether a line is a marker but for `depth` backslashes or more before its `%%`.
  private static func matchesEscaped(_ line: ArraySlice<UInt8>, depth: Int) -> Bool {
    guard line.starts(with: Array("# ".utf8)) else { return false }
    let rest = line.dropFirst(2)
    let marker = rest.drop { $0 == UInt8(ascii: "\\") }
    return rest.count - marker.count >= depth && matches(Array("# ".utf8) + marker)
  }

  /// The line as a cell holds it: `# \%%` is `# %%`, `# \\%%` is `# \%%`.
  static func unescaped(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard matchesEscaped(line, depth: 1) else { return line }
    return ArraySlice(Array("# ".utf8) + line.dropFirst(3))
  }

  /// The line as a file holds it: the reverse of ``unescaped(_:)``.
  static func escaped(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard matchesEscaped(line, depth: 0) else { return line }
    return ArraySlice(Array("# \\".utf8) + line.dropFirst(2))
  }
}
