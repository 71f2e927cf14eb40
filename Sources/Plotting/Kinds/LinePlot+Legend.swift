import Diagnostics
import Outputs

extension LinePlot {
  /// The title and, for each series, its last and its best value: on one line where that is enough.
  func header(_ summaries: [LineSummary], _ style: PlotStyle) -> [String] {
    let title = title.onOneLine
    let rows = zip(series, summaries).compactMap { series, summary in
      figures(series, summary).map { (name: series.name.onOneLine, text: $0) }
    }
    if let only = rows.first, rows.count == 1, title.displayWidth + 3 + only.text.displayWidth <= style.width
    {
      return [title + "   " + only.text]
    }
    let names = rows.map(\.name.displayWidth).max() ?? 0
    let table = rows.map { "  " + $0.name.padded(to: names) + "  " + $0.text }
    // Where a name and its figures find no room on one line, the figures go under the name.
    let isTooWide = table.contains { $0.displayWidth > style.width }
    let stacked = rows.flatMap { ["  " + $0.name] + stack($0.text, width: style.width - 4) }
    return ([title] + (isTooWide ? stacked : table)).map(style.cut)
  }

  private func stack(_ figures: String, width: Int) -> [String] {
    let parts = figures.displayWidth > width ? figures.split(separator: ", ") : [figures[...]]
    return parts.map { "    " + $0 }
  }

  /// `last 0.01, best 0.0021 at epoch 37`; nil where there is no value.
  private func figures(_ series: Series, _ summary: LineSummary) -> String? {
    guard let last = series.values.last else { return nil }
    guard let best = summary.best else { return "last " + NumberText.short(last) }
    return "last " + NumberText.short(last) + ", " + bestText(best)
  }

  /// `best 0.0021 at epoch 37`
  func bestText(_ best: (value: Double, index: Int)) -> String {
    "best \(NumberText.short(best.value)) at \(xLabel.onOneLine) \(start + best.index)"
  }

  /// What the signs mean; empty where there is nothing to tell apart.
  func legend(_ summaries: [LineSummary], _ style: PlotStyle) -> Legend {
    var legend = Legend()
    if series.count > 1 {
      legend.entries = series.enumerated().map { index, series in
        .init(sign: sign(index, style), ink: .series(index), meaning: series.name.onOneLine)
      }
      if style.charset == .ascii { legend.entries.append(.shared(by: series.count)) }
    }
    for (series, summary) in zip(series, summaries) where series.marksBest && summary.best != nil {
      let sign = String(style.glyphs.best)
      legend.entries.append(.init(sign: sign, ink: .strong, meaning: "best " + series.name.onOneLine))
    }
    if summaries.contains(where: { $0.drawable < $0.count }) {
      legend.entries.append(.flaw)
    }
    return legend
  }

  private func sign(_ index: Int, _ style: PlotStyle) -> String {
    switch style.charset {
    case .ascii: String(Glyphs.marker(index))
    case .unicode: index == 0 && !marksValues(style) ? "⠤⠤⠤" : "⠤\(Glyphs.badge(index))⠤"
    }
  }
}
