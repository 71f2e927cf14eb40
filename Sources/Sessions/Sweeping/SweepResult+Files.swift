import Diagnostics
import Foundations
public import JSON
import Language
import NetworkSchema

extension SweepResult {
  /// The trials as rows of comma-separated values, in their order.
  public var csv: String {
    let names = Set(trials.flatMap { $0.metrics.keys }).union([metric]).sorted()
    let budget = halving.map { [$0.parameter] } ?? []
    var csv = CSVText()
    csv.add(["trial", "seed"] + space.parameters.map(\.name) + budget + names + ["failed"])
    for trial in trials {
      let numbers = names.map { name in
        (name == metric ? trial.value : trial.metrics[name]).map { "\($0)" } ?? ""
      }
      var failure = ""
      if case .failed(let why) = trial.ending { failure = why }
      csv.add(
        [String(trial.combination + 1), String(trial.seed)]
          + space.combinations[trial.combination].map(\.spelling)
          + (halving.map { [$0.budget(trial.round).spelling] } ?? []) + numbers + [failure])
    }
    return csv.text
  }

  /// The trials and the best combination.
  public var json: JSONValue {
    func values(_ combination: Int, _ round: Int) -> JSONValue {
      .object(
        zip(space.parameters, space.combinations[combination]).map { parameter, value in
          .init(parameter.name, value.json)
        } + (halving.map { [.init($0.parameter, $0.budget(round).json)] } ?? []))
    }
    let list = trials.map { trial -> JSONValue in
      var members: [JSONValue.Member] = [
        .init("trial", JSONValue(trial.combination + 1)), .init("seed", .number(String(trial.seed))),
        .init("parameters", values(trial.combination, trial.round)), .init(metric, JSONValue(trial.value)),
        .init(
          "metrics",
          .object(trial.metrics.sorted { $0.key < $1.key }.map { .init($0.key, JSONValue($0.value)) })
        ),
      ]
      if halving != nil { members.append(.init("round", JSONValue(trial.round + 1))) }
      if case .failed(let why) = trial.ending { members.append(.init("failed", .string(why))) }
      return .object(members)
    }
    let best: JSONValue =
      best.map { row in
        .object([
          .init("trial", JSONValue(row.combination + 1)),
          .init("parameters", values(row.combination, row.round)),
          .init(metric, JSONValue(row.mean)), .init("deviation", JSONValue(row.deviation)),
        ])
      } ?? .null
    return .members([
      "metric": .string(metric), "larger is better": .bool(isLarger), "best": best, "trials": .array(list),
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
