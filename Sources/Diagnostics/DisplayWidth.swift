extension Character {
  /// The columns that this character takes on a terminal: 0, 1 or 2.
  ///
  /// Unicode's East Asian Width (UAX #11) says which scalars are wide; an emoji presentation sequence is
  /// wide too, and a combining mark belongs to the character before it.
  public var displayWidth: Int {
    guard let first = unicodeScalars.first else { return 0 }
    if first.isASCII { return first.value < 0x20 ? 0 : 1 }
    if unicodeScalars.contains(where: { $0.value == 0xFE0F }) || first.properties.isEmojiPresentation {
      return 2
    }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: return first.isEastAsianWide ? 2 : 1
    }
  }
}

extension StringProtocol {
  /// The columns that this text takes on a terminal.
  public var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

  /// This text with spaces after it up to `width` columns.
  public func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - displayWidth))
  }

  /// This text with spaces before it up to `width` columns.
  public func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - displayWidth)) + self
  }

  /// This text without the spaces at its end.
  public var trimmingTrailingSpaces: String {
    guard let last = lastIndex(where: { $0 != " " }) else { return "" }
    return String(self[...last])
  }

  /// This text cut to at most `width` columns, with `ellipsis` where something is missing.
  public func cut(to width: Int, ellipsis: String) -> String {
    guard displayWidth > width else { return String(self) }
    let mark = String(ellipsis.prefix(Swift.max(width, 0)))
    let room = width - mark.displayWidth
    var used = 0
    let kept = prefix {
      used += $0.displayWidth
      return used <= room
    }
    return kept + mark
  }

  /// This text broken at spaces into lines of at most `width` columns; its own line breaks are kept, and a
  /// word longer than a line stands alone.
  ///
  /// - Parameter breaksWords: whether such a word is broken too; a path in a message should not be.
  public func wrapped(to width: Int, breaksWords: Bool = false) -> [String] {
    let lines = split(separator: "\n", omittingEmptySubsequences: false).flatMap { $0.wrappedLine(to: width) }
    return breaksWords ? lines.flatMap { $0.broken(at: width) } : lines
  }

  /// This line in pieces of at most `width` columns, and at least a character.
  private func broken(at width: Int) -> [String] {
    var pieces = [""]
    var used = 0
    for character in self {
      if used + character.displayWidth > width, !pieces[pieces.count - 1].isEmpty {
        pieces.append("")
        used = 0
      }
      pieces[pieces.count - 1].append(character)
      used += character.displayWidth
    }
    return pieces
  }

  private func wrappedLine(to width: Int) -> [String] {
    guard displayWidth > width else { return [String(self)] }
    var lines: [String] = []
    var line = String(prefix { $0 == " " })
    var isFresh = true
    for word in split(separator: " ") {
      if !isFresh, line.displayWidth + 1 + word.displayWidth > width {
        lines.append(line)
        line = ""
        isFresh = true
      }
      line += (isFresh ? "" : " ") + word
      isFresh = false
    }
    return lines + [line]
  }
}

extension Unicode.Scalar {
  /// Whether UAX #11 calls the scalar Wide or Fullwidth, by block.
  fileprivate var isEastAsianWide: Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
