import Diagnostics
import Outputs

extension Table {
  /// The table in columns at most `width` wide. Words are wrapped within their column; where numbers alone
  /// are too many, the table goes on in another block below. Nothing is cut.
  func text(_ style: TextStyle) -> String { sanitized.laidOut(style) }

  /// The table with nothing in it that a terminal or a page would obey.
  var sanitized: Table {
    var headings = columns
    for index in headings.indices { headings[index].title = headings[index].title.sanitized() }
    return Table(
      title: title?.sanitized(), columns: headings, rows: rows.map { $0.map { $0.sanitized() } },
      footer: footer.map { $0.sanitized() })
  }

  private func laidOut(_ style: TextStyle) -> String {
    let width = style.width
    var lines = (title?.wrapped(to: width) ?? []).map { style.inked($0, .bold) }
    lines += blocks(width: width).map { text(of: $0, style) }.joined(separator: [""])
    lines += footer.flatMap { $0.wrapped(to: width) }
    return lines.map { $0.trimmingTrailingSpaces }.joined(separator: "\n")
  }

  private static var gap: Int { 2 }

  /// The columns of each block: as many as fit at their narrowest, the first one repeated in each.
  private func blocks(width: Int) -> [[Int]] {
    var blocks: [[Int]] = []
    var block: [Int] = []
    for column in columns.indices {
      if block.count > 1, total((block + [column]).map { minimumWidth($0, page: width) }) > width {
        blocks.append(block)
        block = [0]
      }
      block.append(column)
    }
    return blocks + [block]
  }

  private func total(_ widths: [Int]) -> Int { widths.reduce(0, +) + Table.gap * max(0, widths.count - 1) }

  private func naturalWidth(_ column: Int) -> Int {
    rows.reduce(columns[column].title.displayWidth) { max($0, $1[column].displayWidth) }
  }

  /// Numbers are not broken, and words only where one takes more than a third of the page.
  private func minimumWidth(_ column: Int, page: Int) -> Int {
    let most = max(page / 3, 8)
    if columns[column].alignment == .right {
      let longest = rows.reduce(0) { max($0, $1[column].displayWidth) }
      return max(longest, min(columns[column].title.longestWord, most))
    }
    let longest = rows.reduce(columns[column].title.longestWord) { max($0, $1[column].longestWord) }
    return min(longest, most)
  }

  private func text(of block: [Int], _ style: TextStyle) -> [String] {
    let widths = fittedWidths(block, width: style.width)
    let heading = line(
      zip(block, widths).map { columns[$0].title.wrapped(to: $1, breaksWords: true) }, block, widths
    ).map { style.inked($0.trimmingTrailingSpaces, .bold) }
    let rule = zip(block, widths).map { String(repeating: "-", count: min($1, naturalWidth($0))) }
    return heading + line(rule.map { [$0] }, block, widths)
      + rows.flatMap { row in
        line(zip(block, widths).map { row[$0].wrapped(to: $1, breaksWords: true) }, block, widths)
      }
  }

  /// The widths of a block's columns: as they are if they fit, else the widest words give way first.
  private func fittedWidths(_ block: [Int], width: Int) -> [Int] {
    var widths = block.map(naturalWidth)
    let least = block.map { minimumWidth($0, page: width) }
    while total(widths) > width {
      let shrinkable = block.indices.filter { widths[$0] > least[$0] }
      guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
    }
    return widths
  }

  /// One row, as many lines high as its highest cell.
  private func line(_ cells: [[String]], _ block: [Int], _ widths: [Int]) -> [String] {
    let height = cells.map(\.count).max() ?? 1
    return (0..<height).map { number in
      block.indices.map { index in
        let part = number < cells[index].count ? cells[index][number] : ""
        return columns[block[index]].alignment == .right
          ? part.leftPadded(to: widths[index]) : part.padded(to: widths[index])
      }.joined(separator: String(repeating: " ", count: Table.gap))
    }
  }
}

extension String {
  /// The columns of the longest word.
  fileprivate var longestWord: Int { split(separator: " ").reduce(0) { max($0, $1.displayWidth) } }
}

// MARK: Markdown and HTML

extension Table {
  /// The table as Markdown knows it. Its title and the lines below it are paragraphs.
  var markdown: String {
    func row(_ cells: [String]) -> String { "| \(cells.map(\.escapedForTable).joined(separator: " | ")) |" }
    let rules = columns.map { $0.alignment == .right ? "---:" : "---" }
    let lines = [row(columns.map(\.title)), row(rules)] + rows.map(row)
    let title = title.map { ["**\($0)**"] } ?? []
    return (title + [lines.joined(separator: "\n")] + footer).joined(separator: "\n\n")
  }

  /// The table as HTML, numbers to the right.
  var html: String {
    let classes = columns.map { $0.alignment == .right ? " class=\"num\"" : "" }
    let heads = zip(columns, classes).map { "<th scope=\"col\"\($1)>\($0.title.isolatedForHTML)</th>" }
    let body = rows.map { row in
      "<tr>" + zip(row, classes).map { "<td\($1)>\($0.isolatedForHTML)</td>" }.joined() + "</tr>"
    }
    let caption = title.map { "<caption>\($0.isolatedForHTML)</caption>" } ?? ""
    let foot = footer.map { "<p class=\"footer\">\($0.escapedForHTML)</p>" }.joined()
    // A region that scrolls can be reached by keyboard.
    return "<div class=\"wide\" tabindex=\"0\"><table>\(caption)<thead><tr>\(heads.joined())</tr></thead>"
      + "<tbody>\(body.joined(separator: "\n"))</tbody></table></div>" + foot
  }
}
