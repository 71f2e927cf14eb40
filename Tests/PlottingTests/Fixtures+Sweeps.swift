import Foundation
import Plotting

extension Fixtures {
  private static let names = ["0.01", "0.1", "1"]

  /// A grid of three rates and two widths, of which one combination failed.
  private static func grid(_ kind: SweepPlot.Kind) -> Plot {
    Plot(
      SweepPlot(
        kind, title: kind == .effects ? "val_loss by rate, hidden" : "all combinations by val_loss",
        metric: "val_loss", isLarger: false,
        parameters: [
          .init(name: "rate", values: .named(names), places: [0, 0, 1, 1, 2, 2]),
          .init(name: "hidden", values: .named(["4", "16"]), places: [0, 1, 0, 1, 0, 1]),
        ], measured: [0.61, 0.66, 0.35, 0.31, 0.48, .nan]))
  }

  static let effects = grid(.effects)
  static let parallel = grid(.parallel)

  /// Combinations that were drawn: the accuracy is best at a rate of about 0.03.
  private static func drawn(_ kind: SweepPlot.Kind, _ count: Int, rateAlone: Bool = false) -> Plot {
    let rates: [Double] = (0..<count).map { place in
      let share = Double(place * 7 % count) / Double(count)
      return pow(10, -4 + 4 * share)
    }
    let widths: [Double] = (0..<count).map { Double(4 + $0 * 13 % 61) }
    let accuracies: [Double] = zip(rates, widths).map { rate, width in
      0.95 - 0.05 * pow(log10(rate) + 1.5, 2) + width / 2000
    }
    let parameters: [SweepPlot.Parameter] = [
      .init(name: "rate", values: .range(1e-4...1, isLogarithmic: true), places: rates),
      .init(name: "hidden", values: .range(4...64, isLogarithmic: true), places: widths),
      .init(
        name: "activation", values: .named(["relu", "tanh"]), places: (0..<count).map { Double($0 % 2) }),
    ]
    return Plot(
      SweepPlot(
        kind, title: "val_accuracy by rate", metric: "val_accuracy", isLarger: true,
        parameters: rateAlone ? Array(parameters.prefix(1)) : parameters, measured: accuracies))
  }

  static let oneEffect = drawn(.effects, 40, rateAlone: true)
  static let manyParallel = drawn(.parallel, 700)
}
