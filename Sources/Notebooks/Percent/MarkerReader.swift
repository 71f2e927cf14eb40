import Diagnostics
import JSON

/// Reads a marker line: `# %% title [kind] key=JSON …`.
struct MarkerReader {
  /// More attributes than this nobody gave a cell; looking for repeated ones must not take for ever.
  private static let maximumAttributes = 100

  private let bytes: [UInt8]
  private let end: Int
  private var position: Int
  private var marker = Marker()
  private var diagnostics: [Diagnostic] = []

  /// Reads the line that stands at `range`; the messages point into the same bytes.
  static func read(_ bytes: [UInt8], _ range: Range<Int>) -> (marker: Marker, diagnostics: [Diagnostic]) {
    var reader = MarkerReader(bytes, range)
    reader.readTail()
    return (reader.marker, reader.diagnostics)
  }

  /// Reads a line that stands alone.
  static func read(line: String) -> (marker: Marker, diagnostics: [Diagnostic]) {
    let bytes = Array(line.utf8)
    return read(bytes, 0..<bytes.count)
  }

  private init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    var end = range.upperBound
    while end > range.lowerBound, SourceLines.isBlank(bytes[end - 1..<end]) { end -= 1 }
    self.end = end
    position = min(range.lowerBound + "# %%".utf8.count, end)
  }

  private mutating func readTail() {
    skipSpaces()
    readTitle()
    skipSpaces()
    if peek == UInt8(ascii: "["), !readBracket() { return }
    skipSpaces()
    while position < end {
      guard isAttribute(at: position) else { return report(MarkerMistakes.strayWord(nextWord), nextWordSpan) }
      guard marker.attributes.count < Self.maximumAttributes else {
        return report(MarkerMistakes.tooMany, nextWordSpan)
      }
      guard readAttribute() else { return }
      skipSpaces()
    }
  }
}

// MARK: The title

extension MarkerReader {
  private mutating func readTitle() {
    if readQuotedTitle() { return }
    let start = position
    var last = position
    while position < end, peek != UInt8(ascii: "["), !isAttribute(at: position) {
      last = endOfWord(from: position)
      position = last
      skipSpaces()
    }
    if last > start { marker.title = text(start..<last) }
  }

  /// A title in quotes, which may hold what would end a bare one. Words behind the quotes make it a bare title
  /// that happens to begin with one.
  private mutating func readQuotedTitle() -> Bool {
    guard peek == UInt8(ascii: "\"") else { return false }
    var json = JSONReader(bytes, from: position, to: end)
    guard let title = try? json.string() else { return false }
    let start = position
    position = json.position
    skipSpaces()
    let isWhole = position == end || position > json.position
    guard isWhole, position == end || peek == UInt8(ascii: "[") || isAttribute(at: position) else {
      position = start
      return false
    }
    if !title.isEmpty { marker.title = title }
    return true
  }
}

// MARK: The bracket

extension MarkerReader {
  private mutating func readBracket() -> Bool {
    guard let close = bytes[position..<end].firstIndex(of: UInt8(ascii: "]")) else {
      report(MarkerMistakes.unclosedBracket, SourceSpan(position, end))
      return false
    }
    let word = text(position + 1..<close)
    let span = SourceSpan(position, close + 1)
    position = close + 1
    if let kind = Cell.Kind(rawValue: word) {
      marker.kind = kind
    } else if let role = Cell.Role(rawValue: word) {
      marker.role = role
    } else {
      report(MarkerMistakes.unknownKind(word), span)
      return false
    }
    guard position == end || isSpace(bytes[position]) else {
      report(MarkerMistakes.strayWord(nextWord), nextWordSpan)
      return false
    }
    return true
  }
}

// MARK: Attributes

extension MarkerReader {
  /// Whether `name=` stands here. `==` is a comparison in somebody's title.
  private func isAttribute(at start: Int) -> Bool {
    guard let equals = equalsSign(from: start) else { return false }
    return equals + 1 >= end || bytes[equals + 1] != UInt8(ascii: "=")
  }

  private func equalsSign(from start: Int) -> Int? {
    guard start < end, CellAttribute.isNameStart(bytes[start]) else { return nil }
    let stop = bytes[start..<end].firstIndex { !CellAttribute.isNamePart($0) }
    return stop.flatMap { bytes[$0] == UInt8(ascii: "=") ? $0 : nil }
  }

  /// Reads `key=JSON`; false when the value cannot be read, and with it nothing behind it.
  private mutating func readAttribute() -> Bool {
    guard let equals = equalsSign(from: position) else { return false }
    let key = text(position..<equals)
    let start = position
    var json = JSONReader(bytes, from: equals + 1, to: end)
    do throws(JSONError) {
      let value = try json.value()
      let behind = json.position
      guard behind == end || isSpace(bytes[behind]) else { throw json.error("a space after the value") }
      position = behind
      keep(CellAttribute(key: key, value: value, text: text(equals + 1..<behind)), SourceSpan(start, behind))
      return true
    } catch {
      let stop = max(endOfWord(from: equals + 1), error.offset)
      let mistake = MarkerMistakes.badValue(key: key, text: text(equals + 1..<stop), error: error)
      report(mistake, SourceSpan(start, stop))
      return false
    }
  }

  private mutating func keep(_ attribute: CellAttribute, _ span: SourceSpan) {
    if marker.attributes.contains(where: { $0.key == attribute.key }) {
      return report(MarkerMistakes.repeated(attribute.key), span)
    }
    if let mistake = AttributeRules.mistake(in: attribute) { report(mistake, span) }
    marker.attributes.append(attribute)
  }
}

// MARK: Bytes

extension MarkerReader {
  private var peek: UInt8? { position < end ? bytes[position] : nil }
  private var nextWord: String { text(position..<endOfWord(from: position)) }
  private var nextWordSpan: SourceSpan { SourceSpan(position, endOfWord(from: position)) }

  private func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  private func endOfWord(from start: Int) -> Int {
    guard start < end else { return end }
    return bytes[start..<end].firstIndex(where: isSpace) ?? end
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private mutating func skipSpaces() {
    while let byte = peek, isSpace(byte) { position += 1 }
  }

  private mutating func report(_ diagnostic: Diagnostic, _ span: SourceSpan) {
    diagnostics.append(diagnostic.blaming(span))
  }
}
