import Foundations
import Plotting
import Testing

@Suite("Moving averages")
struct SmoothingTests {
  private func plot(_ values: [Double]) -> LinePlot {
    LinePlot(
      title: "loss of n", xLabel: "epoch", yLabel: "loss", firstX: 1,
      series: [.init(name: "train loss", values: values, lowerIsBetter: true)], isLogarithmic: false)
  }

  @Test("The average of the values so far, the later ones weighing more", arguments: [0.5, 0.9, 0.99])
  func average(weight: Double) {
    let values = [4.0, 2, 7, -1, 0.5, 3]
    let smoothed = plot(values).smoothed(by: weight).series[0].values
    for (last, average) in smoothed.enumerated() {
      // The weights written out: the newest value's is 1, the one before it `weight`, and so on.
      let weights = (0...last).map { place in (place..<last).reduce(1.0) { product, _ in product * weight } }
      let sum = zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(average - sum / weights.reduce(0, +)) < 1e-12)
    }
  }

  @Test func aConstantStaysAndZeroChangesNothing() {
    let constant = plot([0.25, 0.25, 0.25])
    for value in constant.smoothed(by: 0.9).series[0].values { #expect(abs(value - 0.25) < 1e-15) }
    #expect(constant.smoothed(by: 0) == constant)
  }

  @Test func whatIsNotFiniteStaysAndIsLeftOut() {
    let values = plot([1, .nan, 3, .infinity, 5]).smoothed(by: 0.5).series[0].values
    #expect(values[0] == 1 && values[1].isNaN && values[3] == .infinity)
    #expect(abs(values[2] - 7 / 3) < 1e-12)
    #expect(abs(values[4] - 27 / 7) < 1e-12)
  }

  @Test func theFirstOfManyValuesInBucketsCanBeTheBest() throws {
    // Rising at once, so that no mean of a bucket is as low as the first value.
    var buckets = DecimatedSeries(limit: 2)
    for value in [1.0, 9, 9, 9] { buckets.append(value) }
    let series = LinePlot.Series(name: "loss", buckets: buckets, first: 1, lowerIsBetter: true)
    let plot = LinePlot(
      title: "t", xLabel: "epoch", yLabel: "loss", firstX: 1, series: [series], isLogarithmic: false
    ).smoothed(by: 0.5)
    let smoothed = try #require(plot.series[0].buckets)
    #expect(smoothed.tally.lowest == .init(1, at: 1) && smoothed.buckets[0].low == 1)
    #expect(Plot(plot).caption.contains("best 1 at epoch 1"))
  }

  @Test func thePlotSaysThatItIsSmoothed() {
    let smoothed = Plot(plot([4, 2, 1]).smoothed(by: 0.5))
    #expect(smoothed.caption.hasPrefix("Line chart of smoothed train loss over 3 epochs: 4 to "))
    #expect(smoothed.text(.markdown).contains("loss of n, smoothed by 0.5"))
  }
}
