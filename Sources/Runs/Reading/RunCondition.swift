import Diagnostics
import Foundation
import Foundations
import SQLite

/// What a run's parameter, metric or column must be: `accuracy>0.9`, `rate=0.3`, `ended=failed`.
public struct RunCondition: Sendable, Equatable {
  enum Comparison: String, CaseIterable {
    // The longer first, so that `<=` is not read as `<`.
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case unequal = "!="
    case same = "=="
    case less = "<"
    case greater = ">"
    case equal = "="
  }

  /// Columns of a run that can be asked for beside parameters and metrics, and what SQL calls them.
  private static let columns = [
    "id": "id", "seed": "CAST(seed AS REAL)", "seconds": "seconds",
    "ended": "coalesce(ending, 'never ended')", "title": "title",
  ]

  let name: String
  let comparison: Comparison
  let value: String

  /// Reads a condition.
  ///
  /// - Throws: a ``Diagnostic`` that says how one is written.
  public init(parsing text: String) throws {
    let place = Comparison.allCases.compactMap { comparison in
      text.range(of: comparison.rawValue).map { (comparison, $0) }
    }.min { $0.1.lowerBound < $1.1.lowerBound }
    guard let (comparison, range) = place else {
      throw Diagnostic(
        .badCondition,
        "`\(text)` is not a comparison. Write a name, one of = != < <= > >=, and a value: --where 'accuracy>0.9'."
      )
    }
    name = text[..<range.lowerBound].trimmingCharacters(in: .whitespaces)
    value = text[range.upperBound...].trimmingCharacters(in: .whitespaces)
    self.comparison = comparison
    guard !name.isEmpty, !value.isEmpty else {
      throw Diagnostic(
        .badCondition,
        "`\(text)` lacks a \(name.isEmpty ? "name before" : "value behind") `\(comparison.rawValue)`. "
          + "Write it like this: --where 'accuracy>0.9'.")
    }
  }

  /// The value as a number: `0.9`, `90%`.
  private var number: Double? {
    value.hasSuffix("%") ? Double(value.dropLast()).map { $0 / 100 } : Double(value)
  }

  func condition(in db: Connection) throws -> (sql: String, arguments: [any SQLiteConvertible]) {
    let sign = comparison == .same ? "=" : comparison.rawValue
    if try RunCondition.isKnown(name, "parameters", db) {
      // A list is the same however it is spaced.
      let isList = value.hasPrefix("[")
      let column = isList ? "replace(value, ' ', '')" : number == nil ? "value" : "number"
      let wanted = isList ? value.filter { $0 != " " } : value
      return (
        "id IN (SELECT run FROM parameters WHERE name = ? AND \(column) \(sign) ?)",
        [name, number?.sqliteValue ?? wanted.sqliteValue]
      )
    }
    if try RunCondition.isKnown(name, "metrics", db) {
      guard let number else { throw notANumber }
      return ("id IN (SELECT run FROM metrics WHERE name = ? AND value \(sign) ?)", [name, number])
    }
    guard let column = RunCondition.columns[name] else { throw try RunCondition.unknown(name, db) }
    let isText = ["ended", "title"].contains(name)
    guard isText || number != nil else { throw notANumber }
    return ("\(column) \(sign) ?", [isText ? value.sqliteValue : (number ?? 0).sqliteValue])
  }

  /// What to order runs by: a parameter, a metric or a column.
  ///
  /// - Throws: a ``Diagnostic`` where no run has such a thing.
  static func order(
    by name: String, in db: Connection
  ) throws -> (sql: String, arguments: [any SQLiteConvertible]) {
    if try isKnown(name, "parameters", db) {
      let value = "(SELECT coalesce(number, value) FROM parameters WHERE run = runs.id AND name = ?)"
      return (value, [name])
    }
    if try isKnown(name, "metrics", db) {
      return ("(SELECT value FROM metrics WHERE run = runs.id AND name = ?)", [name])
    }
    guard let column = columns[name] else { throw try unknown(name, db) }
    return (column, [])
  }

  private static func isKnown(_ name: String, _ table: String, _ db: Connection) throws -> Bool {
    try db.value("SELECT EXISTS (SELECT 1 FROM \(table) WHERE name = ?)", [name]) ?? false
  }

  private var notANumber: Diagnostic {
    Diagnostic(
      .badCondition,
      "`\(name)` is a number, and `\(value)` is not. Write it like this: --where '\(name)<0.1'.")
  }

  private static func unknown(_ name: String, _ db: Connection) throws -> Diagnostic {
    let names: [String] =
      try db.values("SELECT name FROM parameters UNION SELECT name FROM metrics ORDER BY 1")
      + RunCondition.columns.keys.sorted()
    let guess = DidYouMean.sentence(DidYouMean.nearest(to: name, among: names))
    return Diagnostic(
      .unknownName,
      "No run has a parameter or a metric `\(name)`.\(guess) There are \(names.joined(separator: ", ")).")
  }
}
