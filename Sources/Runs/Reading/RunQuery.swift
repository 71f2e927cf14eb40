import Diagnostics
public import Foundation
import SQLite

/// Which runs are asked for.
public struct RunQuery: Sendable {
  /// Which runs there are to choose from.
  public enum Scope: Sendable, Equatable {
    /// Runs and sweeps, without the trials of these.
    case runs
    /// Sweeps alone.
    case sweeps
    /// The trials of a sweep.
    case trials(of: Int64)
  }

  /// Which runs there are to choose from.
  public var scope = Scope.runs
  /// A part of the notebook's title or file; `prompt` and `standard input` find those.
  public var notebook: String?
  /// Only runs that began on this day or later.
  public var since: Date?
  /// Only runs that began before this day.
  public var until: Date?
  /// Conditions that all hold.
  public var conditions: [RunCondition]
  /// The parameter, metric or column that runs are ordered by, those that have none last; nil for the newest first.
  public var order: String?
  /// Whether the largest comes first.
  public var isDescending: Bool
  /// How many at most; nil for all.
  public var limit: Int?

  /// Creates a query; without anything it asks for all runs.
  public init(
    notebook: String? = nil, since: Date? = nil, until: Date? = nil, conditions: [RunCondition] = [],
    order: String? = nil, isDescending: Bool = false, limit: Int? = nil
  ) {
    self.notebook = notebook
    self.since = since
    self.until = until
    self.conditions = conditions
    self.order = order
    self.isDescending = isDescending
    self.limit = limit
  }

  /// The query for SQL.
  ///
  /// - Throws: a ``Diagnostic`` where a condition names what no run has.
  func condition(in db: Connection) throws -> (sql: String, arguments: [any SQLiteConvertible]) {
    var parts: [String]
    var arguments: [any SQLiteConvertible] = []
    switch scope {
    case .runs: parts = ["parent IS NULL"]
    case .sweeps: parts = [RunStore.sweepCondition]
    case .trials(let sweep):
      parts = ["parent = ?"]
      arguments += [sweep]
    }
    if let notebook {
      let pattern = "%" + notebook.map { "%_\\".contains($0) ? "\\\($0)" : String($0) }.joined() + "%"
      parts.append(
        "(title LIKE ? ESCAPE '\\' OR path LIKE ? ESCAPE '\\' OR (origin = 'prompt' AND 'prompt' LIKE ? ESCAPE '\\') "
          + "OR (origin = 'input' AND 'standard input' LIKE ? ESCAPE '\\'))")
      arguments += [pattern, pattern, pattern, pattern]
    }
    if let since {
      parts.append("started >= ?")
      arguments += [StoredDate.text(since)]
    }
    if let until {
      parts.append("started < ?")
      arguments += [StoredDate.text(until)]
    }
    for condition in conditions {
      let (sql, values) = try condition.condition(in: db)
      parts.append(sql)
      arguments += values
    }
    return (parts.joined(separator: " AND "), arguments)
  }
}
