import Diagnostics
import Localization

/// How often values fall into each of some equal ranges.
public struct HistogramPlot: Sendable, Equatable {
  /// The plot's headline: `hid.weights`.
  public var title: String
  /// What is counted, the x axis's name.
  public var xLabel: String
  /// The ranges side by side, from the lowest edge to the highest.
  public var range: ClosedRange<Double>
  /// How many values each range has.
  public var counts: [Int]
  /// The finite values in figures; nil where there are none.
  public var figures: Figures?
  /// How many values are NaN or infinite.
  public var notFinite: Int
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// The height of the drawing area in rows that the user asked for, if any.
  public var height: Int?

  /// Values in figures.
  public struct Figures: Sendable, Equatable {
    /// How many there are.
    public var count: Int
    /// The lowest and the highest.
    public var range: ClosedRange<Double>
    /// Their mean.
    public var mean: Double
    /// Their standard deviation: the root of the mean squared distance from the mean, as NumPy has it.
    public var deviation: Double
  }

  /// Counts values.
  ///
  /// - Parameter bins: how many ranges; when nil, one for each whole number where there are only few, else by
  ///   the rules of Sturges and of Freedman and Diaconis, whichever gives more, up to fifty.
  public init(title: String, xLabel: String, values: [Double], bins: Int? = nil) {
    self.title = title
    self.xLabel = xLabel
    let finite = values.filter(\.isFinite)
    notFinite = values.count - finite.count
    figures = Figures(finite)
    (range, counts) = Binning(finite, figures?.range ?? 0...1, bins: bins).counted
  }
}

extension HistogramPlot.Figures {
  /// The figures of finite values; nil for none.
  init?(_ values: [Double]) {
    guard let low = values.min(), let high = values.max() else { return nil }
    count = values.count
    range = low...high
    let n = Double(count)
    // Divided before they are added, so that the sum of large values stays finite.
    mean = min(max(values.reduce(0) { $0 + $1 / n }, low), high)
    let mean = mean
    // Scaled by the largest distance, so that squares stay finite.
    let scale = max(high - mean, mean - low)
    guard scale > 0, scale.isFinite else {
      deviation = scale > 0 ? .infinity : 0
      return
    }
    let squares = values.reduce(0) { $0 + (($1 - mean) / scale) * (($1 - mean) / scale) }
    deviation = scale * (squares / n).squareRoot()
  }
}

/// Chooses ranges for values and counts them.
private struct Binning {
  let values: [Double]
  let low: Double
  let high: Double
  let bins: Int

  init(_ values: [Double], _ range: ClosedRange<Double>, bins: Int?) {
    self.values = values
    let (first, last) = (range.lowerBound, range.upperBound)
    let length = last - first
    if bins == nil, length <= 40, abs(first) < 1e9, values.allSatisfy({ $0 == $0.rounded() }) {
      (low, high, self.bins) = (first - 0.5, last + 0.5, Int(length) + 1)
      return
    }
    // A range without length is widened, so that its values stand in the middle.
    let margin = length > 0 ? 0 : max(abs(first) * 0.1, 0.5)
    low = max(first - margin, -.greatestFiniteMagnitude)
    high = min(last + margin, .greatestFiniteMagnitude)
    self.bins = min(max(bins ?? Binning.automatic(values, length), 1), 10_000)
  }

  private static func automatic(_ values: [Double], _ length: Double) -> Int {
    guard values.count > 1, length > 0, length.isFinite else { return 1 }
    // Of very many, quartiles of some spread over all of them tell as much, and need no sorting of them all.
    let step = max(1, values.count / 100_000)
    let sorted = stride(from: 0, to: values.count, by: step).map { values[$0] }.sorted()
    let spread = sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]
    let count = Double(values.count)
    let sturges = logarithm(count) + 1
    let width = 2 * spread / cubeRoot(count)
    let freedman = width > 0 ? length / width : 0
    return Int(min(max(sturges, freedman, 1).rounded(.up), 50))
  }

  /// The power of two at or above a count.
  private static func logarithm(_ count: Double) -> Double { Double(count.exponent) + 1 }

  /// By Newton's steps, since the standard library has no cube root.
  private static func cubeRoot(_ count: Double) -> Double {
    var root = max(count.squareRoot(), 1)
    for _ in 0..<60 { root = (2 * root + count / (root * root)) / 3 }
    return root
  }

  var counted: (ClosedRange<Double>, [Int]) {
    var counts = [Int](repeating: 0, count: bins)
    // Halves where the whole length is more than a Double can hold.
    let unit = (high - low).isFinite ? 1.0 : 0.5
    let length = high * unit - low * unit
    for value in values {
      let place = (value * unit - low * unit) / length * Double(bins)
      counts[min(max(Int(place), 0), bins - 1)] += 1
    }
    return (low...high, counts)
  }
}

// MARK: - Layout

extension HistogramPlot: DrawablePlot {
  /// The plot laid out.
  public var layout: PlotLayout {
    var layout = PlotLayout(of: self, caption: caption)
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
