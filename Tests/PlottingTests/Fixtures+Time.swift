import Foundation
import Plotting

extension Fixtures {
  /// An LSTM whose last state a dense layer reads.
  static let unrolled = Plot(
    UnrolledPlot(
      title: "m over 3 steps",
      rows: [
        .init(name: "inp", detail: "input 2"), .init(name: "mem", detail: "lstm 16"),
        .init(name: "out", detail: "dense 1", isWhole: true),
      ],
      arrows: [
        .init(source: 0, target: 1), .init(source: 1, target: 1, age: 1, label: "state"),
        .init(source: 1, target: 2, moment: .atEnd),
      ], steps: 3))

  /// A cell with a carry, gates within a step and from the step before, delays of one and two steps, and a skip.
  static let unrolledEdges = Plot(
    UnrolledPlot(
      title: "cell over 4 steps",
      rows: [
        .init(name: "x", detail: "input 2"), .init(name: "g", detail: "dense 3"),
        .init(name: "c", detail: "dense 3"), .init(name: "y", detail: "dense 1"),
      ],
      arrows: [
        .init(source: 0, target: 1), .init(source: 0, target: 2), .init(source: 0, target: 3),
        .init(source: 2, target: 3), .init(source: 2, target: 2, age: 1, label: "carry"),
        .init(source: 2, target: 1, age: 1, label: "delay 1"),
        .init(source: 0, target: 3, age: 2, label: "delay 2"),
        .init(source: 1, target: 2, isGate: true, label: "on x -> c"),
        .init(source: 3, target: 2, age: 1, isGate: true, label: "on c -> c"),
        .init(source: 3, target: 0, age: 9, label: "delay 9"),
      ], steps: 4))

  /// Both directions of a layer, of which each leads on from where it ends.
  static let unrolledBoth = Plot(
    UnrolledPlot(
      title: "both over 3 steps",
      rows: [
        .init(name: "inp", detail: "input 2"), .init(name: "h forward", detail: "gru 4"),
        .init(name: "h backward", detail: "gru 4"), .init(name: "loss", detail: "dense 1", isWhole: true),
      ],
      arrows: [
        .init(source: 0, target: 1), .init(source: 0, target: 2),
        .init(source: 1, target: 1, age: 1, label: "state"),
        .init(source: 2, target: 2, age: -1, label: "state"),
        .init(source: 1, target: 3, moment: .atEnd), .init(source: 2, target: 3, moment: .atStart),
      ], steps: 3))

  /// Two years of months, the last half of one kept for the end.
  static let forecast: Plot = {
    let months = (0..<24).map { month in
      "19\(59 + month / 12)-\(month % 12 < 9 ? "0" : "")\(month % 12 + 1)"
    }
    let xs = (0..<24).map(Double.init)
    var plot = XYPlot(
      .line, title: "forecast of passengers by net on air", xLabel: "month", yLabel: "passengers",
      series: [
        .init(name: "truth", xs: xs, ys: xs.map { 300 + 4 * $0 + 60 * sin($0 / 2) }),
        .init(name: "forecast", xs: xs, ys: xs.map { 310 + 3 * $0 + 50 * sin($0 / 2 + 0.2) }),
      ])
    plot.xNames = months
    plot.cuts = [
      .init(
        x: 17.5, name: "end of air.train",
        story: "air.train ends at 1960-06, air.test begins at 1960-09")
    ]
    return Plot(plot)
  }()
}
