extension Int {
  /// So many of something: `1 row`, `4 rows`, `2 more classes`.
  public func counted(_ noun: String) -> String { "\(self) \(self == 1 ? noun : noun.plural)" }
}

extension String {
  /// A noun for more than one: `epochs`, `batches`.
  public var plural: String {
    self + (["s", "x", "tch", "sh"].contains(where: hasSuffix) ? "es" : "s")
  }
}

extension [String] {
  /// `a`, `a and b`, `a, b and c`.
  public var listed: String {
    guard let last, count > 1 else { return joined() }
    return dropLast().joined(separator: ", ") + " and " + last
  }
}
