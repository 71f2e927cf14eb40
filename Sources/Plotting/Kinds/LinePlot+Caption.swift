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

  private var names: String { list(series.map(\.name.onOneLine), none: "nothing") }

  /// ` over 20000 epochs (log scale)`
  private var extent: String {
    guard count > 0 else { return "" }
    let unit = count == 1 ? xLabel.onOneLine : plural(xLabel.onOneLine)
    return " over \(count) \(unit)" + scaleNote
  }

  /// Where a series starts, ends and is heading, its best value and what is missing of it.
  private func story(_ series: Series, _ summary: LineSummary) -> String {
    guard let range = summary.range else {
      return (summary.count == 0 ? "no values yet" : "no value can be drawn") + missing([summary])
    }
    let scale = Scale(from: range.lowerBound, to: range.upperBound, isLogarithmic: isLogarithmic)
    let first = series.values.first(where: canDraw)
    let last = series.values.last(where: canDraw)
    guard let scale, let first, let last else { return "" }
    let way =
      summary.drawable == 1
      ? NumberText.short(first) : "\(NumberText.short(first)) to \(NumberText.short(last))"
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
    let tail = series.values.reversed().lazy.filter(canDraw).prefix(Trend.tailLength(of: summary.drawable))
    let isConstant = summary.range.map { $0.lowerBound == $0.upperBound } ?? true
    let trend = Trend(tail: tail.reversed().map(scale.fraction), isConstant: isConstant)
    return trend.map { ", " + $0.words(change: last - first) } ?? ""
  }

  /// The best value, where it is not the last one or equal to it.
  private func best(_ series: Series, _ summary: LineSummary) -> String {
    guard let best = summary.best, series.values.last != series.values[best] else { return "" }
    return ", " + bestText(series, best)
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
      text += ", \(notPositive) \(notPositive == 1 ? "value" : "values") of zero or less left out"
    }
    return text
  }
}

/// `a`, `a and b`, `a, b and c`.
func list(_ items: [String], none: String) -> String {
  guard let last = items.last else { return none }
  return items.count == 1 ? last : items.dropLast().joined(separator: ", ") + " and " + last
}

/// A noun for more than one: `epochs`, `batches`.
func plural(_ noun: String) -> String {
  ["s", "x", "tch", "sh"].contains(where: noun.hasSuffix) ? noun + "es" : noun + "s"
}
