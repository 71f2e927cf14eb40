import Diagnostics

/// Markdown for a terminal: paragraphs and lists filled to the width, the rest as it stands, which is how
/// Markdown was meant to be read.
public struct MarkdownText {
  /// Lines longer than this are hard to read, however wide the terminal.
  private static let widest = 88

  private let width: Int
  private let style: TextStyle
  private var lines: [String] = []
  private var words: [Substring] = []
  private var indent = ""
  private var hang = ""

  /// The text of a piece of Markdown.
  public static func text(_ markdown: String, style: TextStyle) -> String {
    var page = MarkdownText(style)
    page.read(markdown)
    return page.lines.joined(separator: "\n")
  }

  private init(_ style: TextStyle) {
    self.style = style
    width = min(style.width, MarkdownText.widest)
  }

  private mutating func read(_ markdown: String) {
    var fence: Substring.Fence?
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      if let open = fence {
        lines.append(String(line))
        if let mark = line.fence, mark.closes(open) { fence = nil }
        continue
      }
      take(line)
      if let mark = line.fence { fence = mark }
    }
    flush()
  }

  private mutating func take(_ line: Substring) {
    if line.isBlank {
      flush()
      lines.append("")
    } else if let level = line.headingLevel {
      flush()
      lines.append(headline(String(line.trimmed.dropFirst(level).trimmed), level))
    } else if let item = line.item {
      flush()
      indent = String(line.prefix(line.count - item.text.count))
      hang = String(repeating: " ", count: item.width)
      words = [item.text]
    } else if words.isEmpty, line.beginsBlock || line.trimmed.hasPrefix("|") || line.indent >= 4 {
      lines.append(String(line))
    } else {
      words.append(line.trimmed)
    }
  }

  private func headline(_ text: String, _ level: Int) -> String {
    if style.usesColor { return style.inked(text, .bold) }
    return level == 1 ? text + "\n" + String(repeating: "=", count: text.displayWidth) : text
  }

  /// Ends the paragraph or item that was being filled.
  private mutating func flush() {
    guard !words.isEmpty else { return }
    let text = words.joined(separator: " ").wrapped(to: max(20, width - hang.count))
    for (index, line) in text.enumerated() { lines.append((index == 0 ? indent : hang) + line) }
    words = []
    indent = ""
    hang = ""
  }
}
