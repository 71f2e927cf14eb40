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
    /// The words of those lines.
    let words: [ReportWord]
    /// How many cells of code stand before this block, itself included.
    let cell: Int
  }

  private(set) var blocks: [Block] = []
  /// The version of nbs that made the report, which is compared with nothing; nil where the report does not say.
  private(set) var version: String?
  private var cell = 0
  private var prose: [String] = []
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
        number = add(Array(lines[number + 1..<end]), language, end: end, in: lines)
      } else if lines[number].isEmpty {
        endProse()
      } else {
        prose.append(lines[number])
      }
      number += 1
    }
    endProse()
  }

  private mutating func endProse() {
    guard !prose.isEmpty else { return }
    if cell == 0, prose.allSatisfy({ $0.hasPrefix("| ") }) {
      appendFacts(prose)
    } else {
      append(.prose, prose)
    }
    prose = []
  }

  private mutating func appendFacts(_ lines: [String]) {
    let start = "| nbs | "
    version = lines.first { $0.hasPrefix(start) }.map {
      String($0.dropFirst(start.count).prefix { $0 != " " })
    }
    append(.facts, lines.filter { !$0.hasPrefix(start) })
  }

  /// Adds a fenced block, and for a plot its caption; the last line that was used.
  private mutating func add(_ lines: [String], _ language: String, end: Int, in page: [String]) -> Int {
    if language == "nbs" {
      takeSource(lines.joined(separator: "\n"))
      append(.code, lines)
      return end
    }
    // Below a plot stands its caption, in italics.
    let below = end + 2
    guard language == "text", below < page.count, page[end + 1].isEmpty, page[below].isCaption else {
      append(.output, lines)
      return end
    }
    append(.plot, PlotLines.axes(of: lines) + [page[below]])
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

  private mutating func append(_ kind: Block.Kind, _ lines: [String]) {
    let words = ReportWord.words(of: lines.joined(separator: "\n"))
    blocks.append(Block(kind: kind, lines: lines, words: words, cell: cell))
  }
}

/// What counts of a plot that is drawn with characters.
private enum PlotLines {
  /// The lines with words, and the ticks of the axes. What is drawn between the axes is left out, for a dot moves by a
  /// column when a number moves by a hair; what it shows the caption says in words.
  static func axes(of lines: [String]) -> [String] {
    let isFramed = lines.contains { $0.hasFrame }
    return lines.compactMap { line in
      if line.hasFrame { return line.tick }
      return isFramed || line.contains(where: \.isLetter) ? line.withoutDots : nil
    }.filter { !$0.isEmpty }
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
