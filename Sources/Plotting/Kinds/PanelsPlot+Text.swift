import Diagnostics
import Outputs

extension PanelsPlot {
  /// The plot as lines, in a style that is already fitted to it.
  func lines(_ style: PlotStyle) -> [String] {
    guard summary.range != nil, !units.isEmpty else { return [title.onOneLine, emptyText].map(style.cut) }
    let head = style.flow([title.onOneLine, extent])
    let words = facts.flatMap { $0.wrapped(to: style.width) }.map(style.cut)
    if style.isNarrow { return head + words }
    return head + [""] + drawing(style) + words
  }

  private func drawing(_ style: PlotStyle) -> [String] {
    switch form {
    case .pictures: return PictureSheet(self, style).lines + [""]
    case .signals:
      let strip = BarStrip(
        style, range: summary.range, labels: units.map(\.name), rows: style.height ?? 3, hasGaps: false)
      let signals = units.map { $0.pictures.first?.values ?? [] }
      return [style.cut(noun)]
        + zip(units, signals).flatMap { strip.lines($1, sides: .init(axis: $0.name.onOneLine)) }
        + strip.foot(signals.map(\.count).max() ?? 0, "step") + [style.cut("bars from \(extent)")]
    case .bars:
      let ends = [summary.range?.upperBound ?? 0, summary.range?.lowerBound ?? 0].map(NumberText.short)
      let strip = BarStrip(style, range: summary.range, labels: ends + ["0"], rows: style.height ?? 8)
      return strip.lines(bars, sides: .init(axis: "0", top: ends[0], bottom: ends[1]))
        + strip.foot(bars.count, noun)
    }
  }
}
