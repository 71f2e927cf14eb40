import Language
import Localization
public import Plotting

extension SweepResult {
  /// The plots: main effects, and parallel coordinates.
  public var plots: [Plot] { [effectsPlot, parallelPlot].map { Plot($0) } }

  /// What each parameter does to the metric: the mean at each of its values over all combinations, in the first round of
  /// successive halving, in which all have the same budget.
  var effectsPlot: SweepPlot {
    let budget = halving.map { localized(", at \($0.parameter)=\($0.budget(0).spelling)") } ?? ""
    let names = space.parameters.map(\.name).joined(separator: ", ")
    return plot(.effects, title: localized("\(metric) by \(names)") + budget) { $0.firstMean }
  }

  /// All combinations as lines over their values, with what they measured last.
  var parallelPlot: SweepPlot {
    plot(.parallel, title: localized("all combinations by \(metric)")) { $0.mean }
  }

  private func plot(_ kind: SweepPlot.Kind, title: String, _ value: (Row) -> Double?) -> SweepPlot {
    let rows = rows.sorted { $0.combination < $1.combination }
    let parameters = space.parameters.enumerated().map { place, parameter in
      let taken = rows.map { $0.values[place] }
      switch parameter.values {
      case .list(let literals):
        return SweepPlot.Parameter(
          name: parameter.name, values: .named(literals.map(\.unquoted)),
          places: taken.map { Double(literals.firstIndex(of: $0) ?? 0) })
      case .range(let low, let high, _):
        return SweepPlot.Parameter(
          name: parameter.name, values: .range(low...high, isLogarithmic: low > 0 && high / low >= 10),
          places: taken.map { if case .number(let number) = $0 { number } else { low } })
      }
    }
    return SweepPlot(
      kind, title: title, metric: metric, isLarger: isLarger, parameters: parameters,
      measured: rows.map { value($0) ?? .nan })
  }
}
