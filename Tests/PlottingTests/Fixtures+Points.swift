import Plotting
import TestSupport

extension Fixtures {
  /// The graph of a cubic.
  static var cubic: Plot {
    let xs = (0...200).map { -2.5 + Double($0) / 40 }
    return Plot(
      XYPlot(
        .function, title: "cubic(x)", xLabel: "x", yLabel: "cubic(x)",
        series: [.init(name: "cubic", xs: xs, ys: xs.map { $0 * $0 * $0 - 3 * $0 })]))
  }

  /// One over x, which has no value at 0.
  static var pole: Plot {
    let xs = (0...80).map { -2 + Double($0) / 20 }
    return Plot(
      XYPlot(
        .function, title: "inverse(x)", xLabel: "x", yLabel: "inverse(x)",
        series: [.init(name: "inverse", xs: xs, ys: xs.map { 1 / $0 })]))
  }

  /// Two lines through few points.
  static var twoLines: Plot {
    let xs = [0.1, 0.2, 0.5, 1, 2, 3.5]
    return Plot(
      XYPlot(
        .line, title: "error against rate", xLabel: "rate", yLabel: "error",
        series: [
          .init(name: "train", xs: xs, ys: [0.9, 0.5, 0.2, 0.1, 0.3, 0.8]),
          .init(name: "validation", xs: xs, ys: [0.95, 0.6, 0.3, 0.25, 0.4, 0.8]),
        ]))
  }

  /// A cloud about a rising line.
  static func cloud(_ count: Int) -> Plot {
    var noise = Noise(seed: 5)
    let xs = (0..<count).map { _ in 10 * noise.uniform() }
    let ys = xs.map { 0.5 * $0 + 2 * noise.uniform() }
    return Plot(
      XYPlot(
        .scatter, title: "width against length", xLabel: "length", yLabel: "width",
        series: [.init(name: "width", xs: xs, ys: ys)]))
  }

  /// The points of three classes.
  static var classes: Plot {
    var noise = Noise(seed: 11)
    let centres = [(1.0, 1.0), (4.0, 1.5), (2.5, 4.0)]
    let series = centres.enumerated().map { index, centre in
      let points = (0..<15).map { _ in
        (centre.0 + 2 * noise.uniform() - 1, centre.1 + 2 * noise.uniform() - 1)
      }
      return XYPlot.Series(name: "\(index)", xs: points.map(\.0), ys: points.map(\.1))
    }
    return Plot(
      XYPlot(.classes, title: "petals", xLabel: "x1", yLabel: "x2", series: series))
  }
}
