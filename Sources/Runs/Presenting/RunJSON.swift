import Foundation
public import JSON
import Notebooks
import Outputs

// What `--json` prints. Names in it stay as they are: programs read them. Numbers that are none are null.

extension RunEntry {
  /// The run as a JSON object.
  public var json: JSONValue {
    .object([
      .init("id", .number(String(id))), .init("title", .string(title)),
      .init("path", path.map(JSONValue.string) ?? .null), .init("origin", .string(origin.rawValue)),
      .init("started", .string(StoredDate.text(started))), .init("seconds", JSONValue(seconds)),
      .init("ended", .string(status.words)), .init("seed", .number(seed)),
      .init("parent", parent.map { .number(String($0)) } ?? .null),
      .init("trials", trials.map { .number(String($0)) } ?? .null),
      .init("parameters", .object(parameters.map { .init($0.name, $0.json) })),
      .init("metrics", .object(metrics.map { .init($0.name, JSONValue($0.value)) })),
    ])
  }
}

extension RunFact {
  /// A parameter's value as the JSON that `nbs run --json` has for it.
  fileprivate var json: JSONValue {
    if let number = Double(value), number.isFinite { return JSONValue(number) }
    if value == "true" || value == "false" || value.hasPrefix("[") {
      return JSONReader.document(value) ?? .string(value)
    }
    return .string(value)
  }
}

extension StoredRun {
  /// The run as a JSON object: what a list says of it, and its cells and series beside that.
  public var json: JSONValue {
    .object(
      (summary.json.members ?? []) + [
        .init("versions", .object(versions.map { .init($0.name, .string($0.value)) })),
        .init("cells", .array(cells.map(\.json))), .init("series", .array(series.map(\.json))),
      ])
  }
}

extension StoredRun.StoredCell {
  fileprivate var json: JSONValue {
    .object([
      .init("kind", .string(cell.kind.rawValue)), .init("title", cell.title.map(JSONValue.string) ?? .null),
      .init("source", .string(cell.source)),
      .init("ended", ending.map { .string($0.rawValue) } ?? .null),
      .init("seconds", JSONValue(seconds)),
      .init(
        "outputs",
        .array(
          outputs.map {
            .object([.init("kind", .string($0.kind.rawValue)), .init("text", .string($0.plain))])
          })),
    ])
  }
}

extension StoredRun.Series {
  fileprivate var json: JSONValue {
    .object([
      .init("name", .string(name)), .init("subject", subject.map(JSONValue.string) ?? .null),
      .init("cell", JSONValue(cell + 1)), .init("count", JSONValue(count)),
      .init("last", JSONValue(last)), .init("least", JSONValue(least)),
      .init("greatest", JSONValue(greatest)),
      .init("steps", .array(steps.map { JSONValue($0) })),
      .init("values", .array(values.map { JSONValue($0) })),
    ])
  }
}

extension RunComparison {
  /// The comparison as a JSON object: the runs, and each line with a value a run.
  public var json: JSONValue {
    .object([
      .init("runs", .array(runs.map { .number(String($0.summary.id)) })),
      .init(
        "lines",
        .array(
          lines.map { line in
            let values = zip(line.values, line.numbers).map { text, number in
              number.map { JSONValue($0) } ?? (text.isEmpty ? .null : .string(text))
            }
            return .object([
              .init("kind", .string(line.kind.rawValue)), .init("name", .string(line.name)),
              .init("values", .array(values)),
            ])
          })),
      .init(
        "curves",
        .array(
          runs.compactMap { run in
            metric.flatMap(run.lastSeries).map { series in
              .object([.init("run", .number(String(run.summary.id)))] + (series.json.members ?? []))
            }
          })),
    ])
  }
}
