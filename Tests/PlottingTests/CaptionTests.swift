import TestSupport
import Testing

@testable import Plotting

@Suite("Captions")
struct CaptionTests {
  /// A hundred values by their step.
  private static func series(_ value: (Double) -> Double) -> [Double] { (0..<100).map { value(Double($0)) } }

  static let shapes: [(values: [Double], words: String)] = [
    (series { 1 / ($0 + 1) }, "nearly flat at the end"),
    (series { 1 - $0 / 100 }, "still falling"),
    (series { $0 / 100 }, "still rising"),
    (series { $0 < 90 ? 1 - $0 / 100 : $0 / 100 - 0.8 }, "without a clear trend at the end"),
    (series { $0 < 60 ? 1 - $0 / 60 : ($0 - 60) / 80 }, "rising at the end"),
    (series { $0.truncatingRemainder(dividingBy: 2) }, "oscillating at the end"),
    (series { _ in 0.3 }, "constant"),
    ([0.3, 0.1], "still falling"),
    ([0.1, 0.3], "still rising"),
  ]

  @Test("The trend's word is true of the values", arguments: shapes)
  func trend(values: [Double], words: String) {
    #expect(Fixtures.line(values).caption.contains(words))
  }

  @Test("Numbers that differ far behind the point are not called alike")
  func close() {
    let ys = [1_000_000.1, 1_000_000.3]
    let plot = XYPlot(
      .line, title: "y", xLabel: "x", yLabel: "y", series: [.init(name: "y", xs: [0, 1], ys: ys)],
      isLogarithmic: false)
    #expect(plot.layout.caption.contains("y from 1.0000001e6 to 1.0000003e6"))
    #expect(Fixtures.line(ys).caption.contains("1.0000001e6 to 1.0000003e6, still rising"))
  }

  @Test("Where a network gives no number it says no class")
  func noAnswer() {
    var plot = BoundaryPlot(
      title: "n", xLabel: "x", yLabel: "y", xRange: 0...1, yRange: 0...1, gridColumns: 2,
      answers: [.nan, 0.9, 0.9, 0.9].map { .init(winner: $0.isNaN ? 0 : 1, probability: $0) },
      classes: ["a", "b"], points: [])
    #expect(plot.layout.caption.contains("predicts class b on 75% of the plane and gives no answer on 25%"))
    plot.answers = plot.answers.map { .init(winner: $0.winner, probability: .nan) }
    #expect(plot.layout.caption.contains("the network gives no answer"))
    #expect(!plot.layout.caption.contains("class a"))
  }

  @Test("Falling under noise is still falling; noise alone never is")
  func noise() {
    for seed in 0..<50 as Range<UInt64> {
      var noise = Noise(seed: seed)
      let falling = (0..<200).map { 1 - Double($0) / 200 + 0.05 * noise.uniform() }
      #expect(Fixtures.line(falling).caption.contains("still falling"))
      let still = (0..<200).map { _ in noise.uniform() }
      #expect(Fixtures.line(still).caption.contains("oscillating at the end"))
    }
  }

  @Test("A loss in one sentence")
  func loss() {
    #expect(
      Fixtures.xorLoss().caption
        == "Line chart of train loss over 20000 epochs (log scale): 0.2617 to 0.001044, still falling.")
  }

  @Test("What is missing is counted and placed")
  func missing() {
    let diverged = Fixtures.line([0.5, 0.9, .infinity, .nan])
    #expect(
      diverged.caption
        == "Line chart of value over 4 steps: 0.5 to 0.9, then nan at the end, best 0.5 at step 0, "
        + "2 values not finite (the first at step 2).")
    let zero = Fixtures.line([1, 0.1, 0], isLogarithmic: true)
    #expect(zero.caption.contains("zero or less at the end"))
    #expect(zero.caption.contains("1 value of zero or less left out"))
    #expect(
      Fixtures.line([.nan]).caption
        == "Line chart of value over 1 step: nothing to plot: no value can be drawn, "
        + "1 value not finite (step 0).")
  }

  @Test("Nothing and one value")
  func few() {
    #expect(Fixtures.line([]).caption == "Line chart of value: nothing to plot yet.")
    #expect(Fixtures.line([0.25]).caption == "Line chart of value over 1 step: 0.25.")
    #expect(Fixtures.line([]).text(.markdown) == "series\nnothing to plot yet")
  }

  @Test("A boundary says how many points are right")
  func boundary() {
    #expect(Fixtures.xorBoundary().caption.hasSuffix("4 of 4 points classified correctly."))
    #expect(
      Fixtures.xorBoundary(wrong: [2]).caption.hasSuffix(
        "3 of 4 points classified correctly, wrong about 1 point of class 1."))
  }
}
