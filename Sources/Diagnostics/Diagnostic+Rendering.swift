extension Diagnostic {
  /// The message as plain text: a headline that names the place, the line with a caret under what is to
  /// blame, then the message and its notes. A notice is no alarm: a place and a sentence.
  ///
  /// - Parameter width: the columns that the headline fills, and that prose is wrapped to.
  public func rendered(width: Int = 80) -> String {
    var lines: [String]
    if severity == .notice {
      lines = "\(noticeWord)\(occasion): \(message)".wrapped(to: width)
    } else {
      lines = [headline(width: width)]
      if let source, let span { lines += excerpt(of: source, span: span) }
      lines += message.wrapped(to: width)
    }
    for note in notes { lines += note.wrapped(to: width) }
    return lines.joined(separator: "\n").harmless()
  }

  /// What a notice begins with.
  public var noticeWord: String { "Note" }

  /// What a notice is about, as far as it is known: ` (cell 1, line 2, `1 / 0`)`.
  private var occasion: String {
    guard let source, let span else { return place.isEmpty ? "" : " (\(place))" }
    let blamed = String(source.text(in: span)).replacingTabs
    let isShort = !blamed.isEmpty && blamed.displayWidth <= 30 && !blamed.contains(where: \.isNewline)
    return " (\(place)" + (isShort ? ", `\(blamed)`)" : ")")
  }

  /// `-- UNKNOWN OPTION ------------- xor.nbs, cell 4, line 2`
  private func headline(width: Int) -> String {
    let place = place
    let used = title.displayWidth + place.displayWidth + 5
    let rule = String(repeating: "-", count: max(3, width - used))
    return place.isEmpty ? "-- \(title) \(rule)" : "-- \(title) \(rule) \(place)"
  }

  /// `xor.nbs, cell 4, line 2`, or as much of it as is known.
  private var place: String {
    guard let source else { return "" }
    guard let span else { return source.name }
    return "\(source.name), line \(source.line(at: span.start).number)"
  }

  /// The blamed line behind its number, and carets under the blamed part of it.
  ///
  /// A span that runs over several lines is marked to the end of its first.
  private func excerpt(of source: SourceText, span: SourceSpan) -> [String] {
    let line = source.line(at: span.start)
    let gutter = "\(line.number) | "
    let blamed = source.text(in: span).prefix { !$0.isNewline }
    let indent = gutter.count - 2 + String(line.prefix).replacingTabs.displayWidth
    let carets = max(1, String(blamed).replacingTabs.displayWidth)
    return [
      gutter + String(line.text).replacingTabs,
      String(repeating: " ", count: gutter.count - 2) + "| "
        + String(repeating: " ", count: indent - gutter.count + 2)
        + String(repeating: "^", count: carets),
    ]
  }
}

extension String {
  /// Tabs as single spaces: a terminal's tab stops would part a caret from what it points at.
  fileprivate var replacingTabs: String { String(map { $0 == "\t" ? " " : $0 }) }
}
