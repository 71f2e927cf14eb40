import Plotting

/// What a page of text can show.
public struct TextStyle: Sendable, Equatable {
  /// How wide it is, in columns.
  public var width: Int
  /// Whether colour may be used; it never carries a meaning of its own.
  public var usesColor: Bool
  /// Whether plots may be drawn with block and braille characters.
  public var usesUnicode: Bool
  /// Whether a mistake's place is told as editors follow it, `course/xor.nbs:12:5`. A report leaves that out: it is the
  /// same from wherever the notebook is run.
  public var namesFiles: Bool

  /// Creates a style.
  public init(width: Int, usesColor: Bool = false, usesUnicode: Bool = false, namesFiles: Bool = false) {
    self.namesFiles = namesFiles
    self.width = width
    self.usesColor = usesColor
    self.usesUnicode = usesUnicode
  }

  /// A Markdown report: 72 columns of ASCII, the same on every machine.
  public static let report = TextStyle(width: 72)

  /// What sets a text off, by the parameter of its ANSI SGR code.
  public enum Ink: Int {
    case bold = 1
    /// For what stands back behind the rest.
    case faint = 2
    case red = 31
    case green = 32
    case yellow = 33
    case cyan = 36
  }

  /// A text set off, where there is colour.
  public func inked(_ text: some StringProtocol, _ ink: Ink) -> String {
    usesColor ? "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m" : String(text)
  }

  /// The style of plots on this page.
  var plots: PlotStyle {
    PlotStyle(charset: usesUnicode ? .unicode : .ascii, width: width, usesColor: usesColor)
  }
}
