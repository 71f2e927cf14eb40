public import JSON

/// A `key=value` pair of a cell's marker. The value is JSON and keeps its spelling.
public struct CellAttribute: Sendable, Equatable {
  /// The name.
  public let key: String
  /// The value.
  public let value: JSONValue
  /// The value as it stands in the file.
  public let text: String

  /// Creates an attribute, or nil when `key` is no name: letters, digits, `_`, `-` and `.`, a letter or `_`
  /// first.
  public init?(_ key: String, _ value: JSONValue) {
    guard Self.isName(key) else { return nil }
    self.init(key: key, value: value, text: value.compact)
  }

  init(key: String, value: JSONValue, text: String) {
    self.key = key
    self.value = value
    self.text = text
  }

  private static func isName(_ key: String) -> Bool {
    guard let first = key.utf8.first, isNameStart(first) else { return false }
    return key.utf8.allSatisfy(isNamePart)
  }

  static func isNameStart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
    default: false
    }
  }

  static func isNamePart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."): true
    default: isNameStart(byte)
    }
  }
}

/// The attributes that nbs gives a meaning to. Others are kept for whoever put them there.
enum KnownKey: String, CaseIterable {
  case id, tags, timeout, tol, hint, points
  case expectError = "expect_error"
  /// Metadata of a Jupyter cell that nbs has no name for.
  case jupyter
  /// The files that Jupyter keeps inside a cell of prose.
  case attachments
}

extension Cell {
  /// The value under `key`; assigning nil takes the attribute away, a new one goes last.
  subscript(key: KnownKey) -> JSONValue? {
    get { attributes.first { $0.key == key.rawValue }?.value }
    set {
      guard let newValue else { return attributes.removeAll { $0.key == key.rawValue } }
      let attribute = CellAttribute(key: key.rawValue, value: newValue, text: newValue.compact)
      if let place = attributes.firstIndex(where: { $0.key == key.rawValue }) {
        attributes[place] = attribute
      } else {
        attributes.append(attribute)
      }
    }
  }

  /// The id that the marker gives; nil when the id is computed.
  ///
  /// Characters other than letters, digits, `-` and `_` become hyphens when it is assigned.
  public var explicitID: String? {
    get { self[.id]?.string.flatMap { CellID.isValid($0) ? $0 : nil } }
    set { self[.id] = newValue.map { .string(CellID.sanitized($0)) } }
  }

  /// The words of `tags=["…"]`. The cell tagged `parameters` holds a notebook's parameters.
  public var tags: [String] {
    get { self[.tags]?.array?.compactMap(\.string) ?? [] }
    set { self[.tags] = newValue.isEmpty ? nil : .array(newValue.map(JSONValue.string)) }
  }

  /// How many seconds the cell may take: `timeout=60` or `timeout="500ms"`.
  public var timeout: Double? { self[.timeout].flatMap(Self.seconds) }

  /// The code of the error that the cell must end in: `expect_error="unknown-option"`.
  public var expectedError: String? { self[.expectError]?.string }

  /// How far a number may lie from the committed one, relative to it: `tol=1e-3`.
  public var tolerance: Double? { self[.tol]?.double }

  /// The files that a cell of Jupyter's carries along, by name, each in one or several forms by its MIME type.
  public var attachedFiles: [(name: String, forms: [(type: String, content: String)])] {
    (self[.attachments]?.members ?? []).map { file in
      let forms = (file.value.members ?? []).compactMap { form in
        form.value.joinedLines.map { (type: form.key, content: $0) }
      }
      return (file.key, forms)
    }
  }

  /// What to tell a learner who is stuck, one after the other: `hint="…"` or `hint=["…", "…"]`.
  public var hints: [String] {
    guard let value = self[.hint] else { return [] }
    return value.array?.compactMap(\.string) ?? value.string.map { [$0] } ?? []
  }

  /// What an exercise is worth in a grade: `points=2`, and 1 unless it says.
  public var points: Double { self[.points]?.double ?? 1 }

  /// The seconds that a `timeout` gives: a number, or a text with a unit.
  static func seconds(_ value: JSONValue) -> Double? {
    let found = value.double ?? value.string.flatMap(seconds)
    return found.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
  }

  /// The seconds that a text with a unit gives, `500ms`, `60s`, `5min` or `2h`; nil for any other text.
  public static func seconds(_ text: String) -> Double? {
    for (unit, factor) in [("ms", 0.001), ("min", 60), ("s", 1), ("h", 3600)] where text.hasSuffix(unit) {
      return Double(text.dropLast(unit.count)).map { $0 * factor }
    }
    return nil
  }
}
