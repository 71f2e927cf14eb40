extension LinePlot {
  /// The plot with each series replaced by its moving average: trends that noise hides.
  ///
  /// The average is exponential, and debiased as Adam's moments are (D. Kingma and J. Ba, "Adam: A Method for
  /// Stochastic Optimization", 2015, section 3), so that the first values are not drawn towards zero. It is taken
  /// over every value, before any of them are gathered to columns. What is not finite stays where it is and does
  /// not enter it.
  ///
  /// - Parameter weight: how much of the average before is kept at each step, from 0, which changes nothing, to
  ///   below 1.
  public func smoothed(by weight: Double) -> LinePlot {
    guard weight > 0, weight < 1 else { return self }
    var plot = self
    plot.yLabel += ", smoothed by \(weight)"
    plot.series = series.map { series in
      var smoothed = series
      smoothed.name = "smoothed \(series.name)"
      smoothed.values = LinePlot.average(series.values, weight)
      return smoothed
    }
    return plot
  }

  private static func average(_ values: [Double], _ weight: Double) -> [Double] {
    var average = 0.0
    // The weights of the values so far add up to this.
    var total = 0.0
    return values.map { value in
      guard value.isFinite else { return value }
      average = weight * average + (1 - weight) * value
      total = weight * total + (1 - weight)
      return average / total
    }
  }
}
