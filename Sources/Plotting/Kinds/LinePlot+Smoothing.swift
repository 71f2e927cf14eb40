import Foundations

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
    plot.series = series.map { $0.smoothed(by: weight) }
    return plot
  }
}

extension LinePlot.Series {
  fileprivate func smoothed(by weight: Double) -> Self {
    let name = "smoothed \(name)"
    var average = MovingAverage(weight: weight)
    guard let buckets, let first else {
      return Self(
        name: name, values: values.map { average.take($0, 1) }, lowerIsBetter: lowerIsBetter,
        marksBest: marksBest)
    }
    return Self(
      name: name, buckets: buckets.smoothed(by: &average, from: first), first: first,
      lowerIsBetter: lowerIsBetter, marksBest: marksBest)
  }
}

/// An exponential moving average.
private struct MovingAverage {
  let weight: Double
  var average = 0.0
  /// The weights of the values so far add up to this.
  var total = 0.0

  /// Takes a value so many times, and gives the average then; what is not finite is given back.
  mutating func take(_ value: Double, _ times: Int) -> Double {
    guard value.isFinite else { return value }
    let kept = weight.raised(to: times)
    average = kept * average + (1 - kept) * value
    total = kept * total + (1 - kept)
    return average / total
  }
}

extension DecimatedSeries {
  /// The averages after each bucket.
  fileprivate func smoothed(by average: inout MovingAverage, from first: Double) -> DecimatedSeries {
    var smoothed = self
    // The first average is the first value itself, which the mean of its bucket hides.
    let start = first.isFinite ? Extreme(first, at: 1) : nil
    (smoothed.tally.lowest, smoothed.tally.highest) = (start, start)
    smoothed.tally.notPositive = 0
    for (index, bucket) in buckets.enumerated() {
      let size = size(of: index)
      let value = average.take(bucket.mean, size)
      let seen = ([value] + (index == 0 ? [first] : [])).filter(\.isFinite)
      smoothed.buckets[index] = Bucket(
        low: seen.min() ?? .infinity, high: seen.max() ?? -.infinity, last: value,
        sum: value * Double(bucket.finite), finite: bucket.finite)
      guard value.isFinite else { continue }
      let best = Extreme(value, at: index * width + size)
      if value < smoothed.tally.lowest?.value ?? .infinity { smoothed.tally.lowest = best }
      if value > smoothed.tally.highest?.value ?? -.infinity { smoothed.tally.highest = best }
      if value <= 0 { smoothed.tally.notPositive += size }
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
