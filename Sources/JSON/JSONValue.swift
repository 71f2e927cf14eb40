/// A JSON value that forgets nothing a person wrote: members keep their order and numbers their digits.
///
/// Foundation's JSON types sort or shuffle the members of an object and round numbers to a `Double`; a
/// notebook that somebody else's tool wrote must come back as it was.
public enum JSONValue: Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number, as its digits stand in the text: `1e-3` stays `1e-3`.
  case number(String)
  /// A string.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Members in the order in which they were written.
  case object([Member])

  /// One member of an object.
  public struct Member: Sendable, Equatable {
    /// The name.
    public var key: String
    /// What stands under it.
    public var value: JSONValue

    /// Creates a member.
    public init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral {
  /// Creates a string.
  public init(stringLiteral value: String) { self = .string(value) }
}

extension JSONValue {
  /// An object, its members in the order given.
  package static func members(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(members.map { Member($0.key, $0.value) })
  }

  /// A number; null for none, and for what JSON has no digits for.
  public init(_ number: Double?) {
    self = number.flatMap { $0.isFinite ? .number("\($0)") : nil } ?? .null
  }

  /// A whole number; null for none.
  public init(_ number: Int?) { self = number.map { .number(String($0)) } ?? .null }

  /// The member called `key`; the last one where a careless writer gave several, as Python reads it.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.key == key }?.value
  }

  /// The text of a string.
  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The value of a number.
  public var double: Double? {
    if case .number(let digits) = self { Double(digits) } else { nil }
  }

  /// The value of a whole number.
  public var int: Int? {
    if case .number(let digits) = self { Int(digits) } else { nil }
  }

  /// The elements of a list.
  public var array: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The members of an object.
  public var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }
}

extension JSONValue: Equatable {
  /// Whether both mean the same: the order of members does not count, nor how a number is spelled.
  ///
  /// Jupyter sorts the members and respells the numbers of every file it saves, and that is no change.
  public static func == (a: JSONValue, b: JSONValue) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.number(let a), .number(let b)): a == b || (Double(a) ?? .nan) == Double(b)
    case (.string(let a), .string(let b)): a.hasSameBytes(as: b)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)): a.sortedByKey == b.sortedByKey
    default: false
    }
  }
}

extension [JSONValue.Member] {
  /// The members by name, in the order of code points, as Jupyter writes them.
  package var sortedByKey: [JSONValue.Member] {
    sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }
}

extension String {
  /// Whether both are the same bytes. `==` takes `é` for `e` with an accent behind it; a file must not.
  package func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
