import Diagnostics
import Foundations
import Localization
import Outputs

extension LinePlot: DrawablePlot {
  /// The plot laid out.
  var layout: PlotLayout {
    let summaries = series.map { LineSummary($0, isLogarithmic: isLogarithmic) }
    var layout = PlotLayout(title: title, caption: caption(summaries))
    layout.seriesFacts = zip(series, summaries).compactMap { series, summary in
      figures(series, summary).map { (series.name.onOneLine, $0) }
    }
    guard let axes = axes(summaries) else {
      layout.message = emptyText
      return layout
    }
    layout.narrow = narrow(summaries)
    layout.parts = [axes]
    return layout
  }

  /// The lines that stand in place of a drawing: the figures of each series.
  private func narrow(_ summaries: [LineSummary]) -> [String] {
    zip(series, summaries).flatMap { series, summary -> [String] in
      let names = self.series.count > 1 ? [series.name.onOneLine] : []
      guard let range = summary.range, let last = series.values.last else { return [] }
      let figures = [("min", range.lowerBound), ("max", range.upperBound), (localized("last"), last)]
      return names + figures.map { $0 + " " + NumberText.short($1) }
    }
  }

  /// What is said in place of a drawing.
  private var emptyText: String {
    count == 0 ? localized("nothing to plot yet") : localized("nothing to plot: no value can be drawn")
  }

  /// The number of places on the x axis.
  private var count: Int { series.map(\.count).max() ?? 0 }

  /// The x of the first value, kept to where a Double still tells neighbours apart.
  private var start: Int { min(max(firstX, -(1 << 51)), 1 << 51) }

  // MARK: Axes

  /// The drawing; nil where no value has a place.
  private func axes(_ summaries: [LineSummary]) -> Axes? {
    // A single place stands in the middle of its axis.
    let margin = count == 1 ? 0.5 : 0
    guard let range = summaries.compactMap(\.range).union,
      let x = Scale(from: Double(start) - margin, to: Double(start + count - 1) + margin),
      let y = Scale(from: range.lowerBound, to: range.upperBound, isLogarithmic: isLogarithmic)
    else { return nil }
    var axes = Axes(x: x, y: y, xLabel: xLabel, yLabel: yLabel + scaleNote, wholeX: true)
    axes.valueCount = count
    for index in series.indices { axes.marks.append(.line(line(index, x, y, flaws: &axes.flaws))) }
    for (series, summary) in zip(series, summaries) where series.marksBest {
      // On a logarithmic axis the best loss may be a zero that has no place.
      guard let best = summary.best, summary.range?.contains(best.value) == true else { continue }
      axes.marks.append(
        .best(UnitPoint(x: x.fraction(Double(start + best.index)), y: y.fraction(best.value))))
    }
    axes.legend = legend(summaries)
    return axes
  }

  private func line(_ index: Int, _ x: Scale, _ y: Scale, flaws: inout [Double]) -> Line {
    let series = series[index]
    var points: [UnitPoint] = []
    for place in 0..<series.stretchCount {
      let stretch = series.stretch(place, isLogarithmic: isLogarithmic)
      let x = x.fraction(Double(start + series.place(ofStretch: place)))
      if !stretch.isWhole { flaws.append(x) }
      points += stretch.values.map { UnitPoint(x: x, y: $0.isNaN ? .nan : y.fraction($0)) }
    }
    return Line(series: index, points: points, count: count)
  }

  private func canDraw(_ value: Double) -> Bool { value.isDrawable(isLogarithmic: isLogarithmic) }

  /// What is said of an axis that is not the usual one.
  private var scaleNote: String { isLogarithmic ? localized(" (log scale)") : "" }

  // MARK: Figures

  /// `last 0.01, best 0.0021 at epoch 37`; nil where there is no value.
  private func figures(_ series: Series, _ summary: LineSummary) -> String? {
    guard let last = series.values.last else { return nil }
    return localized("last \(NumberText.short(last))") + (summary.best.map { ", " + bestText($0) } ?? "")
  }

