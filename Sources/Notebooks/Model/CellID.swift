import Foundations

/// What may be the id of a cell. The rule is nbformat 4.5's, so that an id is the same in both formats.
enum CellID {
  static let maximumLength = 64

  static func isValid(_ id: String) -> Bool {
    (1...maximumLength).contains(id.utf8.count) && id.utf8.allSatisfy(isAllowed)
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// The nearest thing to `id` that is allowed: other characters become hyphens.
  static func sanitized(_ id: String) -> String {
    let legal = id.utf8.prefix(maximumLength).map { isAllowed($0) ? $0 : UInt8(ascii: "-") }
    return legal.isEmpty ? "cell" : String(decoding: legal, as: UTF8.self)
  }

  /// `id-2`, shortened where the whole would be too long.
  static func suffixed(_ id: String, _ count: Int) -> String {
    let suffix = "-\(count)"
    return String(id.prefix(maximumLength - suffix.utf8.count)) + suffix
  }

  /// The id of a cell that was given none: it depends on what the cell says and not on where it stands, so
  /// that a run can be compared with an older one although a cell was put in between.
  static func computed(kind: Cell.Kind, source: String) -> String {
    "c-" + Digest.digits(of: kind.rawValue + source).prefix(8)
  }

  /// Whether an id has the form of a computed one: `c-` and eight hex digits, then perhaps `-2`.
  static func looksComputed(_ id: String) -> Bool {
    // By hand: a regular expression is made anew for each of a notebook's cells.
    guard id.hasPrefix("c-") else { return false }
    let (digits, rest) = (id.utf8.dropFirst(2).prefix(8), id.utf8.dropFirst(10))
    let (zero, nine) = (UInt8(ascii: "0"), UInt8(ascii: "9"))
    func isDigit(_ byte: UInt8) -> Bool { (zero...nine).contains(byte) }
    guard digits.count == 8,
      digits.allSatisfy({ isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) })
    else { return false }
    guard let dash = rest.first else { return true }
    return dash == UInt8(ascii: "-") && rest.count > 1 && rest.dropFirst().allSatisfy(isDigit)
  }
}
