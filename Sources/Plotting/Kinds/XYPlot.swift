import Diagnostics
import Localization

/// Points on two axes of real numbers: the graph of a function, lines, or clouds of points.
public struct XYPlot: Sendable, Equatable {
  /// What the points are, which decides how they are drawn and told of.
  public enum Kind: Sendable, Equatable {
    /// The graph of a function, its points in the order of x.
    case function
    /// Points joined in their order.
    case line
    /// Points on their own.
    case scatter
    /// Points on their own, each series a class of a data set.
    case classes
  }

  /// One line, one cloud of points or one class.
  public struct Series: Sendable, Equatable {
    /// What the legend and the caption call it.
    public var name: String
    /// Where the points are along x.
    public var xs: [Double]
    /// Where they are along y, one for each x. NaN and infinities break a line.
    public var ys: [Double]

    /// Creates a series.
    public init(name: String, xs: [Double], ys: [Double]) {
      self.name = name
      self.xs = xs
      self.ys = ys
    }
  }

  /// A place on the x axis that parts the points, such as the end of what a network was trained on.
  public struct Cut: Sendable, Equatable {
    /// Where it is.
    public var x: Double
    /// What ends or begins there, for the legend.
    public var name: String
    /// The same in the caption, with the place as a reader knows it.
    public var story: String

    /// Creates a cut.
    public init(x: Double, name: String, story: String) {
      self.x = x
      self.name = name
      self.story = story
    }
  }

  /// What the points are.
  public var kind: Kind
  /// The plot's headline: `sigmoid(x)`.
  public var title: String
  /// The x axis's name.
  public var xLabel: String
  /// The y axis's name.
  public var yLabel: String
  /// The series, in the order of the legend.
  public var series: [Series]
  /// Whether the y axis is logarithmic; values of zero or less are then left out and counted.
  public var isLogarithmic: Bool
  /// Upright lines through the drawing.
  public var cuts: [Cut] = []
  /// What the x axis calls 0, 1, 2 and so on, such as dates; nil for these numbers.
  public var xNames: [String]?
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// The height of the drawing area in rows that the user asked for, if any.
  public var height: Int?

  /// Creates a plot.
  public init(
    _ kind: Kind, title: String, xLabel: String, yLabel: String, series: [Series],
    isLogarithmic: Bool = false, width: Int? = nil, height: Int? = nil
  ) {
    self.kind = kind
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.isLogarithmic = isLogarithmic
    self.width = width
    self.height = height
  }
}

// MARK: - Layout

extension XYPlot: DrawablePlot {
  /// The plot laid out.
  public var layout: PlotLayout {
    let summaries = series.map { XYSummary($0, isLogarithmic: isLogarithmic) }
    let (xRange, yRange) = (summaries.compactMap(\.x).union, summaries.compactMap(\.y).union)
    var layout = PlotLayout(of: self, caption: caption(summaries))
    guard let xRange, let yRange, let x = Scale(from: xRange.lowerBound, to: xRange.upperBound),
      let y = Scale(from: yRange.lowerBound, to: yRange.upperBound, isLogarithmic: isLogarithmic)
    else {
      layout.message = emptyText
      return layout
    }
    layout.facts = kind == .function ? NumberText.range(yRange) : localized("\(count, "point")")
    layout.narrow = [
      "x " + NumberText.range(xRange), "y " + NumberText.range(yRange), localized("\(count, "point")"),
    ]
    var axes = Axes(x: x, y: y, xLabel: xLabel, yLabel: yLabel + scaleNote, wholeX: hasWholeX)
    axes.valueCount = count
    axes.marks = series.indices.map { isJoined ? .line(line($0, x, y)) : .points(points($0, x, y)) }
    for series in series {
      axes.flaws += zip(series.xs, series.ys).filter { $0.isFinite && !canDraw($0, $1) }.map {
        x.fraction($0.0)
      }
    }
    axes.legend = legend(summaries)
    let cuts = cuts.filter { xRange.contains($0.x) }
    axes.marks += cuts.map { Mark.cut(x.fraction($0.x), $0.name) }
    axes.legend += cuts.map { LegendEntry(symbol: .cut, meaning: $0.name) }
    if let xNames { axes.nameTicks(xNames) }
    layout.parts = [axes]
    return layout
  }

  /// What is said in place of a drawing.
  private var emptyText: String {
    count == 0 ? localized("nothing to plot yet") : localized("nothing to plot: no point can be drawn")
  }

