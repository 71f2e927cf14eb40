public import Diagnostics
import Localization
public import Notebooks
public import Outputs

/// What a run has to say of itself: the cells with their outputs, and the figures that it came to.
///
/// ```swift
/// let cell = Cell(.code, "print 1 + 1")
/// let report = Report(title: "Sums", facts: [], entries: [Report.Entry(cell: cell, outputs: [.text("2")])])
/// let page = report.markdown()
/// ```
public struct Report: Sendable {
  /// A cell and what it brought.
  public struct Entry: Sendable {
    /// The cell.
    public let cell: Cell
    /// Its outputs, in order; none for prose, and for a cell that was not reached.
    public let outputs: [RenderedOutput]
    /// What a page sets apart in the cell's source; a form that cannot do that leaves it alone.
    public let marks: [SourceMark]
    /// Whether the cell ran; false for prose, and for a cell behind the one that failed.
    public let wasReached: Bool

    /// Creates an entry of a run that has just been.
    public init(cell: Cell, outputs: [Output], marks: [SourceMark] = [], wasReached: Bool = true) {
      self.init(cell: cell, rendered: [RenderedOutput](outputs), marks: marks, wasReached: wasReached)
    }

    /// Creates an entry of outputs that were rendered before.
    public init(
      cell: Cell, rendered outputs: [RenderedOutput], marks: [SourceMark] = [], wasReached: Bool = true
    ) {
      self.cell = cell
      self.outputs = outputs
      self.marks = marks
      self.wasReached = wasReached
    }
  }

  /// The headline.
  public var title: String
  /// Names and values for the table at the top: file, seed, data, final figures.
  public var facts: [(name: String, value: String)]
  /// The cells, in order.
  public var entries: [Entry]
  /// The notebook's header, which a form that is a notebook itself takes along.
  public var header: NotebookHeader

  /// Creates a report.
  public init(
    title: String, facts: [(name: String, value: String)], entries: [Entry],
    header: NotebookHeader = NotebookHeader()
  ) {
    self.header = header
    self.title = title
    self.facts = facts
    self.entries = entries
  }
}

extension Report {
  /// The report as Markdown: the same bytes for the same run, without times or progress.
  public func markdown() -> String { header.language.speaking { markdownPage } }

  private var markdownPage: String {
    var blocks: [String] = []
    if !startsWithHeading { blocks.append("# " + title) }
    let prose = entries.prefix { $0.cell.kind == .markdown && startsWithHeading }.prefix(1)
    blocks += prose.map { $0.cell.source }
    blocks.append(factTable)
    for entry in entries.dropFirst(prose.count) { blocks += markdown(of: entry) }
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  /// Whether the first cell is prose under a headline of its own.
  private var startsWithHeading: Bool {
    entries.first.map { $0.cell.kind == .markdown && $0.cell.source.hasPrefix("# ") } ?? false
  }

  private var factTable: String {
    guard !facts.isEmpty else { return "" }
    let rows = facts.map { "| \(Report.words(for: $0.name).escapedForTable) | \($0.value.escapedForTable) |" }
    return (["| \(localized("run")) | |", "| --- | --- |"] + rows).joined(separator: "\n")
  }

  /// What a fact is called in the language of the report. Facts are kept under their English names: `seed`, `data xor`.
  static func words(for fact: String) -> String {
    let name = fact.drop { $0 != " " }.dropFirst()
    return switch fact.prefix(while: { $0 != " " }) {
    case "seed" where name.isEmpty: localized("seed")
    case "result" where name.isEmpty: localized("result")
    case "parameter" where !name.isEmpty: localized("parameter \(name)")
    case "data" where !name.isEmpty: localized("data \(name)")
    case "network" where !name.isEmpty: localized("network \(name)")
    default: fact
    }
  }

  private func markdown(of entry: Entry) -> [String] {
    switch entry.cell.kind {
    case .markdown: return [AttachedPictures(of: entry.cell).inMarkdown(entry.cell.source)]
    case .raw: return [MarkdownFence.block(entry.cell.source, as: "text")]
    case .code:
      let heading = entry.cell.heading.map { ["**\($0)**"] } ?? []
      return heading + [MarkdownFence.block(entry.cell.source, as: "nbs")] + markdown(of: entry.outputs)
    }
  }

  /// Outputs in order; texts that follow each other share a block, a plot has its own and a caption below.
  private func markdown(of outputs: [RenderedOutput]) -> [String] {
    var blocks: [String] = []
    var lines: [String] = []
    func flush() {
      if !lines.isEmpty { blocks.append(MarkdownFence.block(lines.joined(separator: "\n"), as: "text")) }
      lines = []
    }
    for output in outputs {
      switch output.kind {
      case .plot:
        flush()
        blocks.append(MarkdownFence.block(output.plain, as: "text"))
        if let caption = output.caption { blocks.append("*\(caption.escapedForEmphasis)*") }
      case .table:
        flush()
        lines.append(output.plain)
        flush()
      case .text, .value, .notice, .error: lines.append(output.plain)
      }
    }
    flush()
    return blocks
  }
}

extension String {
  /// The text as it may stand between two stars: what would end them, begin a tag or begin a formula is escaped, and
  /// what Markdown takes as it is stays.
  var escapedForEmphasis: String {
    var text = ""
    var before: Character = " "
    var rest = self[...]
    while let character = rest.popFirst() {
      let after = rest.first ?? " "
      let isMarkup =
        switch character {
        case "*", "`", "\\", "$": true
        case "<": after.isLetter || "/!?".contains(after)
        case "&": after.isLetter || after == "#"
        // Within a word it is a letter.
        case "_": !before.isLetter && !before.isNumber || !after.isLetter && !after.isNumber
        default: false
        }
      text += isMarkup ? "\\\(character)" : String(character)
      before = character
    }
    return text
  }

  /// The text as it may stand in a cell of a Markdown table.
  var escapedForTable: String {
    map { $0 == "|" ? "\\|" : $0.isNewline ? " " : String($0) }.joined()
  }
}

extension Cell {
  /// What stands above a cell of code in a report: its title, and what it is for in a walkthrough.
  var heading: String? {
    switch role {
    case nil: title
    case .exercise: title.map { localized("Exercise: \($0)") } ?? localized("Exercise")
    case .solution: title ?? localized("A solution")
    case .check, .hiddenCheck: title ?? localized("Check")
    }
  }
}
