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
