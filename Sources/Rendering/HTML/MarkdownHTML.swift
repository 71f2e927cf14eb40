import Formulas

/// Prose in Markdown as HTML: headings, paragraphs, lists, quotes, tables, code, formulas and rules, which is
/// what notebooks are written in. HTML in the prose is shown and never obeyed.
struct MarkdownHTML {
  private let lines: [Substring]
  private let depth: Int
  private var place = 0
  private var html: [String] = []

  /// Lists and quotes deeper than this are text.
  private static let deepest = 8

  static func html(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.last == "\r" ? $0.dropLast() : $0 }
    return blocks(lines, depth: 0)
  }

  private static func blocks(_ lines: [Substring], depth: Int) -> String {
    var converter = MarkdownHTML(lines: lines, depth: depth)
    while converter.place < lines.count { converter.block() }
    return converter.html.joined(separator: "\n")
  }

  private mutating func block() {
    let line = lines[place]
    if line.isBlank {
      place += 1
    } else if line.fence != nil {
      code()
    } else if let level = line.headingLevel {
      let words = line.trimmed.drop { $0 == "#" }.trimmed
      html.append("<h\(level)>\(MarkdownInline.html(words))</h\(level)>")
      place += 1
    } else if let (mark, count) = FormulaMark.block(lines[place...]) {
      html.append(mark.html)
      place += count
    } else if depth < Self.deepest, let details = MarkdownDetails(lines[place...]) {
      html.append(
        "<details><summary>\(MarkdownInline.html(details.summary))</summary>\n"
          + Self.blocks(details.lines, depth: depth + 1) + "\n</details>")
      place += details.count
    } else if line.isRule {
      html.append("<hr>")
      place += 1
    } else if line.trimmed.hasPrefix(">"), depth < Self.deepest {
      quote()
    } else if line.item != nil, depth < Self.deepest {
      list()
    } else if startsTable {
      table()
    } else {
      paragraph()
    }
  }

  private mutating func code() {
    guard let fence = lines[place].fence else { return }
    let indent = lines[place].indent
    place += 1
    var code: [Substring] = []
    while place < lines.count, lines[place].fence.map({ !$0.closes(fence) }) ?? true {
      code.append(lines[place].dropFirst(min(indent, lines[place].indent)))
      place += 1
    }
    place += 1
    html.append("<pre tabindex=\"0\"><code>\(code.joined(separator: "\n").escapedForHTML)</code></pre>")
  }

  private mutating func quote() {
    var inner: [Substring] = []
    while place < lines.count, lines[place].trimmed.hasPrefix(">") {
      let text = lines[place].trimmed.dropFirst()
      inner.append(text.first == " " ? text.dropFirst() : text)
      place += 1
    }
    html.append("<blockquote>\n\(Self.blocks(inner, depth: depth + 1))\n</blockquote>")
  }

  /// The items of one list; what is indented below an item belongs to it.
  private mutating func list() {
    guard let first = lines[place].item else { return }
    var items: [String] = []
    while place < lines.count, let item = lines[place].item, item.isOrdered == first.isOrdered,
      lines[place].indent <= first.width
    {
      var inner = [item.text]
      place += 1
      while place < lines.count {
        let line = lines[place]
        let next = place + 1 < lines.count ? lines[place + 1] : ""
        let belongs = line.isBlank ? next.indent >= item.width && !next.isBlank : line.indent >= item.width
        let isLazy = !line.isBlank && line.item == nil && inner.last?.isBlank == false && !line.beginsBlock
        guard belongs || isLazy else { break }
        inner.append(line.dropFirst(min(line.indent, item.width)))
        place += 1
      }
      items.append("<li>\(Self.tight(inner, depth: depth + 1))</li>")
      // One blank line may stand between items.
      if place + 1 < lines.count, lines[place].isBlank, lines[place + 1].item?.isOrdered == first.isOrdered {
        place += 1
      }
    }
    let tag = first.isOrdered ? "ol" : "ul"
    let start = first.number.flatMap { $0 == 1 ? nil : " start=\"\($0)\"" } ?? ""
    html.append("<\(tag)\(start)>\n\(items.joined(separator: "\n"))\n</\(tag)>")
  }

  /// An item's content; one paragraph alone needs no tag.
  private static func tight(_ lines: [Substring], depth: Int) -> String {
    let html = blocks(lines, depth: depth)
    guard html.hasPrefix("<p>"), let end = html.firstRange(of: "</p>") else { return html }
    return String(html[..<end.lowerBound].dropFirst(3) + html[end.upperBound...])
  }

  private var startsTable: Bool {
    guard place + 1 < lines.count, lines[place].contains("|") else { return false }
    let rule = lines[place + 1].trimmed
    return rule.contains("-") && rule.contains("|") && rule.allSatisfy { "|-: ".contains($0) }
  }

  private mutating func table() {
    let alignments = lines[place + 1].cells.map { cell in
      cell.hasSuffix(":") ? (cell.hasPrefix(":") ? " class=\"centre\"" : " class=\"num\"") : ""
    }
    func row(_ cells: [String], _ tag: String) -> String {
      let columns = alignments.indices.map { index in
        let text = index < cells.count ? MarkdownInline.html(cells[index]) : ""
        return "<\(tag)\(tag == "th" ? " scope=\"col\"" : "")\(alignments[index])>\(text)</\(tag)>"
      }
      return "<tr>\(columns.joined())</tr>"
    }
    let head = row(lines[place].cells, "th")
    place += 2
    var rows: [String] = []
    while place < lines.count, lines[place].contains("|") {
      rows.append(row(lines[place].cells, "td"))
      place += 1
    }
    html.append("<table><thead>\(head)</thead><tbody>\(rows.joined(separator: "\n"))</tbody></table>")
  }

  private mutating func paragraph() {
    var text: [String] = []
    repeat {
      let line = lines[place]
      // Two spaces or a backslash at the end break the line.
      let breaks = line.hasSuffix("  ") || line.hasSuffix("\\")
      let words = line.hasSuffix("\\") ? line.dropLast() : line
      text.append(MarkdownInline.html(words.trimmed) + (breaks ? "<br>" : ""))
      place += 1
    } while place < lines.count && !lines[place].isBlank && MarkdownDetails.summary(lines[place]) == nil
      && !lines[place].beginsBlock
      && !lines[place].trimmed.hasPrefix("$$") && !startsTable
    html.append("<p>\(text.joined(separator: "\n"))</p>")
  }
}
