extension JSONValue {
  /// This value on one line, members in their own order: `{"a": 1, "b": [true]}`.
  public var compact: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let digits): digits
    case .string(let text): text.jsonQuoted
    case .array(let elements): "[" + elements.map(\.compact).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { $0.key.jsonQuoted + ": " + $0.value.compact }.joined(separator: ", ") + "}"
    }
  }

  /// This value as Jupyter writes it, members sorted and indented by one space, so that a file which
  /// Jupyter saves again does not change all over.
  package func indented(by depth: Int = 0) -> String {
    switch self {
    case .array(let elements) where !elements.isEmpty:
      block("[", elements.map { $0.indented(by: depth + 1) }, "]", depth: depth)
    case .object(let members) where !members.isEmpty:
      block(
        "{", members.sortedByKey.map { $0.key.jsonQuoted + ": " + $0.value.indented(by: depth + 1) }, "}",
        depth: depth)
    default: compact
    }
  }

  /// This value with the members of all its objects sorted, as it is when it comes back from a file.
  package var sortedByKey: JSONValue {
    switch self {
    case .array(let elements): .array(elements.map(\.sortedByKey))
    case .object(let members): .object(members.sortedByKey.map { Member($0.key, $0.value.sortedByKey) })
    default: self
    }
  }

  private func block(_ open: String, _ items: [String], _ close: String, depth: Int) -> String {
    let margin = "\n" + String(repeating: " ", count: depth)
    return open + items.map { margin + " " + $0 }.joined(separator: ",") + margin + close
  }
}

extension String {
  /// This text as a JSON string. Only what JSON asks for is escaped; letters of any script stay legible.
  package var jsonQuoted: String {
    var quoted = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{8}": quoted += "\\b"
      case "\u{C}": quoted += "\\f"
      case "\0"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
