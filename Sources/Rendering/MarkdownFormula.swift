import Formulas

/// A formula in prose that cannot be read.
public struct FormulaMistake: Equatable, Sendable {
  /// The line of the prose that it begins in, from 1.
  public let line: Int
  /// What is wrong with it.
  public let message: String
}

extension FormulaMistake {
  /// The formulas of a piece of Markdown that cannot be read; code holds none.
  public static func all(in markdown: String) -> [FormulaMistake] {
    var mistakes: [FormulaMistake] = []
    func note(_ mark: FormulaMark, _ line: Int) {
      do { _ = try Formula(mark.tex) } catch {
        mistakes.append(FormulaMistake(line: line, message: error.message))
      }
    }
    let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)
    var fence: Substring.Fence?
    var place = 0
    while place < lines.count {
      if let open = fence {
        if lines[place].fence?.closes(open) == true { fence = nil }
      } else if let (mark, count) = FormulaMark.block(lines[place...]) {
        note(mark, place + 1)
        place += count
        continue
      } else {
        fence = lines[place].fence
        if fence == nil {
          _ = String(lines[place]).replacingFormulas { mark in
            note(mark, place + 1)
            return ""
          }
        }
      }
      place += 1
    }
    return mistakes
  }
}

extension FormulaMark {
  /// A formula that has its lines to itself, from `$$` to `$$`, and how many they are; nil where none begins.
  static func block(_ lines: ArraySlice<Substring>) -> (mark: FormulaMark, count: Int)? {
    guard let first = lines.first, first.trimmed.hasPrefix("$$") else { return nil }
    var text = ""
    for (index, line) in lines.enumerated() {
      guard !line.isBlank else { return nil }
      text += (index == 0 ? "" : "\n") + line.trimmed
      guard line.trimmed.hasSuffix("$$"), index > 0 || line.trimmed.count > 4 else { continue }
      let characters = Array(text)
      guard let mark = FormulaMark(in: characters, at: 0), mark.end == characters.count else { return nil }
      return (mark, index + 1)
    }
    return nil
  }

  /// The formula in MathML, or what was written and what is wrong with it.
  var html: String {
    do { return try Formula(tex).mathML(isDisplayed: isDisplayed) } catch {
      return
        "<code class=\"bad-formula\" title=\"\(error.message.escapedForHTML)\">\(source.escapedForHTML)</code>"
    }
  }

  /// The formula in plain symbols, or as it was written where it cannot be read.
  var plain: String { (try? Formula(tex).plain) ?? source }

  private var source: String {
    let dollars = isDisplayed ? "$$" : "$"
    return dollars + tex + dollars
  }
}

extension String {
  /// This line of Markdown with its formulas in plain symbols, and `\$` as the dollar that it stands for.
  var withPlainFormulas: String { contains("$") ? replacingFormulas(with: \.plain) : self }

  /// This line of Markdown with its formulas replaced. Code keeps its dollars.
  func replacingFormulas(with replacement: (FormulaMark) -> String) -> String {
    let characters = Array(self)
    var text = ""
    var place = 0
    while place < characters.count {
      let next = place + 1 < characters.count ? characters[place + 1] : " "
      switch characters[place] {
      case "\\" where next == "$":
        text += "$"
        place += 2
      case "`":
        let end = Self.codeEnd(characters, place)
        text += String(characters[place..<end])
        place = end
      case "$":
        if let mark = FormulaMark(in: characters, at: place) {
          text += replacement(mark)
          place = mark.end
        } else {
          text.append("$")
          place += 1
        }
      default:
        text.append(characters[place])
        place += 1
      }
    }
    return text
  }

  /// The place behind the code that begins at a backquote, or behind the backquotes where it is never closed.
  private static func codeEnd(_ text: [Character], _ start: Int) -> Int {
    func run(_ place: Int) -> Int { text[place...].prefix { $0 == "`" }.count }
    let ticks = run(start)
    var place = start + ticks
    while place < text.count {
      let length = text[place] == "`" ? run(place) : 0
      if length == ticks { return place + length }
      place += length == 0 ? 1 : length
    }
    return start + ticks
  }
}
