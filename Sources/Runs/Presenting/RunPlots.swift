import Outputs

extension Plot {
  /// Series of figures over their steps.
  ///
  /// - Parameter names: what the legend calls each.
  init(_ title: String, yLabel: String, _ series: [StoredRun.Series], names: [String]) {
    let lowerIsBetter = yLabel.hasSuffix("loss") ? true : yLabel.hasSuffix("accuracy") ? false : nil
    let xLabel = series.allSatisfy { $0.subject != nil } ? "epoch" : "step"
    // Of a long series not every step is kept, and then each value needs its place.
    if series.allSatisfy({ $0.steps.first == 1 && $0.steps.last == $0.steps.count }) {
      self = .line(
        LinePlot(
          title: title, xLabel: xLabel, yLabel: yLabel, firstX: 1,
          series: zip(series, names).map {
            .init(name: $1, values: $0.values, lowerIsBetter: lowerIsBetter)
          }))
    } else {
      self = .xy(
        XYPlot(
          .line, title: title, xLabel: xLabel, yLabel: yLabel,
          series: zip(series, names).map { .init(name: $1, xs: $0.steps.map(Double.init), ys: $0.values) }))
    }
  }
}

extension StoredRun {
  /// The last series of a figure: that of the training which the final figures come from.
  func lastSeries(_ name: String) -> Series? { series.last { $0.name == name && !$0.values.isEmpty } }

  /// The figures that have a series, in reading order.
  var seriesNames: [String] {
    Set(series.filter { !$0.values.isEmpty }.map(\.name)).map { RunEntry.Metric(name: $0, value: 0) }
      .inReadingOrder.map(\.name)
  }
}
