package import Foundation

/// A value as SQLite holds it, in one of its five types.
package enum SQLiteValue: Sendable, Equatable {
  /// No value.
  case null
  /// A whole number.
  case integer(Int64)
  /// A number. Not-a-number becomes a ``null`` when it is written.
  case real(Double)
  /// A text, which may hold the character U+0000. Bytes that are no UTF-8 are read as U+FFFD.
  case text(String)
  /// Bytes.
  case blob(Data)

  /// The type in words.
  var kind: String {
    switch self {
    case .null: "NULL"
    case .integer: "an integer"
    case .real: "a real number"
    case .text: "text"
    case .blob: "a blob"
    }
  }
}

/// What can be handed to a statement, and read from a row.
package protocol SQLiteConvertible {
  /// What is written of it.
  var sqliteValue: SQLiteValue { get }

  /// What was written; nil for a value that is nothing of the kind. A text is no number, 1.5 is no integer, and NULL is nothing but an
  /// optional's nil.
  init?(sqliteValue: SQLiteValue)
}

extension SQLiteValue: SQLiteConvertible {
  package var sqliteValue: SQLiteValue { self }
  package init?(sqliteValue: SQLiteValue) { self = sqliteValue }
}

extension Int64: SQLiteConvertible {
  package var sqliteValue: SQLiteValue { .integer(self) }

  package init?(sqliteValue: SQLiteValue) {
    switch sqliteValue {
    case .integer(let integer): self = integer
    case .real(let number): self.init(exactly: number)
    case .null, .text, .blob: return nil
    }
  }
}

extension Int: SQLiteConvertible {
  package var sqliteValue: SQLiteValue { .integer(Int64(self)) }

  package init?(sqliteValue: SQLiteValue) {
    guard let integer = Int64(sqliteValue: sqliteValue) else { return nil }
    self.init(exactly: integer)
  }
}

/// 0 is false, and any other integer true.
extension Bool: SQLiteConvertible {
  package var sqliteValue: SQLiteValue { .integer(self ? 1 : 0) }

  package init?(sqliteValue: SQLiteValue) {
    guard case .integer(let integer) = sqliteValue else { return nil }
    self = integer != 0
  }
}

extension Double: SQLiteConvertible {
  package var sqliteValue: SQLiteValue { .real(self) }

  package init?(sqliteValue: SQLiteValue) {
    switch sqliteValue {
    case .integer(let integer): self.init(integer)
    case .real(let number): self = number
    case .null, .text, .blob: return nil
    }
  }
}

extension String: SQLiteConvertible {
  package var sqliteValue: SQLiteValue { .text(self) }

  package init?(sqliteValue: SQLiteValue) {
    guard case .text(let text) = sqliteValue else { return nil }
    self = text
  }
}

extension Data: SQLiteConvertible {
  package var sqliteValue: SQLiteValue { .blob(self) }

  package init?(sqliteValue: SQLiteValue) {
    guard case .blob(let bytes) = sqliteValue else { return nil }
    self = bytes
  }
}

/// Nil is NULL.
extension Optional: SQLiteConvertible where Wrapped: SQLiteConvertible {
  package var sqliteValue: SQLiteValue { self?.sqliteValue ?? .null }

  package init?(sqliteValue: SQLiteValue) {
    if sqliteValue == .null {
      self = .none
    } else {
      guard let wrapped = Wrapped(sqliteValue: sqliteValue) else { return nil }
      self = .some(wrapped)
    }
  }
}
