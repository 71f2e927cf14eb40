import Diagnostics

extension NotebookFormat {
  /// Reads a page of Markdown as a notebook: each block fenced as `nbs` is a cell of code, and what stands between
  /// them is prose. A bold line above such a block is the cell's title.
  ///
  /// - Parameters:
  ///   - bytes: the file as it is.
  ///   - name: what messages call it.
  public static func readMarkdown(_ bytes: some Collection<UInt8>, name: String) -> NotebookReading {
    switch FileText.decode(bytes, name: name) {
    case .failure(let error): return NotebookReading(notebook: nil, diagnostics: [error])
    case .success(let file):
      var page = MarkdownPage()
      for line in file.source.text.split(separator: "\n", omittingEmptySubsequences: false) {
        page.add(String(line))
      }
      return NotebookReading(notebook: Notebook(cells: page.finished()), diagnostics: [])
    }
  }

  /// The notebook as a page of Markdown without outputs: prose as it stands, code and raw text in fences.
  public static func markdown(_ notebook: Notebook) -> String {
    let blocks = notebook.cells.flatMap { cell -> [String] in
      switch cell.kind {
      case .markdown: [cell.source]
      case .raw: [MarkdownFence.block(cell.source, as: "text")]
      case .code: (cell.title.map { ["**\($0)**"] } ?? []) + [MarkdownFence.block(cell.source, as: "nbs")]
      }
    }
    let hasHeadline = notebook.cells.first.map { $0.kind == .markdown && $0.source.hasPrefix("# ") } ?? false
    let title = hasHeadline ? [] : notebook.header.title.map { ["# " + $0] } ?? []
    return (title + blocks).joined(separator: "\n\n") + "\n"
  }
}

/// A fenced block of Markdown.
public enum MarkdownFence {
  /// The block, its fence longer than any run of backquotes inside it.
  public static func block(_ text: String, as language: String) -> String {
    var longest = 2
    var run = 0
    for character in text {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    return "\(fence)\(language)\n\(text)\n\(fence)"
  }

  /// The fence that a line opens, and the first word behind it.
  public static func opening(_ line: some StringProtocol) -> (fence: String, language: String)? {
    guard let mark = line.first, mark == "`" || mark == "~" else { return nil }
    let fence = String(line.prefix { $0 == mark })
    let words = line.dropFirst(fence.count).split(separator: " ", omittingEmptySubsequences: true)
    let isInline = mark == "`" && words.contains { $0.contains("`") }
    return fence.count >= 3 && !isInline ? (fence, words.first.map { String($0) } ?? "") : nil
  }
}

/// The cells of a page as its lines come.
private struct MarkdownPage {
  private var cells: [Cell] = []
  private var lines: [String] = []
  private var fence: String?
  private var isCode = false

  mutating func add(_ line: String) {
    if let open = fence {
      let isEnd = line.hasPrefix(open) && line.allSatisfy { $0 == open.first || $0 == " " }
      if isEnd { fence = nil }
      if isEnd, isCode { return endCode() }
      return lines.append(line)
    }
    if let (mark, language) = MarkdownFence.opening(line) {
      fence = mark
      isCode = language == "nbs"
      if isCode { return endProse() }
    }
    lines.append(line)
  }

  private var title: String?

  private mutating func endProse() {
    title = takeTitle()
    let text = Cell(.markdown, lines.joined(separator: "\n"))
    if !text.source.isEmpty { cells.append(text) }
    lines = []
  }

  /// `**Title**` right above a block of code.
  private mutating func takeTitle() -> String? {
    guard let last = lines.lastIndex(where: { !$0.allSatisfy(\.isWhitespace) }), lines[last].count > 4,
      lines[last].hasPrefix("**"), lines[last].hasSuffix("**")
    else { return nil }
    let title = lines[last].dropFirst(2).dropLast(2)
    guard !title.contains("*") else { return nil }
    lines.removeSubrange(last...)
    return String(title)
  }

  private mutating func endCode() {
    cells.append(Cell(.code, lines.joined(separator: "\n"), title: title))
    lines = []
  }

  /// The cells; a block that nothing ends goes to the end of the page, as in Markdown.
  mutating func finished() -> [Cell] {
    if fence != nil, isCode { endCode() } else { endProse() }
    return cells
  }
}
