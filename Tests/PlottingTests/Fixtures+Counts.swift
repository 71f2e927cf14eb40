import Plotting
import TestSupport

extension Fixtures {
  /// Values about two middles.
  static var histogram: Plot {
    var noise = Noise(seed: 2)
    let values = (0..<400).map { index -> Double in
      let hump = noise.uniform() + noise.uniform() + noise.uniform()
      return hump + (index % 3 == 0 ? 2 : 0)
    }
    return Plot(HistogramPlot(title: "weights", xLabel: "weights", values: values + [.nan, .infinity]))
  }

  /// Throws of two dice: whole numbers, a range each.
  static var dice: Plot {
    let throwsOfTwo = (1...6).flatMap { first in (1...6).map { Double(first + $0) } }
    return Plot(HistogramPlot(title: "sum", xLabel: "sum", values: throwsOfTwo))
  }

  /// A data set of four inputs and a class.
  static var columns: Plot {
    var noise = Noise(seed: 8)
    func column(_ name: String, _ value: () -> Double) -> ColumnsPlot.Column {
      .init(name: name, isTarget: false, values: (0..<150).map { _ in value() })
    }
    return Plot(
      ColumnsPlot(
        title: "petals", rows: 150,
        columns: [
          column("length") { 4.3 + 3.6 * noise.uniform() * noise.uniform() },
          column("width") { 2 + noise.uniform() + noise.uniform() }, column("constant") { 1 },
          column("broken") { noise.uniform() < 0.1 ? .nan : noise.uniform() },
          .init(name: "y", isTarget: true, values: (0..<150).map { Double($0 % 3) }),
        ]))
  }

  /// Three classes, one of them hard.
  static var confusion: Plot {
    Plot(
      ConfusionPlot(
        title: "net on petals", classes: ["setosa", "versicolor", "virginica"],
        counts: [50, 0, 0, 0, 46, 4, 1, 12, 37]))
  }

  /// More classes than a table can show.
  static var manyClasses: Plot {
    var noise = Noise(seed: 4)
    let counts = (0..<400).map { place in
      place % 21 == 0 ? 90 + Int(noise.uniform() * 10) : noise.uniform() < 0.1 ? Int(noise.uniform() * 9) : 0
    }
    return Plot(
      ConfusionPlot(title: "net on letters", classes: (0..<20).map { "\($0)" }, counts: counts))
  }

  /// The weights of a hidden layer and its biases.
  static var weights: Plot {
    Plot(
      MatrixPlot(
        title: "weights of hid", rowLabel: "unit",
        blocks: [
          .init(name: "inp -> hid", columns: 2, values: [-6.2, 5.9, 0.02, 4.8, 6.5, -3.1]),
          .init(name: "bias", columns: 1, values: [-2.9, 0.4, 3.3]),
        ]))
  }

  /// A matrix wider and higher than a page.
  static var largeMatrix: Plot {
    var noise = Noise(seed: 6)
    let values = (0..<64 * 100).map { index in
      let (row, column) = (index / 100, index % 100)
      return (row + column) % 17 == 0 ? 2.0 : noise.uniform() - 0.5
    }
    return Plot(
      MatrixPlot(
        title: "weights of wide", rowLabel: "unit",
        blocks: [.init(name: "in -> wide", columns: 100, values: values)]))
  }
}
