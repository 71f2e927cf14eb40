import Diagnostics
import Foundation
public import JSON
public import Language
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
    /// What its trials measured.
    public let measured: [Double]
    /// Why trials failed.
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

  private let space: SweepSpace
  private let metric: String
  private let isLarger: Bool
  private let count: Int
  /// The trials, in their order.
  public let trials: [SweepTrial]
  /// The combinations, the best first; those without a value last.
  public let rows: [Row]

  /// Ranks combinations.
  ///
  /// - Parameters:
  ///   - isLarger: whether a larger value of the metric is better.
  ///   - count: how many trials there were to be.
  public init(_ trials: [SweepTrial], of space: SweepSpace, metric: String, isLarger: Bool, count: Int) {
    self.space = space
    self.metric = metric
    self.isLarger = isLarger
    self.count = count
    self.trials = trials
    let byCombination = Dictionary(grouping: trials, by: \.combination)
    rows = byCombination.map { combination, trials in
      Row(
        combination: combination, values: space.combinations[combination],
        measured: trials.compactMap(\.value),
        failures: trials.compactMap { if case .failed(let why) = $0.ending { why } else { nil } })
    }.sorted { a, b in
      guard let left = a.mean, let right = b.mean, left != right else {
        return a.mean != nil && b.mean == nil
          || ((a.mean == nil) == (b.mean == nil) && a.combination < b.combination)
      }
      return isLarger ? left > right : left < right
    }
  }

  /// The best combination; nil where no trial was measured.
  public var best: Row? { rows.first.flatMap { $0.mean == nil ? nil : $0 } }

  /// The first combination, in the order in which they were chosen, whose mean is within one standard error of the best
  /// one's: no worse as far as these seeds can tell (L. Breiman et al., "Classification and Regression Trees", 1984).
  public var withinOneError: Row? {
    guard let best, let mean = best.mean, let error = best.error else { return nil }
    return rows.filter { row in row.mean.map { abs($0 - mean) <= error } ?? false }.min {
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
    var footer = rows.count > limit ? ["\(rows.count - limit) more\(more)"] : []
    if trials.count < count { footer.append("\(trials.count) of \(count) trials are done") }
    let failed = trials.count { $0.value == nil }
    if failed > 0 { footer.append("\(failed.counted("trial")) failed") }
    var columns: [Table.Column] = [.numbers("trial")]
    columns += space.parameters.map { .numbers($0.name) }
    columns.append(.numbers(metric))
    if hasSeeds { columns += [.numbers("deviation"), .numbers("seeds")] }
    if hasFailures { columns.append(.words("failed")) }
    let cells = rows.prefix(limit).map { row -> [String] in
      var line = [String(row.combination + 1)] + row.values.map(\.spelling)
      line.append(row.mean.map(text) ?? "")
      if hasSeeds { line += [row.deviation.map(text) ?? "", String(row.measured.count)] }
      if hasFailures { line.append(row.failures.first.map { String($0.prefix(60)) } ?? "") }
      return line
    }
    return Table(
      title: "\(isLarger ? "highest" : "lowest") \(metric) first", columns: columns, rows: cells,
      footer: footer)
  }

  private func text(_ value: Double) -> String { String(format: "%.4g", value) }

  private func words(_ row: Row) -> String {
    zip(space.parameters, row.values).map { "\($0.name)=\($1.spelling)" }.joined(separator: " ")
  }

  private var choiceWords: String? {
    guard let best, let mean = best.mean else { return "no trial has a \(metric)" }
    var text = "best: \(words(best)), \(metric) \(self.text(mean))"
    if let error = best.error {
      text += " ± \(self.text(error)) (standard error over \(best.measured.count) seeds)"
    }
    if let first = withinOneError, first != best, let mean = first.mean {
      text +=
        "\nno worse within one standard error, and named before it: \(words(first)), \(metric) \(self.text(mean))"
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
        let means = rows.filter { $0.values[place] == value }.compactMap(\.mean)
        guard !means.isEmpty else { continue }
        lines.append([
          parameter.name, value.spelling, text(means.reduce(0, +) / Double(means.count)), String(means.count),
        ])
      }
    }
    guard !lines.isEmpty else { return nil }
    return Table(
      title: "mean \(metric) by value",
      columns: [.words("parameter"), .numbers("value"), .numbers(metric), .numbers("combinations")],
      rows: lines)
  }

  // MARK: Files

  /// The trials as rows of comma-separated values, in their order.
  public var csv: String {
    let names = Set(trials.flatMap { $0.metrics.keys }).union([metric]).sorted()
    var lines = [
      (["trial", "seed"] + space.parameters.map(\.name) + names + ["failed"]).joined(separator: ",")
    ]
    for trial in trials {
      let values = space.combinations[trial.combination].map { SweepResult.field($0.spelling) }
      let numbers = names.map { name -> String in
        (name == metric ? trial.value : trial.metrics[name]).map { "\($0)" } ?? ""
      }
      var failure = ""
      if case .failed(let why) = trial.ending { failure = SweepResult.field(why) }
      lines.append(
        ([String(trial.combination + 1), String(trial.seed)] + values + numbers + [failure]).joined(
          separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func field(_ text: String) -> String {
    let needsQuotes = text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    return needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }
}

extension SweepResult {
  /// The trials and the best combination.
  public var json: JSONValue {
    func number(_ value: Double?) -> JSONValue {
      value.map { $0.isFinite ? .number("\($0)") : .null } ?? .null
    }
    func values(_ combination: Int) -> JSONValue {
      .object(
        zip(space.parameters, space.combinations[combination]).map { parameter, value in
          .init(parameter.name, value.json)
        })
    }
    let list = trials.map { trial -> JSONValue in
      var members: [JSONValue.Member] = [
        .init("trial", .number(String(trial.combination + 1))), .init("seed", .number(String(trial.seed))),
        .init("parameters", values(trial.combination)), .init(metric, number(trial.value)),
        .init(
          "metrics", .object(trial.metrics.sorted { $0.key < $1.key }.map { .init($0.key, number($0.value)) })
        ),
      ]
      if case .failed(let why) = trial.ending { members.append(.init("failed", .string(why))) }
      return .object(members)
    }
    let best: JSONValue =
      best.map { row in
        .object([
          .init("trial", .number(String(row.combination + 1))), .init("parameters", values(row.combination)),
          .init(metric, number(row.mean)), .init("deviation", number(row.deviation)),
        ])
      } ?? .null
    return .object([
      .init("metric", .string(metric)), .init("larger is better", .bool(isLarger)), .init("best", best),
      .init("trials", .array(list)),
    ])
  }
}

extension Literal {
  fileprivate var json: JSONValue {
    switch self {
    case .number(let number): .number("\(number.brief)")
    case .boolean(let truth): .bool(truth)
    case .text(let text): .string(text)
    case .list(let items): .array(items.map(\.json))
    case .none: .null
    }
  }
}
