import Diagnostics
import Localization

/// A sign of a plot and its meaning.
struct LegendEntry {
  /// A sign, however a form of the plot draws it.
  enum Symbol {
    case line(Int)
    case point(Int)
    case classPoint(Int)
    /// Where several lines or points share a character; the lines of a picture cross.
    case shared
    case best
    /// Where values are missing.
    case flaw
    /// An upright line through the drawing.
    case cut
    /// The shades from the first of two classes to the second.
    case ramp
    /// The shades of a surface, from the lowest.
    case heights
    case texture(Int)
    /// A point over a ground.
    case label(Int, isWrong: Bool)
    /// Characters that speak for themselves.
    case text(String, isAlert: Bool)
  }

  var symbol: Symbol
  var meaning: String
  /// What a legend adds where there is no other place for it.
  var detail = ""

  /// Where so many series of markers meet.
  static func shared(by count: Int) -> LegendEntry {
    LegendEntry(symbol: .shared, meaning: count == 2 ? localized("both") : localized("several"))
  }

  /// Where values cannot be drawn.
  static var flaw: LegendEntry { LegendEntry(symbol: .flaw, meaning: localized("values missing")) }
}

/// The signs of a plot and their meaning, in characters.
struct Legend {
  /// A sign and its meaning.
  struct Entry {
    var sign: String
    var ink: Ink?
    var meaning: String
  }

  var entries: [Entry] = []

  /// The columns of the legend set as a column of its own.
  var width: Int { entries.map { $0.sign.displayWidth + 1 + $0.meaning.displayWidth }.max() ?? 0 }

  /// The legend under the plot: as few lines as hold its entries.
  func lines(_ style: PlotStyle) -> [String] {
    let parts = entries.map { entry in
      let meaning = entry.meaning.cut(
        to: style.width - entry.sign.displayWidth - 1, ellipsis: style.glyphs.ellipsis)
      return (text: text(entry, meaning, style), width: entry.sign.displayWidth + 1 + meaning.displayWidth)
    }
    return style.flow(parts)
  }

  /// The legend as a column, an entry a line.
  func column(_ style: PlotStyle) -> [String] { entries.map { text($0, $0.meaning, style) } }

  private func text(_ entry: Entry, _ meaning: String, _ style: PlotStyle) -> String {
    style.inked(entry.sign, entry.ink) + " " + meaning
  }
}
