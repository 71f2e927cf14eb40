import Diagnostics

extension String {
  /// So many spaces.
  static func spaces(_ count: Int) -> String { String(repeating: " ", count: Swift.max(count, 0)) }
}

extension PlotStyle {
  /// A text in as many columns as there are; on a narrow page all of it, to be wrapped.
  func cut(_ text: String) -> String { isNarrow ? text : text.cut(to: width, ellipsis: glyphs.ellipsis) }

  /// A text in a colour, if the style has colours.
  func inked(_ text: String, _ ink: Ink?) -> String { usesColor ? ink?.around(text) ?? text : text }

  /// Texts on as few lines as hold them, each cut if it has to be.
  func flow(_ texts: [String]) -> [String] { flow(texts.map(cut).map { ($0, $0.displayWidth) }) }

  /// Puts parts, whose colours' codes take no width, on as few lines as hold them; a part is never broken.
  func flow(_ parts: [(text: String, width: Int)]) -> [String] {
    let gap = 3
    var lines: [String] = []
    var used = 0
    for part in parts {
      if let last = lines.last, used + gap + part.width <= width {
        lines[lines.count - 1] = last + .spaces(gap) + part.text
        used += gap + part.width
      } else {
        lines.append(part.text)
        used = part.width
      }
    }
    return lines
  }
}
