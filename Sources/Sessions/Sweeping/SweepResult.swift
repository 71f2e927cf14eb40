import Diagnostics
import Foundation
public import Language
import Localization
import NetworkSchema
public import Outputs

/// What a sweep came to.
public struct SweepResult: Sendable {
  /// A combination of values with all of its trials.
  public struct Row: Sendable, Equatable {
    /// The place of the combination, from 0.
    public let combination: Int
    /// The values, in the order of the parameters.
    public let values: [Literal]
    /// The last round of ``SuccessiveHalving`` that it was in, from 0.
    public let round: Int
    /// The mean of the first round, in which all combinations have the same budget; nil where none was measured.
    public let firstMean: Double?
    /// What its trials in that round measured.
    public let measured: [Double]
    /// Why trials of it failed.
    public let failures: [String]

    /// The mean over the seeds; nil where none was measured.
    public var mean: Double? { measured.isEmpty ? nil : measured.reduce(0, +) / Double(measured.count) }

    /// The standard deviation over the seeds, with one less in the denominator; nil for fewer than two.
    public var deviation: Double? {
      guard let mean, measured.count > 1 else { return nil }
      let squares = measured.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / Double(measured.count - 1)).squareRoot()
    }

    /// The standard error of the mean; nil for fewer than two seeds.
    public var error: Double? { deviation.map { $0 / Double(measured.count).squareRoot() } }
  }

  /// What was tried.
  public let space: SweepSpace
  /// What was compared.
  public let metric: String
  /// Whether a larger value of it is better.
  public let isLarger: Bool
  /// How budgets grew from round to round; nil where each combination has one round.
  public let halving: SuccessiveHalving?
  /// How many trials there were to be.
  public let count: Int
  /// The trials, in their order.
  public let trials: [SweepTrial]
  /// The combinations, the best first; those that came into a later round before the others, and those without a value last.
  public let rows: [Row]

  /// Ranks combinations.
  ///
  /// - Parameters:
  ///   - isLarger: whether a larger value of the metric is better.
  ///   - count: how many trials there were to be.
  public init(
    _ trials: [SweepTrial], of space: SweepSpace, metric: String, isLarger: Bool,
    halving: SuccessiveHalving? = nil, count: Int
  ) {
    self.space = space
    self.metric = metric
    self.isLarger = isLarger
    self.halving = halving
    self.count = count
    self.trials = trials
    let byCombination = Dictionary(grouping: trials, by: \.combination)
    rows = byCombination.map { combination, trials in
      let round = trials.map(\.round).max() ?? 0
      let last = trials.filter { $0.round == round }
      return Row(
        combination: combination, values: space.combinations[combination], round: round,
        firstMean: trials.filter { $0.round == 0 }.mean, measured: last.compactMap(\.value),
        failures: last.compactMap { if case .failed(let why) = $0.ending { why } else { nil } })
    }.sorted { a, b in
      guard let left = a.mean, let right = b.mean else {
        return (a.mean == nil) == (b.mean == nil) ? a.combination < b.combination : a.mean != nil
      }
      if a.round != b.round { return a.round > b.round }
      if left != right { return isLarger ? left > right : left < right }
      return a.combination < b.combination
    }
  }

  /// The best combination; nil where no trial was measured.
  public var best: Row? { rows.first.flatMap { $0.mean == nil ? nil : $0 } }

  /// The first combination, in the order in which they were chosen, whose mean is within one standard error of the best
  /// one's: no worse as far as these seeds can tell (L. Breiman et al., "Classification and Regression Trees", 1984).
  public var withinOneError: Row? {
    guard let best, let mean = best.mean, let error = best.error else { return nil }
    return rows.filter { row in row.round == best.round && row.mean.map { abs($0 - mean) <= error } ?? false }
      .min {
        $0.combination < $1.combination
      }
  }

  // MARK: Words

  /// The table of combinations, what is best, and how much each parameter matters.
  ///
  /// - Parameters:
  ///   - limit: how many combinations are listed at most.
  ///   - more: where the others are to be found.
  public func outputs(limit: Int, more: String = "") -> [Output] {
    var outputs: [Output] = [.table(table(limit: limit, more: more))]
    if let words = choiceWords { outputs.append(.text(words)) }
    if let effects { outputs.append(.table(effects)) }
    return outputs
  }

  private func table(limit: Int, more: String) -> Table {
    let hasSeeds = rows.contains { $0.measured.count + $0.failures.count > 1 }
    let hasFailures = rows.contains { !$0.failures.isEmpty }
    var footer = rows.count > limit ? [localized("\(rows.count - limit) more\(more)")] : []
    if trials.count < count { footer.append(localized("\(trials.count) of \(count, "trial") are done")) }
    if let halving { footer.append(localized("successive halving: \(halving.words)")) }
    let failed = trials.count { $0.value == nil }
    if failed > 0 { footer.append(localized("\(failed, "trial") failed")) }
    var columns: [Table.Column] = [.numbers(localized("trial"))]
    columns += space.parameters.map { .numbers($0.name) }
    if let halving { columns.append(.numbers(halving.parameter)) }
    columns.append(.numbers(metric))
    if hasSeeds { columns += [.numbers(localized("deviation")), .numbers(localized("seeds"))] }
    if hasFailures { columns.append(.words(localized("failed"))) }
    let cells = rows.prefix(limit).map { row -> [String] in
      var line = [String(row.combination + 1)] + row.values.map(\.spelling)
      if let halving { line.append(halving.budget(row.round).spelling) }
      line.append(row.mean?.significant(4) ?? "")
      if hasSeeds { line += [row.deviation?.significant(4) ?? "", String(row.measured.count)] }
      if hasFailures { line.append(row.failures.first.map { String($0.prefix(60)) } ?? "") }
      return line
    }
    return Table(
      title: isLarger ? localized("highest \(metric) first") : localized("lowest \(metric) first"),
      columns: columns, rows: cells,
      footer: footer)
  }

  /// The values of a combination: `rate=0.1 hidden=8`.
  public func words(_ row: Row) -> String {
    zip(space.parameters, row.values).map { "\($0.name)=\($1.spelling)" }.joined(separator: " ")
  }

  private var choiceWords: String? {
    guard let best, let mean = best.mean else { return localized("no trial has a \(metric)") }
    var text = localized("best: \(words(best)), \(metric) \(mean.significant(4))")
    if let error = best.error {
      text += localized(" ± \(error.significant(4)) (standard error over \(best.measured.count, "seed"))")
    }
    if let first = withinOneError, first != best, let mean = first.mean {
      let values = words(first)
      text +=
        "\n"
        + localized(
          "no worse within one standard error, and named before it: \(values), \(metric) \(mean.significant(4))"
        )
    }
    return text
  }

  /// The mean of the metric over all trials of each value of a parameter, whatever the others are.
  private var effects: Table? {
    guard rows.count > 1 else { return nil }
    var lines: [[String]] = []
    for (place, parameter) in space.parameters.enumerated() {
      guard case .list(let values) = parameter.values, values.count > 1 else { continue }
      for value in values {
        let means = rows.filter { $0.values[place] == value }.compactMap(\.firstMean)
        guard !means.isEmpty else { continue }
        lines.append([
          parameter.name, value.spelling, (means.reduce(0, +) / Double(means.count)).significant(4),
          String(means.count),
        ])
      }
    }
    guard !lines.isEmpty else { return nil }
    return Table(
      title: localized("mean \(metric) by value")
        + (halving.map { localized(", at \($0.parameter)=\($0.budget(0).spelling)") } ?? ""),
      columns: [
        .words(localized("parameter")), .numbers(localized("value")), .numbers(metric),
        .numbers(localized("combinations")),
      ],
      rows: lines)
  }
}
