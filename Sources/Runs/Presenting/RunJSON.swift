import Foundation
public import JSON
import Notebooks
import Outputs

// What `--json` prints. Names in it stay as they are: programs read them. Numbers that are none are null.

extension RunEntry {
  /// The run as a JSON object.
  public var json: JSONValue {
    .members([
      "id": .number(String(id)), "title": .string(title), "path": path.map(JSONValue.string) ?? .null,
      "origin": .string(origin.rawValue), "started": .string(StoredDate.text(started)),
      "seconds": JSONValue(seconds), "ended": .string(status.words), "seed": .number(seed),
      "parent": parent.map { .number(String($0)) } ?? .null,
      "trials": trials.map { .number(String($0)) } ?? .null,
      "parameters": .object(parameters.map { .init($0.name, $0.json) }),
      "metrics": .object(metrics.map { .init($0.name, JSONValue($0.value)) }),
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
    .members([
      "kind": .string(cell.kind.rawValue), "title": cell.title.map(JSONValue.string) ?? .null,
      "source": .string(cell.source), "ended": ending.map { .string($0.rawValue) } ?? .null,
      "seconds": JSONValue(seconds),
      "outputs": .array(
        outputs.map {
          .members(["kind": .string($0.kind.rawValue), "text": .string($0.plain)])
        }),
    ])
  }
}

extension StoredRun.Series {
  fileprivate var json: JSONValue {
    .members([
      "name": .string(name), "subject": subject.map(JSONValue.string) ?? .null, "cell": JSONValue(cell + 1),
      "count": JSONValue(count), "last": JSONValue(last), "least": JSONValue(least),
      "greatest": JSONValue(greatest), "steps": .array(steps.map { JSONValue($0) }),
      "values": .array(values.map { JSONValue($0) }),
    ])
  }
}

extension RunComparison {
  /// The comparison as a JSON object: the runs, and each line with a value a run.
  public var json: JSONValue {
    .members([
      "runs": .array(runs.map { .number(String($0.summary.id)) }),
      "lines": .array(
        lines.map { line in
          let values = zip(line.values, line.numbers).map { text, number in
            number.map { JSONValue($0) } ?? (text.isEmpty ? .null : .string(text))
          }
          return .members([
            "kind": .string(line.kind.rawValue), "name": .string(line.name), "values": .array(values),
          ])
        }),
      "curves": .array(
        runs.compactMap { run in
          metric.flatMap(run.lastSeries).map { series in
            .object([.init("run", .number(String(run.summary.id)))] + (series.json.members ?? []))
          }
        }),
    ])
  }
}
