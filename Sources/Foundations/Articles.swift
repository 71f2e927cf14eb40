extension String {
  /// A noun with its article: `a dense`, `an embedding`.
  public var withArticle: String { ("aeiou".contains(first?.lowercased() ?? "") ? "an " : "a ") + self }

  /// The text without a full stop at its end: for a message within a sentence, or a number without decimals.
  package var withoutFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}

extension Int {
  /// So many numbers: `1 number`, `3 numbers`.
  public var numbersText: String { self == 1 ? "1 number" : "\(self) numbers" }
}
