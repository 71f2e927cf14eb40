import Diagnostics
public import Foundations
import Localization

/// One or several series of numbers against a common x axis.
public struct LinePlot: Sendable, Equatable {
  /// One line.
  public struct Series: Sendable, Equatable {
    /// What the legend, the header and the caption call it: `train loss`.
    public var name: String
    /// The y values; the i-th stands at x = ``LinePlot/firstX`` + i. NaN and infinities break the line. Of a series
    /// in buckets the last value of each.
    public let values: [Double]
    /// The buckets of a series that is too long to be kept whole.
    public let buckets: DecimatedSeries?
    /// The first value, finite or not; nil where there is none.
    public let first: Double?
    /// Whether a lower value is the better one (a loss) or a higher one (an accuracy); nil where neither
    /// is, and then no best value is named.
    public var lowerIsBetter: Bool?
    /// Whether the best value is marked in the plot itself, as the best validation figure is.
    public var marksBest: Bool

    /// Creates a series.
    public init(name: String, values: [Double], lowerIsBetter: Bool? = nil, marksBest: Bool = false) {
      self.name = name
      self.values = values
      buckets = nil
      first = values.first
      self.lowerIsBetter = lowerIsBetter
      self.marksBest = marksBest
    }

    /// Creates a series in buckets, which hide its first value.
    public init(
      name: String, buckets: DecimatedSeries, first: Double, lowerIsBetter: Bool? = nil,
      marksBest: Bool = false
    ) {
      self.name = name
      values = buckets.buckets.map(\.last)
      self.buckets = buckets
      self.first = first
      self.lowerIsBetter = lowerIsBetter
      self.marksBest = marksBest
    }
  }

  /// The plot's headline: `loss of solver on xor`.
  public var title: String
  /// The x axis's name, in the singular: `epoch`, `step`.
  public var xLabel: String
  /// The y axis's name: `loss`.
  public var yLabel: String
  /// The x of every series' first value; x then grows by one a value.
  public var firstX: Int
  /// The series, in the order of the legend.
  public var series: [Series]
  /// Whether the y axis is logarithmic; values of zero or less are then left out and counted.
  public var isLogarithmic: Bool
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// The height of the drawing area in rows that the user asked for, if any.
  public var height: Int?

  /// Creates a line plot.
  public init(
    title: String, xLabel: String, yLabel: String, firstX: Int, series: [Series],
    isLogarithmic: Bool = false, width: Int? = nil, height: Int? = nil
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.firstX = firstX
    self.series = series
    self.isLogarithmic = isLogarithmic
    self.width = width
    self.height = height
  }
}

// MARK: - Layout

extension LinePlot: DrawablePlot {
  /// The plot laid out.
  public var layout: PlotLayout {
    let summaries = series.map { LineSummary($0, isLogarithmic: isLogarithmic) }
    var layout = PlotLayout(of: self, caption: caption(summaries))
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
