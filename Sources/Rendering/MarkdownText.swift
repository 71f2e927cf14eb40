import Diagnostics
import Formulas
import Localization

/// Markdown for a terminal: paragraphs and lists filled to the width, what is bold there in bold where there are colours,
/// the rest as it stands, which is how Markdown was meant to be read.
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
    let source = markdown.split(separator: "\n", omittingEmptySubsequences: false)
    var fence: Substring.Fence?
    var place = 0
    while place < source.count {
      let line = source[place]
      if let open = fence {
        lines.append(String(line))
        if let mark = line.fence, mark.closes(open) { fence = nil }
      } else if let (mark, count) = FormulaMark.block(source[place...]) {
        flush()
        lines.append("    " + mark.plain)
        place += count
        continue
      } else {
        take(line)
        fence = line.fence
      }
      place += 1
    }
    flush()
  }

  private mutating func take(_ line: Substring) {
    if line.isBlank {
      flush()
      lines.append("")
    } else if let summary = MarkdownDetails.summary(line) {
      flush()
      lines.append(localized("\(summary):"))
    } else if MarkdownDetails.isEnd(line) {
      flush()
    } else if let level = line.headingLevel {
      flush()
      lines.append(headline(String(line.trimmed.dropFirst(level).trimmed).withPlainFormulas, level))
    } else if let item = line.item {
      flush()
      indent = String(line.prefix(line.count - item.text.count))
      hang = String(repeating: " ", count: item.width)
      words = [item.text]
    } else if words.isEmpty, line.beginsBlock || line.trimmed.hasPrefix("|") || line.indent >= 4 {
      lines.append(line.indent >= 4 ? String(line) : String(line).withPlainFormulas)
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
    let text = words.joined(separator: " ").withPlainFormulas.wrapped(to: max(20, width - hang.count))
    for (index, line) in emboldened(text).enumerated() { lines.append((index == 0 ? indent : hang) + line) }
    words = []
    indent = ""
    hang = ""
  }

  /// The lines of a paragraph with what stands between `**` in bold, which may go on in the next line. A `**` in code stays.
  private func emboldened(_ lines: [String]) -> [String] {
    guard style.usesColor else { return lines }
    var runs: [[(text: String, isBold: Bool)]] = Array(repeating: [], count: lines.count)
    var (isBold, isCode) = (false, false)
    for (number, line) in lines.enumerated() {
      var rest = line[...]
      var text = ""
      func end() {
        if !text.isEmpty { runs[number].append((text, isBold)) }
        text = ""
      }
      while let character = rest.first {
        if !isCode, rest.hasPrefix("**") {
          end()
          isBold.toggle()
          rest = rest.dropFirst(2)
          continue
        }
        if character == "`" { isCode.toggle() }
        text.append(character)
        rest = rest.dropFirst()
      }
      end()
    }
    // Without its end a `**` means something else.
    guard !isBold else { return lines }
    return runs.map { $0.map { $0.isBold ? style.inked($0.text, .bold) : $0.text }.joined() }
  }
}
