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
