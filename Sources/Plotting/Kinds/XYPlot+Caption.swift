import Diagnostics
import Outputs

extension XYPlot {
  /// The plot in words.
  var caption: String {
    let summaries = self.summaries
    let subject = subject + scaleNote
    guard summaries.contains(where: { $0.drawable > 0 }) else {
      return subject + ": " + emptyText + missing(summaries) + "."
    }
    switch kind {
    case .function: return subject + ": " + course(summaries) + missing(summaries) + "."
    case .line, .scatter: return subject + ": " + stories(summaries) + missing(summaries) + "."
    case .classes:
      let sizes = series.map { "\(min($0.xs.count, $0.ys.count)) of class \($0.name.onOneLine)" }
      return subject + ": \(count.counted("point")), " + sizes.listed + extent(summaries)
        + missing(summaries) + "."
    }
  }

  private var subject: String {
    let axes = "\(yLabel.onOneLine) against \(xLabel.onOneLine)"
    switch kind {
    case .function: return "Graph of \(title.onOneLine)"
    case .line: return "Line chart of \(axes)"
    case .scatter: return "Scatter plot of \(axes)"
    case .classes: return "Scatter plot of \(axes) by class (\(title.onOneLine))"
    }
  }

  /// `x from 0 to 4, rising throughout from 1 to 9`
  private func course(_ summaries: [XYSummary]) -> String {
    guard let summary = summaries.first, let x = summary.x, let y = summary.y else { return emptyText }
    let width = "\(xLabel.onOneLine) from \(NumberText.range(x))"
    let (low, high) = NumberText.apart(y.lowerBound, y.upperBound)
    if y.lowerBound == y.upperBound { return width + ", \(low) throughout" }
    // What cannot be drawn hides whether the graph goes up or down there.
    let isWhole = summary.drawable == summary.count
    if isWhole, summary.neverFalls { return width + ", never falling, from \(low) to \(high)" }
    if isWhole, summary.neverRises { return width + ", never rising, from \(high) to \(low)" }
    return width
      + ", from the lowest \(low) at \(NumberText.short(summary.lowestAt)) to the highest \(high) at "
      + NumberText.short(summary.highestAt)
  }

  private func stories(_ summaries: [XYSummary]) -> String {
    if series.count == 1, let summary = summaries.first {
      return summary.count.counted("point") + extent(summaries) + correlation
    }
    return zip(series, summaries).map { series, summary in
      "\(series.name.onOneLine) \(summary.count.counted("point"))" + extent([summary])
    }.joined(separator: "; ")
  }

  /// `, x from 0 to 4, y from 1 to 9`
  private func extent(_ summaries: [XYSummary]) -> String {
    let axes = [(xLabel, summaries.compactMap(\.x).union), (yLabel, summaries.compactMap(\.y).union)]
    return axes.map { name, range in
      guard let range else { return "" }
      let isOne = range.lowerBound == range.upperBound
      return ", \(name.onOneLine) "
        + (isOne ? "always \(NumberText.short(range.lowerBound))" : "from \(NumberText.range(range))")
    }.joined()
  }

  /// How straight the cloud is, by Pearson's coefficient; nothing for fewer than three points.
  private var correlation: String {
    guard kind == .scatter, let series = series.first else { return "" }
    let points = zip(series.xs, series.ys).filter { $0.isFinite && canDraw($1) }
    guard points.count > 2 else { return "" }
    let n = Double(points.count)
    let meanX = points.reduce(0) { $0 + $1.0 / n }
    let meanY = points.reduce(0) { $0 + $1.1 / n }
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for (x, y) in points {
      xx += (x - meanX) * (x - meanX)
      yy += (y - meanY) * (y - meanY)
      xy += (x - meanX) * (y - meanY)
    }
    let r = xy / (xx.squareRoot() * yy.squareRoot())
    guard r.isFinite else { return "" }
    return ", correlation \(NumberText.short((min(max(r, -1), 1) * 100).rounded() / 100))"
  }

  /// What could not be drawn.
  private func missing(_ summaries: [XYSummary]) -> String {
    let notFinite = summaries.reduce(0) { $0 + $1.notFinite }
    let notPositive = summaries.reduce(0) { $0 + $1.notPositive }
    return (notFinite > 0 ? ", \(notFinite.counted("value")) not finite" : "")
      + (notPositive > 0 ? ", \(notPositive.counted("value")) of zero or less left out" : "")
  }
}