  /// `best 0.0021 at epoch 37`
  private func bestText(_ best: (value: Double, index: Int)) -> String {
    localized("best \(NumberText.short(best.value)) at \(xLabel.onOneLine) \(start + best.index)")
  }

  /// What the signs mean; empty where there is nothing to tell apart.
  private func legend(_ summaries: [LineSummary]) -> [LegendEntry] {
    var legend: [LegendEntry] = []
    if series.count > 1 {
      legend = series.indices.map { index in
        LegendEntry(
          symbol: .line(index), meaning: series[index].name,
          detail: figures(series[index], summaries[index]) ?? "")
      }
      legend.append(.shared(by: series.count))
    }
    for (series, summary) in zip(series, summaries) where series.marksBest && summary.best != nil {
      legend.append(LegendEntry(symbol: .best, meaning: localized("best \(series.name)")))
    }
    return legend + (summaries.contains { $0.drawable < $0.count } ? [.flaw] : [])
  }
}

// MARK: Caption

extension LinePlot {
  /// The plot in words.
  private func caption(_ summaries: [LineSummary]) -> String {
    let subject = localized("Line chart of \(names)") + extent
    guard summaries.contains(where: { $0.drawable > 0 }) else {
      return localized("\(subject): \(emptyText + missing(summaries)).")
    }
    let stories = zip(series, summaries).map { story($0, $1) }
    if stories.count == 1 { return localized("\(subject): \(stories.joined()).") }
    let named = zip(series, stories).map { $0.name.onOneLine + " " + $1 }
    return localized("\(subject): \(named.joined(separator: localized("; "))).")
  }

  private var names: String {
    series.isEmpty ? localized("nothing") : series.map(\.name.onOneLine).localizedList
  }

  /// ` over 20000 epochs (log scale)`
  private var extent: String {
    guard count > 0 else { return "" }
    return localized(" over \(count, of: xLabel.onOneLine)") + scaleNote
  }

  /// Where a series starts, ends and is heading, its best value and what is missing of it.
  private func story(_ series: Series, _ summary: LineSummary) -> String {
    guard let range = summary.range else {
      return (summary.count == 0 ? localized("no values yet") : localized("no value can be drawn"))
        + missing([summary])
    }
    let scale = Scale(from: range.lowerBound, to: range.upperBound, isLogarithmic: isLogarithmic)
    let first = series.first.flatMap { canDraw($0) ? $0 : series.values.first(where: canDraw) }
    let last = series.values.last(where: canDraw)
    guard let scale, let first, let last else { return "" }
    let ends = NumberText.apart(first, last)
    let way = summary.drawable == 1 ? ends.first : localized("\(ends.first) to \(ends.second)")
    return way + course(series, summary, from: first, scale) + best(series, summary) + missing([summary])
  }

  /// The trend, of a series that can be drawn up to its end.
  private func course(
    _ series: Series, _ summary: LineSummary, from first: Double, _ scale: Scale
  ) -> String {
    guard let last = series.values.last else { return "" }
    if !canDraw(last) {
      return last.isFinite
        ? localized(", then zero or less at the end")
        : localized(", then \(NumberText.short(last)) at the end")
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
        ? localized(", 1 value not finite (\(place))")
        : localized(", \(notFinite) values not finite (the first at \(place))")
    }
    if notPositive > 0 {
      text += localized(", \(notPositive, "value") of zero or less left out")
    }
    return text
  }
}

// MARK: Series

/// What one look at a series tells: its extremes and what cannot be drawn.
struct LineSummary {
  let count: Int
  /// The smallest and the largest value that can be drawn; nil where none can.
  var range: ClosedRange<Double>?
  /// How many values can be drawn.
  var drawable = 0
  /// How many are NaN or infinite, and the index of the first of them.
  var notFinite = 0
  var firstNotFinite: Int?
  /// How many are finite and left out all the same, being zero or less on a logarithmic axis.
  var notPositive = 0
  /// How many stretches can be drawn: as many as values, where all are kept.
  var stretches = 0
  /// The first best value and its index, where the series says which way is better.
  var best: (value: Double, index: Int)?

