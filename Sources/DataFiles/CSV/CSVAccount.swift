import Datasets

/// What was found in a CSV file, in one line: nothing about it is guessed in silence.
struct CSVAccount {
  let parser: CSVRowParser
  let rows: Int
  let inputs: [DataColumn]
  let targets: [DataColumn]

  private var plan: CSVPlan { parser.plan }

  /// `8 rows of cars.csv, comma-separated, header; target price (number); inputs: 2 numeric, 1 categorical (city 3)`
  var text: String {
    ([file, target, input] + [leftOut].compactMap(\.self) + plan.remarks + ends).joined(separator: "; ")
  }

  private var file: String {
    let name = parser.name.split(separator: "/").last.map(String.init) ?? parser.name
    let unit = plan.lines == .lines ? "row" : plan.lines == .records ? "record" : "step"
    var words = ["\(rows) \(unit)\(rows == 1 ? "" : "s") of \(name)"]
    if plan.lines == .lines {
      if plan.columns.count > 1 { words.append(plan.dialect.words) }
      words.append(plan.hasHeader ? "header" : "no header")
    }
    if plan.decimal == UInt8(ascii: ",") { words.append("decimal comma") }
    if parser.marks.contains(.thousands) { words.append("marks between thousands") }
    if parser.marks.contains(.percent) { words.append("12% read as 0.12") }
    if parser.marks.contains(.currency) { words.append("signs of currency left out") }
    if parser.marks.contains(.parentheses) { words.append("(5) read as -5") }
    return words.joined(separator: ", ")
  }

  private var target: String {
    guard let first = targets.first else { return "no target" }
    func kind(_ column: DataColumn) -> String {
      column.levels.map { "\($0.count) classes" }
        ?? column.transform.map { "number, learned as its \($0.rawValue)" } ?? "number"
    }
    guard targets.count > 1 else { return "target \(first.name) (\(kind(first)))" }
    let areNumbers = targets.allSatisfy { $0.levels == nil && $0.transform == nil }
    return "targets " + list(targets.map { areNumbers ? $0.name : "\($0.name) (\(kind($0)))" })
  }

  private var input: String {
    guard !inputs.isEmpty else { return "no other inputs" }
    let words = inputs.filter { $0.levels != nil }
    var parts: [String] = []
    if words.count < inputs.count { parts.append("\(inputs.count - words.count) numeric") }
    if !words.isEmpty {
      parts.append(
        "\(words.count) categorical (\(list(words.map { "\($0.name) \($0.levels?.count ?? 0)" })))")
    }
    return "inputs: " + parts.joined(separator: ", ")
  }

  private var leftOut: String? { plan.leftOut.isEmpty ? nil : "left out: " + list(plan.leftOut) }

  private var ends: [String] {
    let count = parser.endsCut
    return count == 0 ? [] : ["a separator at the end of \(count) row\(count == 1 ? "" : "s") ignored"]
  }

  private func list(_ names: [String]) -> String {
    names.prefix(6).joined(separator: ", ") + (names.count > 6 ? " and \(names.count - 6) more" : "")
  }
}
