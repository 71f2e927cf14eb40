import Notebooks

/// A report in Markdown, cut into what a comparison looks at.
struct ReportPage {
  /// One piece of a page.
  struct Block {
    /// What it is.
    enum Kind: Equatable {
      case prose
      /// The table of facts at the top.
      case facts
      /// A cell's source.
      case code
      /// What a cell shows.
      case output
      /// A plot with its caption.
      case plot
    }
    let kind: Kind
    /// The lines that count: of a plot its words and axes, not the dots between them.
    let lines: [String]
    /// Where those lines stand in the page, from 1.
    let numbers: [Int]
    /// The words of those lines.
    let words: [ReportWord]
    /// How many cells of code stand before this block, itself included.
    let cell: Int
  }

  /// A line and its number.
  fileprivate typealias Line = (text: String, number: Int)

  private(set) var blocks: [Block] = []
  /// The version of nbs that made the report, which is compared with nothing; nil where the report does not say.
  private(set) var version: String?
  private var cell = 0
  private var prose: [Line] = []
  /// The sources of the cells that are still to come.
  private var sources: ArraySlice<String>

  /// Reads a page.
  ///
  /// - Parameter sources: the sources of the notebook's cells of code, so that code which prose quotes is not taken for
  ///   one; empty where they are not known.
  init(_ text: String, sources: [String]) {
    self.sources = sources[...]
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var number = 0
    while number < lines.count {
      if let (fence, language) = MarkdownFence.opening(lines[number]),
        let end = lines[(number + 1)...].firstIndex(of: fence)
      {
        endProse()
        number = add((number + 1..<end).map { (lines[$0], $0 + 1) }, language, end: end, in: lines)
      } else if lines[number].isEmpty {
        endProse()
      } else {
        prose.append((lines[number], number + 1))
      }
      number += 1
    }
    endProse()
  }

  private mutating func endProse() {
    guard !prose.isEmpty else { return }
    if cell == 0, prose.allSatisfy({ $0.text.hasPrefix("| ") }) {
      appendFacts(prose)
    } else {
      append(.prose, prose)
    }
    prose = []
  }

  private mutating func appendFacts(_ lines: [Line]) {
    let start = "| nbs | "
    version = lines.first { $0.text.hasPrefix(start) }.map {
      String($0.text.dropFirst(start.count).prefix { $0 != " " })
    }
    append(.facts, lines.filter { !$0.text.hasPrefix(start) })
  }

  /// Adds a fenced block, and for a plot its caption; the last line that was used.
  private mutating func add(_ lines: [Line], _ language: String, end: Int, in page: [String]) -> Int {
    if language == "nbs" {
      takeSource(lines.map(\.text).joined(separator: "\n"))
      append(.code, lines)
      return end
    }
    // Below a plot stands its caption, in italics.
    let below = end + 2
    guard language == "text", below < page.count, page[end + 1].isEmpty, page[below].isCaption else {
      append(.output, lines)
      return end
    }
    append(.plot, PlotLines.axes(of: lines) + [(page[below], below + 1)])
    return below
  }

  private mutating func takeSource(_ source: String) {
    guard let next = sources.first, !sources.isEmpty else {
      cell += 1
      return
    }
    guard next == source else { return }
    cell += 1
    sources = sources.dropFirst()
  }

  private mutating func append(_ kind: Block.Kind, _ lines: [Line]) {
    let texts = lines.map(\.text)
    let words = ReportWord.words(of: texts.joined(separator: "\n"))
    blocks.append(Block(kind: kind, lines: texts, numbers: lines.map(\.number), words: words, cell: cell))
  }
}

/// What counts of a plot that is drawn with characters.
private enum PlotLines {
  /// The lines with words, and the ticks of the axes. What is drawn between the axes is left out, for a dot moves by a
  /// column when a number moves by a hair; what it shows the caption says in words.
  static func axes(of lines: [ReportPage.Line]) -> [ReportPage.Line] {
    let isFramed = lines.contains { $0.text.hasFrame }
    return lines.compactMap { line, number in
      let words =
        line.hasFrame
        ? line.tick : isFramed || line.contains(where: \.isLetter) ? line.withoutDots : nil
      return words.flatMap { $0.isEmpty ? nil : ($0, number) }
    }
  }
}

extension String {
  fileprivate var isCaption: Bool { count > 2 && hasPrefix("*") && hasSuffix("*") && !hasPrefix("**") }

  /// Whether the line crosses a plot's left axis: perhaps a number, then the axis.
  fileprivate var hasFrame: Bool { axis != nil }

  private var axis: Index? {
    guard let place = firstIndex(where: { $0 == "|" || $0 == "+" }) else { return nil }
    let tick = self[..<place].split(separator: " ")
    return tick.isEmpty || (tick.count == 1 && Double(tick[0]) != nil) ? place : nil
  }

  /// The number at the axis; nil where there is none.
  fileprivate var tick: String? {
    axis.flatMap { self[..<$0].split(separator: " ").first.map(String.init) }
  }

  /// The line without what is drawn: pieces without a letter or a digit.
  fileprivate var withoutDots: String {
    split(separator: " ").filter { $0.contains { $0.isLetter || $0.isNumber } }.joined(separator: " ")
  }
}
