/// A part of a page that is folded away: `<details><summary>In Keras</summary>`, its lines, `</details>`, as code hosts know it.
struct MarkdownDetails {
  /// What is shown of it while it is folded.
  let summary: String
  /// The lines within.
  let lines: [Substring]
  /// How many lines it takes in all.
  let count: Int

  /// The summary of a line that opens such a part; nil for any other line.
  static func summary(_ line: Substring) -> String? {
    let text = line.trimmed
    let (start, end) = ("<details><summary>", "</summary>")
    guard text.hasPrefix(start), text.hasSuffix(end) else { return nil }
    return String(text.dropFirst(start.count).dropLast(end.count))
  }

  /// Whether a line ends such a part.
  static func isEnd(_ line: Substring) -> Bool { line.trimmed == "</details>" }

  /// The part that begins with the first line; nil where none does, or it is never closed.
  init?(_ lines: ArraySlice<Substring>) {
    guard let first = lines.first, let summary = Self.summary(first),
      let end = lines.firstIndex(where: Self.isEnd)
    else { return nil }
    self.summary = summary
    self.lines = Array(lines[(lines.startIndex + 1)..<end])
    count = end - lines.startIndex + 1
  }
}
