/// What a line of Markdown begins with.
extension Substring {
  var isBlank: Bool { allSatisfy(\.isWhitespace) }

  var indent: Int { prefix { $0 == " " }.count }

  var trimmed: Substring {
    let start = drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return start[...last]
  }

  /// A fence of code, and what it is made of.
  struct Fence {
    let mark: Character
    let length: Int
    let isBare: Bool

    func closes(_ open: Fence) -> Bool { isBare && mark == open.mark && length >= open.length }
  }

  var fence: Fence? {
    let text = trimmed
    guard let mark = text.first, mark == "`" || mark == "~" else { return nil }
    let length = text.prefix { $0 == mark }.count
    let rest = text.dropFirst(length)
    guard length >= 3, mark == "~" || !rest.contains("`") else { return nil }
    return Fence(mark: mark, length: length, isBare: rest.isBlank)
  }

  /// 1 to 6 for a heading.
  var headingLevel: Int? {
    let text = trimmed
    let level = text.prefix { $0 == "#" }.count
    guard (1...6).contains(level), indent < 4 else { return nil }
    let rest = text.dropFirst(level)
    return rest.isEmpty || rest.first == " " ? level : nil
  }

  var isRule: Bool {
    let marks = filter { !$0.isWhitespace }
    guard marks.count >= 3, let first = marks.first, "-*_".contains(first) else { return false }
    return marks.allSatisfy { $0 == first }
  }

  /// An item of a list: its text, and how far that is indented.
  var item: (text: Substring, width: Int, isOrdered: Bool, number: Int?)? {
    let text = dropFirst(indent)
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let mark = text.dropFirst(digits.count).prefix(1)
    let isOrdered = (1...9).contains(digits.count) && (mark == "." || mark == ")")
    let isBullet = digits.isEmpty && ["-", "*", "+"].contains(mark)
    let length = digits.count + 1
    let rest = text.dropFirst(length)
    guard isOrdered || isBullet, rest.first == " ", !isRule else { return nil }
    return (rest.drop { $0 == " " }, indent + length + 1, isOrdered, Int(digits))
  }

  /// Whether a paragraph ends before this line.
  var beginsBlock: Bool {
    fence != nil || headingLevel != nil || isRule || trimmed.hasPrefix(">") || item != nil
  }

  /// The cells of a table's row.
  var cells: [String] {
    var cells: [String] = [""]
    var isEscaped = false
    for character in trimmed {
      if character == "|", !isEscaped {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    if cells.first?.allSatisfy(\.isWhitespace) == true { cells.removeFirst() }
    if cells.last?.allSatisfy(\.isWhitespace) == true { cells.removeLast() }
    return cells.map { String(Substring($0).trimmed) }
  }
}
