import Foundations
import Localization

extension Diagnostic {
  /// The message as plain text: a headline that names the place, the line with a caret under what is to
  /// blame, then the message and its notes. A notice is no alarm: a place and a sentence.
  ///
  /// - Parameters:
  ///   - width: the columns that the headline fills, and that prose is wrapped to.
  ///   - namesFiles: whether a place is told as editors follow it, `course/xor.nbs:12:5`, where the file is known, and
  ///     lines by their numbers in the file.
  public func rendered(width: Int = 80, namesFiles: Bool = false) -> String {
    var lines: [String]
    if severity == .notice {
      lines = localized("\(noticeWord)\(occasion(namesFiles)): \(message)").wrapped(to: width)
    } else {
      lines = [headline(width: width, place(namesFiles))]
      if let source, let span {
        let firstLine = namesFiles && source.file != nil ? source.firstLine : 1
        lines += excerpt(of: source, span: span, width: width, firstLine: firstLine)
      }
      lines += message.wrapped(to: width)
    }
    for note in notes { lines += note.wrapped(to: width) }
    return lines.joined(separator: "\n").sanitized()
  }

  /// What a notice begins with.
  public var noticeWord: String { localized("Note") }

  /// What a notice is about, as far as it is known: ` (cell 1, line 2, `1 / 0`)`.
  private func occasion(_ namesFiles: Bool) -> String {
    let place = place(namesFiles)
    guard let source, let span else { return place.isEmpty ? "" : " (\(place))" }
    let blamed = String(source.text(in: span)).replacingTabs
    let isShort = !blamed.isEmpty && blamed.displayWidth <= 30 && !blamed.contains(where: \.isNewline)
    return " (\(place)" + (isShort ? ", `\(blamed)`)" : ")")
  }

  /// `-- UNKNOWN OPTION ------------- xor.nbs, cell 4, line 2`
  private func headline(width: Int, _ place: String) -> String {
    let title = localizedTitle(of: code.rawValue, english: code.title)
    let used = title.displayWidth + place.displayWidth + 5
    let rule = String(repeating: "-", count: max(3, width - used))
    return place.isEmpty ? "-- \(title) \(rule)" : "-- \(title) \(rule) \(place)"
  }

  /// `xor.nbs, cell 4, line 2` or `course/xor.nbs:12:5`, or as much of it as is known.
  private func place(_ namesFiles: Bool) -> String {
    guard let source else { return "" }
    guard let span else { return source.name }
    let line = source.line(at: span.start)
    guard namesFiles, let file = source.file else { return localized("\(source.name), line \(line.number)") }
    return "\(file):\(source.firstLine + line.number - 1):\(line.prefix.count + 1)"
  }

  /// The blamed line behind its number, and carets under the blamed part of it; of a line that is longer than the
  /// page the part around them.
  ///
  /// A span that runs over several lines is marked to the end of its first.
  private func excerpt(of source: SourceText, span: SourceSpan, width: Int, firstLine: Int) -> [String] {
    let line = source.line(at: span.start)
    let gutter = "\(firstLine + line.number - 1) | "
    let room = max(width - gutter.count, 20)
    let blamed = String(source.text(in: span).prefix { !$0.isNewline }).replacingTabs
    let text = String(line.text).replacingTabs
    let before = String(line.prefix).replacingTabs
    let carets = max(1, blamed.displayWidth)
    let isCut =
      text.displayWidth > room && before.displayWidth + min(carets, room / 2) > room - Self.cutMark.count
    let lead = isCut ? Self.cutMark + before.end(upTo: room / 3) : before
    let shown = (lead + text.dropFirst(before.count)).cut(to: room, ellipsis: Self.cutMark)
    let indent = min(lead.displayWidth, room - 1)
    return [
      gutter + shown,
      String(repeating: " ", count: gutter.count - 2) + "| " + String(repeating: " ", count: indent)
        + String(repeating: "^", count: min(carets, room - indent)),
    ]
  }

  /// What stands for the rest of a long line.
  private static let cutMark = ".."
}

extension String {
  /// Tabs as single spaces: a terminal's tab stops would part a caret from what it points at.
  fileprivate var replacingTabs: String { String(map { $0 == "\t" ? " " : $0 }) }

  /// The end of this text, at most so many columns of it.
  fileprivate func end(upTo width: Int) -> Substring {
    var used = 0
    let start = indices.reversed().prefix {
      used += self[$0].displayWidth
      return used <= width
    }.last
    return self[(start ?? endIndex)...]
  }
}
