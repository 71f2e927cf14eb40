import Plotting
import TestSupport

/// The plots that tests and golden texts share; each the same on every run.
enum Fixtures {
  /// A training of XOR: a plateau, a steep fall and a long tail, over 20000 epochs.
  static func xorLoss(isLogarithmic: Bool = true) -> Plot {
    let values = (1...20_000).map { epoch -> Double in
      let t = Double(epoch)
      let start = 0.012 / (1 + t / 40)
      let fall = 0.25 / (1 + power(t / 3200, 3))
      return start + fall
    }
    return Plot(
      LinePlot(
        title: "loss of solver on xor", xLabel: "epoch", yLabel: "loss", firstX: 1,
        series: [.init(name: "train loss", values: values, lowerIsBetter: true)],
        isLogarithmic: isLogarithmic))
  }

  /// A training that starts to overfit: the validation loss turns at epoch 14.
  static var overfit: Plot {
    var noise = Noise(seed: 7)
    let train = (1...40).map { 0.7 / (1 + Double($0) / 4) + 0.01 * noise.uniform() }
    let validation = (1...40).map { epoch -> Double in
      let t = Double(epoch)
      let fall = 0.72 / (1 + t / 5)
      return fall + 0.006 * t + 0.012 * noise.uniform()
    }
    return Plot(
      LinePlot(
        title: "loss of net on moons", xLabel: "epoch", yLabel: "loss", firstX: 1,
        series: [
          .init(name: "train loss", values: train, lowerIsBetter: true),
          .init(name: "validation loss", values: validation, lowerIsBetter: true, marksBest: true),
        ]))
  }

  /// Six epochs of accuracy.
  static var shortAccuracy: Plot {
    Plot(
      LinePlot(
        title: "accuracy of net on digits", xLabel: "epoch", yLabel: "accuracy", firstX: 1,
        series: [
          .init(
            name: "accuracy", values: [0.41, 0.74, 0.83, 0.87, 0.9, 0.91], lowerIsBetter: false,
            marksBest: true)
        ]))
  }

  /// A training that blew up and was rescued.
  static var broken: Plot {
    let values = (0..<60).map { step -> Double in
      switch step {
      case 20..<26: step == 22 ? .infinity : .nan
      case 40: 0
      default: 0.9 * power(0.93, step) + 0.02
      }
    }
    return line(values, isLogarithmic: true)
  }

  /// The answers of a network that knows XOR, and its four points.
  static func xorBoundary(wrong: Set<Int> = []) -> Plot {
    let answers = grid(41) { x, y -> BoundaryPlot.Answer in
      let saddle: Double = 104 * (x - 0.5) * (0.5 - y)
      let z: Double = saddle - 1 + 2 * x * y
      let probability = 1 / (1 + exponential(-z))
      return .init(winner: probability < 0.5 ? 0 : 1, probability: probability)
    }
    let corners: [(Double, Double, Int)] = [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)]
    let points = corners.enumerated().map { index, corner in
      let predicted = wrong.contains(index) ? 1 - corner.2 : corner.2
      return BoundaryPlot.Point(x: corner.0, y: corner.1, truth: corner.2, predicted: predicted)
    }
    return Plot(
      BoundaryPlot(
        title: "solver on xor", xLabel: "a", yLabel: "b", xRange: -0.25...1.25, yRange: -0.25...1.25,
        gridColumns: 41, answers: answers, classes: ["0", "1"], points: points))
  }

  /// Three classes around three centres.
  static var threeClasses: Plot {
    let centres = [(0.1, 0.2), (0.9, 0.3), (0.5, 1.0)]
    let answers = grid(31) { x, y -> BoundaryPlot.Answer in
      let scores = centres.map { centre -> Double in
        let (dx, dy) = (centre.0 - x, centre.1 - y)
        return exponential(-8 * (dx * dx + dy * dy))
      }
      let winner = scores.indices.max { scores[$0] < scores[$1] } ?? 0
      return .init(winner: winner, probability: scores[winner] / scores.reduce(0, +))
    }
    var noise = Noise(seed: 3)
    let points = (0..<24).map { index -> BoundaryPlot.Point in
      let centre = centres[index % 3]
      let x = centre.0 + 0.5 * (noise.uniform() - 0.5)
      let y = centre.1 + 0.5 * (noise.uniform() - 0.5)
      return .init(x: x, y: y, truth: index % 3, predicted: index == 7 ? 2 : index % 3)
    }
    return Plot(
      BoundaryPlot(
        title: "net on petals", xLabel: "length", yLabel: "width", xRange: -0.25...1.25,
        yRange: -0.25...1.25, gridColumns: 31, answers: answers,
        classes: ["setosa", "versicolor", "virginica"], points: points))
  }

  /// One series of values, from step 0 on.
  static func line(_ values: [Double], isLogarithmic: Bool = false) -> Plot {
    Plot(
      LinePlot(
        title: "series", xLabel: "step", yLabel: "value", firstX: 0,
        series: [.init(name: "value", values: values, lowerIsBetter: true)], isLogarithmic: isLogarithmic))
  }

  private static func grid(
    _ count: Int, _ answer: (Double, Double) -> BoundaryPlot.Answer
  ) -> [BoundaryPlot.Answer] {
    let places = (0..<count).map { -0.25 + 1.5 * Double($0) / Double(count - 1) }
    return places.flatMap { y in places.map { x in answer(x, y) } }
  }

  /// Whole powers without a system's mathematics library, so that golden texts are the same everywhere.
  static func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }

  /// The exponential function, near enough for a picture: (1 + x/1024)^1024 by squaring.
  static func exponential(_ x: Double) -> Double {
    (0..<10).reduce(max(1 + x / 1024, 0)) { power, _ in power * power }
  }
}
