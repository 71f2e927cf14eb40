import Diagnostics
import Localization

/// The combinations of a sweep and what they measured: what each parameter does to the metric, or all of it at once.
public struct SweepPlot: Sendable, Equatable {
  /// How combinations are drawn.
  public enum Kind: Sendable, Equatable {
    /// Main effects: a panel for each parameter, with the mean of the metric at each of its values.
    case effects
    /// Parallel coordinates: an axis for each parameter and one for the metric, and a line for each combination.
    case parallel
  }

  /// A parameter and what it was in each combination.
  public struct Parameter: Sendable, Equatable {
    /// What it was taken from.
    public enum Values: Sendable, Equatable {
      /// These, in this order, as they are typed.
      case named([String])
      /// Numbers between two.
      case range(ClosedRange<Double>, isLogarithmic: Bool)
    }

    /// Its name.
    public var name: String
    /// What it was taken from.
    public var values: Values
    /// For each combination which of the named values it was, from 0, or the number.
    public var places: [Double]

    /// Creates a parameter.
    public init(name: String, values: Values, places: [Double]) {
      self.name = name
      self.values = values
      self.places = places
    }
  }

  /// How combinations are drawn.
  public var kind: Kind
  /// The plot's headline: `val_loss by rate and hidden`.
  public var title: String
  /// The metric's name.
  public var metric: String
  /// Whether a larger value of it is better.
  public var isLarger: Bool
  /// The parameters, in the order in which they were named.
  public var parameters: [Parameter]
  /// What each combination measured; NaN where it failed.
  public var measured: [Double]
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// The height of the drawing area in rows that the user asked for, if any.
  public var height: Int?

  /// Creates a plot.
  public init(
    _ kind: Kind, title: String, metric: String, isLarger: Bool, parameters: [Parameter], measured: [Double]
  ) {
    self.kind = kind
    self.title = title
    self.metric = metric
    self.isLarger = isLarger
    self.parameters = parameters
    self.measured = measured
  }
}

// MARK: - Layout

extension SweepPlot: DrawablePlot {
  /// The plot laid out.
  public var layout: PlotLayout {
    var layout = PlotLayout(of: self, caption: caption)
    guard let range, let y = yScale(range), !parameters.isEmpty else {
      layout.message = emptyText
      return layout
    }
    layout.facts = localized(
      "\(drawable.count, "combination"), \(metric.onOneLine) \(NumberText.range(range))")
    layout.narrow = [layout.facts] + (strongestWords.map { [$0] } ?? [])
    switch kind {
    case .effects:
      for parameter in parameters {
        if !layout.parts.isEmpty { layout.parts.append(Gap()) }
        layout.parts.append(panel(parameter, y))
      }
      layout.parts.append(Notes(strongestWords.map { [$0] } ?? []))
    case .parallel: layout.parts = [ParallelAxes(self, y)]
    }
    if drawable.count < measured.count { layout.parts.append(Notes([failedWords])) }
    return layout
  }

  /// What is said in place of a drawing.
  private var emptyText: String { localized("nothing to plot: no combination was measured") }

  /// The combinations that were measured.
  var drawable: [Int] { measured.indices.filter { measured[$0].isFinite } }

  /// The lowest and the highest value; nil where there is none.
  private var range: ClosedRange<Double>? { measured.finiteRange }

  /// Losses that differ by factors are told apart on a logarithmic axis alone.
  private func yScale(_ range: ClosedRange<Double>) -> Scale? {
    let isLogarithmic = range.lowerBound > 0 && range.upperBound / range.lowerBound > 50
    return Scale(from: range.lowerBound, to: range.upperBound, isLogarithmic: isLogarithmic)
  }

  /// The combinations that were measured, the best first.
  var ranked: [Int] {
    drawable.sorted { a, b in
      let (left, right) = (measured[a], measured[b])
      return left == right ? a < b : isLarger ? left > right : left < right
    }
  }

  // MARK: Main effects

  private func panel(_ parameter: Parameter, _ y: Scale) -> Axes {
    let yLabel = metric + (y.isLogarithmic ? localized(" (log scale)") : "")
    var axes: Axes
    switch parameter.values {
    case .named(let names):
      axes = Axes(names: names, y: y, xLabel: parameter.name, yLabel: yLabel, shape: .low)
    case .range:
      let label = parameter.name + (parameter.scale?.isLogarithmic == true ? localized(" (log scale)") : "")
      axes = Axes(x: parameter.scale ?? y, y: y, xLabel: label, yLabel: yLabel, shape: .low)
    }
    let means = parameter.means(of: measured)
    axes.marks = [
      .line(
        Line(
          series: 0, points: means.map { UnitPoint(x: $0.place, y: y.fraction($0.mean)) },
          count: means.count)),
      .points(
        Points(
          points: drawable.map { index in
            .init(
              place: UnitPoint(x: parameter.fraction(of: index), y: y.fraction(measured[index])), label: 1)
          }, kind: .cloud)),
    ]
    axes.valueCount = drawable.count
    axes.legend = [
      LegendEntry(symbol: .line(0), meaning: localized("mean")),
      LegendEntry(symbol: .point(1), meaning: localized("combination")), .shared(by: 2),
    ]
    return axes
  }

  // MARK: Words