  init(_ series: LinePlot.Series, isLogarithmic: Bool) {
    count = series.count
    var low = Double.infinity
    var high = -Double.infinity
    for index in 0..<series.stretchCount {
      let stretch = series.stretch(index, isLogarithmic: isLogarithmic)
      guard stretch.isDrawable else { continue }
      low = min(low, stretch.low)
      high = max(high, stretch.high)
      stretches += 1
    }
    range = stretches > 0 ? low...high : nil
    if let tally = series.buckets?.tally {
      notFinite = tally.notFinite
      firstNotFinite = tally.firstNotFinite.map { $0 - 1 }
      notPositive = isLogarithmic ? tally.notPositive : 0
      drawable = count - notFinite - notPositive
      best = series.lowerIsBetter.flatMap { $0 ? tally.lowest : tally.highest }.map { ($0.value, $0.place - 1) }
    } else {
      drawable = stretches
      if drawable < count { countMissing(series.values) }
      best = series.lowerIsBetter.flatMap { Self.best(of: series.values, isLowest: $0) }
    }
  }

  private mutating func countMissing(_ values: [Double]) {
    notFinite = values.reduce(0) { $0 + ($1.isFinite ? 0 : 1) }
    firstNotFinite = values.firstIndex { !$0.isFinite }
    notPositive = count - drawable - notFinite
  }

  private static func best(of values: [Double], isLowest: Bool) -> (value: Double, index: Int)? {
    var best: (value: Double, index: Int)?
    var record = isLowest ? Double.infinity : -Double.infinity
    for index in values.indices where isLowest ? values[index] < record : values[index] > record {
      guard values[index].isFinite else { continue }
      record = values[index]
      best = (record, index)
    }
    return best
  }
}

/// What a drawing looks at one after the other in a series: a value, or a bucket of neighbours where the series is
/// too long to be kept whole.
struct LineStretch {
  /// The lowest and the highest value that can be drawn; `low` is above `high` where there is none.
  var low = Double.infinity
  var high = -Double.infinity
  /// The last value that can be drawn, as far as it is known.
  var last = Double.nan
  /// The mean of the values, as far as they can be drawn.
  var mean = Double.nan
  /// Whether every value can be drawn.
  var isWhole = false

  /// Whether any value can be drawn.
  var isDrawable: Bool { low <= high }

  /// The values to draw, NaN where there is none: the last one first, since a line leads to where it goes on from.
  var values: [Double] { low == high ? [last] : isDrawable ? [last, low, high, last] : [.nan] }

  fileprivate init(_ value: Double, isLogarithmic: Bool) {
    guard value.isDrawable(isLogarithmic: isLogarithmic) else { return }
    (low, high, last, mean, isWhole) = (value, value, value, value, true)
  }

  fileprivate init(_ bucket: DecimatedSeries.Bucket, size: Int, isLogarithmic: Bool) {
    guard bucket.low <= bucket.high, bucket.high.isDrawable(isLogarithmic: isLogarithmic) else { return }
    high = bucket.high
    last = bucket.last.isDrawable(isLogarithmic: isLogarithmic) ? bucket.last : high
    // How low the values above zero go is not known where others are zero or less.
    let isLowDrawable = bucket.low.isDrawable(isLogarithmic: isLogarithmic)
    low = isLowDrawable ? bucket.low : last
    mean = bucket.mean.isDrawable(isLogarithmic: isLogarithmic) ? bucket.mean : last
    isWhole = bucket.finite == size && isLowDrawable
  }
}

extension LinePlot.Series {
  /// How many values there are, kept one by one or in buckets.
  var count: Int { buckets?.count ?? values.count }

  /// How many stretches there are.
  var stretchCount: Int { values.count }

  /// A stretch.
  func stretch(_ index: Int, isLogarithmic: Bool) -> LineStretch {
    guard let buckets else { return LineStretch(values[index], isLogarithmic: isLogarithmic) }
    return LineStretch(buckets.buckets[index], size: buckets.size(of: index), isLogarithmic: isLogarithmic)
  }

  /// The place at which a stretch ends, from 0.
  func place(ofStretch index: Int) -> Int {
    guard let buckets else { return index }
    return min((index + 1) * buckets.width, buckets.count) - 1
  }
}
