import Diagnostics
import Localization
import Outputs

extension HistogramPlot: DrawablePlot {
  /// The plot laid out.
  var layout: PlotLayout {
    var layout = PlotLayout(title: title, caption: caption)
    guard let figures, let most = counts.max(), most > 0, let y = Scale(from: 0, to: Double(most)),
      let x = Scale(from: range.lowerBound, to: range.upperBound)
    else {
      layout.message = emptyText
      return layout
    }
    let words = [
      "n \(figures.count)", localized("mean \(NumberText.short(figures.mean))"),
      localized("sd \(NumberText.short(figures.deviation))"),
    ]
    layout.facts = words.joined(separator: ", ")
    layout.narrow = words
    var axes = Axes(x: x, y: y, xLabel: xLabel, yLabel: localized("count"), shape: .low, wholeY: true)
    axes.marks = [.bars(counts.map { y.fraction(Double($0)) })]
    layout.parts = [axes, Notes(notFinite > 0 ? ["! " + localized("\(notFinite, "value") not finite")] : [])]
    return layout
  }

  /// What is said in place of a drawing.
  private var emptyText: String {
    notFinite == 0 ? localized("nothing to plot yet") : localized("nothing to plot: no value is finite")
  }

  /// The plot in words.
  private var caption: String {
    let subject = localized("Histogram of \(title.onOneLine)")
    guard let figures, let most = counts.max(), let fullest = counts.firstIndex(of: most) else {
      return localized("\(subject): \(emptyText).")
    }
    let (low, high) = (figures.range.lowerBound, figures.range.upperBound)
    let left = notFinite > 0 ? localized(", \(notFinite, "value") not finite left out") : ""
    if low == high {
      let story = localized("\(figures.count, "value"), all \(NumberText.short(low))")
      return localized("\(subject): \(story + left).")
    }
    let ends = NumberText.apart(edge(fullest), edge(fullest + 1))
    let (mean, deviation) = (NumberText.short(figures.mean), NumberText.short(figures.deviation))
    let story = localized(
      """
      \(figures.count, "value") from \(NumberText.range(low...high)), mean \(mean), standard deviation \(deviation), \
      the most (\(most)) from \(ends.first) to \(ends.second)
      """)
    return localized("\(subject): \(story + left).")
  }

  /// Where a range begins.
  private func edge(_ index: Int) -> Double {
    let part = Double(index) / Double(max(counts.count, 1))
    let edge = range.lowerBound * (1 - part) + range.upperBound * part
    // The widened ranges of few values reach beyond them, and nobody asks about there.
    guard let figures else { return edge }
    return min(max(edge, figures.range.lowerBound), figures.range.upperBound)
  }
}