  /// The lowest and the highest mean over the values of a parameter; nil for one that has a single value.
  private func spread(_ parameter: Parameter) -> (low: Parameter.Mean, high: Parameter.Mean)? {
    let means = parameter.means(of: measured)
    guard let low = means.min(by: { $0.mean < $1.mean }), let high = means.max(by: { $0.mean < $1.mean }),
      means.count > 1
    else { return nil }
    return (low, high)
  }

  /// `rate matters most: the mean goes from 0.2 (0.1) to 0.6 (10)`
  private var strongestWords: String? {
    let spreads = parameters.compactMap { parameter in spread(parameter).map { (parameter.name, $0) } }
    let strongest = spreads.max { $0.1.high.mean - $0.1.low.mean < $1.1.high.mean - $1.1.low.mean }
    guard let (parameter, (low, high)) = strongest, low.mean < high.mean else { return nil }
    let ends = isLarger ? (high, low) : (low, high)
    let (from, to) = (NumberText.short(ends.0.mean), NumberText.short(ends.1.mean))
    let name = parameter.onOneLine
    return spreads.count > 1
      ? localized(
        "\(name) matters most: the mean goes from \(from) at \(ends.0.label) to \(to) at \(ends.1.label)")
      : localized("\(name): the mean goes from \(from) at \(ends.0.label) to \(to) at \(ends.1.label)")
  }

  private var failedWords: String {
    localized("\(measured.count - drawable.count, "combination") failed, not shown")
  }

  /// The plot in words.
  private var caption: String {
    let names = parameters.map(\.name.onOneLine)
    let all = names + [metric.onOneLine]
    let subject =
      kind == .effects
      ? localized("Main effects of \(names.localizedList) on \(metric.onOneLine)")
      : localized("Parallel coordinates of \(all.localizedList)")
    guard let best = ranked.first else { return localized("\(subject): \(emptyText).") }
    var story = [localized("\(drawable.count, "combination")")]
    switch kind {
    case .effects: story += parameters.compactMap(effectWords)
    case .parallel:
      let values =
        parameters.map { "\($0.name.onOneLine) \($0.label(of: best))" }
        + ["\(metric.onOneLine) \(NumberText.short(measured[best]))"]
      let list = values.joined(separator: ", ")
      story.append(localized("the best has \(list)"))
    }
    if drawable.count < measured.count { story.append(failedWords) }
    let words = story.joined(separator: localized("; "))
    return localized("\(subject): \(words).")
  }

  /// `rate best at 1, mean 0.2, worst at 0.01, mean 0.6`
  private func effectWords(_ parameter: Parameter) -> String? {
    spread(parameter).map { low, high in
      let (first, last) = isLarger ? (high, low) : (low, high)
      let (best, worst) = (NumberText.short(first.mean), NumberText.short(last.mean))
      return localized(
        "\(parameter.name.onOneLine) best at \(first.label), mean \(best), worst at \(last.label), mean \(worst)"
      )
    }
  }
}

// MARK: - Parameters

extension SweepPlot.Parameter {
  /// The mean over the combinations that share a value, or a part of a range.
  struct Mean {
    /// Where it is, from 0 to 1.
    var place: Double
    /// The value, or the range of those that share the part.
    var label: String
    var mean: Double
  }

  /// The parts in which the means over a range are taken.
  private static let parts = 5

  /// The axis of a range; nil for named values.
  var scale: Scale? {
    guard case .range(let range, let isLogarithmic) = values else { return nil }
    return Scale(from: range.lowerBound, to: range.upperBound, isLogarithmic: isLogarithmic)
  }

  /// Where a combination is, from 0 to 1.
  func fraction(of combination: Int) -> Double {
    switch values {
    case .named(let names): Axes.place(number(of: combination), of: names.count)
    case .range: scale?.fraction(places[combination]) ?? 0.5
    }
  }

  /// The value of a combination.
  func label(of combination: Int) -> String {
    switch values {
    case .named(let names):
      names.indices.contains(number(of: combination)) ? names[number(of: combination)].onOneLine : ""
    case .range: NumberText.short(places[combination])
    }
  }

  /// Which of the named values a combination has.
  private func number(of combination: Int) -> Int { Int(exactly: places[combination]) ?? 0 }

  /// The means, from the left to the right; a part of a range in which nothing was measured has none.
  func means(of measured: [Double]) -> [Mean] {
    var groups: [Int: [Int]] = [:]
    for index in measured.indices where measured[index].isFinite && places[index].isFinite {
      switch values {
      case .named: groups[number(of: index), default: []].append(index)
      case .range:
        let part = Int(fraction(of: index) * Double(Self.parts))
        groups[min(part, Self.parts - 1), default: []].append(index)
      }
    }
    return groups.sorted { $0.key < $1.key }.map { part, members in
      let mean = members.reduce(0) { $0 + measured[$1] } / Double(members.count)
      if case .named = values {
        return Mean(place: fraction(of: members[0]), label: label(of: members[0]), mean: mean)
      }
      let numbers = members.map { places[$0] }
      let ends = (numbers.min() ?? 0)...(numbers.max() ?? 0)
      return Mean(
        place: Axes.place(part, of: Self.parts),
        label: ends.lowerBound == ends.upperBound
          ? NumberText.short(ends.lowerBound)
          : "\(NumberText.short(ends.lowerBound))..\(NumberText.short(ends.upperBound))",
        mean: mean)
    }
  }
}
