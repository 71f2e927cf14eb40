import Diagnostics
import Foundations
import JSON

/// What the known keys of a marker may hold.
enum AttributeRules {
  /// What is wrong with an attribute: an error where nbs knows its key, a notice where it seems a misspelling.
  static func mistake(in attribute: CellAttribute) -> Diagnostic? {
    guard let key = KnownKey(rawValue: attribute.key) else { return misspelling(of: attribute.key) }
    let value = attribute.value
    switch key {
    case .id:
      return isID(value) ? nil : bad(key, "an id of up to 64 letters, digits, `-` and `_`", "id=\"xor-1\"")
    case .tags: return areTags(value) ? nil : bad(key, tagRule, "tags=[\"parameters\"]")
    case .timeout:
      return Cell.seconds(value) == nil ? bad(key, "a time above zero", "timeout=\"60s\"") : nil
    case .tol: return isTolerance(value) ? nil : bad(key, "a number from 0", "tol=1e-3")
    case .expectError:
      guard let code = value.string else {
        return bad(key, "the code of an error", "expect_error=\"unknown-option\"")
      }
      return ErrorCode(rawValue: code) == nil ? unknown(code) : nil
    case .hint:
      return areTexts(value) ? nil : bad(key, "a text or a list of texts", "hint=\"Start with two units.\"")
    case .points:
      return value.double.map { $0 > 0 && $0.isFinite } == true
        ? nil : bad(key, "a number above 0", "points=2")
    case .jupyter, .attachments:
      return value.members == nil ? bad(key, "an object", "\(key.rawValue)={}") : nil
    }
  }

  private static let tagRule = "a list of different words without commas"

  private static func isID(_ value: JSONValue) -> Bool { value.string.map(CellID.isValid) ?? false }

  private static func areTexts(_ value: JSONValue) -> Bool {
    guard let elements = value.array else { return value.string != nil }
    return !elements.isEmpty && elements.allSatisfy { $0.string != nil }
  }

  private static func isTolerance(_ value: JSONValue) -> Bool {
    value.double.map { $0 >= 0 && $0.isFinite } ?? false
  }

  /// The rule for tags is nbformat's, so that each of them can stand in a `.ipynb`.
  static func areTags(_ value: JSONValue) -> Bool {
    guard let elements = value.array else { return false }
    let words = elements.compactMap(\.string)
    return words.count == elements.count && Set(words).count == words.count
      && words.allSatisfy { !$0.isEmpty && !$0.utf8.contains(UInt8(ascii: ",")) }
  }

  private static func bad(_ key: KnownKey, _ rule: String, _ example: String) -> Diagnostic {
    Diagnostic(.badValue, "`\(key.rawValue)` takes \(rule), as in `\(example)`.")
  }

  private static func unknown(_ code: String) -> Diagnostic {
    let near = DidYouMean.nearest(to: code, among: ErrorCode.allCases.map(\.rawValue))
    return Diagnostic(
      .badValue,
      "There is no error `\(code)` that the cell could end in. "
        + (DidYouMean.question(near)
          ?? "`nbs check --json` tells the codes of the errors that it finds, `nbs run --json` of others."),
      suggestion: near.map { "\"\($0)\"" })
  }

  private static func misspelling(of key: String) -> Diagnostic? {
    let near = DidYouMean.nearest(to: key, among: KnownKey.allCases.map(\.rawValue))
    return near.map {
      Diagnostic(
        .unknownKey, "`\(key)` is not a key of nbs and has no effect." + DidYouMean.sentence($0),
        suggestion: $0, severity: .notice)
    }
  }
}
