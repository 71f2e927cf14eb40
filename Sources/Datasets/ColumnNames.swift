extension String {
  /// A column's name as it is typed: in quotes where it is more than a word, or means something else.
  public var asColumnName: String {
    let isWord = first?.isLetter == true && allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    if isWord, !["none", "true", "false", "and", "or", "not", "until"].contains(self) { return self }
    return "\"\(replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n"))\""
  }

  /// A text as it is typed behind a name in braces: numbers as they are.
  package var asPairValue: String { Double(self) == nil ? asColumnName : self }

  /// Without blanks at both ends.
  package var trimmed: String {
    let start = drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }
}