  /// How many points there are.
  private var count: Int { series.reduce(0) { $0 + min($1.xs.count, $1.ys.count) } }

  /// Whether the points of a series are joined.
  private var isJoined: Bool { kind == .function || kind == .line }

  /// Whether x counts something, so that ticks between whole numbers would name what there is not.
  private var hasWholeX: Bool {
    kind != .function && series.allSatisfy { $0.xs.allSatisfy { !$0.isFinite || $0 == $0.rounded() } }
  }

  private func canDraw(_ x: Double, _ y: Double) -> Bool {
    x.isFinite && y.isDrawable(isLogarithmic: isLogarithmic)
  }

  private func line(_ index: Int, _ x: Scale, _ y: Scale) -> Line {
    let points = zip(series[index].xs, series[index].ys).map { px, py in
      canDraw(px, py) ? UnitPoint(x: x.fraction(px), y: y.fraction(py)) : UnitPoint(x: .nan, y: .nan)
    }
    return Line(
      series: index, points: points, count: series[index].xs.count, isContinuous: kind == .function)
  }

  private func points(_ index: Int, _ x: Scale, _ y: Scale) -> Points {
    let drawable = zip(series[index].xs, series[index].ys).filter { canDraw($0, $1) }
    return Points(
      points: drawable.map { .init(place: UnitPoint(x: x.fraction($0), y: y.fraction($1)), label: index) },
      kind: kind == .classes ? .classes : .cloud)
  }

  private func legend(_ summaries: [XYSummary]) -> [LegendEntry] {
    var legend: [LegendEntry] = []
    if series.count > 1 || kind == .classes {
      legend = series.enumerated().map { index, series in
        switch kind {
        case .classes: LegendEntry(symbol: .classPoint(index), meaning: localized("class \(series.name)"))
        case .scatter: LegendEntry(symbol: .point(index), meaning: series.name)
        case .function, .line: LegendEntry(symbol: .line(index), meaning: series.name)
        }
      }
    }
    if series.count > 1, kind != .classes { legend.append(.shared(by: series.count)) }
    return legend + (summaries.contains { $0.drawable < $0.count } ? [.flaw] : [])
  }

  /// What is said of an axis that is not the usual one.
  private var scaleNote: String { isLogarithmic ? localized(" (log scale)") : "" }
}

// MARK: Caption

extension XYPlot {
  /// The plot in words.
  private func caption(_ summaries: [XYSummary]) -> String {
    let subject = subject + scaleNote
    guard summaries.contains(where: { $0.drawable > 0 }) else {
      return localized("\(subject): \(emptyText + missing(summaries)).")
    }
    let story =
      switch kind {
      case .function: course(summaries)
      case .line, .scatter: stories(summaries)
      case .classes: sizes + extent(summaries)
      }
    let parts = [story + missing(summaries)] + cuts.map(\.story.onOneLine)
    return localized("\(subject): \(parts.joined(separator: localized("; "))).")
  }

  /// `6 points, 4 of class 0 and 2 of class 1`
  private var sizes: String {
    let sizes = series.map { localized("\(min($0.xs.count, $0.ys.count)) of class \($0.name.onOneLine)") }
    return localized("\(count, "point"), \(sizes.localizedList)")
  }

  private var subject: String {
    let (x, y) = (xLabel.onOneLine, yLabel.onOneLine)
    switch kind {
    case .function: return localized("Graph of \(title.onOneLine)")
    case .line: return localized("Line chart of \(y) against \(x)")
    case .scatter: return localized("Scatter plot of \(y) against \(x)")
    case .classes: return localized("Scatter plot of \(y) against \(x) by class (\(title.onOneLine))")
    }
  }

  /// `x from 0 to 4, rising throughout from 1 to 9`
  private func course(_ summaries: [XYSummary]) -> String {
    guard let summary = summaries.first, let x = summary.x, let y = summary.y else { return emptyText }
    let width = localized("\(xLabel.onOneLine) from \(NumberText.range(x))")
    let (low, high) = NumberText.apart(y.lowerBound, y.upperBound)
    if y.lowerBound == y.upperBound { return width + localized(", \(low) throughout") }
    // What cannot be drawn hides whether the graph goes up or down there.
    let isWhole = summary.drawable == summary.count
    if isWhole, summary.neverFalls { return width + localized(", never falling, from \(low) to \(high)") }
    if isWhole, summary.neverRises { return width + localized(", never rising, from \(high) to \(low)") }
    let (lowestAt, highestAt) = (NumberText.short(summary.lowestAt), NumberText.short(summary.highestAt))
    return width
      + localized(", from the lowest \(low) at \(lowestAt) to the highest \(high) at \(highestAt)")
  }

