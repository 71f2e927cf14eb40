import Diagnostics

/// How a plot becomes text: in which characters, how large and whether in colour.
public struct PlotStyle: Sendable, Equatable {
  /// The characters that a plot is drawn with. Titles and names keep the characters they have.
  public enum Charset: Sendable, Equatable {
    /// The 95 characters of 7-bit ASCII, for files and for terminals that know no better.
    case ascii
    /// Braille dots for lines, block shades for areas and box characters for axes.
    case unicode
  }

  /// The characters to draw with.
  public var charset: Charset
  /// The columns that are available; no line of the text is wider.
  public var width: Int
  /// The rows of the drawing area, or nil for a height that suits the width.
  public var height: Int?
  /// Whether the text holds ANSI colour codes. Colour only ever repeats what the characters say.
  public var usesColor: Bool

  /// Creates a style.
  public init(charset: Charset, width: Int, height: Int? = nil, usesColor: Bool = false) {
    self.charset = charset
    self.width = width
    self.height = height
    self.usesColor = usesColor
  }

  /// The style of files: ASCII in 72 columns without colour, the same bytes everywhere.
  public static let markdown = PlotStyle(charset: .ascii, width: 72)
}

extension PlotStyle {
  /// Under so many columns there is no room for axes, and figures in words say more.
  static let narrowest = 24

  /// This style with a plot's own wishes worked in, and every size brought into bounds that can be drawn.
  func fitted(width wish: Int?, height heightWish: Int?) -> PlotStyle {
    var style = self
    style.width = min(max(min(wish ?? width, width), 1), 1000)
    style.height = (heightWish ?? height).map { min(max($0, 3), 200) }
    return style
  }

  /// Whether there is too little room for axes.
  var isNarrow: Bool { width < Self.narrowest }
}

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
