/// A row that a query has found, with values that stay when the query is over.
package struct Row: Sendable {
  /// Where a column is, by its name. Of several that share one the first counts.
  let places: [String: Int]
  let values: [SQLiteValue]

  /// The value of a column.
  ///
  /// ```swift
  /// let title: String = try row["title"]
  /// let path = try row["path"] as String?  // nil for NULL
  /// ```
  ///
  /// - Throws: a ``SQLiteError``: ``SQLiteError/Code/mismatch`` where another type stands there, as in a file that somebody else has
  ///   changed, ``SQLiteError/Code/error`` where there is no such column.
  package subscript<Value: SQLiteConvertible>(_ name: String) -> Value {
    get throws {
      guard let place = places[name] else { throw SQLiteError(.error, "there is no column \(name)") }
      return try value(at: place, name)
    }
  }

  /// The value of the first column.
  func first<Value: SQLiteConvertible>() throws -> Value {
    try value(at: 0, places.first { $0.value == 0 }?.key ?? "")
  }

  private func value<Value: SQLiteConvertible>(at place: Int, _ name: String) throws -> Value {
    guard let value = Value(sqliteValue: values[place]) else {
      throw SQLiteError(
        .mismatch, "column \(name) holds \(values[place].kind) where \(Row.name(of: Value.self)) is expected")
    }
    return value
  }

  private static func name(of type: any SQLiteConvertible.Type) -> String {
    switch type {
    case is Int.Type, is Int64.Type, is Bool.Type, is Int?.Type, is Int64?.Type, is Bool?.Type: "an integer"
    case is Double.Type, is Double?.Type: "a number"
    case is String.Type, is String?.Type: "text"
    default: "a blob"
    }
  }
}
