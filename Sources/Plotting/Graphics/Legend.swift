import Diagnostics

/// What the signs of a plot mean.
struct Legend {
  /// A sign and its meaning.
  struct Entry {
    var sign: String
    var ink: Ink?
    var meaning: String

    /// Where so many series of markers meet.
    static func shared(by count: Int) -> Entry {
      Entry(sign: String(Glyphs.shared), ink: nil, meaning: count == 2 ? "both" : "several")
    }

    /// Where values cannot be drawn.
    static let flaw = Entry(sign: String(Glyphs.flaw), ink: .alert, meaning: "values missing")
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