  private func stories(_ summaries: [XYSummary]) -> String {
    if series.count == 1, let summary = summaries.first {
      return localized("\(summary.count, "point")") + extent(summaries) + correlation
    }
    return zip(series, summaries).map { series, summary in
      localized("\(series.name.onOneLine) \(summary.count, "point")") + extent([summary])
    }.joined(separator: localized("; "))
  }

  /// `, x from 0 to 4, y from 1 to 9`
  private func extent(_ summaries: [XYSummary]) -> String {
    let axes = [(xLabel, summaries.compactMap(\.x).union), (yLabel, summaries.compactMap(\.y).union)]
    return axes.enumerated().map { axis, named in
      let (name, range) = named
      guard let range else { return "" }
      if axis == 0, let names = names(range) {
        return ", " + localized("\(name.onOneLine) from \(localized("\(names.0) to \(names.1)"))")
      }
      let isOne = range.lowerBound == range.upperBound
      let extent =
        isOne
        ? localized("\(name.onOneLine) always \(NumberText.short(range.lowerBound))")
        : localized("\(name.onOneLine) from \(NumberText.range(range))")
      return ", " + extent
    }.joined()
  }

  /// What the ends of a range along x are called, where they have names.
  private func names(_ range: ClosedRange<Double>) -> (String, String)? {
    guard let xNames, let first = Int(exactly: range.lowerBound), let last = Int(exactly: range.upperBound),
      xNames.indices.contains(first), xNames.indices.contains(last), first < last
    else { return nil }
    return (xNames[first].onOneLine, xNames[last].onOneLine)
  }

  /// How straight the cloud is, by Pearson's coefficient; nothing for fewer than three points.
  private var correlation: String {
    guard kind == .scatter, let series = series.first else { return "" }
    let points = zip(series.xs, series.ys).filter { canDraw($0, $1) }
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
    return localized(", correlation \(NumberText.short((min(max(r, -1), 1) * 100).rounded() / 100))")
  }

  /// What could not be drawn.
  private func missing(_ summaries: [XYSummary]) -> String {
    let notFinite = summaries.reduce(0) { $0 + $1.notFinite }
    let notPositive = summaries.reduce(0) { $0 + $1.notPositive }
    return (notFinite > 0 ? ", " + localized("\(notFinite, "value") not finite") : "")
      + (notPositive > 0 ? localized(", \(notPositive, "value") of zero or less left out") : "")
  }
}

/// What one look at a series of points tells: its extremes and what cannot be drawn.
struct XYSummary {
  /// How many points there are, drawable or not.
  let count: Int
  /// How many can be drawn.
  var drawable = 0
  /// How many have a coordinate that is NaN or infinite.
  var notFinite = 0
  /// The ends of what can be drawn; nil where nothing can.
  var x: ClosedRange<Double>?
  var y: ClosedRange<Double>?
  /// The x of the lowest and of the highest point, the first of equal ones.
  var lowestAt = Double.nan
  var highestAt = Double.nan
  /// Whether no point is lower, or none higher, than the one before it.
  var neverFalls = true
  var neverRises = true

  /// How many are finite and left out all the same, being zero or less on a logarithmic axis.
  var notPositive: Int { count - drawable - notFinite }

  init(_ series: XYPlot.Series, isLogarithmic: Bool) {
    count = min(series.xs.count, series.ys.count)
    var (left, right) = (Double.infinity, -Double.infinity)
    var (low, high) = (Double.infinity, -Double.infinity)
    var last = Double.nan
    for index in 0..<count {
      let (x, y) = (series.xs[index], series.ys[index])
      guard x.isFinite, y.isDrawable(isLogarithmic: isLogarithmic) else {
        if !x.isFinite || !y.isFinite { notFinite += 1 }
        continue
      }
      drawable += 1
      left = min(left, x)
      right = max(right, x)
      if y < low { (low, lowestAt) = (y, x) }
      if y > high { (high, highestAt) = (y, x) }
      if y < last { neverFalls = false }
      if y > last { neverRises = false }
      last = y
    }
    guard drawable > 0 else { return }
    x = left...right
    y = low...high
  }
}
