import Diagnostics
import Outputs

extension LinePlot {
  /// The plot in words.
  var caption: String {
    let summaries = self.summaries
    let subject = "Line chart of " + names + extent
    guard summaries.contains(where: { $0.drawable > 0 }) else {
      return subject + ": " + emptyText + missing(summaries) + "."
    }
    let stories = zip(series, summaries).map { story($0, $1) }
    if stories.count == 1 { return subject + ": " + stories.joined() + "." }
    let named = zip(series, stories).map { $0.name.onOneLine + " " + $1 }
    return subject + ": " + named.joined(separator: "; ") + "."
  }

  private var names: String { series.isEmpty ? "nothing" : series.map(\.name.onOneLine).listed }

  /// ` over 20000 epochs (log scale)`
  private var extent: String {
    guard count > 0 else { return "" }
    return " over " + count.counted(xLabel.onOneLine) + scaleNote
  }

  /// Where a series starts, ends and is heading, its best value and what is missing of it.
  private func story(_ series: Series, _ summary: LineSummary) -> String {
    guard let range = summary.range else {
      return (summary.count == 0 ? "no values yet" : "no value can be drawn") + missing([summary])
    }
    let scale = Scale(from: range.lowerBound, to: range.upperBound, isLogarithmic: isLogarithmic)
    let first = series.first.flatMap { canDraw($0) ? $0 : series.values.first(where: canDraw) }
    let last = series.values.last(where: canDraw)
    guard let scale, let first, let last else { return "" }
    let ends = NumberText.apart(first, last)
    let way = summary.drawable == 1 ? ends.first : "\(ends.first) to \(ends.second)"
    return way + course(series, summary, from: first, scale) + best(series, summary) + missing([summary])
  }

  /// The trend, of a series that can be drawn up to its end.
  private func course(
    _ series: Series, _ summary: LineSummary, from first: Double, _ scale: Scale
  ) -> String {
    guard let last = series.values.last else { return "" }
    if !canDraw(last) {
      return ", then \(last.isFinite ? "zero or less" : NumberText.short(last)) at the end"
    }
    let stretches = (0..<series.stretchCount).reversed().lazy.map { [isLogarithmic] in
      series.stretch($0, isLogarithmic: isLogarithmic)
    }
    let tail = Array(stretches.filter(\.isDrawable).prefix(Trend.tailLength(of: summary.stretches)))
    let isConstant = summary.range.map { $0.lowerBound == $0.upperBound } ?? true
    let (low, high) = (tail.map(\.low).min() ?? 0, tail.map(\.high).max() ?? 0)
    let trend = Trend(
      tail: tail.reversed().map { scale.fraction($0.mean) }, span: scale.fraction(high) - scale.fraction(low),
      isConstant: isConstant)
    return trend.map { ", " + $0.words(change: last - first) } ?? ""
  }

  /// The best value, where it is not the last one or equal to it.
  private func best(_ series: Series, _ summary: LineSummary) -> String {
    guard let best = summary.best, series.values.last != best.value else { return "" }
    return ", " + bestText(best)
  }

  /// What could not be drawn.
  private func missing(_ summaries: [LineSummary]) -> String {
    let notFinite = summaries.reduce(0) { $0 + $1.notFinite }
    let notPositive = summaries.reduce(0) { $0 + $1.notPositive }
    var text = ""
    if let first = summaries.compactMap(\.firstNotFinite).min() {
      let place = "\(xLabel.onOneLine) \(start + first)"
      text +=
        notFinite == 1
        ? ", 1 value not finite (\(place))" : ", \(notFinite) values not finite (the first at \(place))"
    }
    if notPositive > 0 {
      text += ", \(notPositive.counted("value")) of zero or less left out"
    }
    return text
  }
}
