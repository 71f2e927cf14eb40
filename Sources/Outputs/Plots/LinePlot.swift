/// One or several series of numbers against a common x axis.
public struct LinePlot: Sendable, Equatable, SizedPlot {
  /// One line.
  public struct Series: Sendable, Equatable {
    /// What the legend, the header and the caption call it: `train loss`.
    public var name: String
    /// The y values; the i-th stands at x = ``LinePlot/firstX`` + i. NaN and infinities break the line. Of a series
    /// in buckets the last value of each.
    public let values: [Double]
    /// The buckets of a series that is too long to be kept whole.
    public let buckets: Buckets?
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
      self.lowerIsBetter = lowerIsBetter
      self.marksBest = marksBest
    }

    /// Creates a series in buckets.
    public init(name: String, buckets: Buckets, lowerIsBetter: Bool? = nil, marksBest: Bool = false) {
      self.name = name
      values = buckets.buckets.map(\.last)
      self.buckets = buckets
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

// MARK: Long series

extension LinePlot {
  /// A series that is too long to be kept whole: buckets of neighbouring values, and what is known of all values.
  public struct Buckets: Sendable, Equatable {
    /// Neighbouring values.
    public struct Bucket: Sendable, Equatable {
      /// The lowest and the highest finite value; `low` is above `high` where there is none.
      public var low, high: Double
      /// The last value, finite or not.
      public var last: Double
      /// The mean of the finite values.
      public var mean: Double
      /// Whether every value is finite.
      public var isWhole: Bool

      /// Creates a bucket.
      public init(low: Double, high: Double, last: Double, mean: Double, isWhole: Bool) {
        self.low = low
        self.high = high
        self.last = last
        self.mean = mean
        self.isWhole = isWhole
      }
    }

    /// A value and which one of the series it is, from 0.
    public struct Place: Sendable, Equatable {
      /// The value.
      public var value: Double
      /// Which one it is.
      public var index: Int

      /// Creates a place.
      public init(_ value: Double, at index: Int) {
        self.value = value
        self.index = index
      }
    }

    /// How many values a bucket holds, at least 1; the last one may hold fewer.
    public var width: Int
    /// How many values there are.
    public var count: Int
    /// The buckets.
    public var buckets: [Bucket]
    /// The first value.
    public var first: Double
    /// The first of the lowest and of the highest finite values; nil where there is none.
    public var lowest, highest: Place?
    /// How many values are not finite.
    public var notFinite = 0
    /// The index of the first of them.
    public var firstNotFinite: Int?
    /// How many finite values are zero or less.
    public var notPositive = 0

    /// Creates a series of buckets.
    public init(width: Int, count: Int, buckets: [Bucket], first: Double) {
      self.width = max(1, width)
      self.count = count
      self.buckets = buckets
      self.first = first
    }
  }
}

// MARK: Smoothing

extension LinePlot {
  /// The plot with each series replaced by its moving average: trends that noise hides.
  ///
  /// The average is exponential, and debiased as Adam's moments are (D. Kingma and J. Ba, "Adam: A Method for
  /// Stochastic Optimization", 2015, section 3), so that the first values are not drawn towards zero. It is taken
  /// over every value, before any of them are gathered to columns; of a series in buckets over the means of these.
  /// What is not finite stays where it is and does not enter it.
  ///
  /// - Parameter weight: how much of the average before is kept at each step, from 0, which changes nothing, to
  ///   below 1.
  public func smoothed(by weight: Double) -> LinePlot {
    guard weight > 0, weight < 1 else { return self }
    var plot = self
    plot.title += ", smoothed by \(weight)"
    plot.series = series.map { series in
      let name = "smoothed \(series.name)"
      var average = MovingAverage(weight: weight)
      if let buckets = series.buckets {
        return Series(
          name: name, buckets: buckets.smoothed(by: &average), lowerIsBetter: series.lowerIsBetter,
          marksBest: series.marksBest)
      }
      return Series(
        name: name, values: series.values.map { average.take($0, 1) }, lowerIsBetter: series.lowerIsBetter,
        marksBest: series.marksBest)
    }
    return plot
  }
}

/// An exponential moving average.
private struct MovingAverage {
  let weight: Double
  private var average = 0.0
  /// The weights of the values so far add up to this.
  private var total = 0.0

  init(weight: Double) { self.weight = weight }

  /// Takes a value so many times, and gives the average then; what is not finite is given back.
  mutating func take(_ value: Double, _ times: Int) -> Double {
    guard value.isFinite else { return value }
    let kept = weight.raised(to: times)
    average = kept * average + (1 - kept) * value
    total = kept * total + (1 - kept)
    return average / total
  }
}

extension LinePlot.Buckets {
  /// The averages after each bucket.
  fileprivate func smoothed(by average: inout MovingAverage) -> LinePlot.Buckets {
    var smoothed = self
    // The first average is the first value itself, which the mean of its bucket hides.
    let start = first.isFinite ? Place(first, at: 0) : nil
    (smoothed.lowest, smoothed.highest) = (start, start)
    smoothed.notPositive = 0
    for (place, bucket) in buckets.enumerated() {
      let end = min((place + 1) * width, count)
      let value = average.take(bucket.mean, end - place * width)
      let seen = ([value] + (place == 0 ? [first] : [])).filter(\.isFinite)
      smoothed.buckets[place] = Bucket(
        low: seen.min() ?? .infinity, high: seen.max() ?? -.infinity, last: value, mean: value,
        isWhole: bucket.isWhole)
      guard value.isFinite else { continue }
      let best = Place(value, at: end - 1)
      if value < smoothed.lowest?.value ?? .infinity { smoothed.lowest = best }
      if value > smoothed.highest?.value ?? -.infinity { smoothed.highest = best }
      if value <= 0 { smoothed.notPositive += end - place * width }
    }
    return smoothed
  }
}

extension Double {
  /// The power with a whole exponent, from 1 on.
  fileprivate func raised(to exponent: Int) -> Double {
    var (power, square, rest) = (1.0, self, exponent)
    while rest > 0 {
      if !rest.isMultiple(of: 2) { power *= square }
      square *= square
      rest /= 2
    }
    return power
  }
}
