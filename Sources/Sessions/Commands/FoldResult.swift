import Datasets
import Diagnostics
public import JSON
import Localization
import NetworkSchema
import NeuralEngine
public import Outputs

/// What a fold came to.
public struct FoldOutcome: Codable, Sendable, Equatable {
  /// A metric of it.
  struct Measure: Codable, Sendable, Equatable {
    /// Which of several output layers it is of; nil for the whole.
    var output: String?
    var name: String
    var value: Double

    /// `f1`, `kind_f1`
    var title: String { output.map { "\($0)_\(name)" } ?? name }
  }

  /// Its place in the table, from 1.
  public let place: Int
  /// How many rows it was tested on.
  public let rows: Int
  let measures: [Measure]

  init(_ work: FoldWork, _ evaluation: Evaluation) {
    place = work.place
    rows = work.fold.testing.count
    measures =
      FoldOutcome.measures(of: evaluation)
      + evaluation.outputs.flatMap { FoldOutcome.measures(of: $0.evaluation, output: $0.output) }
  }

  private static func measures(of evaluation: Evaluation, output: String? = nil) -> [Measure] {
    [Measure(output: output, name: TrainingMetric.loss.rawValue, value: evaluation.loss)]
      + (evaluation.accuracy.map {
        [Measure(output: output, name: TrainingMetric.accuracy.rawValue, value: $0)]
      } ?? []) + evaluation.scores.map { Measure(output: output, name: $0.metric.rawValue, value: $0.value) }
  }

  /// A metric by its title; nil where the fold has it not.
  public func value(_ title: String) -> Double? { measures.first { $0.title == title }?.value }
}

extension FoldOutcome.Measure {
  /// What a table's column is called.
  fileprivate var heading: String {
    Metric(rawValue: name)?.displayName ?? TrainingMetric(rawValue: name)?.displayName ?? name
  }

  /// A value of this metric as a table shows it.
  fileprivate func text(_ value: Double) -> String {
    Metric(rawValue: name).map { Score(metric: $0, value: value).text }
      ?? TrainingMetric(rawValue: name)?.text(value) ?? value.significant(4)
  }
}

/// What a cross-validation came to.
public struct FoldResult: Sendable {
  /// What the table is called.
  public let title: String
  /// The folds that were measured, in their order.
  public let outcomes: [FoldOutcome]
  /// Why folds failed, by their places from 1.
  public let failures: [Int: String]
  /// How many folds there were to be.
  public let count: Int

  init(_ title: String, _ outcomes: [FoldOutcome], failures: [Int: String] = [:], count: Int? = nil) {
    self.title = title
    self.outcomes = outcomes.sorted { $0.place < $1.place }
    self.failures = failures
    self.count = count ?? outcomes.count
  }

  /// The result of folds that were run apart.
  public init(
    of data: String, _ outcomes: [FoldOutcome], failures: [Int: String], count: Int
  ) {
    self.init(localized("folds of \(data)"), outcomes, failures: failures, count: count)
  }

  /// The metrics that all folds have.
  private var common: [FoldOutcome.Measure] {
    outcomes.first?.measures.filter { measure in outcomes.allSatisfy { $0.value(measure.title) != nil } }
      ?? []
  }

  private func values(_ measure: FoldOutcome.Measure) -> [Double] {
    outcomes.compactMap { $0.value(measure.title) }
  }

  /// The mean of each metric that all folds have, by its title.
  public var means: [String: Double] {
    Dictionary(common.map { ($0.title, values($0).mean) }) { first, _ in first }
  }

  /// The fold with the highest loss; nil where none was measured.
  public var worst: Int? { worst(of: nil) }

  private func worst(of output: String?) -> Int? {
    let title = FoldOutcome.Measure(output: output, name: TrainingMetric.loss.rawValue, value: 0).title
    return outcomes.max { ($0.value(title) ?? 0) < ($1.value(title) ?? 0) }?.place
  }

  // MARK: Words

  /// A row a fold, the mean and deviation below, and which fold is the worst; a table for each of several outputs.
  public var tables: [Table] {
    let outputs = common.compactMap(\.output).reduce(into: [String]()) { names, name in
      if !names.contains(name) { names.append(name) }
    }
    return [table(title, nil)] + outputs.map { table(localized("output \($0)"), $0) }
  }

  private func table(_ title: String, _ output: String?) -> Table {
    let measures = common.filter { $0.output == output }
    func summary(_ heading: String, _ of: ([Double]) -> Double) -> [String] {
      [heading, ""] + measures.map { $0.text(of(values($0))) }
    }
    let rows = outcomes.map { outcome in
      [String(outcome.place), String(outcome.rows)]
        + measures.map { measure in outcome.value(measure.title).map(measure.text) ?? "" }
    }
    var footer =
      outcomes.isEmpty ? [] : worst(of: output).map { [localized("fold \($0) has the highest loss")] } ?? []
    if output == nil {
      footer += failures.sorted { $0.key < $1.key }.map { localized("fold \($0.key) failed: \($0.value)") }
      if outcomes.count < count {
        footer.append(localized("\(outcomes.count) of \(count, "fold") are measured"))
      }
    }
    return Table(
      title: title,
      columns: [.words(localized("fold")), .numbers(localized("rows"))]
        + measures.map { .numbers($0.heading) },
      rows: rows + [summary(localized("mean"), \.mean), summary(localized("deviation"), \.deviation)],
      footer: footer)
  }

  // MARK: Files

  /// The folds as rows of comma-separated values.
  public var csv: String {
    let titles = common.map(\.title)
    var csv = CSVText()
    csv.add(["fold", "rows"] + titles + ["failed"])
    for outcome in outcomes {
      csv.add(
        [String(outcome.place), String(outcome.rows)] + titles.map { outcome.value($0).map { "\($0)" } ?? "" }
          + [""])
    }
    for (place, why) in failures.sorted(by: { $0.key < $1.key }) {
      csv.add([String(place), ""] + titles.map { _ in "" } + [why])
    }
    return csv.text
  }

  /// The folds, with means and deviations.
  public var json: JSONValue {
    func object(_ of: (FoldOutcome.Measure) -> Double) -> JSONValue {
      .object(common.map { .init($0.title, JSONValue(of($0))) })
    }
    return .members([
      "folds": .array(
        outcomes.map { outcome in
          .object(
            [
              .init("fold", JSONValue(outcome.place)), .init("rows", JSONValue(outcome.rows)),
            ] + outcome.measures.map { .init($0.title, JSONValue($0.value)) })
        }), "mean": object { values($0).mean }, "deviation": object { values($0).deviation },
      "worst": JSONValue(worst),
      "failed": .array(
        failures.sorted { $0.key < $1.key }.map {
          .members(["fold": JSONValue($0.key), "why": .string($0.value)])
        }),
    ])
  }
}

extension [Double] {
  fileprivate var mean: Double { reduce(0, +) / Double(Swift.max(1, count)) }

  /// The standard deviation with one less in the denominator; 0 for fewer than two.
  fileprivate var deviation: Double {
    guard count > 1 else { return 0 }
    let middle = mean
    return (reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(count - 1)).squareRoot()
  }
}
