import Formulas

/// The inside of a line of Markdown as HTML: code, emphasis and links; everything else is text.
struct MarkdownInline {
  private let characters: [Character]
  private let depth: Int

  /// Emphasis within emphasis deeper than this stays as it was written.
  private static let deepest = 6

  static func html(_ text: some StringProtocol) -> String {
    MarkdownInline(characters: Array(text), depth: 0).html
  }

  private var html: String {
    var html = ""
    var place = 0
    var plain = ""
    while place < characters.count {
      if let (piece, next) = piece(at: place) {
        html += plain.escapedForHTML + piece
        plain = ""
        place = next
      } else {
        plain.append(characters[place])
        place += 1
      }
    }
    return html + plain.escapedForHTML
  }

  /// What begins at a place, and where it ends; nil for plain text.
  private func piece(at place: Int) -> (String, Int)? {
    switch characters[place] {
    case "\\": escape(at: place)
    case "`": code(at: place)
    case "*", "_": depth < Self.deepest ? emphasis(at: place) : nil
    case "!": character(place + 1) == "[" ? picture(at: place + 1) ?? link(at: place + 1) : nil
    case "[": depth < Self.deepest ? link(at: place) : nil
    case "<": address(at: place)
    case "$": formula(at: place)
    default: nil
    }
  }

  private func character(_ place: Int) -> Character? {
    characters.indices.contains(place) ? characters[place] : nil
  }

  private func escape(at place: Int) -> (String, Int)? {
    guard let next = character(place + 1), next.isASCII, next.isPunctuation || next.isSymbol else {
      return nil
    }
    return (String(next).escapedForHTML, place + 2)
  }

  /// Text between two runs of as many backquotes.
  private func code(at place: Int) -> (String, Int)? {
    let ticks = run(at: place)
    var end = place + ticks
    while end < characters.count {
      guard characters[end] == "`" else {
        end += 1
        continue
      }
      let length = run(at: end)
      if length == ticks {
        var text = String(characters[(place + ticks)..<end])
        if text.count > 2, text.hasPrefix(" "), text.hasSuffix(" ") {
          text = String(text.dropFirst().dropLast())
        }
        return ("<code>\(text.escapedForHTML)</code>", end + length)
      }
      end += length
    }
    return nil
  }

  private func run(at place: Int) -> Int {
    characters[place...].prefix { $0 == characters[place] }.count
  }

  private func emphasis(at place: Int) -> (String, Int)? {
    let mark = characters[place]
    let length = min(run(at: place), 2)
    let start = place + length
    // An opening mark has a word right behind it; `_` inside a word is part of its name.
    guard let first = character(start), !first.isWhitespace, mark != "_" || !isWord(place - 1) else {
      return nil
    }
    var end = start + 1
    while end + length <= characters.count {
      let closes =
        characters[end..<end + length].allSatisfy { $0 == mark } && !characters[end - 1].isWhitespace
        && characters[end - 1] != mark && (mark != "_" || !isWord(end + length))
        && (length == 2 || character(end + 1) != mark)
      if closes {
        let tag = length == 2 ? "strong" : "em"
        let inner = MarkdownInline(characters: Array(characters[start..<end]), depth: depth + 1).html
        return ("<\(tag)>\(inner)</\(tag)>", end + length)
      }
      end += characters[end] == "\\" ? 2 : 1
    }
    return nil
  }

  private func isWord(_ place: Int) -> Bool {
    character(place).map { $0.isLetter || $0.isNumber } ?? false
  }

  /// `![text](attachment:a.png)`: a picture that the report brings along; see ``AttachedPictures``.
  private func picture(at place: Int) -> (String, Int)? {
    guard let close = matching(place, "[", "]"), character(close + 1) == "(",
      let end = matching(close + 1, "(", ")")
    else { return nil }
    let target = String(characters[(close + 2)..<end])
    guard target.hasPrefix("attachment:") else { return nil }
    let words = String(characters[(place + 1)..<close])
    return ("<img src=\"\(target.escapedForHTML)\" alt=\"\(words.escapedForHTML)\">", end + 1)
  }

  /// `[text](address)`. A picture becomes a link as well: a report loads nothing.
  private func link(at place: Int) -> (String, Int)? {
    guard let close = matching(place, "[", "]"), character(close + 1) == "(",
      let end = matching(close + 1, "(", ")")
    else { return nil }
    let target = String(characters[(close + 2)..<end]).split(separator: " ").first.map(String.init) ?? ""
    let inner = MarkdownInline(characters: Array(characters[(place + 1)..<close]), depth: depth + 1).html
    guard Self.isSafe(target) else { return (inner, end + 1) }
    return ("<a href=\"\(target.escapedForHTML)\">\(inner)</a>", end + 1)
  }

  private func matching(_ place: Int, _ open: Character, _ close: Character) -> Int? {
    var depth = 0
    // A link that long is none; the bound keeps a line of brackets from taking a time of its square.
    for index in place..<min(place + 2000, characters.count) {
      if characters[index] == open { depth += 1 }
      if characters[index] == close { depth -= 1 }
      if depth == 0 { return index }
    }
    return nil
  }

  /// `$x^2$`
  private func formula(at place: Int) -> (String, Int)? {
    guard let mark = FormulaMark(in: characters, at: place) else { return nil }
    return (mark.html, mark.end)
  }

  /// `<https://example.org>`
  private func address(at place: Int) -> (String, Int)? {
    guard let end = characters[place...].prefix(2000).firstIndex(of: ">") else { return nil }
    let text = String(characters[(place + 1)..<end])
    guard text.contains(":"), !text.contains(" "), Self.isSafe(text) else { return nil }
    return ("<a href=\"\(text.escapedForHTML)\">\(text.escapedForHTML)</a>", end + 1)
  }

  /// Whether an address leads to a page or a place, and runs nothing.
  private static func isSafe(_ target: String) -> Bool {
    let scheme = target.prefix { $0 != ":" && $0 != "/" && $0 != "#" && $0 != "?" }
    guard scheme.endIndex < target.endIndex, target[scheme.endIndex] == ":" else { return !target.isEmpty }
    return ["http", "https", "mailto"].contains(scheme.lowercased())
  }
}
