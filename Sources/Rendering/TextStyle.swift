import Plotting

/// What a page of text can show.
public struct TextStyle: Sendable, Equatable {
  /// How wide it is, in columns.
  public var width: Int
  /// Whether colour may be used; it never carries a meaning of its own.
  public var usesColor: Bool
  /// Whether plots may be drawn with block and braille characters.
  public var usesUnicode: Bool

  /// Creates a style.
  public init(width: Int, usesColor: Bool = false, usesUnicode: Bool = false) {
    self.width = width
    self.usesColor = usesColor
    self.usesUnicode = usesUnicode
  }

  /// A Markdown report: 72 columns of ASCII, the same on every machine.
  public static let report = TextStyle(width: 72)

  /// A headline, where there is colour to set it off.
  func bold(_ text: String) -> String { usesColor ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  /// What stands back behind the rest, where there is colour.
  func faint(_ text: String) -> String { usesColor ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

  /// The style of plots on this page.
  var plots: PlotStyle {
    PlotStyle(charset: usesUnicode ? .unicode : .ascii, width: width, usesColor: usesColor)
  }
}
