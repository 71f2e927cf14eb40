extension String {
  /// A noun with its article: `a dense`, `an embedding`.
  public var withArticle: String { ("aeiou".contains(first?.lowercased() ?? "") ? "an " : "a ") + self }
}

extension Int {
  /// So many numbers: `1 number`, `3 numbers`.
  public var numbersText: String { self == 1 ? "1 number" : "\(self) numbers" }
}
