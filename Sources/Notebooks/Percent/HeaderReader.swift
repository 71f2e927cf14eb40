import Diagnostics
import Foundations

/// Reads what stands before the first cell: an interpreter line, blank lines and the header.
struct HeaderReader {
  private static let fence = Array("# ---".utf8)
  /// More lines than this are no header: its end was forgotten, or the file is none of ours.
  private static let maximumLines = 1000

  private let bytes: [UInt8]
  private(set) var header = NotebookHeader()
  private(set) var diagnostics: [Diagnostic] = []
  /// Where the first cell begins.
  private(set) var position = 0

  /// Reads the top of a file.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    readInterpreterLine()
    skipBlankLines()
    readHeader()
    skipBlankLines()
    if position > 0 { header.kept = text(0..<position) }
    checkVersion()
  }

  private mutating func readInterpreterLine() {
    guard bytes.starts(with: Array("#!".utf8)), let line = nextLine else { return }
    header.interpreterLine = text(line)
    skip(line)
  }

  private mutating func readHeader() {
    guard let opening = nextLine, isFence(opening) else { return }
    let start = position
    skip(opening)
    for _ in 0...Self.maximumLines {
      guard let line = nextLine, belongsToHeader(bytes[line]) else { break }
      skip(line)
      if isFence(line) { return }
      readEntry(line)
    }
    header.entries = []
    position = start
    diagnostics = [HeaderMistakes.unclosed.blaming(SourceSpan(opening.lowerBound, opening.upperBound))]
  }

  private mutating func readEntry(_ line: Range<Int>) {
    let span = SourceSpan(line.lowerBound, line.upperBound)
    let content = bytes[line].dropFirst(2)
    guard bytes[line].starts(with: Array("# ".utf8)), let colon = content.firstIndex(of: UInt8(ascii: ":")),
      NotebookHeader.isKey(content[..<colon]), isValueStart(content[colon...].dropFirst())
    else { return diagnostics.append(HeaderMistakes.badLine.blaming(span)) }
    let key = text(content.startIndex..<colon)
    guard header[key] == nil else { return diagnostics.append(HeaderMistakes.repeated(key).blaming(span)) }
    header[key] = NotebookHeader.Entry.value(of: trimmedText(colon + 1..<line.upperBound))
    if key == "nbs" { versionSpan = span }
  }

  /// Where the version stands, to blame.
  private var versionSpan: SourceSpan?

  private mutating func checkVersion() {
    guard let version = header.version else { return }
    let digits = version.prefix { $0 != "." }
    let number = digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Double(digits) ?? 0 : 0
    let current = Double(NotebookHeader.currentVersion)
    guard number != current else { return }
    let mistake = number > current ? HeaderMistakes.newer(version) : HeaderMistakes.badVersion(version)
    // A newer version may write all else in ways that seem wrong here, so nothing but the version is blamed.
    diagnostics = [versionSpan.map(mistake.blaming) ?? mistake]
    isReadable = false
  }

  /// Whether the rest of the file can mean what it seems to mean.
  private(set) var isReadable = true
}

extension HeaderReader {
  private var nextLine: Range<Int>? {
    var lines = SourceLines.Ranges(bytes, position..<bytes.count)
    return lines.next()
  }

  private mutating func skip(_ line: Range<Int>) { position = min(line.upperBound + 1, bytes.count) }

  private mutating func skipBlankLines() {
    while let line = nextLine, SourceLines.isBlank(bytes[line]) { skip(line) }
  }

  private func belongsToHeader(_ line: ArraySlice<UInt8>) -> Bool {
    line.first == UInt8(ascii: "#") && !MarkerLine.matches(line)
  }

  private func isFence(_ line: Range<Int>) -> Bool {
    bytes[line].starts(with: Self.fence) && SourceLines.isBlank(bytes[line].dropFirst(Self.fence.count))
  }

  private func isValueStart(_ rest: ArraySlice<UInt8>) -> Bool {
    rest.first.map { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") } ?? true
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private func trimmedText(_ range: Range<Int>) -> String {
    var range = range
    while let first = bytes[range].first, first <= 0x20 { range = range.lowerBound + 1..<range.upperBound }
    while let last = bytes[range].last, last <= 0x20 { range = range.lowerBound..<range.upperBound - 1 }
    return text(range)
  }
}

/// What can be wrong with a header.
enum HeaderMistakes {
  static let unclosed = Diagnostic(
    .badHeader,
    "The header that begins here does not end. A second line `# ---` ends it, and between the two each line is "
      + "`# key: value`.")

  static let badLine = Diagnostic(
    .badHeader, "A line of the header is `# key: value`, as in `# title: Learning XOR`.")

  static func repeated(_ key: String) -> Diagnostic {
    Diagnostic(.badHeader, "`\(key)` occurs twice in this header. Remove one of the lines.")
  }

  static func newer(_ version: String) -> Diagnostic {
    Diagnostic(
      .newerVersion,
      "This notebook is written in version \(version) of the format, and this program reads version "
        + "\(NotebookHeader.currentVersion). Update nbs to read it.")
  }

  static func badVersion(_ version: String) -> Diagnostic {
    Diagnostic(
      .badHeader, "`\(version)` is not a version of the format. Write `# nbs: 1`.",
      suggestion: "# nbs: 1")
  }
}
