public import Diagnostics
import Foundations
import JSON
public import Language
import Notebooks

extension GivenParameter {
  /// Reads what stands behind `-p`: `epochs=20`.
  ///
  /// - Throws: `bad-parameter`.
  public init(assignment: String) throws(Diagnostic) {
    guard let equals = assignment.firstIndex(of: "="), equals > assignment.startIndex else {
      throw Diagnostic(
        .badParameter, "`-p \(assignment)` has no value. Write `-p NAME=VALUE`, as in `-p epochs=20`.")
    }
    let name = String(assignment[..<equals]).trimmingSpaces
    let value = String(assignment[assignment.index(after: equals)...])
    self.init(name: name, value: .spelled(value), origin: "-p \(assignment)")
  }

  /// Reads a file of parameters: one JSON object.
  ///
  /// - Throws: `bad-parameter`, or why the file cannot be read.
  public static func read(_ path: String) throws(Diagnostic) -> [GivenParameter] {
    let bytes = try InputFile.bytesOrInput(path, neighbours: ".json")
    let json = try JSONValue.read(bytes, name: path).get()
    guard let members = json.members else {
      throw Diagnostic(.badParameter, "\(path) is not a JSON object. Write `{\"epochs\": 20}`.")
    }
    return members.map { member in
      GivenParameter(name: member.key, value: .literal(Literal(member.value)), origin: path)
    }
  }
}

extension Literal {
  /// The value that JSON stands for; nil for an object, which no parameter can be.
  fileprivate init?(_ json: JSONValue) {
    switch json {
    case .null: self = .none
    case .bool(let truth): self = .boolean(truth)
    case .number: self = .number(json.double ?? .infinity)
    case .string(let text): self = .text(text)
    case .array(let items):
      let literals = items.compactMap(Literal.init)
      guard literals.count == items.count, !literals.contains(.none) else { return nil }
      self = .list(literals)
    case .object: return nil
    }
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
